"""Simulations whose every figure is worked out by hand, and everything that is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bulou.engine.basics.problems import Refused
from bulou.engine.pack import read_pack
from bulou.engine.simulation.simulate import Simulation
from bulou.engine.simulation.simulate.cells import refuse_unless_it_adds_up
from bulou.engine.simulation.simulate.run import simulate_policy
from tests.cli.command_line import CommandLine, Said
from tests.packs.small_packs import write_files
from tests.simulation.crowd import GIVES_WAY, PACK, write_pack

PEOPLE: list[dict[str, Any]] = [
    {"id": "a", "household": "1", "县区": "甲县", "grade": 1, "care": True, "birth_date": "1990-01-01"},
    {"id": "b", "household": "1", "县区": "甲县", "grade": 3, "care": True, "birth_date": "1960-01-01"},
    {"id": "c", "household": "2", "县区": "甲县", "grade": 3, "birth_date": "1950-01-01"},
    {"id": "d", "household": "3", "县区": "乙县", "grade": 2, "birth_date": "2000-01-01"},
    {"id": "e", "household": "3", "县区": "乙县", "care": True},
    {"id": "f", "household": "4", "县区": "乙县", "grade": 2, "care": True, "birth_date": "1940-01-01"},
]
"""Under the pack of `crowd`, on 2025-06-30, at 100 yuan: a is due; d unknown (care); e unknown (grade); f expired."""
for _person in PEOPLE:
    _person["expires"] = "2020-01-01" if _person["id"] == "f" else "2030-01-01"


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    made = CommandLine(tmp_path, monkeypatch)
    write_pack(tmp_path / "packs")
    made.file("people.json", json.dumps({"people": PEOPLE}))
    return made


def run(line: CommandLine, *options: str, on: str = "2025-06-30") -> Said:
    return line.bulou("simulate", "people.json", "--packs", "../packs", "--region", "g", "--on", on, *options)


def result(line: CommandLine, *wishes: tuple[str, str], **more: Any) -> Simulation:
    return simulate_policy(
        [Path("people.json")], region="g", packs=[line.folder / "packs"], on=date(2025, 6, 30), wishes=wishes, **more
    )


def cell(found: Simulation, breakdown: str, group: str, programme: str = "subsidy") -> dict[str, Any]:
    rows = found.cells.filter(
        pl.col("breakdown") == breakdown, pl.col("group") == group, pl.col("programme") == programme
    )
    return rows.row(0, named=True)


def test_a_wider_grade_gains_who_is_known_and_counts_who_is_not(line: CommandLine) -> None:
    """b gains 100; c could (care unknown); d and e are unknown under both, but only e could differ: its grade."""
    found = result(line, ("condition", "subsidy.grade=person.grade <= 3"))
    whole = cell(found, "all", "全部")
    counts = {name: whole[name] for name in ("gained", "lost", "kept", "same", "unsettled", "neither")}
    assert counts == {"gained": 1, "lost": 0, "kept": 1, "same": 1, "unsettled": 2, "neither": 1}
    assert (whole["fen_before"], whole["fen_after"], whole["fen_gained"], whole["fen_lost"]) == (10000, 20000, 10000, 0)
    assert (whole["might_gain"], whole["might_lose"], whole["fen_low"], whole["fen_high"]) == (2, 1, -10000, 20000)
    assert cell(found, "county", "甲县")["gained"] == 1 and cell(found, "county", "乙县")["unsettled"] == 1


def test_a_lower_amount_makes_households_lose_unless_they_gain_more(line: CommandLine) -> None:
    """At 40 yuan and grade 3: a loses 60, b gains 40, so household 1 loses 20 a month; 2 and 3 cannot be said."""
    found = result(line, ("condition", "subsidy.grade=person.grade <= 3"), ("amount", "subsidy=40"), lists=True)
    homes = found.households.filter(pl.col("breakdown") == "all").row(0, named=True)
    assert {name: homes[name] for name in ("up", "down", "equal", "undecided")} == {
        "up": 0, "down": 1, "equal": 1, "undecided": 2,
    }  # fmt: skip
    assert homes["fen_down"] == 12 * 2000
    assert found.lists is not None
    net = dict(found.lists.filter(pl.col("household") == "1").select("id", "home_net").rows())
    assert net == {"a": -24000, "b": -24000}
    whole = cell(found, "all", "全部")
    assert (whole["less"], whole["fen_gained"], whole["fen_lost"]) == (1, 4000, 6000)


def test_a_switch_pays_by_the_year_and_says_what_this_year_costs(line: CommandLine) -> None:
    """b (65), c and f are sixty; the birthday of e is not known: 600 yuan at most."""
    said = run(line, "--enable", "old_age", "--from", "2025-05-01")
    assert said.code == 0, said.err
    whole = cell(result(line, ("enable", "old_age"), start=date(2025, 5, 1)), "all", "全部", "old_age")
    assert (whole["gained"], whole["fen_gained"], whole["unsettled"], whole["fen_high"]) == (3, 180000, 1, 60000)
    assert "1,800.00" in said.out and "0 到 600.00" in said.out


def test_an_amount_nobody_has_set_is_counted_not_guessed(line: CommandLine) -> None:
    found = result(line, ("amount", "subsidy=region.rate * 0 + person.age * 1"))
    assert cell(found, "all", "全部")["unset"] == 0
    packs = line.folder / "packs" / "g" / "parameters.toml"
    packs.write_text('[rate]\nunit = "元"\nset_by = "县"\n', encoding="utf-8")
    found = result(line, ("condition", "subsidy.grade=person.grade <= 3"))
    whole = cell(found, "all", "全部")
    assert (whole["gained"], whole["unset"], whole["fen_gained"], whole["unbounded"]) == (1, 1, 0, 2)


def test_a_dropped_condition_an_added_one_and_the_policy_of_another_day(line: CommandLine) -> None:
    found = result(line, ("drop-condition", "subsidy.valid"), ("add-condition", "subsidy.adult=person.age >= 18"))
    assert cell(found, "all", "全部")["gained"] == 1
    found = result(line, policy_on=date(2025, 12, 1))
    whole = cell(found, "all", "全部")
    assert (whole["kept"], whole["more"], whole["fen_gained"], whole["same"]) == (1, 1, 1000, 2)


def test_two_packs_side_by_side(line: CommandLine) -> None:
    other = line.folder / "packs" / "o"
    other.mkdir()
    for file in (line.folder / "packs" / "g").iterdir():
        text = file.read_text(encoding="utf-8").replace('region = "g"', 'region = "o"')
        text = text.replace(
            "full_years(person.birth_date, decision.day)", "full_years(person.birth_date, decision.day) + 1"
        )
        (other / file.name).write_text(text.replace("person.grade <= 2", "person.grade <= 1"), encoding="utf-8")
    said = run(line, "--against", "o", "--set", "offers_old=是", "--from", "2025-01-01", "--current", "rate=90")
    assert said.code == 0, said.err
    assert "o 的政策" in said.out and "护理补贴" in said.out and "高龄补贴" in said.out


def test_a_fact_that_rests_on_one_defined_otherwise_differs_too(line: CommandLine) -> None:
    """59 on the day, 60 by the other pack's reckoning: the programme asks for `elder`, which reads the age."""
    packs = line.folder / "packs"
    facts = PACK["facts.toml"].replace("decision.day)", "decision.day) + 1")
    head = PACK["pack.toml"].replace('"g"', '"o"')
    write_files(packs / "o", {**PACK, "pack.toml": head, "facts.toml": facts})
    line.file("people.json", json.dumps({"people": [{"id": "a", "birth_date": "1965-07-01"}]}))
    found = result(line, current=["offers_old=是"], against=read_pack("o", [packs]))
    assert cell(found, "all", "全部", "old_age")["gained"] == 1


def test_a_programme_that_gives_way_looks_at_its_rival_under_the_same_policy(line: CommandLine) -> None:
    """Who is due both only gets the subsidy: b gains it by the wider grade, and so loses what gives way to it."""
    file = line.folder / "packs" / "g" / "programmes.toml"
    file.write_text(file.read_text(encoding="utf-8") + GIVES_WAY, encoding="utf-8")
    found = result(line, ("condition", "subsidy.grade=person.grade <= 3"))
    lost = cell(found, "all", "全部", "help")
    assert (cell(found, "all", "全部")["gained"], lost["gained"], lost["lost"]) == (1, 0, 1)


def test_files_are_written_and_read_like_the_terminal(line: CommandLine) -> None:
    said = run(line, "--condition", "subsidy.grade=person.grade <= 3", "--out", "out", "--lists")
    assert said.code == 0, said.err
    assert sorted(path.name for path in Path("out").iterdir()) == ["变动名单.xlsx", "政策测算.html", "政策测算.xlsx"]
    page = Path("out/政策测算.html").read_text(encoding="utf-8")
    assert "100.00 − 0.00" in page and "200.00 − 100.00" in page and "<script" not in page
    assert page.count("<table>") == page.count("<caption") and 'lang="zh-CN"' in page
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path("out/政策测算.xlsx")
    head, *rows = book.get_sheet_by_name("按县区").to_python()[2:]
    by_county = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert by_county["甲县"]["增加"] == 1 and by_county["甲县"]["每年净变化（元）"] == 1200
    again = run(line, "--condition", "subsidy.grade=person.grade <= 3", "--out", "out2", "--lists")
    assert again.code == 0
    for name in ("变动名单.xlsx", "政策测算.html", "政策测算.xlsx"):
        assert Path("out", name).read_bytes() == Path("out2", name).read_bytes(), name


def test_a_rate_that_nobody_gains_or_loses_a_programme_by_tells_whose_amount_changes(line: CommandLine) -> None:
    """Only a is due for sure, before and after: nobody is added, one amount rises."""
    said = run(line, "--set", "rate=150", "--out", "out")
    assert said.code == 0, said.err
    row = next(words.split() for words in said.out.splitlines() if words.strip().startswith("护理补贴"))
    assert row[1:5] == ["0", "0", "1", "1"]
    page = Path("out/政策测算.html").read_text(encoding="utf-8")
    assert "金额变了" in page and "多得 1，少得 0" in page


@pytest.mark.parametrize(
    ("options", "code", "hint"),
    [
        (["--set", "rat=5"], "unknown-value", "region.rate"),
        (["--set", "person.grade=5"], "not-a-region-value", "每个人"),
        (["--set", "rate=很多"], "wrong-value", "护理标准"),
        (["--set", "rate="], "no-value", "rate=值"),
        (["--set", "offers_old=是"], "switch-without-date", "--from"),
        (["--enable", "old_age"], "switch-without-date", "--from"),
        (["--enable", "old_ages", "--from", "2025-01-01"], "unknown-programme", "old_age"),
        (["--enable", "subsidy", "--from", "2025-01-01"], "no-switch", "--condition"),
        (["--condition", "subsidy.grad=TRUE"], "unknown-condition", "grade"),
        (["--condition", "subsidy=TRUE"], "not-a-condition", "PROGRAMME.CONDITION"),
        (["--condition", "subsidy.grade=person.gade <= 3"], "unknown-fact", "person.grade"),
        (["--condition", "subsidy.grade=person.grade + 1"], "wrong-type", "是/否"),
        (["--add-condition", "subsidy.grade=TRUE"], "condition-exists", "--condition"),
        (["--amount", "subsidy"], "not-an-amount", "living_subsidy=120"),
        (["--set", "rate=5", "--from", "2025-02-30"], "no-such-date", "--from"),
        (["--set", "rate=5", "--from", "2026-01-01"], "before-the-change", "--on"),
        (["--set", "rate=5", "--suppress", "1"], "out-of-range", "--suppress 5"),
        (["--set", "rate=5", "--suppress", "5", "--lists"], "options-apart", "名单"),
        (["--set", "rate=5", "--suppress", "5"], "too-few-people", "内部"),
        (["--current", "rate=5"], "nothing-wanted", "--set"),
        (["--against", "nowhere", "--set", "rate=5"], "no-such-pack", "地区包"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_tried_is_refused_with_what_to_do(
    line: CommandLine, options: list[str], code: str, hint: str
) -> None:
    said = run(line, *options, "--out", "out")
    assert (said.code, f"[{code}]" in said.err) == (2, True), said.err
    assert hint in said.err and "Traceback" not in said.err
    assert not Path("out").exists()


def test_a_region_or_day_that_nobody_has_said_is_asked_for(line: CommandLine) -> None:
    assert "[no-region]" in line.bulou("simulate", "people.json", "--set", "rate=5").err
    assert (
        "[no-day]"
        in line.bulou("simulate", "people.json", "--packs", "../packs", "--region", "g", "--set", "rate=5").err
    )
    assert "[no-such-file]" in line.bulou("simulate", "people.csv", "--region", "cn", "--on", "2025-01-01").err


def test_sums_that_do_not_agree_are_never_published(line: CommandLine) -> None:
    found = result(line, ("condition", "subsidy.grade=person.grade <= 3"))
    for name in ("fen_gained", "gained", "unsettled"):
        wrong = found.cells.with_columns(
            pl.when(pl.col("group") == "甲县").then(pl.col(name) + 1).otherwise(name).alias(name)
        )
        with pytest.raises(Refused, match="does-not-add-up"):
            refuse_unless_it_adds_up(wrong, {})


def test_the_extension_for_a_small_synthetic_qinghai(tmp_path: Path) -> None:
    """As tables made by `bulou synth --tables`; totals are those of deciding everybody twice."""
    from bulou import engine
    from bulou.engine import read_pack

    folder = tmp_path / "qinghai"
    engine.make_fact_tables(folder, region="630000", holders=400, month="2026-06")
    test = "person.grade <= 2 OR person.has_intellectual OR person.has_mental"
    found = simulate_policy(
        [folder], wishes=[("condition", f"nursing_subsidy.severe_grade={test}"), ("set", "nursing_subsidy_grade34=50")]
    )
    assert {one.name for one in found.breakdowns} == {
        "county", "township", "category", "grade", "age", "means", "members"
    }  # fmt: skip
    people = pl.read_parquet(folder / "people.parquet").drop("county", "township")
    homes = pl.read_parquet(folder / "households.parquet")
    rolls = ("dibao_roll", "tekun_roll", "payment_roll", "certificate_register")
    decided = engine.decide(read_pack("630000"), people, households=homes, on="2026-06-30", rolls=rolls)["person"]
    whole = cell(found, "all", "全部", "nursing_subsidy")
    assert whole["kept"] + whole["lost"] == decided["nursing_subsidy"].sum()
    assert whole["fen_before"] == decided["nursing_subsidy__fen"].sum()
    assert whole["gained"] > 0 and whole["fen_after"] - whole["fen_before"] == whole["gained"] * 5000
