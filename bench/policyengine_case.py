"""Run the ten rules of policyengine_rules.py.

    python policyengine_case.py VARIANT PEOPLE.parquet OUT.parquet [--repeats R] [--check]

Variants: load (a data frame in RAM, through Simulation(dataset=...), as PolicyEngine's
countries load survey data),
load_unique (the builder as much published code uses it: np.unique for the households, names
for the roles), arrays (arrays and household indexes handed over, past the builder), json (a
dict in RAM, through build_from_entities; for some thousands of people), parquet (file to
file, loaded as in load).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from policyengine_core.enums import EnumArray
from policyengine_core.simulations import Simulation, SimulationBuilder
from policyengine_core.taxbenefitsystems import TaxBenefitSystem

import arrays
import clock
import terms
from policyengine_rules import Category, system


def frame_of(people: arrays.Arrays) -> pd.DataFrame:
    """The people as the flat data frame that Simulation takes as a data set."""
    keys = {"person_id": people["id"], "person_household_id": people["household"]}
    return pd.DataFrame(keys | {name: people[name] for name in arrays.FACTS})


def load(rules: TaxBenefitSystem, frame: pd.DataFrame) -> Simulation:
    """Build a simulation from a data frame, by the framework's own door."""
    return Simulation(tax_benefit_system=rules, dataset=frame, default_input_period=terms.PERIOD)


def load_unique(rules: TaxBenefitSystem, people: arrays.Arrays) -> Simulation:
    """Build a simulation through the builder, as much published code does."""
    builder = SimulationBuilder()
    builder.create_entities(rules)
    builder.declare_person_entity("person", people["id"])
    homes = builder.declare_entity("household", np.unique(people["household"]))
    roles = np.array(["member"] * len(people["id"]))
    builder.join_with_persons(homes, people["household"], roles)
    return with_facts(builder.build(rules), people)


def hand_over(rules: TaxBenefitSystem, people: arrays.Arrays, homes: np.ndarray) -> Simulation:
    """Build a simulation past the builder: counts and household indexes set by hand."""
    populations = rules.instantiate_entities()
    person, household = populations["person"], populations["household"]
    person.ids, person.count = people["id"], len(people["id"])
    household.count = int(homes[-1]) + 1
    household.members_entity_id = homes
    return with_facts(Simulation(tax_benefit_system=rules, populations=populations), people)


def with_facts(simulation: Simulation, people: arrays.Arrays) -> Simulation:
    """Set the facts of all persons."""
    for name in arrays.FACTS:
        simulation.set_input(name, terms.PERIOD, people[name])
    return simulation


def situation(rows: list[dict]) -> dict:
    """The people as the dict that PolicyEngine's API takes."""
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
    if variant == "load":
        frame = frame_of(people)
        return lambda: determine(load(rules, frame), people["id"])
    if variant == "load_unique":
        return lambda: determine(load_unique(rules, people), people["id"])
    people["category"] = EnumArray(people["category"], Category)
    homes = np.unique(people["household"], return_inverse=True)[1]
    return lambda: determine(hand_over(rules, people, homes), people["id"])


def file_to_file(rules: TaxBenefitSystem, path: Path, out: Path) -> None:
    """Read people, determine, write determinations."""
    people = arrays.read_people(path)
    found = determine(load(rules, frame_of(people)), people["id"])
    arrays.write_determinations(found, out)


def main() -> None:
    """Run one case."""
    args = clock.arguments(["load", "load_unique", "arrays", "json", "parquet"])
    logging.disable(logging.WARNING)  # a data set's key columns are not variables, and it says so
    found, laps = clock.timed(body_of(args.variant, args.people, args.out), args.repeats)
    if args.check and found is not None:
        arrays.write_determinations(found, args.out)
    clock.report(args, laps)


if __name__ == "__main__":
    main()
