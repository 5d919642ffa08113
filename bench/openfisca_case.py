"""Run the ten rules of openfisca_rules.py.

    python openfisca_case.py VARIANT PEOPLE.parquet OUT.parquet [--repeats R] [--check]

Variants: load (arrays in RAM, through SimulationBuilder as OpenFisca's survey manager uses
it: numbers for the roles, pandas for the distinct households),
load_unique (the builder as much published code uses it: np.unique for the households, names
for the roles), arrays (arrays and household indexes handed over, past the builder), json (a
dict in RAM, through build_from_entities; for some thousands of people), parquet (file to
file, loaded as in load).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

import arrays
import clock
import terms
from openfisca_rules import Category, system


def load(rules: TaxBenefitSystem, people: arrays.Arrays) -> Simulation:
    """Build a simulation through the builder, in its cheapest published use."""
    home_ids = np.sort(pd.unique(people["household"]))
    roles = np.zeros(len(people["id"]), dtype=np.int8)
    return through_builder(rules, people, home_ids, roles)


def load_unique(rules: TaxBenefitSystem, people: arrays.Arrays) -> Simulation:
    """Build a simulation through the builder, as much published code does."""
    roles = np.array(["member"] * len(people["id"]))
    return through_builder(rules, people, np.unique(people["household"]), roles)


def through_builder(
    rules: TaxBenefitSystem, people: arrays.Arrays, home_ids: np.ndarray, roles: np.ndarray
) -> Simulation:
    """Declare persons and households, join them, set the facts."""
    builder = SimulationBuilder()
    builder.create_entities(rules)
    builder.declare_person_entity("person", range(len(people["id"])))
    homes = builder.declare_entity("household", home_ids)
    builder.join_with_persons(homes, people["household"], roles)
    return with_facts(builder.build(rules), people)


def hand_over(rules: TaxBenefitSystem, people: arrays.Arrays, homes: np.ndarray) -> Simulation:
    """Build a simulation past the builder: counts and household indexes set by hand."""
    populations = rules.instantiate_entities()
    person, household = populations["person"], populations["household"]
    person.ids, person.count = people["id"], len(people["id"])
    household.count = int(homes[-1]) + 1
    household.members_entity_id = homes
    return with_facts(Simulation(rules, populations), people)


def with_facts(simulation: Simulation, people: arrays.Arrays) -> Simulation:
    """Set the facts of all persons."""
    for name in arrays.FACTS:
        simulation.set_input(name, terms.PERIOD, people[name])
    return simulation


def situation(rows: list[dict]) -> dict:
    """The people as the dict that OpenFisca's web API takes."""
    persons = {f"p{row['id']}": {name: {terms.PERIOD: row[name]} for name in arrays.FACTS} for row in rows}
    homes: dict[str, dict] = {}
    for row in rows:
        homes.setdefault(f"h{row['household']}", {"members": []})["members"].append(f"p{row['id']}")
    return {"persons": persons, "households": homes}


def determine(simulation: Simulation, ids: np.ndarray) -> arrays.Arrays:
    """Calculate the ten verdicts, the amounts and the total."""
    names = [*terms.RULES, *(f"{rule}_fen" for rule in terms.CASH), "total_fen"]
    return {"id": ids} | {name: simulation.calculate(name, terms.PERIOD) for name in names}


def body_of(variant: str, path: Path, out: Path) -> Callable[[], arrays.Arrays | None]:
    """What the clock measures; everything done here, before it, is outside the clock."""
    rules = system()
    if variant == "json":
        rows = arrays.read_rows(path)
        told, ids = situation(rows), np.array([row["id"] for row in rows])
        return lambda: determine(SimulationBuilder().build_from_entities(rules, told), ids)
    if variant == "parquet":
        return lambda: file_to_file(rules, path, out)
    people = arrays.read_people(path)
    if variant == "arrays":
        people["category"] = EnumArray(people["category"], Category)
        homes = np.unique(people["household"], return_inverse=True)[1]
        return lambda: determine(hand_over(rules, people, homes), people["id"])
    loader = load if variant == "load" else load_unique
    return lambda: determine(loader(rules, people), people["id"])


def file_to_file(rules: TaxBenefitSystem, path: Path, out: Path) -> None:
    """Read people, determine, write determinations."""
    people = arrays.read_people(path)
    arrays.write_determinations(determine(load(rules, people), people["id"]), out)


def main() -> None:
    """Run one case."""
    args = clock.arguments(["load", "load_unique", "arrays", "json", "parquet"])
    found, laps = clock.timed(body_of(args.variant, args.people, args.out), args.repeats)
    if args.check and found is not None:
        arrays.write_determinations(found, args.out)
    clock.report(args, laps)


if __name__ == "__main__":
    main()
