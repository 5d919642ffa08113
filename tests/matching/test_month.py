"""A month's sheets: rows with wrong numbers flow on, rows that a person must judge wait, and answers are remembered."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from bulou.engine import run_month
from bulou.engine.synthetic import make_synthetic
from tests.intake.files import write_csv
from tests.matching.test_review import fill


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("matching") / "region"
    make_synthetic(out, region="620600", holders=300, seed=5, month="2025-05", months=2, dirt=6.0)
    return out


def people_of(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "out/history/registry.parquet").select("person", "id_no")


def records(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "out" / "匹配记录.csv", infer_schema=False)


def test_rows_that_exact_matching_lost_are_found_and_none_wrongly(made: Path) -> None:
    folder = made / "2025-05"
    run_month(folder)
    links = records(folder).filter(pl.col("结果") == "对应到本人", pl.col("步骤") != "身份证号相同")
    found = links.join(people_of(folder), left_on="人员编号", right_on="person")
    people = pl.read_parquet(made / "truth/people.parquet").select("person", true="id_no")
    dirty = pl.read_parquet(made / "truth/dirty_cells.parquet").filter(folder="2025-05", field="id_no")
    truth = dirty.join(people, on="person").select("file", pl.col("row").cast(pl.String), "true").unique()
    beside = found.join(truth, left_on=["文件", "行"], right_on=["file", "row"])
    assert beside.height > 10
    assert beside.group_by("文件", "行").agg((pl.col("true") == pl.col("id_no")).any().alias("right"))["right"].all()
    told = json.loads((folder / "out/manifest.json").read_text(encoding="utf-8"))["matching"]
    assert sum(one["rows"] for one in told["stages"]) == records(folder).height


def test_a_right_number_under_another_name_waits_for_a_person_and_the_answer_is_remembered(
    made: Path, tmp_path: Path
) -> None:
    shutil.copytree(made, tmp_path / "region")
    region = tmp_path / "region"
    first, second = region / "2025-05", region / "2025-06"
    owner = pl.read_parquet(made / "truth/people.parquet").filter(pl.col("holder")).row(7, named=True)
    for folder in (first, second):
        month = folder.name.replace("-", "")
        said = [["姓名", "身份证号", "死亡日期"], ["某某某", owner["id_no"], "2025-04-20"]]
        write_csv(folder / f"补报死亡名单{month}.csv", said)
    run_month(first)
    assert (first / "out" / "待判断.xlsx").is_file()
    mine = records(first).filter(pl.col("姓名") == "某某某")
    assert mine.select("结果", "人员编号").rows() == [("待判断", None)]
    counts = json.loads((first / "out/manifest.json").read_text(encoding="utf-8"))["counts"]
    fates = ("accepted", "repaired", "refused", "furniture")
    assert counts["rows_read"] == sum(counts[f"rows_{fate}"] for fate in fates)
    fill(first / "out" / "待判断.xlsx", first / "待判断.xlsx", {"某某某": "不是"})
    run_month(first)
    assert records(first).filter(pl.col("姓名") == "某某某")["结果"].to_list() == ["没有找到"]
    run_month(second)
    again = records(second).filter(pl.col("姓名") == "某某某")
    assert again.select("结果", "步骤").rows() == [("没有找到", "经办人判断")]
    told = json.loads((second / "out/manifest.json").read_text(encoding="utf-8"))["matching"]
    assert told["decisions_kept"] == 1
