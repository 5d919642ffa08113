"""Forecasts whose every month is worked out by hand; a projection rests on nothing but what is stated."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bulou.engine.simulation.forecast import Forecast
from bulou.engine.simulation.forecast.run import forecast_policy
from bulou.engine.simulation.forecast.summary import method_words
from tests.cli.command_line import CommandLine, Said
from tests.simulation.crowd import GIVES_WAY, write_pack

PEOPLE: list[dict[str, Any]] = [
    {"id": "a", "grade": 1, "care": True, "expires": "2025-08-15", "birth_date": "1965-09-10", "乡镇": "东乡"},
    {"id": "b", "grade": 2, "care": True, "expires": "2030-01-01", "age": 70},
    {"id": "c", "grade": 2, "expires": "2030-01-01", "age": 40, "birth_date": "1985-01-01"},
]
"""a: the certificate ends within August 2025, sixty in September. b: an age without a birthday. c: care unknown."""


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    made = CommandLine(tmp_path, monkeypatch)
    write_pack(tmp_path / "packs")
    made.file("people.json", json.dumps({"people": PEOPLE, "region": {"offers_old": True}}))
    return made


def run(line: CommandLine, *options: str) -> Said:
    where = ("--packs", "../packs", "--region", "g", "--on", "2025-06-30")
    return line.bulou("forecast", "people.json", *where, *options)


def result(line: CommandLine, months: int = 5, **more: Any) -> Forecast:
    packs = [line.folder / "packs"]
    return forecast_policy([Path("people.json")], months=months, region="g", packs=packs, on=date(2025, 6, 30), **more)


def costs(found: Forecast, programme: str, *columns: str) -> dict[str, tuple[Any, ...]]:
    rows = found.costs.filter(pl.col("programme") == programme)
    return {row[0]: row[1:] for row in rows.select("month", *columns).rows()}


def test_certificates_birthdays_and_dated_standards_come_in_their_months(line: CommandLine) -> None:
    found = result(line)
    assert costs(found, "subsidy", "due", "unknown", "fen", "fen_if_all") == {
        "2025-06": (2, 1, 20000, 10000),
        "2025-07": (2, 1, 20000, 10000),
        "2025-08": (1, 1, 10000, 10000),
        "2025-09": (1, 1, 10000, 10000),
        "2025-10": (1, 1, 11000, 11000),
        "2025-11": (1, 1, 11000, 11000),
    }
    assert [due for (due,) in costs(found, "old_age", "due").values()] == [1, 1, 1, 2, 2, 2]
    rows = found.changes.select("month", "id", "township", "programmes", "now", "then", "reason", "fen").rows()
    assert rows == [
        ("2025-08", "a", "东乡", "护理补贴", "应享", "不再符合", "届时不符：持有有效的残疾人证", -10000),
        ("2025-09", "a", "东乡", "高龄补贴", "不应享", "应享", "届时符合：满六十周岁", 0),
    ]
    assert ("2025-10", "护理标准：100.00 → 110.00") in found.policy.rows()
    amounts = found.events.filter(pl.col("month") == "2025-10").row(0, named=True)
    assert (amounts["programme"], amounts["amounts"], amounts["ends"]) == ("subsidy", 1, 0)


def test_what_gives_way_moves_with_what_it_gives_way_to(line: CommandLine) -> None:
    """The certificate of a ends in August: no subsidy from then on, and so the help that gives way to it."""
    file = line.folder / "packs" / "g" / "programmes.toml"
    file.write_text(file.read_text(encoding="utf-8") + GIVES_WAY, encoding="utf-8")
    assert [due for (due,) in costs(result(line, months=3), "help", "due").values()] == [0, 0, 1, 1]


def test_an_age_without_a_birthday_stays_and_is_said(line: CommandLine) -> None:
    found = result(line, months=240, programmes=["old_age"])
    assert [(one.fact, one.subjects) for one in found.carried] == [("person.age", 1)]
    assert costs(found, "old_age", "due")["2045-06"] == (3,)  # c is sixty from 2045-01 on: the birthday counts


def test_months_that_nothing_moves_are_not_decided_again(line: CommandLine) -> None:
    found = result(line, months=12, programmes=["subsidy"])
    assert found.reused >= 11 and found.evaluated <= 15


def test_a_change_begins_in_its_month(line: CommandLine) -> None:
    found = result(line, wishes=[("condition", "subsidy.valid=TRUE"), ("set", "rate=200")], start=date(2025, 9, 1))
    assert [fen for (fen,) in costs(found, "subsidy", "fen").values()] == [20000, 20000, 10000, 40000, 40000, 40000]


ASSUMED = """
[mortality]
source = "示例"
rates = [ {{ ages = [0, 59], per_1000_a_year = "12" }}, {{ ages = [60, {top}], per_1000_a_year = "120" }} ]

[inflow]
source = "示例"
new_people_a_year = 24
like = "person.grade <= 2"
"""


def test_a_projection_is_what_its_assumptions_make_of_the_known(line: CommandLine) -> None:
    """By July a lives with 0.999, b (70) with 0.99; 2 newcomers a month, two of the three people alike are due."""
    line.file("assumed.toml", ASSUMED.format(top=150))
    found = result(line, assume=Path("assumed.toml"))
    assert found.projection is not None
    july = found.projection.filter(pl.col("programme") == "subsidy", pl.col("month") == "2025-07").row(0, named=True)
    assert july["fen"] == 20000
    assert july["fen_after_deaths"] == 9990 + 9900
    assert july["fen_inflow"] == 2 * 20000 // 3
    assert july["fen_projected"] == 19890 + 13333
    june = found.projection.filter(pl.col("programme") == "subsidy", pl.col("month") == "2025-06").row(0, named=True)
    assert (june["fen_projected"], june["fen_inflow"]) == (20000, 0)
    assert found.costs.equals(result(line).costs)


def test_known_and_projected_stand_apart_and_are_marked(line: CommandLine) -> None:
    line.file("assumed.toml", ASSUMED.format(top=150))
    said = run(line, "--months", "3", "--assume", "assumed.toml", "--out", "out")
    assert said.code == 0, said.err
    assert "推算 projection：以下不是已知" in said.out and "示例" in said.out
    assert sorted(path.name for path in Path("out").iterdir()) == ["变动名单.xlsx", "预告.html", "预告.xlsx"]
    page = Path("out/预告.html").read_text(encoding="utf-8")
    known, _, projected = page.partition('id="projection"')
    assert "推算合计" in projected and "推算合计" not in known and "示例" in projected
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path("out/预告.xlsx")
    assert {"每月", "逐月按项目", "推算", "推算的假设"} <= set(book.sheet_names)
    listed = CalamineWorkbook.from_path("out/变动名单.xlsx").get_sheet_by_index(0).to_python()
    assert "换证" in listed[3][-1] and listed[3][5] == "a"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[mortality]\nrates = [ { ages = [0, 150], per_1000_a_year = "5" } ]', "assumption-without-source"),
        ('[mortality]\nsource = "x"\nrates = [ { ages = [0, 150], per_1000_a_year = "-5" } ]', "wrong-value"),
        ('[mortality]\nsource = "x"\nrates = [ { ages = [9, 3], per_1000_a_year = 5 } ]', "ages-overlap"),
        ('[inflow]\nsource = "x"\nnew_people_a_year = 5', "no-likeness"),
        ('[inflow]\nsource = "x"\nnew_people_a_year = 5\nlike = "person.grad = 1"', "unknown-fact"),
        ('[inflow]\nsource = "x"\nnew_people_a_year = 5\nlike = "person.grade = 4"', "nobody-alike"),
        ('[births]\nsource = "x"', "unknown-key"),
        ("", "no-assumptions"),
        (ASSUMED.format(top=65), "age-without-rate"),
    ],
)
def test_assumptions_are_complete_and_have_a_source(line: CommandLine, text: str, code: str) -> None:
    line.file("assumed.toml", text)
    said = run(line, "--assume", "assumed.toml", "--out", "out")
    assert (said.code, f"[{code}]" in said.err) == (2, True), said.err
    assert not Path("out").exists()


def test_assumptions_as_csv_say_the_same(line: CommandLine) -> None:
    line.file("assumed.toml", ASSUMED.format(top=150))
    line.file(
        "assumed.csv",
        "kind,from_age,to_age,value,like,source\nmortality,0,59,12,,示例\nmortality,60,150,120,,示例\n"
        "inflow,,,24,person.grade <= 2,示例\n",
    )
    one, other = (result(line, months=2, assume=Path(name)).projection for name in ("assumed.toml", "assumed.csv"))
    assert one is not None and other is not None and one.equals(other)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--months", "0"], "out-of-range"),
        (["--months", "3", "--years", "1"], "options-apart"),
        (["--programme", "subsidi"], "unknown-programme"),
        (["--enable", "old_age"], "switch-without-date"),
        (["--assume", "nothing.toml"], "no-such-file"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(line: CommandLine, options: list[str], code: str) -> None:
    said = run(line, *options)
    assert (said.code, f"[{code}]" in said.err) == (2, True), said.err


def test_a_locality_that_decides_on_the_first_of_the_month_is_looked_ahead_by_that_day(tmp_path: Path) -> None:
    """The certificate that ends on 15 August counts on 1 August; sixty on 10 September shows on 1 October."""
    write_pack(tmp_path / "packs")
    folder = tmp_path / "2025-06"
    folder.mkdir()
    dates = [pl.col(name).str.to_date() for name in ("expires", "birth_date")]
    people = [
        {name: person.get(name) for name in ("id", "grade", "care", "expires", "birth_date")} for person in PEOPLE
    ]
    pl.DataFrame(people).with_columns(dates).write_parquet(folder / "people.parquet")
    settings = '[settings]\noffers_old = true\n[method]\ndecision_day = "first"\n'
    (folder / "month.toml").write_text(f'region = "g"\n{settings}', encoding="utf-8")
    found = forecast_policy([folder], months=4, packs=[tmp_path / "packs"])
    assert found.on == date(2025, 6, 1)
    assert [due for (due,) in costs(found, "subsidy", "due").values()] == [2, 2, 2, 1, 1]
    assert [due for (due,) in costs(found, "old_age", "due").values()] == [0, 0, 0, 0, 1]
    assert any("每月按月初第一天判定" in words for _, words in method_words(found))


def test_a_month_folder_is_looked_ahead_from(tmp_path: Path) -> None:
    from bulou import engine

    engine.make_synthetic(tmp_path / "wuwei", region="620600", holders=120, months=1, dirt=0)
    found = forecast_policy([tmp_path / "wuwei"], months=3, programmes=["living_subsidy"])
    assert (found.region, found.months[0], found.months[-1]) == ("620600", "2025-06", "2025-09")
    due = costs(found, "living_subsidy", "due")
    assert due["2025-06"][0] > 0
    assert {"county", "township"} <= set(found.changes.columns)
