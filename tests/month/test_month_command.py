"""`bulou month` from dirty department files to lists and report, on an invented region of a few hundred people."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulou.engine import run_month
from bulou.engine.basics.problems import Refused
from bulou.engine.basics.workers import Workers
from bulou.engine.cli.main import app
from bulou.engine.intake import workbooks
from bulou.engine.synthetic import make_synthetic

LISTS = ("应享未享", "疑似不应享", "待核实", "本月发放", "补发追缴", "变动预告", "数据问题")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("region") / "wuwei"
    make_synthetic(out, region="620600", holders=300, seed=3, month="2025-05", months=2)
    return out


def digests(folder: Path) -> dict[str, str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_a_month_is_written_whole_and_a_second_run_gives_the_same_bytes(region: Path) -> None:
    inputs = digests(region / "2025-05")
    first = CliRunner().invoke(app, ["month", str(region / "2025-05")])
    assert first.exit_code in (0, 1), first.output
    assert "用时" in first.output
    out = region / "2025-05" / "out"
    assert all((out / f"{name}.xlsx").is_file() for name in LISTS)
    assert (out / "report.html").is_file()
    before = digests(out)
    again = CliRunner().invoke(app, ["month", str(region / "2025-05")])
    assert again.exit_code == first.exit_code
    assert digests(out) == before
    after = {name: digest for name, digest in digests(region / "2025-05").items() if not name.startswith("out/")}
    assert after == inputs


def test_several_processes_write_the_same_bytes(region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_month(region / "2025-05", out=tmp_path / "alone")
    monkeypatch.setattr("bulou.engine.cli.month.LARGE", 0)
    monkeypatch.setattr("bulou.engine.basics.workers._result", lambda coming, here: coming.result())
    started = []
    begin = Workers.__enter__
    monkeypatch.setattr(Workers, "__enter__", lambda self: started.append(self.processes) or begin(self))
    told = CliRunner().invoke(app, ["month", str(region / "2025-05"), "--out", str(tmp_path / "together")])
    assert told.exit_code in (0, 1), told.output
    assert started == [1]
    assert digests(tmp_path / "alone") == digests(tmp_path / "together")


def test_the_next_month_goes_on_from_the_one_beside_it(region: Path) -> None:
    run = run_month(region / "2025-06")
    counts = run.result.counts
    assert counts["rows_read"] == sum(
        counts[f"rows_{fate}"] for fate in ("accepted", "repaired", "refused", "furniture")
    )
    assert counts["payroll_lines"] == sum(counts[f"payroll_{state}"] for state in ("payable", "held", "unset"))
    assert run.result.changes
    manifest = json.loads((region / "2025-06" / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"]["people"] == counts["people"]


def test_a_folder_without_a_register_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "month.toml").write_text('region = "620600"\nmonth = "2025-06"\n', encoding="utf-8")
    (tmp_path / "低保名册.csv").write_text("姓名,身份证号,低保类别,保障人口\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        run_month(tmp_path)
    assert "no-register" in [problem.code for problem in refused.value.problems]
    assert not (tmp_path / "out").exists()


def copy_of(region: Path, month: str, target: Path) -> Path:
    """A month's folder without its outputs."""
    return shutil.copytree(region / month, target / month, ignore=shutil.ignore_patterns("out"))


def codes_of(folder: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        run_month(folder)
    assert not (folder / "out").exists()
    return sorted({problem.code for problem in refused.value.problems})


def test_region_and_month_are_read_off_the_files_and_left_to_confirm(region: Path, tmp_path: Path) -> None:
    folder = copy_of(region, "2025-05", tmp_path).rename(tmp_path / "五月")
    (folder / "month.toml").unlink()
    with pytest.raises(Refused) as refused:
        run_month(folder)
    said = {problem.code: problem for problem in refused.value.problems}
    assert set(said) == {"no-region", "no-month"}
    assert "--month 2025-05" in said["no-month"].fix
    assert "--region 620600" in said["no-region"].fix and "武威市" in said["no-region"].got
    assert run_month(folder, region="620600", month="2025-05").result.month == "2025-05"


def test_one_roll_twice_is_refused_with_both_names(region: Path, tmp_path: Path) -> None:
    folder = copy_of(region, "2025-05", tmp_path)
    roll = next(path for path in folder.iterdir() if "特困" in path.name)
    shutil.copy(roll, folder / f"又一份{roll.name}")
    with pytest.raises(Refused) as refused:
        run_month(folder)
    twice = [problem for problem in refused.value.problems if problem.code == "same-roll-twice"]
    assert twice and roll.name in twice[0].got + twice[0].place.file


def test_a_roll_of_another_region_is_refused(region: Path, tmp_path: Path) -> None:
    folder = copy_of(region, "2025-05", tmp_path)
    other = tmp_path / "elsewhere"
    make_synthetic(other, region="140800", holders=300, seed=4, month="2025-05", months=1)
    roll = next(path for path in folder.iterdir() if "低保" in path.name or "最低生活" in path.name)
    foreign = next(path for path in (other / "2025-05").iterdir() if path.name[:4] == roll.name[:4])
    roll.unlink()
    shutil.copy(foreign, folder / foreign.name)
    assert "other-region" in codes_of(folder)


def test_a_roll_of_another_month_is_kept_for_that_month_and_said(region: Path, tmp_path: Path) -> None:
    folder = copy_of(region, "2025-05", tmp_path)
    roll = next(path for path in folder.iterdir() if "监测" in path.name)
    later = next(path for path in (region / "2025-06").iterdir() if path.name[:4] == roll.name[:4])
    roll.unlink()
    shutil.copy(later, folder / later.name)
    found = [problem for problem in run_month(folder).problems if problem.code == "other-month"]
    assert found and "2025-06" in found[0].got


def test_files_that_cannot_be_read_are_all_named_and_nothing_is_written(
    region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 24 << 20)
    folder = copy_of(region, "2025-05", tmp_path)
    roll = next(path for path in folder.iterdir() if path.suffix == ".xlsx" and "特困" in path.name)
    roll.write_bytes(roll.read_bytes()[: roll.stat().st_size // 2])
    locked = "EncryptedPackage".encode("utf-16-le")
    (folder / "加密.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + locked + bytes(512))
    with (
        zipfile.ZipFile(folder / "炸弹.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb,
        bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(25):
            member.write(bytes(1 << 20))
    (folder / "空.csv").write_bytes(b"")
    assert {"unreadable-workbook", "password-protected", "too-large", "empty-file"} <= set(codes_of(folder))


def test_a_file_changed_between_runs_is_named_in_the_manifest(region: Path, tmp_path: Path) -> None:
    folder = copy_of(region, "2025-05", tmp_path)
    run_month(folder)
    roll = next(path for path in folder.iterdir() if path.suffix == ".csv" and "火化" in path.name)
    roll.write_bytes(roll.read_bytes() + b"\n")
    run_month(folder)
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["changed_since_last_run"] == [roll.name]


def test_region_and_month_are_asked_for_when_nobody_says_them(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        run_month(tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["no-region", "no-month"]
