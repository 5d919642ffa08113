"""Facts, suppliers and dated values of a pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import cast, get_args

from bulou.engine.basics.days import Period
from bulou.engine.basics.toml_tables import Table
from bulou.engine.language.types import FactKind, FactType
from bulou.engine.pack import model as m

FACT_SUBJECTS = (*m.SUBJECTS, "region")


MOST_DECIMALS = 12


def read_supplier(table: Table) -> m.Supplier:
    supplier = m.Supplier(table.name, table.text("label"), table.text("label_en", ""), table.text("who", ""))
    table.done()
    return supplier


def read_fact(table: Table, subject: str) -> m.FactDefinition:
    """A fact of a subject as its table declares it, with its type, words and definitions."""
    table.check_name()
    codes_zh = table.texts_by_key("codes")
    kind = cast(FactKind, table.choice("type", get_args(FactKind)))
    fact = m.FactDefinition(
        name=f"{subject}.{table.name}",
        type=FactType(kind, tuple(codes_zh), table.number("min"), table.number("max"), _decimals(table)),
        label=table.text("label"),
        label_en=table.text("label_en", ""),
        question=table.text("question", ""),
        supplier=table.text("supplier", ""),
        absent=table.choice("absent", m.ABSENT, "unknown"),
        codes_zh=codes_zh,
        derivations=_derivations(table),
        cite=table.text("cite", ""),
        origin=table.place,
        yes=table.text("yes", ""),
        no=table.text("no", ""),
        unit=table.text("unit", ""),
    )
    table.done()
    return fact


def _decimals(table: Table) -> int | None:
    places = table.whole("decimals")
    if places is None or 0 <= places <= MOST_DECIMALS:
        return places
    table.problem("wrong-type", "decimals", f"decimals = {places}", f"0 到 {MOST_DECIMALS} 的整数", "改正小数位数")
    return None


def _derivations(table: Table) -> tuple[m.Derivation, ...]:
    always = table.texts("derive")
    found = [m.Derivation(Period(), always, table.place_of("derive"))] if always else []
    for row in table.rows("derived"):
        found.append(m.Derivation(row.period(), row.texts("derive"), row.place, row.text("cite", "")))
        row.done()
    return tuple(found)


def read_parameter(table: Table, facts: Mapping[str, m.FactDefinition]) -> m.Parameter:
    """Dated values of the region fact of the same name; none of them: unset."""
    name = f"region.{table.name}"
    if name not in facts:
        table.problem(
            "unknown-fact", None, name, "facts 中声明的 region 事实", "先在 facts.toml 中声明这个值的类型和名称"
        )
    kind = facts[name].type.kind if name in facts else "text"
    values = [_dated_value(row, kind) for row in table.rows("values")]
    known = tuple(value for value in values if value is not None)
    unit, set_by, note = (table.text(key, "") for key in ("unit", "set_by", "note"))
    parameter = m.Parameter(name, unit, set_by, known, table.place, note)
    table.done()
    return parameter


def _dated_value(row: Table, kind: FactKind) -> m.DatedValue | None:
    """One value with its period and cite; None where the value itself is missing or unreadable."""
    row.must_have("from", "value-without-date", 'from = 2025-01-01（或 from = "open"）', "写明从哪天起")
    row.must_have("value", "value-missing", "value = …", "写出值；没有值就删去这一段")
    row.must_have("cite", "value-without-cite", 'cite = "文件 条款"', "写明出处；没有出处的数不能写进来")
    period, value, cite = row.period(), _value(row, kind), row.text("cite", "")
    confidence = row.choice("confidence", m.CONFIDENCES, "seen")
    note = row.text("note", "")
    row.done()
    return None if value is None else m.DatedValue(period, value, cite, confidence, row.place, note)


def _value(row: Table, kind: FactKind) -> bool | Decimal | date | str | None:
    if kind == "bool":
        return row.flag("value")
    if kind in ("int", "number", "money"):
        return row.number("value")
    if kind == "date":
        return row.day("value")
    return row.text("value") or None
