"""Other processes do the work given; what they cannot finish is done here."""

from __future__ import annotations

import os
import time
from pathlib import Path

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


def told_where(file: Path) -> int:
    file.touch()
    return os.getpid()


def begun(file: Path) -> bool:
    deadline = time.monotonic() + 60
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return file.exists()


def test_work_is_done_in_another_process(tmp_path: Path) -> None:
    with Workers(1) as workers:
        coming = workers.submit(told_where, tmp_path / "begun")
        assert begun(tmp_path / "begun")
        assert coming() != os.getpid()


def test_work_that_nobody_has_begun_is_done_here(tmp_path: Path) -> None:
    with Workers(1) as workers:
        first, second = (workers.submit(waiting, tmp_path, name) for name in ("first", "second"))
        assert begun(tmp_path / "first")
        (tmp_path / "second.go").touch()
        assert second() == os.getpid()
        (tmp_path / "first.go").touch()
        assert first() != os.getpid()


def waiting(folder: Path, name: str) -> int:
    """Begins, and goes on when `<name>.go` is there."""
    (folder / name).touch()
    assert begun(folder / f"{name}.go")
    return os.getpid()


def test_work_not_begun_when_the_processes_end_is_done_here(tmp_path: Path) -> None:
    with Workers(1) as workers:
        (tmp_path / "first.go").touch()
        coming = [workers.submit(waiting, tmp_path, "first"), *(workers.submit(where) for _ in range(20))]
        assert begun(tmp_path / "first")
    assert all(isinstance(one(), int) for one in coming)
    assert workers.submit(where)() == os.getpid()


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
