"""What matching gives back: one line for every row, proposals for a person to judge, and counts that add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

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
    NAME_HOUSEHOLD = "name_household"
    NAME_NEAR_ID = "name_near_id"
    NAME_BIRTH_COUNTY = "name_birth_county"
    NAME_VILLAGE_SEX = "name_village_sex"
    MODEL_SURE = "model_sure"
    MODEL = "model"
    NOTHING = "nothing"


OUTCOME_WORDS = {
    Outcome.LINKED: "对应到本人",
    Outcome.RELATIVE: "号码是亲属的，对应到本人",
    Outcome.REVIEW: "待判断",
    Outcome.NOT_REGISTERED: "号码有效，登记册里没有",
    Outcome.NONE: "没有找到",
}
STAGE_WORDS = {
    Stage.DECIDED: "经办人判断",
    Stage.EXACT_ID: "身份证号相同",
    Stage.RELATIVE_ID: "亲属的身份证号",
    Stage.UNKNOWN_ID: "登记册里没有的号码",
    Stage.REPAIRED_ID: "号码按校验码改正",
    Stage.NAME_BIRTH_VILLAGE: "姓名、出生日期、村相同",
    Stage.NAME_PHONE: "姓名、电话相同",
    Stage.SOUND_BIRTH_PHONE: "姓名相近，出生日期、电话相同",
    Stage.SOUND_BIRTH_VILLAGE: "姓名相近，出生日期、村相同",
    Stage.NAME_HOUSEHOLD: "姓名、户号相同",
    Stage.NAME_NEAR_ID: "姓名相同，号码只差一两位",
    Stage.NAME_BIRTH_COUNTY: "姓名、出生日期相同",
    Stage.NAME_VILLAGE_SEX: "姓名、村、性别相同",
    Stage.MODEL_SURE: "概率模型：很可能",
    Stage.MODEL: "概率模型：可能",
    Stage.NOTHING: "没有线索",
}


def in_words(column: str, words: Mapping[Any, str]) -> pl.Expr:
    """A column of outcomes, stages or grades in Chinese; what has no words stays as it is."""
    import polars as pl

    texts = {str(code): text for code, text in words.items()}
    return pl.col(column).replace(texts)


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
