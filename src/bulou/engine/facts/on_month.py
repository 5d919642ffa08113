"""Facts of a month as known at another: the rolls of the history turned into one wide table per kind of subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulou.engine.basics.months import last_day
from bulou.engine.facts.absence import absence_in
from bulou.engine.facts.history import History, RollRead
from bulou.engine.facts.tables import Tables, dtype_of
from bulou.engine.intake import Supply, Template, Templates
from bulou.engine.pack import Pack

if TYPE_CHECKING:
    import polars as pl

REGISTER = "certificate_register"
EVENTS = ("deaths", "moves", "prison")
"""Lists of dated events: what any of them says stays known."""

HOUSEHOLD_FROM = (REGISTER, "dibao_roll", "dibao_edge_roll", "monitoring_roll", "survey")
CONTACT_FROM = (REGISTER, "payment_roll", "dibao_roll", "tekun_roll", "survey")
CONTACT = ("county", "township", "village", "phone", "bank_name", "bank_account", "account_name")
PLACE = ("file", "sheet", "row")


@dataclass(frozen=True)
class MonthFacts:
    """Typed tables of a month, the facts whose absence is sure in it, and the rolls they come from.

    `who`: person, id_no, name, household; `contacts` are the rolls that may tell how to reach them.
    """

    tables: Tables
    complete: frozenset[str]
    who: pl.DataFrame
    rolls: tuple[RollRead, ...]
    contacts: tuple[RollRead, ...] = ()

    def people(self, ids: pl.Series | None = None) -> pl.DataFrame:
        """`who`, or these of them, with contact details (township, village, phone, bank account) from the first roll
        that gives them."""
        people, rolls = self.who, self.contacts
        if ids is not None:
            people = people.filter(pl_col("person").is_in(ids.implode()))
            rolls = tuple(roll.narrowed({"person", *CONTACT}, ids) for roll in rolls)
        for field in CONTACT:
            given = _first_given(rolls, field, CONTACT_FROM)
            people = people.join(given, on="person", how="left", maintain_order="left")
        return people

    def source_of(self, kinds: Iterable[str], people: Sequence[str]) -> pl.DataFrame:
        """Where these people stand in the rolls of these kinds: person, kind, file, sheet, row (first of each roll)."""
        import polars as pl

        wanted = set(kinds)
        found = [
            roll.frame.filter(pl.col("person").is_in(list(people)))
            .unique("person", keep="first", maintain_order=True)
            .select("person", pl.lit(roll.kind).alias("kind"), *PLACE)
            for roll in self.rolls
            if roll.kind in wanted
        ]
        schema = {"person": pl.String, "kind": pl.String, "file": pl.String, "sheet": pl.String, "row": pl.UInt32}
        return pl.concat([pl.DataFrame(schema=schema), *found])


@dataclass(frozen=True)
class Renewals:
    """Renewed certificates count from the month of application, not before the month `oldest` (None: no limit)."""

    oldest: str | None


@dataclass(frozen=True)
class Wanted:
    """Of a month's facts only some, by name, and of its people only some, by their ids (None: everybody)."""

    facts: frozenset[str]
    people: pl.Series | None = None


def facts_on(  # noqa: PLR0913 whose facts, of when and as known when, and which of them
    history: History,
    month: str,
    known: str,
    pack: Pack,
    templates: Templates,
    *,
    renewals: Renewals | None = None,
    wanted: Wanted | None = None,
) -> MonthFacts:
    """What is known in month `known` about month `month`.

    Registers and dated events stand from month to month; a monthly roll speaks about its month only. What is not
    `wanted` may be left out, with all columns of the rolls that tell nothing of it; a household of which not everybody
    is wanted is not known as a whole.
    """
    rolls = _rolls_about(history, month, known)
    some = frozenset(pack.facts) if wanted is None else _with_dates(wanted.facts)
    if wanted is not None:
        rolls = [roll.narrowed(_columns_for(some, templates.kinds[roll.kind]), wanted.people) for roll in rolls]
    if renewals is not None and (renewals.oldest is None or renewals.oldest <= month < known):
        rolls = [_renewed(roll, history, month, known) if roll.kind == REGISTER else roll for roll in rolls]
    paid = history.standing("payment_roll", month, known)
    people = _who(history, rolls, wanted.people if wanted else None)
    persons = people.select(id=pl_col("person"), household=pl_col("household"), **{"person.id_no": pl_col("id_no")})
    homes = people.select(id=pl_col("household")).drop_nulls().unique(maintain_order=True)
    for roll in rolls:
        supplies = [supply for supply in templates.kinds[roll.kind].supplies if supply.fact in some]
        if not supplies:
            continue
        stated = _stated(roll, supplies, pack)
        persons = _joined(persons, stated, "person.")
        homes = _joined(homes, _at_home(stated, people), "household.")
    persons = _dead_from_their_date(persons)
    facts = [fact for fact in pack.facts.values() if fact.name in some]
    absence = absence_in(rolls, people, history.complete.get(month, frozenset()), facts, templates)
    persons = absence.filled(persons, people, pack, "person")
    homes = absence.filled(homes, people, pack, "household")
    tables = Tables({"person": persons.lazy(), "household": homes.lazy()}, _full(persons, homes))
    contacts = (*rolls, paid) if paid else tuple(rolls)
    return MonthFacts(tables, absence.for_everybody, people, tuple(rolls), contacts)


def _with_dates(wanted: frozenset[str]) -> frozenset[str]:
    """The facts wanted and the day of death, which decides whether somebody is dead."""
    return wanted | {"person.death_date"} if "person.is_dead" in wanted else wanted


def _columns_for(wanted: frozenset[str], kind: Template) -> set[str]:
    """Columns of a roll in which the facts wanted stand, and those that tell who somebody is."""
    stating = [supply for supply in kind.supplies if supply.fact in wanted]
    return {"person", "name", "household_no"}.union(*([supply.field or "", *supply.when] for supply in stating))


def pl_col(name: str) -> pl.Expr:
    import polars as pl

    return pl.col(name)


def _full(*frames: pl.DataFrame) -> frozenset[str]:
    return frozenset(name for frame in frames for name in frame.columns if "." in name and not frame[name].null_count())


def _rolls_about(history: History, month: str, known: str) -> list[RollRead]:
    kinds = dict.fromkeys(roll.kind for roll in history.rolls)
    found: list[RollRead] = []
    for kind in kinds:
        if kind in EVENTS:
            found += [roll for roll in history.known_at(known) if roll.kind == kind]
        elif kind == REGISTER:
            roll = history.standing(kind, month, known)
            found += [roll] if roll else []
        else:
            roll = history.roll(kind, month, known)
            found += [roll] if roll else []
    return found


def _renewed(register: RollRead, history: History, month: str, known: str) -> RollRead:
    """The register of a month in which certificates applied for by then stand as they were issued later."""
    import polars as pl

    newest = history.standing(REGISTER, known, known)
    if newest is None or "renewal_applied_on" not in newest.frame.columns:
        return register
    applied, issued = pl.col("renewal_applied_on"), pl.col("issued_on")
    end = last_day(month)
    new = newest.frame.filter(pl.col("person").is_not_null(), applied <= end, issued > end)
    old = register.frame.join(new.select("person"), on="person", how="anti", maintain_order="left")
    return replace(register, rows=pl.concat([old, new], how="diagonal_relaxed"))


def _who(history: History, rolls: Sequence[RollRead], wanted: pl.Series | None) -> pl.DataFrame:
    """Everybody known, or those wanted: person, id_no, name (as the register writes it, else as first seen),
    household."""
    import polars as pl

    assert history.registry is not None
    people = history.registry.select("person", "id_no", seen="name")
    if wanted is not None:
        people = people.filter(pl.col("person").is_in(wanted.implode()))
    for field, kinds in (("name", (REGISTER,)), ("household_no", HOUSEHOLD_FROM)):
        people = people.join(_first_given(rolls, field, kinds), on="person", how="left", maintain_order="left")
    return people.select("person", "id_no", pl.coalesce("name", "seen").alias("name"), household="household_no")


def _first_given(rolls: Sequence[RollRead], field: str, kinds: Sequence[str]) -> pl.DataFrame:
    import polars as pl

    found = [pl.DataFrame(schema={"person": pl.String, field: pl.String})]
    for kind in kinds:
        for roll in rolls:
            if roll.kind == kind and field in roll.frame.columns:
                given = roll.frame.select("person", pl.col(field).cast(pl.String))
                found.append(given.drop_nulls())
    return pl.concat(found).unique("person", keep="first", maintain_order=True)


def _stated(roll: RollRead, supplies: Sequence[Supply], pack: Pack) -> pl.DataFrame:
    """person and one column a fact that the roll states; one row a person, a stated value before a missing one."""
    import polars as pl

    columns: dict[str, pl.Expr] = {}
    for supply in supplies:
        if supply.fact == "person.id_no":
            continue
        missing = {supply.field or "", *supply.when} - {"", *roll.frame.columns}
        if missing:
            continue
        value = pl.lit(supply.value) if supply.field is None else pl.col(supply.field)
        for field, code in supply.when.items():
            value = pl.when(pl.col(field) == code).then(value)
        typed = _typed(value, supply, roll.frame, pack)
        columns[supply.fact] = pl.coalesce(columns[supply.fact], typed) if supply.fact in columns else typed
    stated = roll.frame.filter(pl.col("person").is_not_null()).select(
        "person", *(column.alias(name) for name, column in columns.items())
    )
    if stated["person"].n_unique() == stated.height:
        return stated
    several = stated["person"].is_duplicated()
    together = stated.filter(several).group_by("person", maintain_order=True).agg(pl.all().drop_nulls().last())
    return pl.concat([stated.filter(~several), together])


def _at_home(stated: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """What a roll says of households, with the household in the place of the person."""
    names = [name for name in stated.columns if name.startswith("household.")]
    if not names:
        return stated.select(names)
    homes = people.select("person", "household")
    at_home = homes.join(stated.select("person", *names), on="person", how="inner", maintain_order="left")
    return at_home.drop("person").rename({"household": "person"})


def _typed(value: pl.Expr, supply: Supply, frame: pl.DataFrame, pack: Pack) -> pl.Expr:
    import polars as pl

    type = pack.facts[supply.fact].type
    if type.kind == "codes":
        return value.str.split("、")
    if type.kind == "number" and supply.field is not None:
        factor: int = 10**type.decimals
        return value.cast(pl.Int64) * factor
    return value.cast(dtype_of(type))


def _dead_from_their_date(persons: pl.DataFrame) -> pl.DataFrame:
    """A list of deaths with dates says nothing about the months before: the date decides, not the list."""
    import polars as pl

    if not {"person.death_date", "person.is_dead"} <= set(persons.columns):
        return persons
    undated = pl.when(pl.col("person.death_date").is_null()).then(pl.col("person.is_dead"))
    return persons.with_columns(undated.alias("person.is_dead"))


def _joined(table: pl.DataFrame, stated: pl.DataFrame, prefix: str) -> pl.DataFrame:
    """The table with the facts of one prefix; where it has the fact already, a missing value is filled."""
    import polars as pl

    names = [name for name in stated.columns if name.startswith(prefix)]
    if not names or not table.height:
        return table
    once = stated.select("person", *names)
    if prefix == "household.":
        strongest = [pl.col(n).max() if stated[n].dtype == pl.Boolean else pl.col(n).drop_nulls().last() for n in names]
        once = once.group_by("person", maintain_order=True).agg(strongest)
    joined = table.join(once, left_on="id", right_on="person", how="left", maintain_order="left", suffix="#new")
    both = [name for name in names if f"{name}#new" in joined.columns]
    filled = [pl.coalesce(name, f"{name}#new").alias(name) for name in both]
    return joined.with_columns(filled).drop([f"{name}#new" for name in both])
