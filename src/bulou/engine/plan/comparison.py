"""Plans side by side: one row for each concept, one cell for each plan, and what hampers comparing them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from bulou.engine.basics.problems import Problem
from bulou.engine.plan.concepts import CONCEPTS, Concept, concept_of, qualifiers
from bulou.engine.plan.model import Figure, Indicator, Plan, Value

_PERCENT = ("%", "‰")


@dataclass(frozen=True)
class Entry:
    """What one plan says about one concept; `source` is table (指标表) or prose (正文)."""

    plan: int
    region: str
    name: str
    unit: str
    baseline: Value | None
    value: Decimal | str | None
    high: Decimal | None
    comparator: str | None
    strict: bool
    printed: str
    nature: str | None
    source: str
    section: str
    line: int
    qualifiers: str


@dataclass(frozen=True)
class Row:
    """One concept; `entries` in the order of the plans, several where table and prose both speak."""

    concept: Concept
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]

    def of(self, plan: int) -> tuple[Entry, ...]:
        """What the plan at this position says."""
        return tuple(entry for entry in self.entries if entry.plan == plan)

    @property
    def chartable(self) -> tuple[Entry, ...]:
        """One numeric entry a plan in the row's commonest unit, table before prose."""
        units = [entry.unit for entry in self.entries if isinstance(entry.value, Decimal)]
        unit = max(set(units), key=units.count, default=None)
        first: dict[int, Entry] = {}
        for entry in self.entries:
            if isinstance(entry.value, Decimal) and entry.unit == unit:
                first.setdefault(entry.plan, entry)
        return tuple(first.values())


@dataclass(frozen=True)
class Comparison:
    """Plans in the order given, comparable rows, indicators that fit no concept, and all problems met."""

    plans: tuple[Plan, ...]
    rows: tuple[Row, ...]
    unaligned: tuple[tuple[int, Indicator], ...]
    problems: tuple[Problem, ...]

    def label(self, plan: int) -> str:
        """A plan's short name as all outputs print it."""
        return region_of(self.plans[plan])


def region_of(plan: Plan) -> str:
    """The region a plan is for, as its title says it; the file's name where there is no title."""
    title = plan.facts.title
    short = title.split("“")[0].split("十四五")[0].removesuffix("残疾人保障和发展")
    return (short or title or plan.file) + ("（征求意见稿）" if plan.facts.status == "draft" else "")


def compare_plans(plans: Sequence[Plan], problems: Iterable[Problem] = ()) -> Comparison:
    """Align the indicators and prose targets of plans; `problems` are those met before (refused files)."""
    found: dict[str, list[Entry]] = {concept.key: [] for concept in CONCEPTS}
    unaligned = []
    for position, plan in enumerate(plans):
        for row in plan.indicators:
            if concept := concept_of(row.name):
                found[concept.key].append(_from_table(position, region_of(plan), row, concept))
            else:
                unaligned.append((position, row))
        for figure in plan.targets:
            if concept := concept_of(figure.what):
                found[concept.key].append(_from_prose(position, region_of(plan), figure, concept))
    rows = tuple(_row(concept, found[concept.key]) for concept in CONCEPTS if found[concept.key])
    met = [*problems, *(problem for plan in plans for problem in plan.problems)]
    return Comparison(tuple(plans), rows, tuple(unaligned), tuple(met))


def _from_table(plan: int, region: str, row: Indicator, concept: Concept) -> Entry:
    target = row.target
    return Entry(
        plan=plan,
        region=region,
        name=row.name,
        unit=row.unit or "",
        baseline=row.baseline,
        value=target.value if target else None,
        high=target.high if target else None,
        comparator=target.comparator if target else None,
        strict=bool(target and target.strict),
        printed=target.printed if target else "",
        nature=row.nature,
        source="指标表",
        section=row.section,
        line=row.line,
        qualifiers=qualifiers(row.name, concept),
    )


def _from_prose(plan: int, region: str, figure: Figure, concept: Concept) -> Entry:
    return Entry(
        plan=plan,
        region=region,
        name=figure.what,
        unit=figure.unit,
        baseline=None,
        value=figure.value,
        high=figure.high,
        comparator=figure.comparator,
        strict=figure.sign in (">", "<"),
        printed=figure.printed,
        nature=None,
        source="正文",
        section=figure.section,
        line=figure.line,
        qualifiers=qualifiers(figure.what, concept),
    )


def _row(concept: Concept, entries: list[Entry]) -> Row:
    entries.sort(key=lambda entry: (entry.plan, entry.source != "指标表", entry.line))
    row = Row(concept, tuple(entries), ())
    notes = [*_names(entries), *_units(entries), *_years(entries), *_natures(entries), *_comparators(row)]
    notes += [*_table_against_prose(entries), *_no_progress(entries), *_outliers(row)]
    return Row(concept, tuple(entries), tuple(notes))


def _tables(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.source == "指标表"]


def _names(entries: Sequence[Entry]) -> list[str]:
    said = list(dict.fromkeys(entry.qualifiers for entry in entries))
    if len(said) < 2:
        return []
    words = "；".join(f"“{text}”" if text else "无限定" for text in said)
    return [f"名称或统计范围不同：{words}。分母可能不同，不能直接比高低"]


def _units(entries: Sequence[Entry]) -> list[str]:
    units = list(dict.fromkeys(entry.unit or "无单位" for entry in entries))
    return [f"单位不同：{'、'.join(units)}"] if len(units) > 1 else []


def _years(entries: Sequence[Entry]) -> list[str]:
    """Baselines of different years, where they are set."""
    baselines = [entry.baseline for entry in _tables(entries) if entry.baseline]
    years = sorted({base.year for base in baselines if base.year and base.value is not None})
    return [f"基期年份不同：{'、'.join(map(str, years))}"] if len(years) > 1 else []


def _natures(entries: Sequence[Entry]) -> list[str]:
    natures = list(dict.fromkeys(entry.nature for entry in _tables(entries) if entry.nature))
    return [f"指标属性不同：{'、'.join(natures)}"] if len(natures) > 1 else []


def _comparators(row: Row) -> list[str]:
    strict = [entry for entry in row.chartable if entry.strict]
    if not strict or len(strict) == len(row.chartable):
        return []
    values = "、".join(dict.fromkeys(entry.printed for entry in strict))
    return [f"有的要求严格大于（{values}）：恰好等于时不算完成；其他规划等于即完成"]


def _table_against_prose(entries: Sequence[Entry]) -> list[str]:
    notes = []
    for entry in _tables(entries):
        for other in entries:
            comparable = entry.plan == other.plan and entry.unit == other.unit and other.source == "正文"
            if comparable and (entry.value, entry.strict) != (other.value, other.strict):
                prose = f"正文{other.printed}（第{other.line}行）"
                notes.append(f"{entry.region}前后不一：指标表{entry.printed}（第{entry.line}行），{prose}")
    return notes


def _no_progress(entries: Sequence[Entry]) -> list[str]:
    """Targets that the printed baseline meets already; keeping 100 % is no lack of progress."""
    return [
        f"{entry.region}：目标{entry.printed}没有高于基期{entry.baseline.printed}（第{entry.line}行）"
        for entry in _tables(entries)
        if entry.baseline and _met_before(entry, entry.baseline)
    ]


def _met_before(entry: Entry, baseline: Value) -> bool:
    if not isinstance(baseline.value, Decimal) or not isinstance(entry.value, Decimal):
        return False
    if entry.value == baseline.value < 100:
        return baseline.strict or not entry.strict
    return entry.value < baseline.value


def _outliers(row: Row) -> list[str]:
    """Rates far from the median, counts a multiple of it; said only where four plans can be compared."""
    entries = row.chartable
    if len(entries) < 4:
        return []
    values = [entry.value for entry in entries if isinstance(entry.value, Decimal)]
    middle = median(values)
    spread = median(abs(value - middle) for value in values)
    notes = []
    for entry in entries:
        if not isinstance(entry.value, Decimal):
            continue
        if entry.unit in _PERCENT:
            far = abs(entry.value - middle) > max(Decimal(4), 3 * spread)
            if far:
                notes.append(f"离群：{entry.region} {entry.printed}，中位数 {middle:g}%（第{entry.line}行）")
        elif entry.value and middle and max(entry.value / middle, middle / entry.value) >= 3:
            times = f"{entry.value / middle:.2g}"
            notes.append(f"离群：{entry.region} {entry.printed}，是中位数的{times}倍；先除以人口（第{entry.line}行）")
    return notes
