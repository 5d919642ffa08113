"""The files: every dirty cell is where the truth says, the rest is clean, and the same seed gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from bulou.engine.basics.problems import Refused
from bulou.engine.cli.main import app
from bulou.engine.synthetic import make_synthetic
from bulou.engine.synthetic.calibration import data
from tests.synthetic.reading import pages, rows

MONTH = "2025-06"


def every_byte(out: Path) -> dict[str, bytes]:
    return {str(file.relative_to(out)): file.read_bytes() for file in sorted(out.rglob("*")) if file.is_file()}


def test_same_seed_same_bytes_other_seed_other_people(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        make_synthetic(tmp_path / name, region="620600", holders=300, seed=seed)
    one = every_byte(tmp_path / "one")
    assert one == every_byte(tmp_path / "again")
    other = every_byte(tmp_path / "other")
    assert one.keys() == other.keys()
    assert all(one[name] != other[name] for name in one if name.endswith(("xlsx", "csv", "parquet")))


def test_a_folder_holds_every_kind_of_list(dirty: Path) -> None:
    files = pl.read_parquet(dirty / "truth" / "files.parquet")
    assert set(files["kind"]) == set(data("layouts.toml"))
    assert {file.name for file in (dirty / MONTH).iterdir()} == {"month.toml", *files["file"]}
    assert set(files["header_row"]) <= {2, 3, 4}


def test_every_dirty_cell_is_where_the_record_says(dirty: Path) -> None:
    record = pl.read_parquet(dirty / "truth" / "dirty_cells.parquet")
    files = {name: pages(dirty / MONTH / name) for name in record["file"].unique()}
    header = {
        row["file"]: row["headers"].split("|")
        for row in pl.read_parquet(dirty / "truth/files.parquet").iter_rows(named=True)
    }
    for cell in record.filter(pl.col("fault") != "duplicate").iter_rows(named=True):
        column = header[cell["file"]].index(cell["header"])
        shown = files[cell["file"]][cell["sheet"]][cell["row"] - 1][column]
        text = (
            f"{shown:.14e}".replace(".", "").split("e")[0] + "000"
            if isinstance(shown, float) and shown > 1e15
            else shown
        )
        text = str(int(text)) if isinstance(text, float) else str(text)
        if cell["fault"] != "not_in_gbk" and cell["dirty"] != text:
            assert "?" in text, cell  # a character the file's encoding lacks was lost on top
    assert record.group_by("fault").len().height >= 18


def test_a_repeated_row_is_its_first_but_for_recorded_cells(dirty: Path) -> None:
    record = pl.read_parquet(dirty / "truth" / "dirty_cells.parquet")
    touched = set(record.select("file", "sheet", "row", "header").iter_rows())
    repeated = record.filter(pl.col("fault") == "duplicate")
    assert repeated.height
    files = {name: pages(dirty / MONTH / name) for name in repeated["file"].unique()}
    found = pl.read_parquet(dirty / "truth" / "files.parquet")
    headers = {row["file"]: row["headers"].split("|") for row in found.iter_rows(named=True)}
    for file, sheet, row in repeated.select("file", "sheet", "row").iter_rows():
        first, second = files[file][sheet][row - 2 : row]
        for header, one, other in list(zip(headers[file], first, second, strict=True))[1:]:
            recorded = {(file, sheet, row - 1, header), (file, sheet, row, header)} & touched
            assert one == other or recorded, (file, row, header, one, other)


def test_without_dirt_cells_are_clean(clean: Path) -> None:
    record = pl.read_parquet(clean / "truth" / "dirty_cells.parquet")
    assert set(record["fault"]) <= {"not_in_gbk"}
    known = set(pl.read_parquet(clean / "truth" / "people.parquet")["id_no"])
    for kind in ("certificate_register", "dibao", "living_roll", "bank_return"):
        assert {row["id_no"] for row in rows(clean, MONTH, kind)} <= known


def test_the_settings_of_the_month_name_their_source(clean: Path) -> None:
    import tomllib

    said = tomllib.loads((clean / MONTH / "month.toml").read_text(encoding="utf-8"))
    assert said["region"] == "620600"
    assert said["month"] == MONTH
    assert "dibao_roll" in said["complete"]
    assert all("合成数据" in value["source"] for value in said["settings"].values())


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ({"region": "999999"}, "unknown-region"),
        ({"region": "620600", "month": "2025-13"}, "no-such-month"),
        ({"region": "620600", "holders": 5}, "out-of-range"),
        ({"region": "620600", "months": 0}, "out-of-range"),
    ],
)
def test_wishes_that_cannot_be_met_are_refused_before_anything_is_written(
    tmp_path: Path, wishes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        make_synthetic(tmp_path / "out", **wishes)
    assert refused.value.problems[0].code == code
    assert not (tmp_path / "out").exists()


def test_the_command_writes_a_region_and_never_over_another(tmp_path: Path) -> None:
    words = ["synth", "610103", str(tmp_path / "out"), "--people", "300", "--month", "2025-01"]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 0, said.output
    assert "planted" in said.output
    assert (tmp_path / "out" / "2025-01" / "month.toml").exists()
    again = CliRunner().invoke(app, words)
    assert isinstance(again.exception, Refused)
