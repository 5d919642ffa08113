"""Programmes for whole households: who should have them, who is on a roll against what is known, what to ask.

One line a household, under the name of its head or of a member with a certificate. Only households with a certificate
holder, and only programmes that give money or a thing: what every such household may ask for is no list to work on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.months import months_after
from bulou.engine.differences.decide_month import DecidedMonth
from bulou.engine.differences.lists import texts, verdicts
from bulou.engine.differences.people import reasons
from bulou.engine.differences.questions import is_gap
from bulou.engine.entitlements.compile import compile_kind
from bulou.engine.entitlements.everyone import conditions_of, given_in, run_polars
from bulou.engine.facts.on_month import REGISTER
from bulou.engine.intake import Templates
from bulou.engine.language import Node, facts_in, walk
from bulou.engine.language.nodes import Unknown
from bulou.engine.pack import ActiveProgramme, Pack, Policy

if TYPE_CHECKING:
    import polars as pl

GIVES = ("cash", "adaptation", "aid")
ON_APPLICATION = ("dibao",)
"""Programmes that test the means of those who apply: nobody else is asked about income and property."""

OFFICE = "发放或实施这个项目的单位"
HEAD = "户主"
CARD = ("household", "name", "id_no", "phone", "county", "township", "village", "members", "holders")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "missed": (*CARD, "programme", "title", "fen", "reason", "cite", "standing", "action", "deadline"),
    "suspicions": (*CARD, "programme", "title", "evidence", "cite", "who", "action", "deadline"),
    "questions": (*CARD, "programmes", "settles", "says", "who"),
}
"""Columns of the lists of households. `name` and the contact are those of the head, else of a certificate holder;
`members` and `holders` are counted from the rolls."""


def households(now: DecidedMonth, pack: Pack, templates: Templates) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The lists (missed, suspicions, questions) and the gaps: facts that most open households lack, and rolls without
    which nobody can tell who of many has a programme already.
    """
    import polars as pl

    homes = _decided(now)
    known = _members(now)
    ours = known.filter("holder")["household"].unique()
    lists: dict[str, list[pl.DataFrame]] = {"missed": [], "suspicions": [], "questions": []}
    gaps: dict[str, tuple[int, list[str]]] = {}
    unrolled: list[tuple[ActiveProgramme, int]] = []
    for programme in (one for one in homes.compiled.programmes if one.gives in GIVES):
        about = verdicts(homes, programme.name).rename({"person": "household"})
        about = about.filter(pl.col("household").is_in(ours.implode()))
        on_roll = _enrolled(now, known, programme.name, templates)
        out = about if on_roll is None else about.join(on_roll, on="household", how="anti", maintain_order="left")
        due = out.filter("due")
        if on_roll is None and is_gap(due.height, due.height):
            unrolled.append((programme, due.height))
        else:
            lists["missed"].append(_missed(homes, programme, due, on_roll is not None))
        if on_roll is not None and programme.name == "dibao":
            inside = about.join(on_roll.filter("whole"), on="household", how="semi", maintain_order="left")
            lists["suspicions"].append(_not_due(homes, programme, inside.filter(~pl.col("due"))))
        if programme.name in ON_APPLICATION:
            continue
        asked, lacking = _asked(homes, programme, out.filter(pl.col("due").is_null())["household"], pack)
        lists["questions"].append(asked)
        for fact, count in lacking.items():
            gaps[fact] = (max(count, gaps.get(fact, (0, []))[0]), [*gaps.get(fact, (0, []))[1], programme.title])
    found = {name: _finished(parts, known, name, now) for name, parts in lists.items()}
    return found, pl.concat([_gaps(gaps, pack), _rolls_wanted(unrolled)])


def _decided(now: DecidedMonth) -> DecidedMonth:
    """The month decided for households."""
    compiled = compile_kind(now.policy, "household", given_in(now.facts.tables))
    return replace(now, compiled=compiled, frame=run_polars(compiled, now.facts.tables).collect())


def _members(now: DecidedMonth) -> pl.DataFrame:
    """Everybody alive with a household: person, household, name, ID, head, holder; heads first, then holders."""
    import polars as pl

    persons = now.facts.tables.frames["person"].collect()
    dead = persons.filter("person.is_dead")["id"] if "person.is_dead" in persons.columns else persons["id"].clear()
    related = [roll.frame.filter(pl.col("relation") == HEAD)["person"] for roll in now.facts.rolls
               if "relation" in roll.frame.columns]  # fmt: skip
    register = [roll.frame["person"] for roll in now.facts.rolls if roll.kind == REGISTER]
    heads, holders = (pl.concat([*found, persons["id"].clear()]).drop_nulls().unique() for found in (related, register))
    people = now.facts.who.filter(pl.col("household").is_not_null(), ~pl.col("person").is_in(dead.implode()))
    return people.with_columns(
        pl.col("person").is_in(heads.implode()).alias("head"), pl.col("person").is_in(holders.implode()).alias("holder")
    ).sort("household", "head", "holder", "id_no", descending=[False, True, True, False], nulls_last=True)


def _enrolled(now: DecidedMonth, known: pl.DataFrame, programme: str, templates: Templates) -> pl.DataFrame | None:
    """household, whole of those with the programme; None: no roll read.

    `whole`: somebody is known to be on it with the household, and not as a unit of their own; unknown is no yes.
    """
    import polars as pl

    telling = ((roll, templates.kinds[roll.kind].enrols.get(programme)) for roll in now.facts.rolls)
    known_by = ((roll, field) for roll, field in telling if field is not None and field in ("", *roll.frame.columns))
    roll, field = next(known_by, (None, ""))
    if roll is None:
        return None
    said = pl.col("single_unit") if "single_unit" in roll.frame.columns else pl.lit(None)
    alone = said.cast(pl.Boolean)
    rows = roll.frame.filter(pl.col(field).cast(pl.Boolean)) if field else roll.frame
    homes = rows.select("person", alone=alone).join(known.select("person", "household"), on="person")
    return homes.group_by("household").agg((~pl.col("alone")).any().alias("whole"))


def _missed(homes: DecidedMonth, programme: ActiveProgramme, rows: pl.DataFrame, compared: bool) -> pl.DataFrame:
    import polars as pl

    why = reasons(homes, programme.name, rows["household"], ("met",))
    standing = "名册里没有这户" if compared else "没有名册可比，不知道是否已经享受"
    action = "告知并帮助申请" if compared else "先核对是否已经享受；没有的，告知并帮助申请"
    return rows.select("household", "fen").with_columns(
        pl.lit(programme.name).alias("programme"),
        pl.lit(programme.title).alias("title"),
        pl.Series("reason", [why[id][0] for id in rows["household"]], dtype=pl.String),
        pl.Series("cite", [why[id][1] for id in rows["household"]], dtype=pl.String),
        pl.lit(standing).alias("standing"),
        pl.lit(action).alias("action"),
        pl.lit(f"{months_after(homes.month, 1)}-10前").alias("deadline"),
    )


def _not_due(homes: DecidedMonth, programme: ActiveProgramme, rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    why = reasons(homes, programme.name, rows["household"], ("failed",))
    return rows.select("household").with_columns(
        pl.lit(programme.name).alias("programme"),
        pl.lit(programme.title).alias("title"),
        pl.Series("evidence", [f"不符：{why[id][0]}" for id in rows["household"]], dtype=pl.String),
        pl.Series("cite", [why[id][1] for id in rows["household"]], dtype=pl.String),
        pl.lit("乡镇（街道）核实，县民政局决定").alias("who"),
        pl.lit("核对收入、财产和渐退、扣减的情况，由人决定").alias("action"),
        pl.lit(f"{homes.month}-25前").alias("deadline"),
    )


def _asked(
    homes: DecidedMonth, programme: ActiveProgramme, open_: pl.Series, pack: Pack
) -> tuple[pl.DataFrame, dict[str, int]]:
    """household, title, says, who of the conditions that are unknown; and by fact how many lack it, where most do."""
    import polars as pl

    masks = [name for name in homes.frame.columns if name.startswith(("failed_", "unknown_"))]
    rows = homes.frame.filter(pl.col("id").is_in(open_.implode())).select(household="id", **{m: m for m in masks})
    patterns = rows.group_by(masks, maintain_order=True).agg("household")
    unknown = [
        [c.id for c in conditions_of(homes.compiled, programme.name, row) if c.state == "unknown"]
        for row in patterns.select(masks).iter_rows(named=True)
    ]
    counts: dict[str, int] = {}
    for ids, alike in zip(unknown, patterns["household"], strict=True):
        for id in ids:
            counts[id] = counts.get(id, 0) + len(alike)
    common = {id for id, count in counts.items() if is_gap(count, rows.height)}
    by_id = {condition.id: condition for condition in programme.conditions}
    lacking = {fact: counts[id] for id in common for fact in _lacking(homes, by_id[id].holds, pack)}
    found: list[dict[str, Any]] = []
    for ids, alike in zip(unknown, patterns["household"], strict=True):
        if left := [by_id[id] for id in ids if id not in common]:
            facts = [fact for one in left for fact in _lacking(homes, one.holds, pack)]
            who = dict.fromkeys(pack.suppliers[pack.facts[f].supplier].who for f in facts)
            said = {"title": programme.title, "says": "；".join(c.says for c in left), "who": "；".join(who)}
            found += [{"household": home, **said} for home in alike]
    return pl.DataFrame(found, schema=texts("household", "title", "says", "who")), lacking


def _lacking(homes: DecidedMonth, tree: Node, pack: Pack) -> list[str]:
    """Facts under a condition that somebody can be asked for, of those that are not known of everybody."""
    full = homes.facts.tables.never_unknown | homes.facts.complete
    asked = dict.fromkeys(name for name in _askable(tree, homes.policy) if name in pack.facts and name not in full)
    return [name for name in asked if not name.startswith("region.") and pack.facts[name].supplier in pack.suppliers]


def _askable(tree: Node, policy: Policy) -> Iterator[str]:
    """Facts that nothing defines, or whose definition stays open because a finding by an office may decide it."""
    for name in facts_in(tree):
        definition = policy.definitions.get(name)
        if definition is None or any(isinstance(part, Unknown) for part in walk(definition)):
            yield name
        else:
            yield from _askable(definition, policy)


def _finished(parts: Sequence[pl.DataFrame], known: pl.DataFrame, name: str, now: DecidedMonth) -> pl.DataFrame:
    """The rows with the households' cards in front, by place."""
    import polars as pl

    numbers = {"members": pl.Int64, "holders": pl.Int64, "settles": pl.Int64, "fen": pl.Int64}
    schema = texts(*COLUMNS[name]) | {column: numbers[column] for column in COLUMNS[name] if column in numbers}
    rows = pl.concat([part for part in parts if part.height] or [pl.DataFrame(schema=schema)], how="diagonal")
    if name == "questions" and rows.height:
        joined = {"programmes": ("title", "、"), "says": ("says", "；"), "who": ("who", "；")}
        told = [pl.col(of).unique(maintain_order=True).str.join(by).alias(to) for to, (of, by) in joined.items()]
        rows = rows.group_by("household", maintain_order=True).agg(pl.len().cast(pl.Int64).alias("settles"), *told)
    ours = known.join(rows.select("household").unique(), on="household", how="semi", maintain_order="left")
    reach = now.facts.people(ours["person"]).select("person", "phone", "county", "township", "village")
    cards = ours.join(reach, on="person", how="left", maintain_order="left")
    first = [pl.col(column).drop_nulls().first() for column in CARD[1:] if column in cards.columns]
    cards = cards.group_by("household", maintain_order=True).agg(
        *first, pl.len().cast(pl.Int64).alias("members"), pl.col("holder").sum().cast(pl.Int64).alias("holders")
    )
    whole = rows.select(pl.exclude(CARD[1:])).join(cards, on="household", how="left", maintain_order="left")
    missing = [pl.lit(None, schema[column]).alias(column) for column in schema if column not in whole.columns]
    order = ["county", "township", "village", "household", *(["programme"] if name != "questions" else [])]
    return whole.with_columns(missing).select(list(schema)).sort(order, nulls_last=True, maintain_order=True)


def _rolls_wanted(unrolled: Sequence[tuple[ActiveProgramme, int]]) -> pl.DataFrame:
    """Rows of the list of gaps: programmes that so many households are due, and of which no roll tells who has them."""
    import polars as pl

    rows = [
        {
            "fact": programme.name,
            "label": f"{programme.title}的享受名册（按户）",
            "supplier": OFFICE,
            "question": f"按现有情况有 {count} 户应享，哪些已经享受？有了名册才知道漏了谁。",
            "who": OFFICE,
            "people": count,
            "programmes": programme.title,
        }
        for programme, count in unrolled
    ]
    return pl.DataFrame(rows, schema=_gap_schema())


def _gaps(found: Mapping[str, tuple[int, list[str]]], pack: Pack) -> pl.DataFrame:
    """Rows of the list of gaps; the people counted are households, and the label says so."""
    import polars as pl

    rows = [
        {
            "fact": name,
            "label": f"{pack.facts[name].label}（按户）",
            "supplier": pack.suppliers[pack.facts[name].supplier].label,
            "question": pack.facts[name].question,
            "who": pack.suppliers[pack.facts[name].supplier].who,
            "people": count,
            "programmes": "、".join(dict.fromkeys(titles)),
        }
        for name, (count, titles) in sorted(found.items(), key=lambda one: (-one[1][0], one[0]))
    ]
    return pl.DataFrame(rows, schema=_gap_schema())


def _gap_schema() -> dict[str, Any]:
    import polars as pl

    return texts("fact", "label", "supplier", "question", "who") | {"people": pl.Int64, "programmes": pl.String}
