"""`bulou month` from dirty department files to lists and report, on an invented region of a few hundred people."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulou.engine import run_month
from bulou.engine.basics.problems import Refused
from bulou.engine.cli.main import app
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
    out = region / "2025-05" / "out"
    assert all((out / f"{name}.xlsx").is_file() for name in LISTS)
    assert (out / "report.html").is_file()
    before = digests(out)
    again = CliRunner().invoke(app, ["month", str(region / "2025-05")])
    assert again.exit_code == first.exit_code
    assert digests(out) == before
    after = {name: digest for name, digest in digests(region / "2025-05").items() if not name.startswith("out/")}
    assert after == inputs


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


def test_region_and_month_are_asked_for_when_nobody_says_them(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        run_month(tmp_path)
    assert [problem.code for problem in refused.value.problems] == ["no-region", "no-month"]
