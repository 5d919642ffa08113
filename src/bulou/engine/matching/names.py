"""Chinese names compared the way clerks mistake them: same after simplification, same sound, lost characters.

Edit distances mean little on names of two or three characters; what is known of how names go wrong does. Every
comparison is a grade, best first; `grade` is the plain meaning of each.
"""

from __future__ import annotations

import os
import re
import unicodedata
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


class Grade(StrEnum):
    """How well two names agree, best first.

    `same` (blanks, dots and brackets aside); `simplified`: the same in simplified characters; `sound`: every character
    sounds the same; `wildcard`: the same where neither has a lost character; `shape`: characters that differ look
    alike or sound alike; `one_differs`: one of three or more characters differs; `one_missing`: a character is left
    out; `surname`: only the surname agrees; `other`: nothing agrees; `unknown`: one side has no name.
    """

    SAME = "same"
    SIMPLIFIED = "simplified"
    SOUND = "sound"
    WILDCARD = "wildcard"
    SHAPE = "shape"
    ONE_DIFFERS = "one_differs"
    ONE_MISSING = "one_missing"
    SURNAME = "surname"
    OTHER = "other"
    UNKNOWN = "unknown"


ORDER = tuple(Grade)
SURE = (Grade.SAME, Grade.SIMPLIFIED)
CLOSE = (*SURE, Grade.SOUND, Grade.WILDCARD, Grade.SHAPE)
"""Good enough for a repaired number or a plain rule."""

WORDS = {
    Grade.SAME: "姓名相同",
    Grade.SIMPLIFIED: "姓名繁简不同、实为同名",
    Grade.SOUND: "姓名同音",
    Grade.WILDCARD: "姓名有缺字、其余相同",
    Grade.SHAPE: "姓名有形近或同音字",
    Grade.ONE_DIFFERS: "姓名一字不同",
    Grade.ONE_MISSING: "姓名少一字",
    Grade.SURNAME: "只有姓相同",
    Grade.OTHER: "姓名不同",
    Grade.UNKNOWN: "没有姓名可核对",
}

LOST = frozenset("?*□■〓▢◻○●◯_#\ufffd")
"""What stands where a character was lost; characters of private use are lost ones too."""

_PLAIN = r"^[\x{4e00}-\x{9fff}]+$"
_DROPPED = re.compile(r"[\s·•‧∙⋅・.．。'’‘`\u200b\ufeff-]+|[(（\[【〔].*?(?:[)）\]】〕]|$)")

_NO_PHRASES = "PYPINYIN_NO_PHRASES"
_SURNAMES = "单解曾仇查盖任区覃翟朴乐尉万华员宓冼缪尹应种黑那"
_SOUNDS = "shan xie zeng qiu zha ge ren ou qin zhai piao yue wei wan hua yun mi xian miao yin ying chong he na"
SURNAME_SOUNDS = dict(zip(_SURNAMES, _SOUNDS.split(), strict=True))
"""Characters that sound otherwise as a surname than they mostly do."""


def tidy_name(text: str) -> str | None:
    """A name without blanks, dots and brackets, half width, Latin letters large; None when nothing is left."""
    kept = _DROPPED.sub("", unicodedata.normalize("NFKC", text)).upper()
    return "".join("?" if _lost(sign) else sign for sign in kept) or None


def _lost(sign: str) -> bool:
    return sign in LOST or "\ue000" <= sign <= "\uf8ff" or sign >= "\U000f0000"


def tidy_names(texts: pl.Series) -> pl.Series:
    """A column of names tidied; plain ones pass by one test, each other text is read once."""
    import polars as pl

    came = texts.cast(pl.String).alias("came")
    odd = came.filter(~came.str.contains(_PLAIN)).unique().drop_nulls()
    if not odd.len():
        return came.alias("name")
    schema = {"came": pl.String, "tidy": pl.String}
    read = pl.DataFrame({"came": odd, "tidy": [tidy_name(text) for text in odd]}, schema=schema)
    joined = came.to_frame().join(read.with_columns(odd=pl.lit(True)), on="came", how="left", maintain_order="left")
    return joined.select(pl.when("odd").then("tidy").otherwise("came").alias("name")).to_series()


def grade(name: str | None, other: str | None) -> Grade:
    """How well two tidy names agree."""
    if not name or not other or set(name) == {"?"} or set(other) == {"?"}:
        return Grade.UNKNOWN
    if name == other:
        return Grade.SAME
    one, two = simplified(name), simplified(other)
    if one == two:
        return Grade.SIMPLIFIED
    if len(one) == len(two):
        return _same_length(one, two)
    shorter, longer = sorted((one, two), key=len)
    if len(longer) - len(shorter) == 1 and len(longer) >= 3 and _left_out(shorter, longer):
        return Grade.ONE_MISSING
    return Grade.SURNAME if _same_surname(one, two) else Grade.OTHER


def _same_length(one: str, two: str) -> Grade:
    differ = [at for at, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
    if all("?" in (one[at], two[at]) for at in differ):
        return Grade.WILDCARD
    sounds = [_sounds(one, at) & _sounds(two, at) for at in differ]
    if all(sounds):
        return Grade.SOUND
    if all(alike or shape_of(one[at]) == shape_of(two[at]) != "" for at, alike in zip(differ, sounds, strict=True)):
        return Grade.SHAPE
    if len(differ) == 1 and len(one) >= 3:
        return Grade.ONE_DIFFERS
    return Grade.SURNAME if _same_surname(one, two) else Grade.OTHER


def _left_out(shorter: str, longer: str) -> bool:
    """True when the shorter is the longer with one character left out."""
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def _same_surname(one: str, two: str) -> bool:
    return one[0] == two[0] != "?" or bool(_sounds(one, 0) & _sounds(two, 0))


def _sounds(name: str, at: int) -> frozenset[str]:
    if at == 0 and name[0] in SURNAME_SOUNDS:
        return frozenset({SURNAME_SOUNDS[name[0]]})
    return sounds_of(name[at])


@cache
def sounds_of(character: str) -> frozenset[str]:
    """The two commonest readings of a character, without tones; none for what is not a Chinese character.

    Rare readings would make 大 and 太 sound the same.
    """
    return frozenset(_readings(character)[:2])


def commonest_reading(character: str) -> str:
    """The commonest reading of a character, without tone; the character itself where there is none."""
    return next(iter(_readings(character)), character)


@cache
def _readings(character: str) -> tuple[str, ...]:
    found = _pinyin().get(ord(character), "").split(",")
    return tuple(dict.fromkeys(_toneless(reading) for reading in found if reading))


@cache
def _pinyin() -> dict[int, str]:
    """Readings by code point. The readings of phrases are not asked for: without them this loads four times faster."""
    before = os.environ.get(_NO_PHRASES)
    os.environ[_NO_PHRASES] = "true"
    try:
        from pypinyin.constants import PINYIN_DICT
    finally:
        os.environ.pop(_NO_PHRASES) if before is None else os.environ.update({_NO_PHRASES: before})
    readings: dict[int, str] = PINYIN_DICT
    return readings


def _toneless(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def simplified(name: str) -> str:
    """The name in simplified characters, one by one."""
    return "".join(map(simple, name))


def signs_of(names: pl.Series) -> list[str]:
    """Every character of a column of names, once, sorted."""
    return names.drop_nulls().unique().str.split("").explode().drop_nulls().unique().sort().to_list()


def simplified_names(names: pl.Series) -> pl.Series:
    """A column of names in simplified characters; each character is looked up once."""
    import polars as pl

    other = {sign: simple(sign) for sign in signs_of(names) if sign and simple(sign) != sign}
    if not other:
        return names
    return names.to_frame("n").select(pl.col("n").str.replace_many(list(other), list(other.values())))["n"]


@cache
def simple(character: str) -> str:
    """The simplified form of one character; itself when it has none."""
    converted: str = _converter().convert(character)
    return converted if len(converted) == 1 else character


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@cache
def shape_of(character: str) -> str:
    """The four-corner code of a character, without its fifth digit; "" where there is none."""
    return (_four_corners().query(character) or "")[:4]


@cache
def _four_corners() -> Any:
    from four_corner_method import FourCornerMethod

    return FourCornerMethod()


def grades(pairs: pl.DataFrame, name: str, other: str) -> pl.Series:
    """The grade of each pair of tidy names in two columns, as an Enum in the order of `Grade`."""
    import polars as pl

    kind = pl.Enum([str(one) for one in ORDER])
    different = (pl.col(name) != pl.col(other)).fill_null(True)
    distinct = pairs.filter(different).select(name, other).unique()
    read = [str(grade(one, two)) for one, two in distinct.iter_rows()]
    table = distinct.with_columns(pl.Series("grade", read, dtype=kind))
    joined = pairs.select(name, other).join(
        table, on=[name, other], how="left", nulls_equal=True, maintain_order="left"
    )
    return joined["grade"].fill_null(pl.lit(str(Grade.SAME), dtype=kind)).rename("name_grade")
