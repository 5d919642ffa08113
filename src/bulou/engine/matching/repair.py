"""Wrong numbers mended by their check character: every number one slip away that is somebody's in the registry.

A slip is one wrong digit, a wrong check character, two neighbours swapped, a digit left out or typed twice. A wrong
number has about nine such neighbours with a right check character and a real birth date; that one of them is
somebody's whose name agrees is no accident.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.matching.candidates import (
    Found,
    agree,
    alone,
    compared,
    conflict,
    is_grade,
    nothing_found,
    proposed,
    settled,
)
from bulou.engine.matching.evidence import LIKELY, said
from bulou.engine.matching.matched import Outcome, Stage
from bulou.engine.matching.names import CLOSE, SURE, Grade
from bulou.engine.matching.numbers import CUT, LONG, MASKED, SHORT, VALID, WRONG
from bulou.engine.matching.slips import mended_numbers

if TYPE_CHECKING:
    import polars as pl

AT_ONCE = 100_000
"""Distinct wrong numbers mended at a time: about a million candidates in memory."""
MENDED_NUMBER = "号码修复后是这个人的"


def repaired_ids(rows: pl.DataFrame, people: pl.DataFrame) -> Found:
    """Rows with a wrong number, linked to the one person whose number is one slip away and whose name agrees.

    A weaker name needs the same phone or village and nothing against it; what stays open is proposed.
    """
    import polars as pl

    wrong = rows.filter(pl.col("id_class").is_in([WRONG, SHORT, LONG, CUT, MASKED]))
    if wrong.is_empty():
        return nothing_found()
    texts = wrong.select("id_text").unique(maintain_order=True)
    found = [_owned(part, people) for part in texts.iter_slices(AT_ONCE)]
    pairs = wrong.select("at", "id_text").join(pl.concat(found), on="id_text").select("at", "p")
    hits = compared(pairs, rows, people)
    hits = hits.join(rows.select("at", "id_text", "id_class"), on="at").join(
        people.select("p", right="id_text"), on="p", how="left"
    )
    linked = _accepted(hits)
    open_hits = hits.join(linked, on="at", how="anti").filter(~is_grade(Grade.OTHER, Grade.SURNAME))
    repaired = _words(linked)
    link = settled(linked, Outcome.LINKED, Stage.REPAIRED_ID, repaired, said(MENDED_NUMBER))
    return Found(link, proposed(open_hits, Stage.REPAIRED_ID, said(MENDED_NUMBER, LIKELY)))


def _accepted(hits: pl.DataFrame) -> pl.DataFrame:
    """One person a row: the only one of the same name; else the only one of a close name; else, where there is one
    person at all, a name that differs in one character, with the same phone or village and nothing against it. Cut
    and masked numbers do not tell twins apart, whose names differ in one character."""
    import polars as pl

    masked = pl.col("id_class") == MASKED
    against = conflict("sex") | conflict("birth")
    sure = alone(hits.filter(is_grade(*SURE)))
    rest = hits.join(hits.filter(is_grade(*SURE)), on="at", how="anti").filter(~masked, ~against)
    close = alone(rest.filter(is_grade(*CLOSE)))
    last = alone(rest.join(rest.filter(is_grade(*CLOSE)), on="at", how="anti"))
    cut = pl.col("id_class") == CUT
    weak = last.filter(~cut, is_grade(Grade.ONE_DIFFERS), agree("phone") | agree("village"))
    return pl.concat([sure, close, weak]).sort("at")


def _owned(texts: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Persons (`id_text` of the row, `p`) whose number is one slip away from a wrong number."""
    import polars as pl

    owners = people.filter(pl.col("id_class") == VALID).select("id17", "p", owned="id_text")
    near = mended_numbers(texts).join(owners, on="id17").select("id_text", "p")
    cut = texts.filter(pl.col("id_text").str.contains(r"^[0-9]{15}000$"))
    starts = cut.with_columns(pl.col("id_text").str.slice(0, 15).cast(pl.Int64).alias("start"))
    by_start = owners.with_columns((pl.col("id17") // 100).alias("start")).join(starts, on="start")
    return pl.concat([near, by_start.select("id_text", "p"), _visible(texts, owners)]).unique(maintain_order=True)


def _visible(texts: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """Persons whose number fits one with hidden digits: at least the first six and the last four are seen."""
    import polars as pl

    shown = pl.col("id_text").str.extract_groups(r"^([0-9]{6,14})[*X?]+([0-9]{3}[0-9X])$")
    hidden = texts.with_columns(shown.alias("s")).unnest("s").rename({"1": "first", "2": "last"}).drop_nulls()
    hidden = hidden.filter(pl.col("id_text").str.len_chars() == 18)
    if hidden.is_empty():
        return pl.DataFrame(schema={"id_text": pl.String, "p": pl.UInt32})
    ends = [pl.col("first").str.slice(0, 6).alias("area"), "last"]
    theirs = owners.select("p", "owned", area=pl.col("owned").str.slice(0, 6), last=pl.col("owned").str.slice(14))
    both = hidden.with_columns(ends).join(theirs, on=["area", "last"])
    return both.filter(pl.col("owned").str.starts_with(pl.col("first"))).select("id_text", "p")


def _words(linked: pl.DataFrame) -> pl.Expr:
    """What was mended, in words, for each linked row."""
    import polars as pl

    pairs = linked.select("id_text", "right", "id_class").iter_rows()
    return pl.lit(pl.Series("repaired", [mending(came, right, cls) for came, right, cls in pairs], dtype=pl.String))


def mending(came: str, right: str, cls: str) -> str:
    """How a number as it came became the right one, for a clerk: 第7位 3 应为 8."""
    if cls == CUT:
        return "末三位被表格软件改成 000，按前 15 位找到"
    if cls == MASKED:
        return "号码打了星号，按看得见的各位找到"
    same = next((at for at, (a, b) in enumerate(zip(came, right, strict=False)) if a != b), min(len(came), len(right)))
    if len(came) < len(right):
        return f"少了第{same + 1}位的 {right[same]}"
    if len(came) > len(right):
        return f"多了第{same + 1}位的 {came[same]}"
    if came[same + 1 : same + 2] == right[same] and came[same] == right[same + 1]:
        return f"第{same + 1}、{same + 2}位 {came[same : same + 2]} 应为 {right[same : same + 2]}"
    return f"第{same + 1}位 {came[same]} 应为 {right[same]}"
