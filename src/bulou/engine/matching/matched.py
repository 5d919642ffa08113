"""What matching gives back: one line for every row, proposals for a person to judge, and counts that add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


class Outcome(StrEnum):
    """What became of a row.

    `linked` to a person; `relative`: linked to the person it is about although it carries a relative's ID; `review`:
    a person has to say; `not_registered`: its valid ID is nobody's in the registry, which is final; `none`: nobody
    found.
    """

    LINKED = "linked"
    RELATIVE = "relative"
    REVIEW = "review"
    NOT_REGISTERED = "not_registered"
    NONE = "none"


class Stage(StrEnum):
    """Which stage settled a row, in the order in which they run; a row is settled once."""

    DECIDED = "decided"
    EXACT_ID = "exact_id"
    RELATIVE_ID = "relative_id"
    UNKNOWN_ID = "unknown_id"
    REPAIRED_ID = "repaired_id"
    NAME_BIRTH_VILLAGE = "name_birth_village"
    NAME_PHONE = "name_phone"
    SOUND_BIRTH_PHONE = "sound_birth_phone"
    SOUND_BIRTH_VILLAGE = "sound_birth_village"
    NAME_NEAR_ID = "name_near_id"
    NAME_BIRTH_COUNTY = "name_birth_county"
    NAME_VILLAGE_SEX = "name_village_sex"
    NOTHING = "nothing"


LINK_COLUMNS = ("row", "person_id", "outcome", "stage", "name_grade", "score", "repaired", "evidence")


@dataclass(frozen=True)
class Capped:
    """A block of candidates too large to compare: so many persons and rows share the key `block`."""

    stage: str
    block: str
    persons: int
    rows: int


@dataclass(frozen=True)
class Matched:
    """The result of `match_rows`.

    - `links`: one line for each row, in its order: `row`, `person_id` (NULL if none), `outcome`, `stage`,
      `name_grade` (NULL where no person was compared), `score` (NULL without a model), `repaired` (what was mended in
      the ID, or NULL), `evidence` (Chinese, for a clerk), `registry_version` (digest of the registry).
    - `candidates`: proposals of rows under review: `row`, `person_id`, `rank` (1 is the likeliest), `name_grade`,
      `evidence`.
    - `counts`: rows by stage and outcome (`stage`, `outcome`, `rows`); their sum is the number of rows.
    - `capped`: blocks that were too large to compare; their rows are left to other stages.
    """

    links: pl.DataFrame
    candidates: pl.DataFrame
    counts: Mapping[tuple[str, str], int]
    capped: tuple[Capped, ...]
    registry_version: str
