"""What must add up, from the rows read to the yuan due. Checked before anything is written; shown in the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.differences.deductions import DEDUCTION
from bulou.engine.differences.lists import DECLINED, HELD, LATER, PAYABLE, UNSET
from bulou.engine.differences.month import MonthResult
from bulou.engine.report.words import count_words, town, yuan_words

if TYPE_CHECKING:
    import polars as pl

FATES = ("直接采用", "修复后采用", "没有采用", "标题、合计、空行")
MANY = 6


@dataclass(frozen=True)
class Sum:
    """`total` (called `says`) must be the sum of `parts`; in fen where `money`."""

    says: str
    total: int
    parts: tuple[tuple[str, int], ...]
    money: bool = False
    one_sheet: bool = False

    @property
    def holds(self) -> bool:
        return self.total == sum(amount for _, amount in self.parts)

    def words(self, amount: int) -> str:
        """The amount as people read it."""
        return f"{yuan_words(amount)} 元" if self.money else count_words(amount)

    def equation(self) -> str:
        """The right-hand side in words; many parts as their number and sum."""
        if len(self.parts) > MANY:
            return f"{len(self.parts)} 项之和 {self.words(sum(amount for _, amount in self.parts))}"
        signed = [(" − " if amount < 0 else " + ", name, self.words(abs(amount))) for name, amount in self.parts]
        return "".join(f"{sign}{name} {number}" for sign, name, number in signed).removeprefix(" + ").strip()


def sums(result: MonthResult) -> list[Sum]:
    """Every sum of the month that must hold; those of single sheets stand last (`one_sheet`)."""
    return [*_rows(result), *_list_lengths(result), *_payroll(result), *_due(result), *_settled(result), *_each(result)]


def check_sums(found: Sequence[Sum]) -> None:
    """Raise `Refused` unless all of them hold."""
    wrong = [
        Problem("does-not-add-up", Place(one.says), one.equation(), one.words(one.total), "把这条信息报告给开发者")
        for one in found
        if not one.holds
    ]  # fmt: skip
    if wrong:
        raise Refused(wrong)


def _rows(result: MonthResult) -> Iterator[Sum]:
    counts = result.counts
    fates = (counts["rows_accepted"], counts["rows_repaired"], counts["rows_refused"], counts["rows_furniture"])
    yield Sum("读入的行", counts["rows_read"], tuple(zip(FATES, fates, strict=True)))
    by_source: dict[str, int] = {}
    for file in result.files:
        by_source[file.label] = by_source.get(file.label, 0) + file.read
    yield Sum("各来源读入的行", counts["rows_read"], tuple(by_source.items()))


def _each(result: MonthResult) -> Iterator[Sum]:
    for file in result.files:
        parts = file.accepted, file.repaired, file.refused, file.furniture
        yield Sum(f"{file.file} {file.sheet}", file.read, tuple(zip(FATES, parts, strict=True)), one_sheet=True)


def _list_lengths(result: MonthResult) -> Iterator[Sum]:
    lists = {
        "missed": ("应享未享", result.missed),
        "suspicions": ("疑似不应享", result.suspicions),
        "questions": ("待核实", result.questions),
        "gaps": ("来源缺口", result.gaps),
        "settlements": ("补发追缴", result.settlements),
        "forecast": ("变动预告", result.forecast),
    }
    for name, (title, frame) in lists.items():
        yield Sum(f"{title}的行", result.counts[name], (("名单", frame.height),))
    for name, frame in result.households.items():
        title = {"missed": "应享未享的家庭", "suspicions": "疑似不应享的家庭", "questions": "待核实的家庭"}[name]
        yield Sum(f"{title}的行", result.counts[f"households_{name}"], (("名单", frame.height),))
    on_roll = result.programmes.filter(result.programmes["missed"].is_not_null())
    yield Sum("应享未享", result.counts["missed"], tuple(on_roll.select("title", "missed").iter_rows()))


def _payroll(result: MonthResult) -> Iterator[Sum]:
    import polars as pl

    counts, lines = result.counts, result.payroll
    named = {PAYABLE: "payable", HELD: "held", UNSET: "unset", DECLINED: "declined", LATER: "later"}
    states = tuple((state, counts[f"payroll_{name}"]) for state, name in named.items())
    yield Sum("发放表的行", counts["payroll_lines"], states)
    yield Sum("发放表的行（逐行数）", lines.height, tuple((s, lines.filter(state=s).height) for s, _ in states))
    payable = lines.filter(pl.col("state") == PAYABLE)
    by_programme = payable.group_by("title").agg(pl.col("fen").sum()).sort("title")
    yield Sum("可发放金额，按项目", counts["fen_payable"], tuple(by_programme.iter_rows()), money=True)
    taken = int(payable.filter(line=DEDUCTION)["fen"].sum())
    if taken:
        parts = ("本月、本季和补发", int(payable["fen"].sum()) - taken), ("抵扣以前多发", taken)
        yield Sum("可发放金额，减去抵扣", counts["fen_payable"], parts, money=True)
    yield Sum("可发放金额，按乡镇", counts["fen_payable"], by_township(result, payable), money=True)


def by_township(result: MonthResult, lines: pl.DataFrame) -> tuple[tuple[str, int], ...]:
    """Fen by township, sorted."""
    import polars as pl

    named = lines.with_columns(town(result))
    return tuple(named.group_by("township").agg(pl.col("fen").sum()).sort("township").iter_rows())


def _due(result: MonthResult) -> Iterator[Sum]:
    """What is due to everybody is what goes out, what waits, and what nobody has applied for."""
    now = result.payroll.filter(line="本月")
    for row in result.programmes.filter(result.programmes["enrolled"].is_not_null()).iter_rows(named=True):
        of = {"programme": row["programme"]}
        states = {"可发放": PAYABLE, "待决定但仍应享": HELD, "季末发放": LATER, "应享但有人决定不发": DECLINED}
        sent = [(says, int(now.filter(**of, state=state)["due_fen"].sum())) for says, state in states.items()]
        missed = ("应享未享", int(result.missed.filter(**of)["fen"].sum()))
        parts = (*sent[:2], *(part for part in sent[2:] if part[1]), missed)
        yield Sum(f"{row['title']}本月应享", int(row["fen_due"] or 0), parts, money=True)


def _settled(result: MonthResult) -> Iterator[Sum]:
    import polars as pl

    frame, counts = result.settlements, result.counts
    difference = pl.col("difference_fen")
    owed = int(frame.filter(difference > 0)["difference_fen"].sum())
    taken = int(frame["deducted_fen"].sum())
    parts = [("已发", int(frame["paid_fen"].sum())), ("少发", owed), ("多发", -counts["fen_recover"])]
    parts += [("已抵扣", taken)] if taken else []
    yield Sum("以前月份有差额的应发", int(frame["due_fen"].sum()), tuple(parts), money=True)
    back = int(result.payroll.filter(line="补发")["fen"].sum())
    yield Sum("可补发", counts["fen_back_pay"], (("发放表里的补发行", back),), money=True)
