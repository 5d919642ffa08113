"""Payments of the past as the payment rolls tell them: who was paid what for which month, and who is enrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.basics.months import quarter_of
from bulou.engine.facts.history import History, RollRead

if TYPE_CHECKING:
    import polars as pl

PAYMENT_ROLL = "payment_roll"
DIBAO_ROLL, IN_BOTH = "dibao_roll", "person.dibao_in_town_and_country"
OWN_COLUMNS = {"living_amount": "living_subsidy", "nursing_amount": "nursing_subsidy"}
"""Payment rolls of one row a person have a column for each of the two subsidies."""

SCHEMA = ("person", "programme", "month", "fen", "bank_account", "file", "sheet", "row")


def payment_months(history: History, known: str) -> list[str]:
    """Months of which a payment roll was read, also one on which nobody stands."""
    return sorted({roll.month for roll in history.known_at(known) if roll.kind == PAYMENT_ROLL})


def payments_of(history: History, known: str) -> pl.DataFrame:
    """One row a payment: person, programme, month, fen, bank_account, file, sheet, row.

    Of several versions of the roll of one month the latest known counts.
    """
    import polars as pl

    versions = [history.roll(PAYMENT_ROLL, month, known) for month in payment_months(history, known)]
    found = [_payments(roll) for roll in versions if roll is not None]
    text = dict.fromkeys(("person", "programme", "month"), pl.String)
    schema = {
        **text,
        "fen": pl.Int64,
        "bank_account": pl.String,
        "file": pl.String,
        "sheet": pl.String,
        "row": pl.UInt32,
    }
    return pl.concat([pl.DataFrame(schema=schema), *found])


def _payments(roll: RollRead) -> pl.DataFrame:
    import polars as pl

    rows = roll.frame.filter(pl.col("person").is_not_null())
    names = rows.columns
    month = pl.col("month") if "month" in names else pl.lit(None, pl.String)
    if "month" in names and rows["month"].dtype == pl.Date:
        month = pl.col("month").dt.strftime("%Y-%m")
    account = pl.col("bank_account") if "bank_account" in names else pl.lit(None)
    shared = [
        pl.col("person"),
        month.cast(pl.String).fill_null(roll.month).alias("month"),
        account.cast(pl.String).alias("bank_account"),
        pl.col("file"),
        pl.col("sheet"),
        pl.col("row").cast(pl.UInt32),
    ]
    found = []
    if "amount" in names and "programme" in names:
        found.append(
            rows.select(*shared, pl.col("programme").cast(pl.String), pl.col("amount").cast(pl.Int64).alias("fen"))
        )
    for column, programme in OWN_COLUMNS.items():
        if column in names:
            found.append(
                rows.select(*shared, pl.lit(programme).alias("programme"), pl.col(column).cast(pl.Int64).alias("fen"))
            )
    if not found:
        return (
            rows.clear().select(*shared, pl.lit("").alias("programme"), pl.lit(0, pl.Int64).alias("fen")).select(SCHEMA)
        )
    return pl.concat(found).filter(pl.col("fen") > 0, pl.col("programme").is_not_null()).select(SCHEMA)


def enrolled_in(payments: pl.DataFrame, month: str) -> pl.DataFrame:
    """Who is enrolled at the start of `month`: person and programme of the newest payment month before it."""
    return newest_payments(payments, month).select("person", "programme").unique(maintain_order=True)


def newest_payments(payments: pl.DataFrame, month: str) -> pl.DataFrame:
    """Payments of the newest month before `month`; none when there is no such month."""
    import polars as pl

    newest = payments.filter(pl.col("month") < month)["month"].max()
    return payments.filter(pl.col("month") == (newest or ""))


def payment_facts(payments: pl.DataFrame, month: str) -> pl.DataFrame:
    """Facts for the named checks, one row a person: enrolled_…, payments_…, payees_of_account."""
    import polars as pl

    newest = newest_payments(payments, month)
    facts = newest.select("person").unique(maintain_order=True)
    for programme in ("living_subsidy", "nursing_subsidy"):
        counted = (
            newest.filter(pl.col("programme") == programme)
            .group_by("person")
            .agg(pl.len().cast(pl.Int64).alias(f"person.payments_{programme}"))
        )
        counted = counted.with_columns(pl.lit(True).alias(f"person.enrolled_{programme}"))
        facts = facts.join(counted, on="person", how="left", maintain_order="left")
    owners = newest.filter(pl.col("bank_account").is_not_null())
    payees = owners.group_by("bank_account").agg(pl.col("person").n_unique().cast(pl.Int64).alias("payees"))
    per_person = owners.join(payees, on="bank_account").group_by("person").agg(pl.col("payees").max())
    return facts.join(per_person, on="person", how="left", maintain_order="left").rename(
        {"payees": "person.payees_of_account"}
    )


def dibao_twice(history: History, month: str) -> pl.DataFrame:
    """Who stands on the urban and on the rural dibao roll of a month: person, person.dibao_in_town_and_country."""
    import polars as pl

    roll = history.roll(DIBAO_ROLL, month, month)
    columns = [name for name in ("dibao_area", "dibao_class") if roll is not None and name in roll.frame.columns]
    if roll is None or not columns:
        return pl.DataFrame(schema={"person": pl.String, IN_BOTH: pl.Boolean})
    sides = [pl.when(pl.col(name).is_in(["urban", "rural"])).then(name) for name in columns]
    stands = roll.frame.select("person", side=pl.coalesce(sides)).drop_nulls().unique()
    return stands.group_by("person").len().filter(pl.col("len") > 1).select("person", pl.lit(True).alias(IN_BOTH))


def deducted_before(
    history: History, month: str, people: pl.DataFrame, quarterly: bool
) -> list[tuple[str, str, str, str, int]]:
    """What the payrolls before `month` took back: person, programme, overpaid period, period of the payroll, fen."""
    rows = history.deducted(before=month).join(people.select("person", "id_no"), on="id_no", maintain_order="left")
    return [
        (person, programme, overpaid, quarter_of(known)[-1] if quarterly else known, fen)
        for person, programme, overpaid, known, fen in rows.select(
            "person", "programme", "month", "known", "fen"
        ).iter_rows()
    ]
