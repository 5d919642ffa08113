"""A synthetic region on disk: a folder of department files for each month, and the truth kept apart from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from bulou.engine.basics.problems import Place, Problem, refuse_errors
from bulou.engine.synthetic import money_sheets, service_sheets, sheets
from bulou.engine.synthetic.calibration import read_calibration
from bulou.engine.synthetic.dirt import Record
from bulou.engine.synthetic.due import PROGRAMMES
from bulou.engine.synthetic.files import Typist
from bulou.engine.synthetic.months import month_of, month_text
from bulou.engine.synthetic.payments import Payer
from bulou.engine.synthetic.planting import plant_faults
from bulou.engine.synthetic.population import Region, make_region
from bulou.engine.synthetic.setting import Setting
from bulou.engine.synthetic.truth_tables import truth_tables, write_truth

LISTS: tuple[Callable[[sheets.Writer], sheets.Sheet], ...] = (
    sheets.certificate_register,
    sheets.dibao,
    sheets.low_income,
    sheets.tekun,
    sheets.monitoring,
    sheets.orphans,
    sheets.work_injury,
    sheets.disability_pension,
    sheets.elder_care,
    sheets.deaths_civil,
    sheets.deaths_cremation,
    sheets.prison,
    sheets.moves,
    service_sheets.pension,
    service_sheets.medical,
    service_sheets.school_roll,
    service_sheets.survey,
)
COMPLETE = (
    "certificate_register",
    "dibao_roll",
    "tekun_roll",
    "low_income_roll",
    "monitoring_roll",
    "payment_roll",
    "school_roll",
    "person.has_other_living_benefit",
    "person.is_commissioner",
)
"""Suppliers whose lists of the month are whole, and what is on no list at all: nobody has another living benefit."""
_LIMITS = {"holders": (100, 1_000_000), "months": (1, 60), "dirt": (0, 20)}


def make_synthetic(  # noqa: PLR0913 each wish is a keyword of its own
    out: Path,
    *,
    region: str,
    holders: int = 52_000,
    seed: int = 1,
    month: str = "2025-06",
    months: int = 1,
    dirt: float = 1.0,
    done: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Write `months` folders from `month` on, and the truth beside them; gives the counts of the summary.

    `dirt` multiplies the fault rates of the spreadsheets; `done` hears of every finished step. Raises `Refused` for
    wishes that cannot be met, before anything is written.
    """
    start = _check(out, month, holders=holders, months=months, dirt=dirt)
    setting = Setting(holders, start, months, seed, read_calibration(region, dirt))
    made = make_region(region, setting)
    payer = plant_faults(made)
    done("population")
    record, found, doubts = Record(), [], []
    for number in range(start, start + months):
        folder = out / month_text(number)
        folder.mkdir(parents=True)
        (folder / "month.toml").write_text(_settings(made, number), encoding="utf-8")
        typist = Typist(setting, made.places, number, record)
        for sheet, truth in _sheets(sheets.Writer(made, number), payer):
            found.append(typist.type(sheet, folder))
            doubts += [truth] if truth is not None else []
            done(f"{month_text(number)} {found[-1]['file']}")
    return write_truth(out / "truth", made, truth_tables(made, payer, record, found, doubts))


def _check(out: Path, month: str, **wishes: float) -> int:
    """The first month as a number. Raises `Refused` with everything that is wrong."""
    problems = [
        Problem(
            "out-of-range", Place(f"--{name}"), str(value), f"{_LIMITS[name][0]}–{_LIMITS[name][1]}", f"改正 --{name}"
        )
        for name, value in wishes.items()
        if not _LIMITS[name][0] <= value <= _LIMITS[name][1]
    ]
    if out.exists() and any(out.iterdir()):
        problems.append(Problem("not-empty", Place(str(out)), "已有文件", "空的或新的文件夹", "换一个文件夹"))
    start = 0
    try:
        start = month_of(month)
    except ValueError:
        problems.append(Problem("no-such-month", Place("--month"), month, "YYYY-MM", "改正 --month"))
    refuse_errors(problems)
    return start


def _sheets(writer: sheets.Writer, payer: Payer) -> Iterator[tuple[sheets.Sheet, pl.DataFrame | None]]:
    for make in LISTS:
        yield make(writer), None
    for programme in PROGRAMMES:
        yield money_sheets.roll(writer, payer, programme), None
    yield money_sheets.bank_return(writer, payer), None
    yield money_sheets.suspicions(writer, payer)


def _settings(region: Region, month: int) -> str:
    """The text of month.toml: what the officer would have to say, with its source."""
    names = {
        "dibao_standard": "dibao_yuan",
        "living_subsidy_standard": "living_yuan",
        "nursing_subsidy_grade1": "nursing_grade1_yuan",
        "nursing_subsidy_grade2": "nursing_grade2_yuan",
    }
    complete = json.dumps(COMPLETE)
    lines = [
        f'region = "{region.places.region}"',
        f'month = "{month_text(month)}"',
        f"complete = {complete}",
        "",
        "[settings]",
    ]
    for fact, name in names.items():
        figure = region.setting.calibration.figures[name]
        lines.append(
            f'{fact} = {{ value = "{figure.value:.2f}", from = 2021-01-01, source = "合成数据：{figure.source}" }}'
        )
    for switch in ("offers_living_extension", "offers_nursing_extension"):
        lines.append(f'{switch} = {{ value = false, source = "合成数据：只按国家基本对象造数" }}')
    return "\n".join(lines) + "\n"
