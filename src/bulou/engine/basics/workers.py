"""Work given to other processes, or done here where there are none."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from threading import RLock
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


RARELY = (50_000, 5, 5)
"""Thresholds of the garbage collector for a run over millions of cells: as often as usual it costs a tenth of the time,
not at all a fifth of the memory."""


def _ready() -> None:
    """Nothing to prepare."""


class Workers:
    """Other processes that take work in the order given. What none of them has begun when its result is wanted is done
    here; without any, that is everything.

    A process starts afresh and imports the program's main module: a program that uses some needs the usual
    `if __name__ == "__main__"`. What is given and what comes back is pickled.
    """

    def __init__(self, processes: int = 0, ready: Callable[[], object] = _ready) -> None:
        """`ready` is what every process does first, while the caller goes on: imports, say."""
        self.processes = processes
        self._ready = ready
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._busy = 0
        self._turn = RLock()

    def __enter__(self) -> Workers:
        if self.processes:
            afresh = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.processes, mp_context=afresh, initializer=_begin)
            self.prepare(self._ready)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes: their memory is free again. Work given later, or not begun yet, is done here."""
        with self._turn:
            pool, self._pool = self._pool, None
            self._waiting.clear()
        if pool is not None:
            pool.shutdown(cancel_futures=True)

    def prepare(self, ready: Callable[[], object]) -> None:
        """What every process does before the next work: imports, say."""
        for _ in range(self.processes):
            self.submit(ready)

    def submit(self, work: Callable[Given, Result], *args: Given.args, **options: Given.kwargs) -> Callable[[], Result]:
        """Give work; the call that comes back waits for its result, or raises what the work raised.

        Work of processes that were ended from outside (too little memory, say) is done here.
        """
        here = partial(work, *args, **options)
        if self._pool is None:
            return here
        coming: Future[Result] = Future()
        self._waiting.append((coming, here))
        self._hand_on()
        return partial(_result, coming, here)

    def _hand_on(self) -> None:
        """Give every free process the work that waits longest. The pool itself would hand out more than one at once,
        and nobody could take that back."""
        with self._turn:
            while self._pool is not None and self._waiting and self._busy < self.processes:
                coming, work = self._waiting.popleft()
                if not coming.set_running_or_notify_cancel():
                    continue
                try:
                    begun = self._pool.submit(work)
                except BrokenProcessPool as error:
                    coming.set_exception(error)
                    continue
                self._busy += 1
                begun.add_done_callback(partial(self._done, coming))

    def _done(self, coming: Future[Any], begun: Future[Any]) -> None:
        with self._turn:
            self._busy -= 1
        self._hand_on()
        error = BrokenProcessPool() if begun.cancelled() else begun.exception()
        if error is None:
            coming.set_result(begun.result())
        else:
            coming.set_exception(error)


def _begin() -> None:
    """A process of its own needs no threads for its tables."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    gc.set_threshold(*RARELY)


def _result(coming: Future[Result], here: Callable[[], Result]) -> Result:
    if coming.cancel():
        return here()
    try:
        return coming.result()
    except BrokenProcessPool:
        return here()
