"""Work given to other processes, or done here where there are none."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Workers:
    """Other processes that take work in the order given; without any, it is done here when its result is wanted.

    A process starts afresh and imports the program's main module: a program that uses some needs the usual
    `if __name__ == "__main__"`. What is given and what comes back is pickled.
    """

    def __init__(self, processes: int = 0) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        if self._processes:
            afresh = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._processes, mp_context=afresh, initializer=_begin)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def submit(self, work: Callable[Given, Result], *args: Given.args, **options: Given.kwargs) -> Callable[[], Result]:
        """Give work; the call that comes back waits for its result, or raises what the work raised.

        Work of processes that were ended from outside (too little memory, say) is done here.
        """
        here = partial(work, *args, **options)
        if self._pool is None:
            return here
        try:
            return partial(_result, self._pool.submit(work, *args, **options), here)
        except BrokenProcessPool:
            return here


def _begin() -> None:
    """A process of its own needs no threads for its tables, and ends before cycles among its objects matter."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    gc.disable()


def _result(coming: Future[Result], here: Callable[[], Result]) -> Result:
    try:
        return coming.result()
    except BrokenProcessPool:
        return here()
