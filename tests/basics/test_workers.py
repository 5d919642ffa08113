"""Other processes do the work given; what they cannot finish is done here."""

from __future__ import annotations

import os

import pytest

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.basics.workers import Workers


def where() -> int:
    return os.getpid()


def ended_from_outside(home: int) -> str:
    if os.getpid() != home:
        os._exit(9)
    return "done here"


def refuse() -> None:
    raise Refused([Problem("not-so", Place("册.xlsx", row=3), "a", "b", "c")])


def test_work_is_done_in_another_process() -> None:
    with Workers(1) as workers:
        assert workers.submit(where)() != os.getpid()


def test_without_processes_work_is_done_here_when_it_is_wanted() -> None:
    done: list[str] = []
    with Workers() as workers:
        coming = workers.submit(done.append, "now")
        assert done == []
        coming()
    assert done == ["now"]


def test_work_of_a_process_that_was_ended_is_done_here() -> None:
    with Workers(1) as workers:
        coming = [workers.submit(ended_from_outside, os.getpid()) for _ in range(3)]
        assert [one() for one in coming] == ["done here"] * 3
        assert workers.submit(where)() == os.getpid()


@pytest.mark.parametrize("processes", [0, 1])
def test_problems_come_back_whole(processes: int) -> None:
    with Workers(processes) as workers:
        coming = workers.submit(refuse)
        with pytest.raises(Refused) as refused:
            coming()
    assert [problem.place.row for problem in refused.value.problems] == [3]
