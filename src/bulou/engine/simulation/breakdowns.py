"""Breakdowns of a result: by area, by what people are, by what their households are.

Groups are tests of the rule language, decided in the same query as the policies; areas are columns of the input.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.days import Period
from bulou.engine.basics.problems import Place
from bulou.engine.pack import Pack
from bulou.engine.pack import model as m

if TYPE_CHECKING:
    import polars as pl

UNKNOWN = "不详"
NOT_BY_PERSON = {"household": "按户享受", "employer": "用人单位", "institution": "机构"}
"""Where subjects that are no people stand in a breakdown of people."""

WITHIN = "\u3000"
"""Between a county and its township, so that townships of one name stay apart."""

SEVERAL = "家人不在同一组"
"""Where households stand whose people do not agree."""

AREAS = {"county": "县区", "township": "乡镇（街道）"}


@dataclass(frozen=True)
class Breakdown:
    """A named breakdown with its groups in order; areas have no groups beforehand."""

    name: str
    title: str
    subjects: tuple[str, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    rest: str = ""
    exclusive: bool = False

    def column(self, subject: str, at: int) -> str:
        """Name of the result column of one group."""
        return f"by.{subject}.{self.name}.{at}"

    @property
    def order(self) -> tuple[str, ...]:
        """Labels in the order in which they are shown; labels not among them come between, sorted."""
        return (*(label for label, _ in self.groups), self.rest, *NOT_BY_PERSON.values(), SEVERAL, UNKNOWN)


@cache
def _declared() -> tuple[Breakdown, ...]:
    text = files("bulou.engine.simulation").joinpath("breakdowns.toml").read_text(encoding="utf-8")
    return tuple(
        Breakdown(
            name,
            entry["title"],
            tuple(entry["subjects"]),
            tuple((group["label"], group["test"]) for group in entry["groups"]),
            entry["rest"],
            entry.get("exclusive", False),
        )
        for name, entry in tomllib.loads(text).items()
    )


def breakdowns_of(pack: Pack, areas: Iterable[str]) -> list[Breakdown]:
    """The areas that the input has, then the breakdowns whose facts the pack declares."""
    by_area = [Breakdown(name, title) for name, title in AREAS.items() if name in set(areas)]
    return [*by_area, *(one for one in _declared() if all(_readable(test, pack) for _, test in one.groups))]


def _readable(test: str, pack: Pack) -> bool:
    import re

    return all(name in pack.facts for name in re.findall(r"\b(?:person|household)\.\w+", test))


def with_groups(pack: Pack, breakdowns: Sequence[Breakdown]) -> Pack:
    """The pack with one programme a group, so that groups are decided with everything else."""
    more = {
        one.column(subject, at): group_programme(one.column(subject, at), one.title, subject, label, test)
        for one in breakdowns
        for subject in one.subjects
        for at, (label, test) in enumerate(one.groups)
    }
    return replace(pack, programmes={**pack.programmes, **more})


def group_programme(name: str, title: str, subject: str, label: str, test: str) -> m.Programme:
    """A programme of one condition, `test`, so that a group is decided with everything else."""
    place = Place("breakdowns.toml")
    condition = m.Condition("group", test, label, "", Period(), False, place)
    empty: dict[str, Any] = dict.fromkeys(
        ("switch", "amount_set_by", "cite", "lasts_months", "confidence", "note"), ""
    ) | dict.fromkeys(("amounts", "covers", "stacks_with", "not_with"), ())
    return m.Programme(
        name=name,
        title=title,
        subject=subject,
        gives="check",
        force="must",
        pays="none",
        period=Period(),
        amount_is_floor=False,
        conditions=(condition,),
        origin=place,
        **empty,
    )


def group_column(one: Breakdown, subject: str, columns: Iterable[str]) -> pl.Expr:
    """The label of each subject's group: the first true test, unless an undecided one counts before it."""
    import polars as pl

    if subject not in one.subjects and one.groups:
        return pl.lit(NOT_BY_PERSON.get(subject, UNKNOWN)).alias(one.name)
    if not one.groups:
        found = pl.col(one.name) if one.name in set(columns) else pl.lit(None, pl.String)
        return found.fill_null(NOT_BY_PERSON[subject] if subject in ("employer", "institution") else UNKNOWN).alias(
            one.name
        )
    tests = [pl.col(one.column(subject, at)) for at in range(len(one.groups))]
    label = pl.lit(one.rest)
    if one.exclusive:
        label = pl.when(pl.any_horizontal(test.is_null() for test in tests)).then(pl.lit(UNKNOWN)).otherwise(label)
        tests = [test.fill_null(False) for test in tests]
    for test, (words, _) in reversed(list(zip(tests, one.groups, strict=True))):
        label = pl.when(test.is_null()).then(pl.lit(UNKNOWN)).when(test).then(pl.lit(words)).otherwise(label)
    return label.alias(one.name)
