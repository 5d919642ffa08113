"""`month.toml`: what only the officer can say about a month: region, month, complete rolls, local values, method.

    region = "620600"
    month = "2025-06"
    complete = ["dibao_roll", "tekun_roll"]     # suppliers, kinds of rolls, or facts that no roll states

    [settings]
    living_subsidy_standard = { value = "110.00", from = 2025-01-01, source = "…" }

    [method]
    decision_day = "last"
    back_pay_months = 3
    source = "…"

TOML does not let `region` be a text and a table at once; where the settings stand under [region], the code is
`code` in that table or comes from --region.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bulou.engine.basics.months import is_month
from bulou.engine.basics.problems import Problem, Refused
from bulou.engine.basics.toml_tables import Table, read_toml
from bulou.engine.facts.absence import can_be_declared, kinds_stating
from bulou.engine.facts.values import Misfit, read_value
from bulou.engine.intake import Templates, read_templates
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Pack

FILE = "month.toml"
DECISION_DAYS = ("last", "first")


@dataclass(frozen=True)
class DatedSetting:
    """A value of the locality: `start` is the first day it applies (None: always), `source` where it stands."""

    fact: str
    value: Value
    start: date | None
    source: str


@dataclass(frozen=True)
class MonthHead:
    """Region and month as month.toml gives them; empty where it does not."""

    region: str
    month: str


@dataclass(frozen=True)
class MonthSettings:
    """The rest of month.toml, checked against the region's pack.

    `decision_day`: a month is decided by what holds on its last or its first day; `back_pay_months`: how many past
    months may be paid back (None: nobody has said, nothing is cut off). `sources` says where these two stand.
    """

    complete: frozenset[str]
    settings: tuple[DatedSetting, ...]
    decision_day: str
    back_pay_months: int | None
    sources: dict[str, str]


def read_head(folder: Path) -> MonthHead:
    """Region and month of a folder; both empty without month.toml. Raises `Refused` for a file that is not TOML."""
    problems: list[Problem] = []
    if not (folder / FILE).is_file():
        return MonthHead("", "")
    table = read_toml(folder / FILE, str(folder / FILE), problems)
    inside = table.table("region") if isinstance(table.content.get("region"), dict) else None
    region = inside.text("code", "") if inside else table.text("region", "")
    month = table.text("month", "")
    if month and not is_month(month):
        table.problem("no-such-month", "month", month, "存在的月份 2025-06", "改正 month")
    if problems:
        raise Refused(problems)
    return MonthHead(region, month)


def read_month_settings(folder: Path, pack: Pack) -> MonthSettings:
    """The settings of a folder's month.toml. Raises `Refused` with all of its problems."""
    problems: list[Problem] = []
    if not (folder / FILE).is_file():
        return MonthSettings(frozenset(), (), "last", None, {})
    table = read_toml(folder / FILE, str(folder / FILE), problems)
    table.used |= {"region", "month"}
    complete, templates = table.texts("complete"), read_templates()
    for roll in complete:
        if not can_be_declared(roll, pack, templates):
            table.problem("unknown-roll", "complete", roll, *_declarable(roll, pack, templates))
    sections = [table.table("settings")]
    if isinstance(table.content.get("region"), dict):
        sections.append(table.table("region"))
    settings = [found for section in sections if section for found in settings_in(section, pack)]
    method = table.table("method")
    day = method.choice("decision_day", DECISION_DAYS, "last") if method else "last"
    back = method.whole("back_pay_months") if method else None
    source = method.text("source", "") if method else ""
    if method:
        method.done()
    table.done()
    if problems:
        raise Refused(problems)
    named = {key: source for key in (method.content if method else ()) if source}
    return MonthSettings(frozenset(complete), tuple(settings), day, back, named)


def _declarable(name: str, pack: Pack, templates: Templates) -> tuple[str, str]:
    """What `complete` may name instead, and what to do."""
    stated = [kind.id for kind in kinds_stating(name, templates)] if name in pack.facts else []
    if stated:
        return "、".join(stated), "这个事实有名册：写名册的名字，并把名册放进文件夹；没有人的名册只放表头"
    names = dict.fromkeys([*pack.suppliers, *(kind.id for kind in templates.kinds.values() if kind.complete)])
    return "、".join(names), "改正来源或名册的名字"


def settings_in(section: Table, pack: Pack) -> list[DatedSetting]:
    """The dated values of a table of settings; what is wrong with them goes to the table's problems."""
    return [found for key in section.content for found in _setting(section, key, pack)]


def _setting(section: Table, key: str, pack: Pack) -> Sequence[DatedSetting]:
    fact = f"region.{key}"
    section.used.add(key)
    if key == "code" and section.name == "region":
        return ()
    if fact not in pack.facts:
        section.problem("unknown-fact", key, key, "region 的事实名 a fact of the region", "改正名字")
        return ()
    raw = section.content[key]
    values = raw if isinstance(raw, list) else [raw]
    return [found for value in values if (found := _dated(section, key, fact, value, pack)) is not None]


def _dated(section: Table, key: str, fact: str, raw: object, pack: Pack) -> DatedSetting | None:
    content = raw if isinstance(raw, dict) else {"value": raw}
    table = section.below(key, content)
    start, source = table.day("from"), table.text("source", "")
    given = table.any("value")
    table.done()
    try:
        return DatedSetting(fact, read_value(_exact(given), pack.facts[fact].type), start, source)
    except Misfit as misfit:
        section.problem("wrong-value", key, repr(given), misfit.expected, misfit.fix)
        return None


def _exact(raw: object) -> object:
    from decimal import Decimal, InvalidOperation

    if isinstance(raw, float):
        return Decimal(str(raw))
    if isinstance(raw, str):
        try:
            return Decimal(raw)
        except InvalidOperation:
            return raw
    return raw
