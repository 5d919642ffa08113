"""What became of a sheet: usable rows, the fate of every row, what was changed, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Problem
from bulou.engine.intake.recognise import Recognised
from bulou.engine.intake.wording import words_of

if TYPE_CHECKING:
    import polars as pl

ACCEPTED, REPAIRED, REFUSED, FURNITURE = "accepted", "repaired", "refused", "furniture"
FATES = (ACCEPTED, REPAIRED, REFUSED, FURNITURE)


@dataclass(frozen=True)
class Counts:
    """Rows by fate; the four fates add up to `read`. `merged` of the repaired repeat an earlier row word for word
    and `corrected` of them are replaced by a row of a corrected 数据问题 workbook: both are not in the frame."""

    read: int
    accepted: int
    repaired: int
    refused: int
    furniture: int
    merged: int = 0
    corrected: int = 0

    def adds_up(self) -> bool:
        return self.read == self.accepted + self.repaired + self.refused + self.furniture


@dataclass(frozen=True)
class Cleaned:
    """A cleaned sheet. Rows are numbered as in the sheet, from 1.

    - `rows`: one row for each row that is no furniture: `row`, `fate`, `same_as` (the row it repeats or is replaced
      by), then the fields (text; Date; money in fen, numbers and grade as Int64; Boolean). NULL is unknown.
    - `fates`: one row for each row of the sheet: `row`, `fate`, `what` (codes of repairs or faults, or the kind of
      furniture, parted by blanks).
    - `repairs`: `row`, `letter`, `heading`, `field`, `from`, `to`, `code`.
    - `findings`: `row`, `letter`, `heading`, `field`, `got`, `code`, `weight` (refused: the row cannot be used;
      unknown: this value is not used; doubt: used, but somebody should look).
    - `spellings`: `letter`, `heading`, `field`, `code`, `rows`: accepted spellings other than the canonical one.
    - `problems`: what is wrong with the sheet as a whole, missing and unknown columns among it.
    """

    recognised: Recognised
    rows: pl.DataFrame
    fates: pl.DataFrame
    repairs: pl.DataFrame
    findings: pl.DataFrame
    spellings: pl.DataFrame
    problems: tuple[Problem, ...]

    @property
    def kind(self) -> str:
        assert self.recognised.template is not None
        return self.recognised.template.id

    @property
    def frame(self) -> pl.DataFrame:
        """The rows to work with: accepted or repaired, without those merged or replaced; columns as in `rows`."""
        import polars as pl

        return self.rows.filter(pl.col("fate") != REFUSED, pl.col("same_as").is_null())

    @property
    def refused(self) -> pl.DataFrame:
        """The rows that cannot be used yet, with what could be read of them; columns as in `rows`."""
        import polars as pl

        return self.rows.filter(pl.col("fate") == REFUSED)

    def without_rows(self) -> Cleaned:
        """What became of the rows, without the rows themselves and without cells that nobody has to mend."""
        sheet = self.recognised.sheet.cut_down(self.findings["row"].unique().sort())
        return replace(self, rows=self.rows.clear(), recognised=replace(self.recognised, sheet=sheet))

    @property
    def counts(self) -> Counts:
        import polars as pl

        by_fate = dict(self.fates.group_by("fate").len().rows())
        codes = dict(
            self.repairs.filter(pl.col("code").is_in(["merged-row", "corrected"])).group_by("code").len().rows()
        )
        known = {fate: by_fate.get(fate, 0) for fate in FATES}
        return Counts(
            self.fates.height, **known, merged=codes.get("merged-row", 0), corrected=codes.get("corrected", 0)
        )

    def row_problems(self) -> Iterator[Problem]:
        """Each finding as a problem: an error where the row is refused, else a note."""
        sheet = self.recognised.sheet
        for finding in self.findings.iter_rows(named=True):
            words = words_of(finding["code"])
            column = f"{finding['letter']} {finding['heading']}".strip()
            yield Problem(
                finding["code"],
                sheet.place(finding["row"], column),
                f"{words.says}：{finding['got'] or '（空）'}",
                words.expected,
                words.fix,
                "error" if finding["weight"] == "refused" else "note",
            )
