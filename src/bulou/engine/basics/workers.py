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


def _ready() -> None:
    """Nothing to prepare."""


class Workers:
    """Other processes that take work in the order given; without any, it is done here when its result is wanted.

    A process starts afresh and imports the program's main module: a program that uses some needs the usual
    `if __name__ == "__main__"`. What is given and what comes back is pickled.
    """

    def __init__(self, processes: int = 0, ready: Callable[[], object] = _ready) -> None:
        """`ready` is what every process does first, while the caller goes on: imports, say."""
        self.processes = processes
        self._ready = ready
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        if self.processes:
            afresh = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.processes, mp_context=afresh, initializer=_begin)
            for _ in range(self.processes):
                self._pool.submit(self._ready)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes: their memory is free again. Work given later is done here."""
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
