"""A folder of department files becomes one more month of the history; every sheet gives an account of its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.files import digest_of
from bulou.engine.basics.months import months_after
from bulou.engine.basics.problems import Place, Problem
from bulou.engine.basics.workers import Workers
from bulou.engine.facts.history import History, RollRead
from bulou.engine.facts.match_month import MonthMatching, match_month, reviews_in
from bulou.engine.facts.register_doubts import begin_register_doubts
from bulou.engine.intake import (
    Cleaned,
    FolderRead,
    FolderReading,
    Identified,
    Recognised,
    Templates,
    identify,
    with_corrections,
)
from bulou.engine.intake.sheet import EXACT_DIGITS
from bulou.engine.matching.review_book import is_review

if TYPE_CHECKING:
    import polars as pl

REGISTER = "certificate_register"
ABOUT_LAST_MONTH = ("payment_roll", "bank_return")
"""Rolls that lie in a month's folder but tell of the month before, unless their title names a month."""

MAY_REPEAT = ("deaths", "bank_return", "suspicion_list", "moves")
"""Kinds of which several files about the same people are usual."""
SAME_ROLL = 0.5
USUAL_AREA, FOREIGN, FEW_ROWS = 0.02, 0.2, 20
"""An area code of this share of the register is of this region; a roll with fewer of them than that is not; short
rolls are not judged."""


@dataclass(frozen=True)
class SheetAccount:
    """What became of one sheet: the four fates add up to `read`; `month` is the month it is about."""

    file: str
    sheet: str
    kind: str
    label: str
    supplier: str
    month: str
    digest: str
    read: int
    accepted: int
    repaired: int
    refused: int
    furniture: int
    merged: int


@dataclass(frozen=True)
class MonthRead:
    """A month as read: the history with it, the sheets' accounts and what became of their rows (`cleaned`, without the
    rows, which are in the history), what is wrong, and what could not be told apart."""

    history: History
    accounts: tuple[SheetAccount, ...]
    cleaned: tuple[Cleaned, ...]
    problems: tuple[Problem, ...]
    unidentified: pl.DataFrame
    matching: MonthMatching


def begin_reading(folder: Path, templates: Templates, workers: Workers) -> FolderReading:
    """Have the folder's files read; review lists that somebody filled in are no rolls."""
    return FolderReading(folder, templates, workers, is_review)


def read_month(  # noqa: PLR0913, PLR0917 what a month is read with
    folder: Path,
    month: str,
    history: History,
    complete: frozenset[str],
    found: FolderRead,
    filled: Sequence[Path] = (),
    workers: Workers | None = None,
) -> MonthRead:
    """What the folder's files say (`found`, see `begin_reading`), on top of the history of earlier months.

    `filled` are lists that somebody filled in; the review lists among them say whose row it is. `workers` may look at
    the register itself meanwhile.

    Errors among the problems make the month unusable: no register, an unreadable file, two files for one roll.
    """
    reviews = reviews_in(folder, found.aside, filled)
    problems = [problem for problem in found.problems if not problem.place.file.endswith("month.toml")]
    cleaned = with_corrections(found.cleaned)
    problems += [_left_out(problem) for one in found.unknown for problem in one.problems]
    problems += [_left_out(problem) for one in cleaned for problem in one.problems]
    identified = identify(cleaned, history.registry)
    cleaned, identified, matching, unread_answers = match_month(cleaned, identified, reviews, history.answers, month)
    problems += unread_answers
    doubts = begin_register_doubts(cleaned, identified, workers or Workers())
    about = [_month_of(one.recognised, one.kind, month) for one in cleaned]
    rolls = _rolls(cleaned, identified, about, month, matching.review)
    problems += [
        *_no_register(cleaned, folder),
        *_other_months(cleaned, about, month),
        *_twice(cleaned, identified.frames, about),
        *_other_region(cleaned),
    ]
    accounts = tuple(_account(one, when, folder) for one, when in zip(cleaned, about, strict=True))
    digests = {account.digest for account in accounts} | {digest for _, digest, _ in matching.answers}
    digest = hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    grown = history.with_month(rolls, identified.registry, month, complete, digest)
    grown = replace(grown, answers=matching.decisions)
    told = tuple(one.without_rows() for one in cleaned)
    matching = replace(matching, suspicions=doubts())
    return MonthRead(grown, accounts, told, tuple(problems), identified.unidentified, matching)


def _left_out(problem: Problem) -> Problem:
    """A sheet that nobody can tell is left out and said; it does not stop the others."""
    return replace(problem, severity="note")


def _month_of(recognised: Recognised, kind: str, month: str) -> str:
    usual = months_after(month, -1) if kind in ABOUT_LAST_MONTH else month
    return recognised.month or usual


def _rolls(
    cleaned: Sequence[Cleaned], identified: Identified, about: Sequence[str], known: str, review: pl.DataFrame
) -> list[RollRead]:
    """One roll a kind and month, of all sheets that belong to it. Whoever a row under `review` may be about may be on
    the roll, as may whoever bears the name of a row that nobody could be found for."""
    import polars as pl

    together: dict[tuple[str, str], list[pl.DataFrame]] = {}
    sheets: dict[tuple[str, str], list[Cleaned]] = {}
    names: dict[tuple[str, str], list[str]] = {}
    for one, frame, when in zip(cleaned, identified.frames, about, strict=True):
        sheet = one.recognised.sheet
        named = Path(sheet.file).name
        sheets.setdefault((one.kind, when), []).append(one)
        placed = frame.with_columns(pl.lit(named).alias("file"), pl.lit(sheet.sheet).alias("sheet"))
        together.setdefault((one.kind, when), []).append(placed.with_columns(pl.col("row").cast(pl.UInt32)))
        lost = identified.unidentified.filter(pl.col("file") == sheet.file, pl.col("sheet") == sheet.sheet)
        maybe = review.filter(pl.col("file") == sheet.file, pl.col("sheet") == sheet.sheet)["name_p"].drop_nulls()
        names.setdefault((one.kind, when), []).extend(
            [*lost["name"].drop_nulls(), *maybe, *_doubtful_names(one, frame, identified.registry)]
        )
    return [
        RollRead(
            kind,
            when,
            known,
            pl.concat(found, how="diagonal_relaxed"),
            tuple(sorted(set(names[kind, when]))),
            _only_titled(sheets[kind, when]),
        )
        for (kind, when), found in together.items()
    ]


def _only_titled(sheets: Sequence[Cleaned]) -> dict[str, tuple[str, ...]]:
    """Fields that the titles of all sheets of a roll set, with their codes: the roll holds no other entries."""
    titled = [sheet.recognised.titled for sheet in sheets]
    return {
        name: tuple(sorted({one[name] for one in titled})) for name in titled[0] if all(name in one for one in titled)
    }


def _doubtful_names(one: Cleaned, frame: pl.DataFrame, registry: pl.DataFrame) -> list[str]:
    """Names on rows whose ID may have been cut by a spreadsheet: it ends in 000, and somebody else of that name has an
    ID with the same beginning."""
    import polars as pl

    rows = one.findings.filter(pl.col("code") == "id-may-be-cut")["row"]
    if "name" not in frame.columns or rows.is_empty():
        return []
    left = pl.col("id_no").str.slice(0, EXACT_DIGITS).alias("left")
    doubtful = frame.filter(pl.col("row").is_in(rows.implode())).select("person", "name", left)
    namesakes = registry.join(doubtful, on="name", how="semi").select("name", left, other="person")
    both = doubtful.join(namesakes, on=["name", "left"])
    return both.filter(pl.col("person") != pl.col("other"))["name"].to_list()


def _no_register(cleaned: Sequence[Cleaned], folder: Path) -> list[Problem]:
    if any(one.kind == REGISTER for one in cleaned):
        return []
    read = "、".join(dict.fromkeys(one.kind for one in cleaned)) or "没有认出任何名册"
    return [Problem("no-register", Place(str(folder)), read, "残疾证名册", "把县残联的残疾证名册放进文件夹")]


def _other_months(cleaned: Sequence[Cleaned], about: Sequence[str], month: str) -> list[Problem]:
    """A roll whose title names another month is kept for that month, and said."""
    found = []
    for one, when in zip(cleaned, about, strict=True):
        usual = months_after(month, -1) if one.kind in ABOUT_LAST_MONTH else month
        if when != usual and one.kind not in MAY_REPEAT:
            sheet = one.recognised.sheet
            fix = "核对是不是放错了文件；程序只把它当作那个月的名册"
            found.append(Problem("other-month", sheet.place(), f"{when} 的{one.kind}", usual, fix, "note"))
    return found


def _twice(cleaned: Sequence[Cleaned], frames: Sequence[pl.DataFrame], about: Sequence[str]) -> list[Problem]:
    """Two sheets of one kind and month that name mostly the same people: the same roll twice."""
    found = []
    for at, (one, frame, when) in enumerate(zip(cleaned, frames, about, strict=True)):
        for earlier in range(at):
            other = cleaned[earlier]
            if (other.kind, about[earlier]) != (one.kind, when) or one.kind in MAY_REPEAT:
                continue
            if _same_people(frame, frames[earlier]):
                first, second = other.recognised.sheet, one.recognised.sheet
                got = f"与 {Path(first.file).name} {first.sheet} 是同一份名册（{one.kind}，{when}）"
                found.append(Problem("same-roll-twice", second.place(), got, "每种名册每月一份", "只留下对的那一份"))
    return found


def _other_region(cleaned: Sequence[Cleaned]) -> list[Problem]:
    """A roll on which hardly an ID begins as those of the register do comes from somewhere else."""
    import polars as pl

    area = pl.col("id_no").str.slice(0, 4)
    register = [one.frame.select(area) for one in cleaned if one.kind == REGISTER and "id_no" in one.frame.columns]
    if not register:
        return []
    counted = pl.concat(register).drop_nulls()["id_no"].value_counts(normalize=True)
    ours = counted.filter(pl.col("proportion") >= USUAL_AREA)["id_no"].to_list()
    found = []
    for one in cleaned:
        if one.kind == REGISTER or "id_no" not in one.frame.columns:
            continue
        areas = one.frame.select(area)["id_no"].drop_nulls()
        if len(areas) >= FEW_ROWS and areas.is_in(ours).mean() < FOREIGN:  # type: ignore[operator]
            most = areas.mode().sort()[0]
            got = f"{len(areas)} 行的身份证号多以 {most} 开头，名册里的残疾人多是 {'、'.join(sorted(ours))}"
            fix = "核对是不是别的地区的名册；不是这里的就拿走"
            found.append(Problem("other-region", one.recognised.sheet.place(), got, "本地区的名册", fix))
    return found


def _same_people(frame: pl.DataFrame, other: pl.DataFrame) -> bool:
    if "programme" in frame.columns and set(frame["programme"]) != set(
        other.get_column("programme", default=frame["row"])
    ):
        return False
    mine, theirs = (one["person"].drop_nulls().unique() for one in (frame, other))
    smaller = min(len(mine), len(theirs))
    return smaller > 0 and mine.is_in(theirs.implode()).sum() / smaller > SAME_ROLL


def _account(one: Cleaned, month: str, folder: Path) -> SheetAccount:
    template, sheet, counts = one.recognised.template, one.recognised.sheet, one.counts
    assert template is not None
    return SheetAccount(
        file=Path(sheet.file).name,
        sheet=sheet.sheet,
        kind=one.kind,
        label=template.label,
        supplier=template.supplier,
        month=month,
        digest=digest_of(folder / Path(sheet.file).name),
        read=counts.read,
        accepted=counts.accepted,
        repaired=counts.repaired,
        refused=counts.refused,
        furniture=counts.furniture,
        merged=counts.merged,
    )
