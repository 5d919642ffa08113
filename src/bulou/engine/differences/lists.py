"""The rows of a month's lists: missed, suspicions, settlements, forecast; who it is about is added later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.months import months_after
from bulou.engine.differences.decide_month import DecidedMonth
from bulou.engine.differences.deductions import moved_by
from bulou.engine.differences.people import reasons
from bulou.engine.pack import Pack

if TYPE_CHECKING:
    import polars as pl

PAID = ("living_subsidy", "nursing_subsidy")
"""Programmes for which payment rolls tell who is enrolled."""

PAYABLE, HELD, UNSET, DECLINED, LATER = "可发放", "待决定", "未定金额", "决定不发", "季末发放"


def titles(pack: Pack) -> dict[str, str]:
    return {name: programme.title for name, programme in pack.programmes.items()}


def verdicts(decided: DecidedMonth, programme: str) -> pl.DataFrame:
    """person, due (verdict), fen of a programme."""
    import polars as pl

    fen = f"{programme}__fen"
    amount = pl.col(fen) if fen in decided.frame.columns else pl.lit(None, pl.Int64)
    return decided.frame.select(person="id", due=pl.col(programme), fen=amount)


def _ends(decided: DecidedMonth, programme: str) -> pl.Series:
    """Who is due in this month only because payment goes on to its end."""
    import polars as pl

    name = f"{programme}__ends"
    return decided.frame.get_column(name, default=pl.repeat(False, decided.frame.height, eager=True))


def enrolled_of(enrolled: pl.DataFrame, programme: str) -> pl.DataFrame:
    import polars as pl

    return enrolled.filter(pl.col("programme") == programme).select("person")


def missed(decided: DecidedMonth, enrolled: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Due and not enrolled: tell them, and help them to apply."""
    import polars as pl

    types = texts("person", "programme", "title", "reason", "cite", "action", "deadline")
    found = [pl.DataFrame(schema=types | {"fen": pl.Int64})]
    for programme in PAID:
        due = verdicts(decided, programme).filter(pl.col("due"), ~_ends(decided, programme))
        rows = due.join(enrolled_of(enrolled, programme), on="person", how="anti", maintain_order="left")
        why = reasons(decided, programme, rows["person"], ("met",))
        found.append(
            rows.select("person", "fen")
            .with_columns(
                pl.lit(programme).alias("programme"),
                pl.lit(titles(pack)[programme]).alias("title"),
                pl.Series("reason", [why[id][0] for id in rows["person"]], dtype=pl.String),
                pl.Series("cite", [why[id][1] for id in rows["person"]], dtype=pl.String),
                pl.lit("上门或打电话告知本人，帮助提出申请；从申请当月起算").alias("action"),
                pl.lit(f"{months_after(decided.month, 1)}-10前").alias("deadline"),
            )
            .select(*types, "fen")
        )
    return pl.concat(found)


def texts(*names: str) -> dict[str, Any]:
    import polars as pl

    return dict.fromkeys(names, pl.String)


def suspicions(decided: DecidedMonth, enrolled: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Enrolled and not due, and everything a named check has caught; each with its evidence and where it stands."""
    import polars as pl

    found = [pl.DataFrame(schema=texts("person", "code", "check", "programme", "title", "evidence", "source", "cite",
                                        "who", "action", "deadline") | {"fen": pl.Int64})]  # fmt: skip
    caught: dict[str, list[str]] = {programme: [] for programme in PAID}
    for check in (check for check in pack.checks.values() if check.run == "month"):
        hits = decided.frame.filter(pl.col(f"check.{check.name}"))["id"].to_list()
        if check.programme:
            caught[check.programme] += hits
        if hits:
            found.append(_caught(decided, check, hits, pack))
    for programme in PAID:
        due = verdicts(decided, programme).filter(~pl.col("due"))
        rows = due.join(enrolled_of(enrolled, programme), on="person", how="inner", maintain_order="left")
        rest = rows.filter(~pl.col("person").is_in(caught[programme]))["person"].to_list()
        found.append(_not_due(decided, programme, rest, pack))
    return pl.concat(found, how="diagonal")


def _caught(decided: DecidedMonth, check: Any, people: Sequence[str], pack: Pack) -> pl.DataFrame:
    import polars as pl

    shown = _evidence(decided, check.shows, people, pack)
    places = decided.facts.source_of(check.rolls, people).unique("person", keep="first", maintain_order=True)
    where = {row["person"]: f"{row['file']} {row['sheet']} 第{row['row']}行" for row in places.iter_rows(named=True)}
    return pl.DataFrame(
        {
            "person": list(people),
            "code": [check.name] * len(people),
            "check": [check.title] * len(people),
            "programme": [check.programme or None] * len(people),
            "title": [titles(pack).get(check.programme)] * len(people),
            "evidence": [shown.get(person, "") for person in people],
            "source": [where.get(person) for person in people],
            "cite": [check.cite] * len(people),
            "who": [check.who] * len(people),
            "action": [check.action] * len(people),
            "deadline": [f"{decided.month}-25前"] * len(people),
        },
        schema=texts("person", "code", "check", "programme", "title", "evidence", "source", "cite", "who", "action",
                      "deadline"),
    )  # fmt: skip


def _evidence(decided: DecidedMonth, facts: Sequence[str], people: Sequence[str], pack: Pack) -> dict[str, str]:
    """The facts shown for each person, in words."""
    import polars as pl

    table = decided.facts.tables.frames["person"]
    present = [name for name in facts if name in table.collect_schema().names()]
    rows = table.filter(pl.col("id").is_in(list(people))).select("id", *present).collect()
    return {
        row["id"]: "，".join(f"{pack.facts[name].label}：{_word(row[name], name, pack)}" for name in present)
        for row in rows.iter_rows(named=True)
    }


def _word(value: Any, name: str, pack: Pack) -> str:
    from bulou.engine.basics.money import yuan_text

    fact = pack.facts[name]
    if value is None:
        return "不在名册" if fact.absent != "unknown" else "未知"
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact.type.kind == "money":
        return f"{yuan_text(value)}元"
    return fact.codes_zh.get(value, str(value)) if isinstance(value, str) else str(value)


def _not_due(decided: DecidedMonth, programme: str, people: Sequence[str], pack: Pack) -> pl.DataFrame:
    import polars as pl

    why = reasons(decided, programme, people, ("failed",))
    return pl.DataFrame(
        {
            "person": list(people),
            "code": [f"not_due.{programme}"] * len(people),
            "check": ["在发但按现有事实不符合条件"] * len(people),
            "programme": [programme] * len(people),
            "title": [titles(pack)[programme]] * len(people),
            "evidence": [f"不符：{why[person][0]}" for person in people],
            "source": [None] * len(people),
            "cite": [why[person][1] for person in people],
            "who": ["县民政局"] * len(people),
            "action": ["核实后由人决定是否继续发"] * len(people),
            "deadline": [f"{decided.month}-25前"] * len(people),
        },
        schema=texts("person", "code", "check", "programme", "title", "evidence", "source", "cite", "who", "action",
                      "deadline"),
    )  # fmt: skip


def settlements(
    periods: Mapping[str, Sequence[DecidedMonth]],
    payments: pl.DataFrame,
    now: DecidedMonth,
    pack: Pack,
    back_pay_months: int | None,
    deducted: Sequence[tuple[str, str, str, str, int]] = (),
) -> pl.DataFrame:
    """Due against paid for every past period with a payment roll, for people enrolled in that programme by then.

    `periods` maps the last month of each to its months: one, or the three of a quarter. `deducted` is what earlier
    payrolls took back (see `deductions.moved_by`). Where due is unknown nothing is settled. Σ due = Σ paid + Σ deducted
    + Σ difference over the rows and those left out; what was deducted moves between months and sums to nothing.
    """
    import polars as pl

    types = texts("person", "programme", "title", "month", "kind", "reason", "cite")
    numbers = dict.fromkeys(("due_fen", "paid_fen", "deducted_fen", "difference_fen", "payable_fen"), pl.Int64)
    found = [pl.DataFrame(schema=types | numbers)]
    both = {(last, name): _due_and_paid(months, payments, name) for last, months in periods.items() for name in PAID}
    moved = _moved(both, deducted)
    for (last, programme), rows in both.items():
        whole = rows.join(moved.filter(month=last, programme=programme), on="person", how="left", maintain_order="left")
        whole = whole.with_columns(pl.col("deducted_fen").fill_null(0))
        difference = (pl.col("due_fen") - pl.col("paid_fen") - pl.col("deducted_fen")).alias("difference_fen")
        open_ = whole.with_columns(difference).filter(pl.col("difference_fen") != 0)
        settled = _settled(open_, periods[last][-1], programme, now, pack, back_pay_months)
        found.append(settled.select(list(types | numbers)))
    return pl.concat(found)


def _moved(
    both: Mapping[tuple[str, str], pl.DataFrame], deducted: Sequence[tuple[str, str, str, str, int]]
) -> pl.DataFrame:
    """person, programme, month, deducted_fen: what earlier deductions moved into and out of each period."""
    import polars as pl

    concerned = {person for person, *_ in deducted}
    short = {
        (person, programme, last): max(due - paid, 0)
        for (last, programme), rows in both.items()
        if concerned
        for person, due, paid in rows.filter(pl.col("person").is_in(concerned)).iter_rows()
    }
    schema = texts("person", "programme", "month") | {"deducted_fen": pl.Int64}
    return pl.DataFrame([(*key, fen) for key, fen in moved_by(deducted, short).items()], schema=schema, orient="row")


def _due_and_paid(months: Sequence[DecidedMonth], payments: pl.DataFrame, programme: str) -> pl.DataFrame:
    """person, due_fen, paid_fen of some months, for people paid by the last of them; unknown dues left out."""
    import polars as pl

    of = payments.filter(pl.col("programme") == programme)
    enrolled = of.filter(pl.col("month") <= months[-1].month).select("person").unique(maintain_order=True)
    paid = of.filter(pl.col("month").is_in([one.month for one in months]))
    paid = paid.group_by("person").agg(pl.col("fen").sum().alias("paid_fen"))
    fen = pl.when("due").then("fen").when(~pl.col("due")).then(0)
    each = pl.concat([verdicts(one, programme).select("person", fen.alias("due_fen")) for one in months])
    unknown = pl.col("due_fen").has_nulls().alias("unknown")
    due = each.group_by("person", maintain_order=True).agg(pl.col("due_fen").sum(), unknown)
    known = enrolled.join(due.filter(~pl.col("unknown")), on="person", maintain_order="left")
    both = known.join(paid, on="person", how="left", maintain_order="left")
    return both.select("person", "due_fen", pl.col("paid_fen").fill_null(0))


def _settled(
    rows: pl.DataFrame,
    decided: DecidedMonth,
    programme: str,
    now: DecidedMonth,
    pack: Pack,
    back_pay_months: int | None,
) -> pl.DataFrame:
    import polars as pl

    why = reasons(decided, programme, rows["person"], ("failed",))
    limit = back_pay_months
    oldest = months_after(now.month, -limit) if limit is not None else ""
    difference = pl.col("difference_fen")
    within = pl.lit(decided.month >= oldest)
    words = [f"不符：{why[p][0]}" if why[p][0] else "应发与实发不同" for p in rows["person"]]
    return rows.with_columns(
        pl.lit(programme).alias("programme"),
        pl.lit(titles(pack)[programme]).alias("title"),
        pl.lit(decided.month).alias("month"),
        pl.when(difference > 0).then(pl.lit("补发")).otherwise(pl.lit("追缴")).alias("kind"),
        pl.when((difference > 0) & within).then(difference).otherwise(0).alias("payable_fen"),
        pl.Series("reason", words, dtype=pl.String),
        pl.Series("cite", [why[p][1] for p in rows["person"]], dtype=pl.String),
    )


def foreseen(now: DecidedMonth) -> list[str]:
    """The programmes a forecast is about: those that pay money every month."""
    return [p.name for p in now.compiled.programmes if p.pays == "month" and p.gives == "cash"]


def forecast(now: DecidedMonth, coming: Sequence[DecidedMonth], pack: Pack) -> pl.DataFrame:
    """Coming months in which somebody's verdict or amount differs from now, the first such month only."""
    import polars as pl

    types = texts("person", "programme", "title", "month", "now", "then", "reason", "action")
    found = [pl.DataFrame(schema=types | {"fen": pl.Int64})]
    monthly = foreseen(now)
    told: dict[str, list[str]] = {programme: [] for programme in monthly}
    before = _due_and_fen(now, monthly)
    for decided in coming:
        both = before.join(_due_and_fen(decided, monthly), on="id", maintain_order="left", suffix=THEN)
        for programme in monthly:
            changed = _changed(both, programme, told[programme])
            told[programme] += changed["person"].to_list()
            found.append(_foretold(changed, decided, programme, pack).select(*types, "fen"))
    order = pl.Enum(monthly)
    return pl.concat(found).sort(pl.col("programme").cast(order), maintain_order=True)


def _due_and_fen(decided: DecidedMonth, programmes: Sequence[str]) -> pl.DataFrame:
    """id and two columns a programme: the verdict, and `<programme>__fen` (NULL where no amount is set)."""
    import polars as pl

    amounts = {f"{name}__fen": pl.lit(None, pl.Int64) for name in programmes}
    given = {name: pl.col(name) for name in amounts if name in decided.frame.columns}
    return decided.frame.select("id", *programmes, **{**amounts, **given})


def _changed(both: pl.DataFrame, programme: str, told: Sequence[str]) -> pl.DataFrame:
    """person, due_now, due and fen of those whose verdict or amount differs, without those told already."""
    import polars as pl

    fen = f"{programme}__fen"
    due, amount = pl.col(f"{programme}{THEN}"), pl.col(f"{fen}{THEN}")
    differs = pl.col(programme).ne_missing(due) | (due & pl.col(fen).ne_missing(amount))
    changed = both.filter(differs, ~pl.col("id").is_in(list(told)))
    return changed.select(person="id", due_now=programme, due=due, fen=amount)


THEN = "#then"
"""Ends the columns of a coming month beside those of now."""


def _foretold(changed: pl.DataFrame, decided: DecidedMonth, programme: str, pack: Pack) -> pl.DataFrame:
    import polars as pl

    words = {True: "应享", False: "不再符合", None: "待核实"}
    why = reasons(decided, programme, changed["person"], ("failed", "unknown"))
    says = [why[person][0] for person in changed["person"]]
    return changed.with_columns(
        pl.lit(programme).alias("programme"),
        pl.lit(titles(pack)[programme]).alias("title"),
        pl.lit(decided.month).alias("month"),
        pl.Series("now", [words[value] for value in changed["due_now"]], dtype=pl.String),
        pl.Series("then", [words[value] for value in changed["due"]], dtype=pl.String),
        pl.Series("reason", [f"届时不符：{text}" if text else "届时符合条件" for text in says], dtype=pl.String),
        pl.Series("action", [_advice(text) for text in says], dtype=pl.String),
    )


def _advice(failed: str) -> str:
    if "残疾人证" in failed:
        return "现在就通知本人换证，到期前办好不断发"
    return "提前告知本人，到时核对" if failed else "提前告知本人，到时可以申请"
