"""The folder as a whole: everything or nothing, same input same bytes, what others put there stays."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bulou.engine.basics.problems import Refused
from bulou.engine.report import sums, write_month
from tests.report import invented


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_same_input_same_bytes_here_there_and_again(tmp_path: Path) -> None:
    write_month(invented.month(), tmp_path / "a")
    first = contents(tmp_path / "a")
    write_month(invented.month(), tmp_path / "b")
    write_month(invented.month(), tmp_path / "a")
    assert contents(tmp_path / "b") == first == contents(tmp_path / "a")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_rows_in_another_order_give_the_same_lists(tmp_path: Path) -> None:
    write_month(invented.month(), tmp_path / "a")
    write_month(invented.month(payroll=invented.PAYROLL[::-1], questions=invented.QUESTIONS[::-1]), tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_the_manifest_names_inputs_outputs_and_sums(tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = write_month(invented.month(), out, {"数据问题.xlsx": lambda path: path.write_bytes(b"x") and None})
    content = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert written == sorted(p for p in out.rglob("*") if p.is_file())
    assert {one["file"]: one["sha256"] for one in content["outputs"]} == {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in written
        if path.name != "manifest.json"
    }
    assert [one["sha256"] for one in content["inputs"]] == ["cd" * 32, "ab" * 32]
    assert content["pack"]["digest"] == "0f" * 32 and content["version"] == "0.1.0"
    assert all(one["total"] == sum(one["parts"].values()) for one in content["sums"])
    text = json.dumps(content, ensure_ascii=False)
    assert not any(invented.id_of(n) in text or invented.NAMES[n] in text for n in range(8))


def test_counts_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    good = invented.month()
    assert all(one.holds for one in sums(good))
    for name in good.counts.keys() - {"people"}:
        wrong = replace(good, counts={**good.counts, name: good.counts[name] + 1})
        with pytest.raises(Refused) as error:
            write_month(wrong, tmp_path / "out")
        assert error.value.problems[0].code == "does-not-add-up", name
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_the_old_folder_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_month(invented.month(), out)
    before = contents(out)

    def fails(path: Path) -> None:
        path.write_text("half")
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError):
        write_month(invented.month(missed=[]), out, {"more.txt": fails})
    assert contents(out) == before and [p.name for p in tmp_path.iterdir()] == ["out"]


def test_history_and_what_others_put_there_stay(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name in ("history/history.json", "记录/备忘.txt"):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("kept")
    write_month(invented.month(), out)
    write_month(invented.month(), out)
    assert (out / "history" / "history.json").read_text() == "kept" == (out / "记录" / "备忘.txt").read_text()


def test_a_new_history_replaces_the_old(tmp_path: Path) -> None:
    def history(path: Path) -> None:
        path.mkdir()
        (path / "new").write_text("new")

    (tmp_path / "out" / "history").mkdir(parents=True)
    (tmp_path / "out" / "history" / "old").write_text("old")
    write_month(invented.month(), tmp_path / "out", {"history": history})
    assert [path.name for path in (tmp_path / "out" / "history").iterdir()] == ["new"]


def test_a_list_filled_in_by_hand_is_set_aside_not_lost(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_month(invented.month(), out)
    (out / "应享未享.xlsx").write_bytes(b"filled in")
    write_month(invented.month(), out)
    (out / "应享未享.xlsx").write_bytes(b"again")
    write_month(invented.month(), out)
    aside = {path.name: path.read_bytes() for path in (out / "旧表（有人改过）").iterdir()}
    assert aside == {"应享未享.xlsx": b"filled in", "应享未享-2.xlsx": b"again"}
    assert (out / "应享未享.xlsx").read_bytes()[:2] == b"PK"


def test_files_of_an_earlier_run_do_not_linger(tmp_path: Path) -> None:
    write_month(invented.month(), tmp_path / "out")
    assert (tmp_path / "out" / "公示名单.xlsx").exists()
    write_month(invented.draft(), tmp_path / "out")
    assert not (tmp_path / "out" / "公示名单.xlsx").exists() and not (tmp_path / "out" / "银行代发").exists()


def test_a_changed_input_is_said(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_month(invented.month(), out)
    changed = replace(invented.FILES[0], digest="ef" * 32)
    write_month(replace(invented.month(), files=(changed, invented.FILES[1])), out)
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["changed_since_last_run"] == [
        "残疾证名册.xlsx"
    ]
