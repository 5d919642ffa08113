"""The register of cases: every rival is a named command line.

A command line may hold these words in braces:

    {python}   the interpreter that runs measure.py
    {rivals}   the interpreter of the rivals (``--rivals-python``, else the same)
    {bench}    the folder of this file
    {people}   the Parquet file of people
    {out}      where the determinations are to go
    {repeats}  how often the body is to run in one process

A case with ``clock="marks"`` prints one JSON line (clock.py) and is held to its own marks:
what it does before the first mark, such as loading people into RAM, does not count.  A case
with ``clock="process"`` need not print anything and is charged for the whole process, its
start included.  Compare like with like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: How much of the checksums a case can be held to, from least to most (measure.comparable).
COMPARES = ("nothing", "eligible", "verdicts", "full")


@dataclass(frozen=True)
class Case:
    """One named command line and how to read it."""

    argv: str
    group: str  # memory, parquet, json or scan
    keeps: str  # what it gives back
    compares: str = "full"
    clock: str = "marks"
    check: str = "{rivals} {bench}/checks.py {out}"  # used if the case prints no checksums
    only: tuple[int, ...] = ()  # the sizes it runs at; empty for all
    repeats: int = 0  # runs in one process; 0 to go by the size


CASES: dict[str, Case] = {}


def own_case(script: str, variant: str, group: str, keeps: str, **more: Any) -> Case:
    """A case of one of the scripts beside this file."""
    argv = "{rivals} {bench}/" + script + " " + variant + " {people} {out} --repeats {repeats}"
    return Case(argv, group, keeps, **more)


def register_handwritten() -> None:
    """The hand-written plans, and the bare scan."""
    unknown, masks = "verdicts with unknown, amounts", "the same and masks"
    CASES["duckdb.scan"] = own_case("handwritten_duckdb.py", "scan", "scan", "sums of the columns", compares="nothing")
    for engine in ("polars", "duckdb"):
        for group in ("memory", "parquet"):
            script = f"handwritten_{engine}.py"
            CASES[f"{engine}.{group}"] = own_case(script, group, group, unknown, compares="verdicts")
            CASES[f"{engine}.{group}_masks"] = own_case(script, f"{group}_masks", group, masks)
            if engine == "polars":
                variant = f"{group}_masks_sorted"
                CASES[f"{engine}.{variant}"] = own_case(script, variant, group, masks)


def register_frameworks() -> None:
    """OpenFisca-core and policyengine-core."""
    groups = {
        "load": "memory",
        "load_unique": "memory",
        "arrays": "memory",
        "parquet": "parquet",
        "json": "json",
    }
    for framework in ("openfisca", "policyengine"):
        for variant, group in groups.items():
            slow = {"only": (5_000,), "repeats": 1} if variant == "json" else {}
            CASES[f"{framework}.{variant}"] = own_case(
                f"{framework}_case.py",
                variant,
                group,
                "eligible or not, amounts",
                compares="eligible",
                **slow,
            )


def register_bulou() -> None:
    """Bulou; its masks number the conditions their own way, so verdicts and amounts are compared."""
    for group in ("memory", "parquet"):
        for more, keeps in (("", "verdicts with unknown, amounts"), ("_masks", "the same and reasons")):
            argv = "{python} {bench}/bulou_case.py " + group + more + " {people} {out} --repeats {repeats}"
            CASES[f"bulou.{group}{more}"] = Case(argv, group, keeps, compares="verdicts")
    argv = "{python} {bench}/bulou_case.py json {people} {out} --repeats {repeats}"
    sixty = "{python} {bench}/bulou_case.py sixty_masks {people} {out} --repeats {repeats}"
    CASES["bulou.sixty_masks"] = Case(
        sixty, "parquet", "sixty programmes, verdicts, amounts, reasons", compares="nothing"
    )
    CASES["bulou.json"] = Case(argv, "json", "verdicts, amounts, reasons", compares="verdicts", only=(5_000,))


register_handwritten()
register_frameworks()
register_bulou()
