"""What looks wrong in a registry itself: suspicions with evidence, for a person to settle; nothing is merged here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.sheets import UNDATED, Column, Sheet, write_book
from bulou.engine.matching.candidates import LARGEST_BLOCK, agree
from bulou.engine.matching.numbers import MISSING, VALID
from bulou.engine.matching.people import prepared_registry
from bulou.engine.matching.rules import near_number

if TYPE_CHECKING:
    import polars as pl

SUSPICIONS = "登记疑点.xlsx"
TITLES = {
    "same-number": ("同一号码登记了几次", "核对是不是同一个人，合并成一条"),
    "same-person": ("可能是同一个人登记了几次", "核对证件；是同一人就合并，不是就注明"),
    "wrong-number": ("登记的号码本身不对", "对照证件改正；改正以前，部门报来的正确号码对不上这个人"),
    "shared-account": ("几个人同用一个银行账号", "核对是不是代领，有没有本人同意和监护关系"),
    "split-household": ("可能是一户分成了两户", "核对实际共同生活的人口"),
    "merged-household": ("可能是几户并成了一户", "核对实际共同生活的人口"),
}
"""Kinds of suspicions, most telling first: what it is, what to do."""
COLUMNS = ("kind", "title", "persons", "people", "evidence", "action")
MOST_NAMED = 8
"""People named in one suspicion; of more the number is said."""


def no_suspicions() -> pl.DataFrame:
    """A frame of `COLUMNS` without rows."""
    import polars as pl

    return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String) | {"persons": pl.Int64})


def check_registry(registry: pl.DataFrame, paid: pl.DataFrame | None = None) -> pl.DataFrame:
    """Suspicions about a registry (as for `match_rows`, with `bank_account`, `household` and `place` if known).

    `paid`: who is paid to which account, where the registry does not say it or says one of several: `person_id`,
    `name`, `bank_account`, `household`. One line a suspicion: `kind`, `title`, `persons` (how many),
    `people` (编号 姓名), `evidence`, `action`.
    """
    import polars as pl

    people = prepared_registry(registry)
    for column in ("bank_account", "household", "place"):
        given = registry[column].cast(pl.String) if column in registry.columns else pl.Series([None] * people.height)
        people = people.with_columns(given.cast(pl.String).str.strip_chars().alias(column))
    found = [
        _same_number(people),
        _same_person(people),
        _wrong_number(people),
        _shared_account(people if paid is None else paid.with_columns(id17="person_id").with_row_index("p")),
        _split(people),
        _merged(people),
    ]
    titles = {kind: title for kind, (title, _) in TITLES.items()}
    actions = {kind: action for kind, (_, action) in TITLES.items()}
    every = pl.concat(found).with_columns(
        pl.col("kind").replace_strict(titles, return_dtype=pl.String).alias("title"),
        pl.col("kind").replace_strict(actions, return_dtype=pl.String).alias("action"),
    )
    return every.select(COLUMNS)


def _grouped(people: pl.DataFrame, by: str, kind: str, evidence: pl.Expr) -> pl.DataFrame:
    """One suspicion for each value of `by`, in the registry's order."""
    import polars as pl

    who = pl.concat_str("person_id", pl.col("name").fill_null(""), separator=" ")
    several = pl.len() > MOST_NAMED
    named = who.sort_by("p").head(MOST_NAMED).str.join("、")
    more = pl.when(several).then(pl.format("{} 等 {} 人", named, pl.len())).otherwise(named)
    groups = people.group_by(by, maintain_order=True).agg(
        pl.len().alias("persons"), more.alias("people"), evidence.alias("evidence")
    )
    kind_of = pl.lit(kind).alias("kind")
    return groups.select(kind_of, pl.col("persons").cast(pl.Int64), "people", "evidence")


def _same_number(people: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    twice = people.drop_nulls("id17").filter(pl.col("id17").is_duplicated()).sort("p")
    names = pl.col("name").drop_nulls().unique(maintain_order=True).str.join("、")
    villages = pl.col("village").drop_nulls().unique(maintain_order=True)
    where = pl.when(villages.len() > 1).then(pl.concat_str(pl.lit("；人在 "), villages.str.join("、")))
    rows = pl.col("place").drop_nulls().head(MOST_NAMED)
    there = pl.when(rows.len() > 0).then(pl.concat_str(pl.lit("；在 "), rows.str.join("、")))
    told = (names, where.otherwise(pl.lit("")), there.otherwise(pl.lit("")))
    says = pl.format("号码 {}；姓名 {}{}{}", pl.col("id_text").first(), *told)
    return _grouped(twice, "id17", "same-number", says)


def _same_person(people: pl.DataFrame) -> pl.DataFrame:
    """Two numbers, one name, and the same birth date and village or phone; or the same village or phone and numbers
    that differ in a place or two."""
    import polars as pl

    numbered = people.with_columns(number=pl.when(pl.col("id_class") == VALID).then("id_text"))
    numbered = numbered.filter(~pl.col("name").str.contains(r"^\?*$"))
    pairs = pl.concat([_twos(numbered, ["name", key]) for key in ("birth", "village", "phone")])
    columns = ("name", "birth", "village", "phone", "sex", "number")
    theirs = numbered.select("p", *(pl.col(name).alias(f"{name}_p") for name in columns))
    both = pairs.unique(maintain_order=True).join(numbered.select("p", *columns), left_on="at", right_on="p")
    placed = agree("village") | agree("phone")
    other = (pl.col("number") != pl.col("number_p")).fill_null(True)
    pairs = both.join(theirs, on="p").filter(placed & (agree("birth") | near_number()) & other).sort("at", "p")
    both = pairs.join(people.select("p", one="person_id"), left_on="at", right_on="p", maintain_order="left")
    both = both.join(people.select("p", two="person_id"), on="p", maintain_order="left")
    says = [
        pl.when(agree(field)).then(pl.lit(f"{word}相同"))
        for field, word in (("birth", "出生日期"), ("village", "村"), ("phone", "电话"), ("sex", "性别"))
    ]
    numbers = pl.format("号码 {} 和 {}", pl.col("number").fill_null("（无）"), pl.col("number_p").fill_null("（无）"))
    return both.select(
        pl.lit("same-person").alias("kind"),
        pl.lit(2, pl.Int64).alias("persons"),
        pl.format("{} {}、{} {}", "one", "name", "two", "name_p").alias("people"),
        pl.concat_str(pl.lit("同名"), *says, numbers, separator="，", ignore_nulls=True).alias("evidence"),
    )


def _twos(people: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Pairs (at, p) of people who agree on the keys, each pair once; a key of more than LARGEST_BLOCK says nothing."""
    import polars as pl

    known = people.drop_nulls(keys).select("p", *keys)
    several = known.filter(pl.struct(keys).is_duplicated()).filter(pl.len().over(keys) <= LARGEST_BLOCK)
    pairs = several.rename({"p": "at"}).join(several, on=keys, maintain_order="left_right")
    return pairs.filter(pl.col("at") < pl.col("p")).select("at", "p")


def _wrong_number(people: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    wrong = people.filter(pl.col("id17").is_null(), pl.col("id_class") != MISSING)
    says = pl.format("登记为 {}，校验码、位数或出生日期不对", "id_text").first()
    return _grouped(wrong, "p", "wrong-number", says)


def _shared_account(people: pl.DataFrame) -> pl.DataFrame:
    """One account of people with different numbers; a person who stands there twice is one."""
    import polars as pl

    paid = people.filter(pl.col("bank_account").is_not_null() & (pl.col("bank_account") != ""))
    who = pl.coalesce(pl.col("id17").cast(pl.String), "person_id").alias("who")
    once = paid.with_columns(who).unique(["bank_account", "who"], keep="first", maintain_order=True)
    shared = once.filter(pl.col("bank_account").is_duplicated()).sort("p")
    one_home = (pl.col("household").n_unique() == 1) & pl.col("household").is_not_null().all()
    home = pl.when(one_home).then(pl.lit("，同一户")).when(pl.col("household").is_null().all()).then(pl.lit(""))
    where = home.otherwise(pl.lit("，不是同一户"))
    tail = pl.col("bank_account").first().str.tail(4)
    return _grouped(shared, "bank_account", "shared-account", pl.format("账号末四位 {}{}", tail, where))


def _split(people: pl.DataFrame) -> pl.DataFrame:
    """Relatives (by the registry's own lists) in one village under two household numbers."""
    import polars as pl

    kin = people.filter(pl.col("relative_ids").list.len() > 0, pl.col("household").is_not_null())
    told = kin.select("p", "person_id", "name", "village", "household", "relative_ids").explode("relative_ids")
    theirs = people.select(
        relative_ids="id_text", two="person_id", name_2="name", village_2="village", household_2="household"
    )
    pairs = told.join(theirs, on="relative_ids", maintain_order="left").filter(
        pl.col("village") == pl.col("village_2"), pl.col("household") != pl.col("household_2")
    )
    pairs = pairs.filter((pl.col("household") < pl.col("household_2")) | ~_told_back(pairs, told))
    return pairs.select(
        pl.lit("split-household").alias("kind"),
        pl.lit(2, pl.Int64).alias("persons"),
        pl.format("{} {}、{} {}", "person_id", "name", "two", "name_2").alias("people"),
        pl.format("互为亲属，同村 {}，户号 {} 和 {}", "village", "household", "household_2").alias("evidence"),
    )


def _told_back(pairs: pl.DataFrame, told: pl.DataFrame) -> pl.Expr:
    """True for a pair that the other side tells too, so that it is said once."""
    import polars as pl

    sides = [pl.concat_str("person_id", "two", separator="|"), pl.concat_str("two", "person_id", separator="|")]
    there = pairs.select(sides[0].alias("way"))["way"]
    return sides[1].is_in(there.implode())


def _merged(people: pl.DataFrame) -> pl.DataFrame:
    """One household number in several villages."""
    import polars as pl

    homes = people.drop_nulls(["household", "village"])
    apart = homes.filter(pl.col("village").n_unique().over("household") > 1).sort("p")
    small = apart.filter(pl.len().over("household") <= LARGEST_BLOCK)
    villages = pl.col("village").unique(maintain_order=True).head(3).str.join("、")
    says = pl.format("户号 {}，人在 {}", pl.col("household").first(), villages)
    return _grouped(small, "household", "merged-household", says)


def write_suspicions(path: Path, suspicions: pl.DataFrame) -> None:
    """登记疑点.xlsx: one line a suspicion, with a column to note what came of it."""
    columns = (
        Column("疑点", "title", 24), Column("人数", "persons", 7, "number"), Column("哪些人", "people", 40),
        Column("证据", "evidence", 60), Column("怎样核实", "action", 44), Column("核实结果", width=20),
    )  # fmt: skip
    sheet = Sheet("登记疑点", "登记疑点", "程序只提疑点，由人核实。", columns, suspicions, frozen=1)
    write_book(path, [sheet], UNDATED, "登记疑点")
