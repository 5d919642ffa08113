"""What was known when: every roll as it was read, month after month, kept so that any month can be run again.

A roll speaks about a month (`month`) and is known since the month in whose folder it lay (`known`). Running an old
month with today's knowledge gives arrears and overpayments; with that day's knowledge, what was decided then.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.facts.decisions import no_decisions
from bulou.engine.matching.decisions import KEPT as ANSWERS
from bulou.engine.matching.decisions import read_decisions as read_answers
from bulou.engine.matching.decisions import with_decisions as with_more_answers
from bulou.engine.matching.decisions import write_decisions as write_answers

if TYPE_CHECKING:
    import polars as pl

DECISIONS, DEDUCTIONS = "decisions.parquet", "deductions.parquet"


def no_deductions() -> pl.DataFrame:
    """A frame of deductions without rows: id_no, programme, month (the overpaid period), fen, known (the payroll's)."""
    import polars as pl

    text = dict.fromkeys(("id_no", "programme", "month"), pl.String)
    return pl.DataFrame(schema={**text, "fen": pl.Int64, "known": pl.String})


@dataclass(frozen=True)
class RollRead:
    """One roll of one month, in memory or in a kept Parquet file (`rows`).

    `frame`: `person` (internal id, NULL where the roll gives no ID), the roll's fields, and the place (`file`,
    `sheet`, `row`) of every row. `unidentified` are the names on rows whose ID cannot be used: whoever bears one of
    them may be on the roll. `only` holds the fields that no column gives, only the titles of the sheets, with the
    codes that these named: of entries of another code the roll says nothing.
    """

    kind: str
    month: str
    known: str
    rows: pl.DataFrame | Path
    unidentified: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The rows; a kept roll is read when it is first asked for, since most months are never looked at again."""
        import polars as pl

        return pl.read_parquet(self.rows) if isinstance(self.rows, Path) else self.rows

    def narrowed(self, columns: Collection[str], people: pl.Series | None) -> RollRead:
        """The roll with these of its columns and the rows of these people alone (None: of everybody).

        Of a kept roll that was not read yet no other columns are read.
        """
        import polars as pl

        read = "frame" in self.__dict__
        rows = pl.scan_parquet(self.rows) if isinstance(self.rows, Path) and not read else self.frame.lazy()
        some = [name for name in rows.collect_schema() if name in columns]
        table = rows.select(some).collect()
        return replace(self, rows=table if people is None else table.filter(pl.col("person").is_in(people.implode())))

    def let_go(self) -> None:
        """Free the rows of a kept roll; they are read again when asked for again."""
        if isinstance(self.rows, Path):
            self.__dict__.pop("frame", None)


@dataclass(frozen=True)
class History:
    """All rolls read so far, who is who (`registry`: person, id_no, name …), and whose rolls were complete when.

    `chain` holds for every month a digest of its files and of all months before it, `decisions` what was decided
    about lines, `answers` about whose row it is (see `matching.decisions`), `deductions` what payrolls took back.
    """

    rolls: tuple[RollRead, ...] = ()
    registry: pl.DataFrame | None = None
    complete: Mapping[str, frozenset[str]] = field(default_factory=dict)
    chain: Mapping[str, str] = field(default_factory=dict)
    decisions: pl.DataFrame | None = None
    answers: pl.DataFrame | None = None
    deductions: pl.DataFrame | None = None

    def deducted(self, month: str = "", before: str = "") -> pl.DataFrame:
        """What the payroll of a month, or of all months before one, took back (see `no_deductions`)."""
        import polars as pl

        all_ = no_deductions() if self.deductions is None else self.deductions
        return all_.filter(pl.col("known") == month if month else pl.col("known") < before)

    def with_deductions(self, more: pl.DataFrame, month: str) -> History:
        """The history with the deductions of a month's payroll, in the place of those an earlier run of it left."""
        import polars as pl

        before = no_deductions() if self.deductions is None else self.deductions
        return replace(self, deductions=pl.concat([before.filter(pl.col("known") != month), more]))

    def decided(self, known: str) -> pl.DataFrame:
        """What named persons had decided by that month (see `decisions`)."""
        import polars as pl

        return no_decisions() if self.decisions is None else self.decisions.filter(pl.col("known") <= known)

    def decided_in(self, month: str) -> pl.DataFrame:
        """What named persons decided in one month."""
        import polars as pl

        return self.decided(month).filter(pl.col("known") == month)

    def with_decisions(self, more: pl.DataFrame) -> History:
        """The history with the decisions of one more month."""
        import polars as pl

        before = no_decisions() if self.decisions is None else self.decisions
        return replace(self, decisions=pl.concat([before, more]))

    def with_answers_of(self, kept: History, month: str) -> History:
        """The history with what was answered in a month about whose row it is, as `kept` knows it: for reading that
        month again, when the lists that were filled in may be gone."""
        import polars as pl

        if kept.answers is None:
            return self
        more = kept.answers.filter(pl.col("known") == month)
        return replace(self, answers=more if self.answers is None else with_more_answers(self.answers, more))

    def known_at(self, known: str) -> list[RollRead]:
        """Rolls read in that month or before."""
        return [roll for roll in self.rolls if roll.known <= known]

    def roll(self, kind: str, month: str, known: str) -> RollRead | None:
        """The latest version of a kind's roll about a month, as known then."""
        found = [roll for roll in self.known_at(known) if roll.kind == kind and roll.month == month]
        return max(found, key=lambda roll: roll.known, default=None)

    def standing(self, kind: str, month: str, known: str) -> RollRead | None:
        """The roll of the latest month up to `month`, else the earliest after it: for registers that stand."""
        found = [roll for roll in self.known_at(known) if roll.kind == kind]
        before = [roll for roll in found if roll.month <= month]
        if before:
            return max(before, key=lambda roll: (roll.month, roll.known))
        return min(found, key=lambda roll: (roll.month, roll.known), default=None)

    def follows(self, earlier: History) -> bool:
        """Whether this history was kept on top of just those months: else people's internal ids may differ."""
        return all(self.chain.get(month) == digest for month, digest in earlier.chain.items())

    def with_month(
        self, rolls: list[RollRead], registry: pl.DataFrame, month: str, complete: frozenset[str], digest: str
    ) -> History:
        """The history with one more month read; `digest` is that of the month's files."""
        said = "\n".join((month, digest, *sorted(complete), *self.chain.values()))
        chain = {**self.chain, month: hashlib.sha256(said.encode()).hexdigest()}
        known = {**self.complete, month: complete}
        return replace(self, rolls=(*self.rolls, *rolls), registry=registry, complete=known, chain=chain)


def save_history(history: History, folder: Path) -> None:
    """Write the history as Parquet files and one JSON file into `folder` (made if it is not there)."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = []
    for number, roll in enumerate(history.rolls):
        name = f"{number:04d}-{roll.kind}.parquet"
        if isinstance(roll.rows, Path):
            shutil.copyfile(roll.rows, folder / name)
        else:
            _write(roll.rows, folder / name)
        about = {"kind": roll.kind, "month": roll.month, "known": roll.known, "file": name}
        contents.append({**about, "unidentified": roll.unidentified, "only": dict(roll.only)})
    if history.registry is not None:
        _write(history.registry, folder / "registry.parquet")
    if history.decisions is not None:
        _write(history.decisions, folder / DECISIONS)
    if history.deductions is not None:
        _write(history.deductions, folder / DEDUCTIONS)
    if history.answers is not None and history.answers.height:
        write_answers(history.answers, folder / ANSWERS)
    complete = {month: sorted(suppliers) for month, suppliers in sorted(history.complete.items())}
    text = json.dumps(
        {"rolls": contents, "complete": complete, "chain": dict(history.chain)}, ensure_ascii=False, indent=1
    )
    (folder / "history.json").write_text(text + "\n", encoding="utf-8")


def _write(frame: pl.DataFrame, path: Path) -> None:
    """Files that are read whole: quickly packed, without statistics for finding parts."""
    frame.write_parquet(path, compression="zstd", compression_level=1, statistics=False)


def save_deductions(more: pl.DataFrame, month: str, folder: Path) -> None:
    """Add what a month's payroll takes back to a history that was kept before (see `History.with_deductions`)."""
    import polars as pl

    path = folder / DEDUCTIONS
    before = History(deductions=pl.read_parquet(path) if path.is_file() else None)
    grown = before.with_deductions(more, month).deductions
    assert grown is not None
    _write(grown, path)


def load_history(folder: Path) -> History | None:
    """The history kept in a folder, or None when there is none."""
    import polars as pl

    if not (folder / "history.json").is_file():
        return None
    contents = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    rolls = tuple(_kept_roll(roll, folder) for roll in contents["rolls"])
    registry = folder / "registry.parquet"
    known = pl.read_parquet(registry) if registry.is_file() else None
    complete = {month: frozenset(names) for month, names in contents["complete"].items()}
    decided = pl.read_parquet(folder / DECISIONS) if (folder / DECISIONS).is_file() else None
    deducted = pl.read_parquet(folder / DEDUCTIONS) if (folder / DEDUCTIONS).is_file() else None
    answers = read_answers(folder / ANSWERS)
    return History(rolls, known, complete, contents.get("chain", {}), decided, answers, deducted)


def _kept_roll(about: Mapping[str, Any], folder: Path) -> RollRead:
    only = {name: tuple(codes) for name, codes in about.get("only", {}).items()}
    rows = folder / about["file"]
    return RollRead(about["kind"], about["month"], about["known"], rows, tuple(about["unidentified"]), only)
