"""A registry and a department's file about the same people, with the truth: material to measure matching with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from bulou.engine.synthetic import linkage_faults, names
from bulou.engine.synthetic.calibration import data
from bulou.engine.synthetic.draws import Array, Stream, stream
from bulou.engine.synthetic.identity import phones
from bulou.engine.synthetic.linkage_people import RELATIONS, make_people
from bulou.engine.synthetic.people import People
from bulou.engine.synthetic.shapes import DATES


@dataclass(frozen=True)
class MatchCase:
    """What `make_match_case` makes.

    - `registry`: `person_id`, `id_number`, `name`, `sex`, `birth_date`, `village`, `phone`, `household`,
      `relative_ids`.
    - `rows`: `row` (from 1) and `id_number`, `name`, `sex`, `birth_date`, `village`, `phone`, `household` as text,
      as typed.
    - `truth`, in the order of `rows`: `row`, `person_id` (null: not in the registry), `outsider` (`relative`, `twin`,
      `stranger` or null), `id_fault`, `name_fault`, `sex_fault`, `birth_fault`, `village_fault`, `phone_fault`,
      `household_fault` (null: none), `id_no` (the right number of whoever is meant).
    """

    registry: pl.DataFrame
    rows: pl.DataFrame
    truth: pl.DataFrame


def make_match_case(people: int = 52_000, seed: int = 1) -> MatchCase:
    """A registry of that many people and a file of about as many rows; the same seed gives the same case."""
    rates = data("linkage.toml")
    everyone = make_people(people, seed, rates)
    ids = np.full(len(everyone), None, dtype=object)
    ids[everyone["registered"]] = [f"p{number:08d}" for number in range(1, people + 1)]
    everyone["person_id"] = ids
    kin = _kin(everyone)
    typed = everyone.take(_chosen(everyone, people, seed, rates["rows"]))
    return MatchCase(_registry(everyone, kin, seed, rates), *_typed(typed, everyone, kin, seed, rates))


def _kin(people: People) -> pl.DataFrame:
    """Pairs of one family: `line`, `id_no` of the other."""
    family = pl.DataFrame(
        {"line": np.arange(len(people)), "family": people["family"], "id_no": people["id_no"].tolist()}
    )
    size = pl.len().over("family") > 1
    some = family.filter(size)
    pairs = some.join(some.rename({"line": "other", "id_no": "kin_no"}), on="family")
    return pairs.filter(pl.col("line") != pl.col("other")).sort("line", "other").select("line", "kin_no")


def _registry(people: People, kin: pl.DataFrame, seed: int, every: dict[str, Any]) -> pl.DataFrame:
    """Registered people, some with the numbers of relatives, some without phone or village."""
    draws, size, rates = stream(seed, "linkage", "registry"), len(people), every["people"]
    homes = stream(seed, "linkage", "household of the registry")
    known = draws.chance(size, rates["relatives_known"] / 100)
    told = draws.chance(kin.height, rates["household_members"] / 100)
    lists = kin.filter(told & known[kin["line"].to_numpy()]).group_by("line").agg(relative_ids=pl.col("kin_no").sort())
    written = people["name"].copy()
    for line in np.flatnonzero(draws.chance(size, rates["traditional_in_registry"] / 100)).tolist():
        written[line] = linkage_faults.variant("traditional", written[line], 0.0) or written[line]
    frame = pl.DataFrame(
        {
            "line": np.arange(size),
            "person_id": people["person_id"].tolist(),
            "id_number": people["id_no"].tolist(),
            "name": written.tolist(),
            "sex": np.where(people["male"], "男", "女").tolist(),
            "birth_date": people["birth"].astype("datetime64[D]"),
            "village": _without(people["village_name"], draws, rates["no_village"]),
            "phone": _without(people["phone"], draws, rates["no_phone"]),
            "household": _without(_household(people["family"]), homes, every["household"]["none"]),
        }
    ).with_columns(pl.col("birth_date").cast(pl.Date))
    registered = frame.filter(pl.col("person_id").is_not_null())
    return registered.join(lists, on="line", how="left", maintain_order="left").drop("line")


def _household(families: Array) -> Array:
    return np.array([f"H{family:08d}" for family in families.tolist()], dtype=object)


def _without(values: Array, draws: Stream, percent: float) -> list[str | None]:
    gone = draws.chance(len(values), percent / 100)
    return [None if lost else value for value, lost in zip(values.tolist(), gone.tolist(), strict=True)]


def _chosen(people: People, count: int, seed: int, rates: dict[str, float]) -> Array:
    """Positions of the people of the rows, in the order of the rows."""
    draws = stream(seed, "linkage", "rows")
    registered = np.flatnonzero(people["registered"])
    kin = np.flatnonzero(~people["registered"] & (people["relation"] > 0))
    alone = np.flatnonzero(~people["registered"] & (people["relation"] == 0))
    outside = round(count * rates["outside_relative"] / 100), round(count * rates["outside_stranger"] / 100)
    inside = draws.sample(registered, count - sum(outside))
    again = draws.sample(inside, round(count * rates["repeated"] / 100))
    rows = np.concatenate([inside, again, draws.sample(kin, outside[0]), draws.sample(alone, outside[1])])
    return rows[np.argsort(draws.uniform(len(rows)), kind="stable")]


def _typed(
    typed: People, people: People, kin: pl.DataFrame, seed: int, rates: dict[str, Any]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows as typed, and the truth about each."""
    size = len(typed)
    numbers, id_fault = _typed_ids(typed, people, kin, seed, rates["id"])
    written, name_fault = _typed_names(typed, seed, rates)
    births, birth_fault = _typed_births(typed, numbers, seed, rates["birth"])
    sexes, sex_fault = _typed_sexes(typed, seed, rates["sex"])
    places, village_fault = _typed_places(typed, people, seed, rates["village"])
    calls, phone_fault = _typed_phones(typed, seed, rates["phone"])
    homes, household_fault = _typed_households(typed, seed, rates["household"])
    row = np.arange(1, size + 1)
    rows = {"row": row, "id_number": numbers, "name": written, "sex": sexes, "birth_date": births}
    faults = {"id_fault": id_fault, "name_fault": name_fault, "sex_fault": sex_fault, "birth_fault": birth_fault}
    faults |= {"village_fault": village_fault, "phone_fault": phone_fault, "household_fault": household_fault}
    kinds = np.array(["stranger", *("twin" if one == "twin" else "relative" for one in RELATIONS[1:])], dtype=object)
    outsider = kinds[typed["relation"]]
    outsider[typed["registered"]] = None
    truth = {"row": row, "person_id": typed["person_id"].tolist(), "outsider": outsider.tolist(), **faults}
    text = dict.fromkeys(("person_id", "outsider", *faults, "id_no"), pl.String)
    return (
        pl.DataFrame({**rows, "village": places, "phone": calls, "household": homes}),
        pl.DataFrame({**truth, "id_no": typed["id_no"].tolist()}, schema_overrides=text),
    )


def _drawn(draws: Stream, size: int, rates: dict[str, float]) -> tuple[list[str | None], list[float]]:
    """For each row the name of a fault or None, and a number that says how it is done."""
    names_of = np.array([*rates, None], dtype=object)
    edges = np.cumsum(list(rates.values())) / 100
    return names_of[np.searchsorted(edges, draws.uniform(size), side="right")].tolist(), draws.uniform(size).tolist()


def _typed_ids(
    typed: People, people: People, kin: pl.DataFrame, seed: int, rates: dict[str, float]
) -> tuple[list[str | None], list[str | None]]:
    draws, clean = stream(seed, "linkage", "id"), typed["id_no"].tolist()
    lower = draws.chance(len(typed), rates["lower_x"] / 100).tolist()
    faults, how = _drawn(draws, len(typed), {name: rate for name, rate in rates.items() if name != "lower_x"})
    of_kin = dict(zip(people["id_no"][kin["line"].to_numpy()].tolist(), kin["kin_no"].to_list(), strict=True))
    registered = typed["registered"].tolist()
    out: list[str | None] = list(clean)
    for place, drawn in enumerate(faults):
        text = clean[place]
        fault = drawn or ("lower_x" if lower[place] and text[17] == "X" else None)
        if fault is None or (fault == "certificate" and not registered[place]):
            faults[place] = None
        elif fault == "missing":
            out[place] = None
        else:
            dirty = of_kin.get(text) if fault == "relative" else linkage_faults.ID[fault](text, how[place])
            out[place], faults[place] = _kept(text, dirty, fault)
    return out, faults


def _kept(text: str, dirty: str | None, fault: str) -> tuple[str, str | None]:
    """The dirty text and its fault, or the clean text and none where the fault changed nothing."""
    return (text, None) if dirty is None or dirty == text else (dirty, fault)


def _typed_names(typed: People, seed: int, rates: dict[str, Any]) -> tuple[list[str], list[str | None]]:
    draws, clean = stream(seed, "linkage", "name"), typed["name"].tolist()
    rare = set(data("names.toml")["given"]["rare"])
    lost = draws.chance(len(typed), rates["rare"]["lost"] / 100).tolist()
    faults, how = _drawn(draws, len(typed), rates["name"])
    given = names.given_names(draws, typed["male"], typed["birth"], 0.0)
    out = list(clean)
    for place, text in enumerate(clean):
        odd = [at for at, one in enumerate(text) if one in rare]
        if odd and lost[place]:
            sign = linkage_faults.WILDCARDS[int(how[place] * len(linkage_faults.WILDCARDS))]
            out[place], faults[place] = text[: odd[0]] + sign + text[odd[0] + 1 :], "wildcard"
            continue
        fault = faults[place]
        if fault is None:
            continue
        other = f"{typed['surname'][place]}{given[place]}" if not typed["tibetan"][place] else None
        dirty = other if fault == "other_name" else linkage_faults.NAME[fault](text, how[place])
        out[place], faults[place] = _kept(text, dirty, fault)
    return out, faults


def _typed_births(
    typed: People, numbers: list[str | None], seed: int, rates: dict[str, float]
) -> tuple[list[str | None], list[str | None]]:
    """Written by hand, worked out from the number as typed, or left out; `wrong` says that it is not the true day."""
    draws, size = stream(seed, "linkage", "birth"), len(typed)
    source = draws.pick([rates["from_number"], rates["missing"], 100 - rates["from_number"] - rates["missing"]], size)
    slip = draws.chance(size, rates["wrong"] / 100)
    days = np.where(slip, draws.whole(-400, 400, size), 0).astype("timedelta64[D]")
    hand = np.datetime_as_string((typed["birth"] + days).astype("datetime64[D]")).tolist()
    true = np.datetime_as_string(typed["birth"].astype("datetime64[D]")).tolist()
    shapes = [DATES[name] for name in ("digits", "dots", "slashes", "words")]
    other, which = (
        draws.chance(size, rates["other_shape"] / 100).tolist(),
        draws.whole(0, len(shapes) - 1, size).tolist(),
    )
    out: list[str | None] = []
    for place, kind in enumerate(source.tolist()):
        if kind == 1:
            out.append(None)
        elif kind == 0:
            out.append(_from_number(numbers[place]))
        else:
            out.append(str(shapes[which[place]](hand[place])) if other[place] else hand[place])
    by_hand = ((source == 2) & (np.array(hand) != np.array(true))).tolist()
    faults: list[str | None] = []
    for day, kind, right, slipped in zip(out, source.tolist(), true, by_hand, strict=True):
        bad = slipped or (kind == 0 and day != right)
        faults.append("missing" if day is None else "wrong" if bad else None)
    return out, faults


def _from_number(text: str | None) -> str | None:
    """What a spreadsheet formula makes of a number: characters 7 to 14, whatever they are."""
    if text is None or len(text) < 14:
        return None
    return f"{text[6:10]}-{text[10:12]}-{text[12:14]}"


def _typed_sexes(typed: People, seed: int, rates: dict[str, float]) -> tuple[list[str | None], list[str | None]]:
    draws = stream(seed, "linkage", "sex")
    faults, _ = _drawn(draws, len(typed), rates)
    male = typed["male"].tolist()
    out: list[str | None] = []
    for man, fault in zip(male, faults, strict=True):
        word = "男" if man != (fault == "wrong") else "女"
        out.append(None if fault == "missing" else f"{word}性" if fault == "long_form" else word)
    return out, faults


def _typed_places(
    typed: People, people: People, seed: int, rates: dict[str, float]
) -> tuple[list[str | None], list[str | None]]:
    draws, size = stream(seed, "linkage", "village"), len(typed)
    faults, _ = _drawn(draws, size, rates)
    elsewhere = people["village_name"][draws.whole(0, len(people) - 1, size)].tolist()
    out: list[str | None] = []
    for place, (name, fault) in enumerate(zip(typed["village_name"].tolist(), faults, strict=True)):
        out.append(None if fault == "missing" else elsewhere[place] if fault == "moved" else name)
    return out, faults


def _typed_phones(typed: People, seed: int, rates: dict[str, float]) -> tuple[list[str | None], list[str | None]]:
    draws, size = stream(seed, "linkage", "phone"), len(typed)
    faults, _ = _drawn(
        draws, size, {"missing": rates["missing"], "other": rates["other"] * (1 - rates["missing"] / 100)}
    )
    others = phones(draws, size).tolist()
    out: list[str | None] = []
    for place, (name, fault) in enumerate(zip(typed["phone"].tolist(), faults, strict=True)):
        out.append(None if fault == "missing" else others[place] if fault == "other" else name)
    return out, faults


def _typed_households(typed: People, seed: int, rates: dict[str, float]) -> tuple[list[str | None], list[str | None]]:
    draws = stream(seed, "linkage", "household")
    faults, _ = _drawn(draws, len(typed), {name: rates[name] for name in ("missing", "other")})
    known = _household(typed["family"]).tolist()
    others = _household(draws.whole(90_000_000, 99_999_999, len(typed))).tolist()
    out = [
        None if fault == "missing" else other if fault == "other" else home
        for home, other, fault in zip(known, others, faults, strict=True)
    ]
    return out, faults
