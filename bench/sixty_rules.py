"""Writes a pack of sixty programmes over the facts of the ten rules, sharing about forty conditions.

    python sixty_rules.py FOLDER

Nothing is drawn by chance: programme i takes every third, fifth and seventh atom from its own place on.
"""

from __future__ import annotations

import sys
from pathlib import Path

BOOLEANS = (
    "person.dibao_household",
    "person.dibao_edge",
    "NOT person.tekun",
    "NOT person.receives_work_injury_care",
    "NOT person.receives_orphan_allowance",
    "person.cert_valid",
    "person.needs_long_term_care",
    "household.has_severe",
    "household.size >= 2",
)
GRADES = tuple(f"person.grade {operator} {grade}" for grade in (1, 2, 3) for operator in ("=", "<="))
AGES = tuple(f"person.age {operator} {age}" for age in (7, 16, 18, 60, 70, 80) for operator in (">=", "<"))
GROUPS = (
    "person.category IN ('intellectual', 'mental')",
    "person.category = 'physical'",
    "person.category IN ('vision', 'hearing', 'speech')",
    "person.district IN (1, 4, 7, 9, 12, 15)",
    "person.grade <= 2 OR (person.category = 'mental' AND person.grade = 3)",
    "person.dibao_household OR person.dibao_edge",
)
ATOMS = BOOLEANS + GRADES + AGES + GROUPS


def write_pack(folder: Path, programmes: int = 60) -> None:
    """A pack named sixty_rules in `folder`, extending the ten rules' vocabulary."""
    here = folder / "sixty_rules"
    here.mkdir(parents=True, exist_ok=True)
    head = 'region = "sixty_rules"\nname = "六十条规则"\nextends = "ten_rules"\nstatus = "issued"\n'
    (here / "pack.toml").write_text(head, encoding="utf-8")
    (here / "programmes.toml").write_text(
        "\n".join(programme(number) for number in range(programmes)), encoding="utf-8"
    )


def programme(number: int) -> str:
    """One programme of three or four conditions, every second one with an amount by grade."""
    chosen = dict.fromkeys(ATOMS[(number * step + step) % len(ATOMS)] for step in (1, 3, 5, 7)[: 3 + number % 2])
    lines = [f'[p{number}]\nname = "p{number}"\nsubject = "person"\ngives = "cash"\nforce = "must"\nperiod = "month"']
    amount = f"CASE WHEN person.grade = 1 THEN {100 + number} ELSE {50 + number} END" if number % 2 else ""
    lines.append(f'amount = "{amount}"' if amount else 'amount_set_by = "locality"')
    lines.append('cite = "bench sixty"\n')
    for at, test in enumerate(chosen):
        lines.append(f'[p{number}.when.c{at}]\ntest = "{test}"\nsays = "c{at}"\ncite = "bench sixty"\n')
    return "\n".join(lines)


if __name__ == "__main__":
    write_pack(Path(sys.argv[1]))
