"""One month compared with what is enrolled, paid and expected: everything a `MonthResult` holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulou.engine.basics.months import months_after, quarter_of
from bulou.engine.basics.progress import Say, silent, told
from bulou.engine.differences import lists
from bulou.engine.differences.decide_month import DecidedMonth, Decider
from bulou.engine.differences.decided import ANSWERED, decided_missed, decided_settlements, decided_suspicions
from bulou.engine.differences.deductions import DEDUCTION
from bulou.engine.differences.households import households
from bulou.engine.differences.month import MonthResult
from bulou.engine.differences.payments import (
    deducted_before,
    dibao_twice,
    enrolled_in,
    newest_payments,
    payment_facts,
    payment_months,
    payments_of,
)
from bulou.engine.differences.payroll import Due, payroll
from bulou.engine.differences.people import cards, finished
from bulou.engine.differences.questions import questions
from bulou.engine.differences.renewals import unknown_applications
from bulou.engine.facts.absence import completeness
from bulou.engine.facts.read_month import SheetAccount
from bulou.engine.pack import Pack
from bulou.engine.pack.cites import cite_words

if TYPE_CHECKING:
    import polars as pl

FORECAST_MONTHS = 3
METHOD = ("pays_every", "stops_from", "renewal_pays_from", "renewal_back_pay_months")
QUARTER = "quarter"


@dataclass(frozen=True)
class Settling:
    """Past months against which payments are held, being decided: `periods` by their last month, and the months of a
    quarter that are not paid yet."""

    payments: pl.DataFrame
    quarterly: bool
    periods: Mapping[str, tuple[str, ...]]
    unpaid: tuple[str, ...]
    coming: Mapping[str, Callable[[], DecidedMonth]]


def begin_settling(decider: Decider) -> Settling:
    """Have the past months decided that the payment rolls known in `decider.known` tell of."""
    month = decider.known
    quarterly = decider.rule("pays_every", month) == QUARTER
    periods = _periods(payment_months(decider.history, month), month, quarterly)
    unpaid = quarter_of(month)[:-1] if quarterly and month == quarter_of(month)[-1] else ()
    wanted = sorted({*unpaid, *(one for months in periods.values() for one in months)})
    payments = payments_of(decider.history, month)
    paid = payments["person"].unique(maintain_order=True)
    coming = {one: decider.verdicts_of(one, lists.PAID, paid) for one in wanted}
    return Settling(payments, quarterly, periods, unpaid, coming)


def compare_month(
    decider: Decider,
    files: Sequence[SheetAccount],
    version: str,
    say: Say = silent,
    settling: Settling | None = None,
) -> MonthResult:
    """Everything the month `decider.known` comes to. Same history, pack and settings: same tables.

    `settling` are its past months, where they were begun before.
    """
    import polars as pl

    pack, month = decider.pack, decider.known
    settling = settling or begin_settling(decider)
    enrolled = enrolled_in(settling.payments, month)
    say("比对 comparing", 0, 0)
    now = decider.decide(month, more=_with_events(decider, settling.payments, month))
    rows, gaps = _lists(decider, settling, now, enrolled, say)
    people = cards(now, pl.concat([frame["person"] for frame in rows.values()]))
    homes, home_gaps = households(now, pack, decider.templates)
    found = {name: finished(_cited(frame, pack), people, name) for name, frame in rows.items()}
    found["gaps"] = pl.concat([gaps, home_gaps])
    return MonthResult(
        region=pack.region,
        region_name=pack.name,
        month=month,
        on=now.policy.on,
        pack_digest=pack.digest,
        pack_status=pack.status,
        version=version,
        files=tuple(files),
        programmes=_cited(_programmes(now, enrolled, found, settling.payments), pack),
        counts=_counts(files, now, found) | {f"households_{name}": frame.height for name, frame in homes.items()},
        changes=_changes(enrolled, settling.payments, now),
        method=_method(decider),
        matching={},
        households={name: _cited(frame, pack) for name, frame in homes.items()},
        **found,
    )


def _lists(
    decider: Decider, settling: Settling, now: DecidedMonth, enrolled: pl.DataFrame, say: Say
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The lists of people by name, without their cards, and the gaps."""
    pack, month, payments = decider.pack, decider.known, settling.payments
    ahead = [months_after(month, step) for step in range(1, FORECAST_MONTHS + 1)]
    named = lists.foreseen(now)
    coming = [decider.decide(one, named, facts_of=month) for one in told(ahead, len(ahead), "预告 looking ahead", say)]
    wanted = settling.coming
    past = {one: wanted[one]() for one in told(wanted, len(wanted), "往月 settling", say)}
    periods = {period: [past[one] for one in months] for period, months in settling.periods.items()}
    decisions, people = decider.history.decided(month), now.facts.who
    suspected = decided_suspicions(lists.suspicions(now, enrolled, pack), decisions, people)
    taken = deducted_before(decider.history, month, people, settling.quarterly)
    settled = lists.settlements(periods, payments, now, pack, decider.settings.back_pay_months, taken)
    settled = _from_discovery(settled) if decider.rule("stops_from", month) == "discovery" else settled
    settled = decided_settlements(settled, decisions, people)
    due = Due(now, [past[one] for one in settling.unpaid], settling.quarterly and not settling.unpaid)
    asked, gaps = questions(now, pack, lists.PAID, decider.templates, unknown_applications(decider, wanted, now))
    return {
        "missed": decided_missed(lists.missed(now, enrolled, pack), decisions, people),
        "suspicions": suspected,
        "questions": asked,
        "payroll": payroll(due, newest_payments(payments, month), suspected, settled, decisions, pack),
        "settlements": settled,
        "forecast": lists.forecast(now, coming, pack),
    }, gaps


def _with_events(decider: Decider, payments: pl.DataFrame, month: str) -> pl.DataFrame:
    """Facts for the named checks that no roll states by itself: payments, prison, the ministry's list."""
    import polars as pl

    facts = payment_facts(payments, month)
    twice = dibao_twice(decider.history, month)
    facts = facts.join(twice, on="person", how="full", coalesce=True, maintain_order="left_right")
    for kind, fact in (("prison", "person.in_prison"), ("suspicion_list", "person.on_suspicion_list")):
        rolls = [
            roll
            for roll in decider.history.known_at(month)
            if roll.kind == kind and (kind == "prison" or roll.known == month)
        ]
        if rolls:
            named = pl.concat([roll.frame.select("person") for roll in rolls]).drop_nulls().unique(maintain_order=True)
            named = named.with_columns(pl.lit(True).alias(fact))
        else:
            named = pl.DataFrame(schema={"person": pl.String, fact: pl.Boolean})
        facts = facts.join(named, on="person", how="full", coalesce=True, maintain_order="left_right")
    return facts


def _cited(rows: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """The rows with the cited documents called by number or title."""
    import polars as pl

    if "cite" not in rows.columns:
        return rows
    words = {cite: cite_words(cite, pack.documents) for cite in rows["cite"].drop_nulls().unique()}
    return rows.with_columns(pl.col("cite").replace_strict(words, default=None, return_dtype=pl.String))


def _periods(paid: Sequence[str], month: str, quarterly: bool) -> dict[str, tuple[str, ...]]:
    """Past periods with a payment roll, by their last month: single months, or whole quarters that are over."""
    if not quarterly:
        return {one: (one,) for one in paid if one < month}
    quarters = {quarter_of(one)[-1]: quarter_of(one) for one in paid}
    return {last: months for last, months in quarters.items() if last < month}


def _from_discovery(settled: pl.DataFrame) -> pl.DataFrame:
    """Where payments stop from the month of discovery, says that a person decides about what was paid before."""
    import polars as pl

    said = pl.col("reason") + "；本地自发现当月起停发，以前已发的是否追回由人决定"
    return settled.with_columns(pl.when(pl.col("difference_fen") < 0).then(said).otherwise("reason").alias("reason"))


def _programmes(
    now: DecidedMonth, enrolled: pl.DataFrame, found: Mapping[str, pl.DataFrame], payments: pl.DataFrame
) -> pl.DataFrame:
    """One row a programme for people: due, unknown, enrolled, missed, suspected, fen due, fen paid last."""
    import polars as pl

    newest = newest_payments(payments, now.month)
    rows = []
    for programme in now.compiled.programmes:
        if programme.name.startswith("check."):
            continue
        name, verdict = programme.name, now.frame[programme.name]
        fen = now.frame[f"{name}__fen"].sum() if f"{name}__fen" in now.frame.columns else None
        on_roll = enrolled.filter(pl.col("programme") == name).height if name in lists.PAID else None
        rows.append(
            {
                "programme": name,
                "title": programme.title,
                "cite": programme.cite,
                "due": int(verdict.sum() or 0),
                "unknown": verdict.null_count(),
                "enrolled": on_roll,
                "missed": found["missed"].filter(pl.col("programme") == name).height if on_roll is not None else None,
                "suspected": found["suspicions"].filter(pl.col("programme") == name)["person"].n_unique(),
                "fen_due": fen,
                "fen_paid_before": newest.filter(pl.col("programme") == name)["fen"].sum()
                if on_roll is not None
                else None,
            }
        )
    whole = dict.fromkeys(("due", "unknown", "enrolled", "missed", "suspected", "fen_due", "fen_paid_before"), pl.Int64)
    return pl.DataFrame(rows, schema={"programme": pl.String, "title": pl.String, "cite": pl.String, **whole})


def _counts(files: Sequence[SheetAccount], now: DecidedMonth, found: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    import polars as pl

    lines = found["payroll"]
    payable = lines.filter(pl.col("state") == lists.PAYABLE)
    return {
        "rows_read": sum(file.read for file in files),
        "rows_accepted": sum(file.accepted for file in files),
        "rows_repaired": sum(file.repaired for file in files),
        "rows_refused": sum(file.refused for file in files),
        "rows_furniture": sum(file.furniture for file in files),
        "people": now.frame.height,
        "missed": found["missed"].height,
        "missed_answered": found["missed"].filter(state=ANSWERED).height,
        "suspicions": found["suspicions"].height,
        "questions": found["questions"].height,
        "gaps": found["gaps"].height,
        "payroll_lines": lines.height,
        "payroll_payable": payable.height,
        "payroll_held": lines.filter(pl.col("state") == lists.HELD).height,
        "payroll_unset": lines.filter(pl.col("state") == lists.UNSET).height,
        "payroll_declined": lines.filter(pl.col("state") == lists.DECLINED).height,
        "payroll_later": lines.filter(pl.col("state") == lists.LATER).height,
        "fen_payable": int(payable["fen"].sum()),
        "settlements": found["settlements"].height,
        "fen_back_pay": int(found["settlements"]["payable_fen"].sum()),
        "fen_deducted": -int(payable.filter(pl.col("line") == DEDUCTION)["fen"].sum()),
        "fen_recover": -int(found["settlements"].filter(pl.col("difference_fen") < 0)["difference_fen"].sum()),
        "forecast": found["forecast"].height,
    }


def _changes(enrolled: pl.DataFrame, payments: pl.DataFrame, now: DecidedMonth) -> dict[str, int]:
    """People newly on and gone from the payment roll since the month before it; empty without such a month."""
    import polars as pl

    newest = payments.filter(pl.col("month") < now.month)["month"].max()
    if newest is None:
        return {}
    before = payments.filter(pl.col("month") == months_after(str(newest), -1)).select("person", "programme").unique()
    if not before.height:
        return {}
    found = {}
    for programme in lists.PAID:
        is_it = pl.col("programme") == programme
        old, new = before.filter(is_it)["person"], enrolled.filter(is_it)["person"]
        found[f"{programme}.new"] = int((~new.is_in(old.implode())).sum())
        found[f"{programme}.gone"] = int((~old.is_in(new.implode())).sum())
    return found


def _method(decider: Decider) -> tuple[tuple[str, str, str], ...]:
    """Choices in force, each with what it says and where it comes from."""
    method = decider.settings
    sources = method.sources
    day = "按月末最后一天的情况判定" if method.decision_day == "last" else "按月初第一天的情况判定"
    limit = method.back_pay_months
    back = "没有规定，全部列出" if limit is None else f"最多 {limit} 个月"
    rows = [
        ("判定日", day, sources.get("decision_day", "未注明，程序默认")),
        ("可补发的月数", back, sources.get("back_pay_months", "未注明")),
    ]
    rows += [_rule(decider, name) for name in METHOD]
    declared = decider.history.complete.get(decider.known, frozenset())
    rows += completeness(decider.facts(decider.known).rolls, declared, decider.pack, decider.templates)
    for setting in decider.settings.settings:
        label = _label(decider.pack, setting.fact)
        start = f"（{setting.start} 起）" if setting.start else ""
        rows.append((f"{label}{start}", str(setting.value), setting.source or "未注明来源"))
    return tuple(rows)


def _rule(decider: Decider, name: str) -> tuple[str, str, str]:
    """A choice of method that the pack or the locality has settled, with its source; or that nobody has."""
    fact, value = decider.pack.facts[f"region.{name}"], decider.rule(name, decider.known)
    if value is None:
        return fact.label, "没有规定", "未注明"
    set_here = any(setting.fact == fact.name for setting in decider.settings.settings)
    parameter = decider.pack.parameters.get(name)
    dated = parameter.on(decider.day(decider.known)) if parameter and not set_here else None
    source = decider.pack.documents[dated.cite].title if dated and dated.cite in decider.pack.documents else ""
    return fact.label, fact.codes_zh.get(str(value), str(value)), source or "见本地设定"


def _label(pack: Pack, fact: str) -> str:
    return pack.facts[fact].label if fact in pack.facts else fact
