"""Reads the families and what each of five regions owes them, with the clause: plain data in the .toml files here."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

REGIONS = ("620600", "630000", "140800", "610103", "640202")
ROLLS = [
    "certificate_register",
    "dibao_roll",
    "tekun_roll",
    "low_income_roll",
    "monitoring_roll",
    "payment_roll",
    "school_roll",
]
"""Rolls that are complete for every family that does not say rolls = false."""
UNSET = "未定"
NO_SUCH_PROGRAMME = "none"


@dataclass(frozen=True)
class Family:
    """A family or employer on a day; `expect` holds programme, subject, region and the line of the table."""

    title: str
    on: date
    document: dict[str, Any]
    expect: tuple[tuple[str, str, str, str], ...]

    def of(self, region: str) -> Iterator[tuple[str, str, str]]:
        return ((programme, subject, line) for programme, subject, where, line in self.expect if where == region)


def families() -> list[Family]:
    """All families of the table, in the order of the files."""
    found = []
    for file in sorted(Path(__file__).parent.glob("*.toml")):
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["family"]:
            document = {key: row[key] for key in ("people", "households", "employers", "region") if key in row}
            document["rolls"] = ROLLS if row.get("rolls", True) else []
            expect = tuple(
                (programme, subject, region, line)
                for programme, subjects in row["expect"].items()
                for subject, lines in subjects.items()
                for region, line in lines.items()
            )
            found.append(Family(row["title"], row["on"], document, expect))
    return found


def together(chosen: list[Family]) -> list[tuple[date, dict[str, Any], list[tuple[int, Family]]]]:
    """Families of one day, settings and rolls as one document, so that each policy is worked out once.

    Ids of family n become `n.id`.
    """
    groups: dict[str, tuple[date, dict[str, Any], list[tuple[int, Family]]]] = {}
    for number, family in enumerate(chosen):
        setting = {"region": family.document.get("region", {}), "rolls": family.document["rolls"]}
        key = json.dumps([family.on.isoformat(), setting], sort_keys=True)
        empty: dict[str, Any] = {"people": [], "households": [], "employers": []}
        _, document, members = groups.setdefault(key, (family.on, {**empty, **setting}, []))
        members.append((number, family))
        for kind in empty:
            for row in family.document.get(kind, []):
                home = {"household": f"{number}.{row['household']}"} if "household" in row else {}
                document[kind].append({**row, **home, "id": f"{number}.{row['id']}"})
    for _, document, _ in groups.values():
        named = {row["id"] for row in document["households"]}
        for home in dict.fromkeys(row.get("household") for row in document["people"]):
            if home and home not in named:
                document["households"].append({"id": home})
    return list(groups.values())
