"""`bulou match`: a registry and a department's list in, everybody's link, a review list and the counts out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.cells import neutral_column
from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.intake import read_file
from bulou.engine.matching.decisions import KEPT, read_decisions, with_decisions, write_decisions
from bulou.engine.matching.files import read_registry, read_rows
from bulou.engine.matching.marks import row_keys
from bulou.engine.matching.match import match_rows
from bulou.engine.matching.matched import OUTCOME_WORDS, STAGE_WORDS, Matched, in_words
from bulou.engine.matching.model import Model, read_model, train_model, write_model
from bulou.engine.matching.names import WORDS as GRADE_WORDS
from bulou.engine.matching.people import prepared_rows
from bulou.engine.matching.registry_check import SUSPICIONS, check_registry, write_suspicions
from bulou.engine.matching.review_book import BOOK, is_review, read_review, review_lines, write_review

if TYPE_CHECKING:
    import polars as pl

LINKS, MANIFEST = "对应结果.csv", "manifest.json"


@dataclass(frozen=True)
class MatchRun:
    """A finished run: the links, what looks wrong in the registry, what was written, what somebody should know."""

    matched: Matched
    suspicions: pl.DataFrame
    decisions: int
    written: tuple[Path, ...]
    problems: tuple[Problem, ...]

    def summary(self) -> list[str]:
        """A few lines for the terminal; the counts add up to the rows."""
        rows = sum(self.matched.counts.values())
        parts = {
            words: sum(n for (_, found), n in self.matched.counts.items() if found == str(outcome))
            for outcome, words in OUTCOME_WORDS.items()
        }
        stages = [
            f"  {_words(stage, STAGE_WORDS)} · {_words(found, OUTCOME_WORDS)} {number} {stage} {found}"
            for (stage, found), number in sorted(self.matched.counts.items(), key=lambda one: -one[1])
        ]
        too_large = [f"  太大没有比较 too large: {len(self.matched.capped)} 组"] if self.matched.capped else []
        return [
            f"{rows} 行 = " + " + ".join(f"{words} {number}" for words, number in parts.items()),
            *stages,
            *too_large,
            f"沿用和新读的判断 {self.decisions} 条 · 登记疑点 {self.suspicions.height} 条",
            *(str(path) for path in self.written),
        ]


def _words(code: str, words: Mapping[Any, str]) -> str:
    return next((text for known, text in words.items() if str(known) == code), code)


def match_files(
    registry: Path, rows: Path, out: Path, reviews: Sequence[Path] = (), model: Path | None = None
) -> MatchRun:
    """Match a file with a registry and write the result into `out` (made if it is not there).

    Filled review lists (`reviews`, and one lying in `out`) are read first and remembered in `out`. A saved `model`
    proposes persons for rows that the stages leave; it links nobody. Raises `Refused`
    with what is wrong with the files; nothing is written then.
    """
    saved = read_model(model) if model else None
    people, given = read_registry(registry), read_rows(rows)
    answered, problems = _answers(out, reviews)
    known = with_decisions(read_decisions(out / KEPT), answered)
    numbered = given.rename({"row": "place"}).with_row_index("row", offset=1)
    if "sheet" in given.columns:
        numbered = numbered.with_columns(given["sheet"].alias("list"))
    matched = match_rows(people, numbered, known, saved)
    suspicions = check_registry(people)
    lines = _review(numbered, people, matched)
    writers: dict[str, Callable[[Path], None]] = {LINKS: lambda path: _write_links(path, numbered, matched)}
    if lines.height:
        writers[BOOK] = lambda path: write_review(path, lines)
    if suspicions.height:
        writers[SUSPICIONS] = lambda path: write_suspicions(path, suspicions)
    if known.height:
        writers[KEPT] = lambda path: write_decisions(known, path)
    told = _told(registry, rows, matched, suspicions, known.height)
    told["model"] = saved.version if saved else None
    writers[MANIFEST] = lambda path: _write_json(path, told)
    written = _write(out, writers)
    return MatchRun(matched, suspicions, known.height, written, tuple(problems))


def train_files(registry: Path, rows: Path, out: Path, seed: int = 1) -> Model:
    """Train a model on a list with ID numbers that the stages match by themselves, and save it as JSON."""
    people, given = read_registry(registry), read_rows(rows)
    numbered = given.drop("row").with_row_index("row", offset=1)
    model = train_model(people, numbered, match_rows(people, numbered).links, seed)
    write_model(model, out)
    return model


def _answers(out: Path, reviews: Sequence[Path]) -> tuple[pl.DataFrame, list[Problem]]:
    """Answers of filled lists; a file named as one that is none is refused."""
    sheets = []
    for path in (*([out / BOOK] if (out / BOOK).is_file() else ()), *reviews):
        found = [sheet for sheet in read_file(path) if is_review(sheet)]
        if not found:
            place = Place(str(path))
            fix = "填程序写出的那份，不要删去最后三列"
            raise Refused([Problem("no-review-list", place, "没有“判断”和标记列", f"填过的 {BOOK}", fix)])
        sheets += found
    return read_review(sheets)


def _review(rows: pl.DataFrame, people: pl.DataFrame, matched: Matched) -> pl.DataFrame:
    import polars as pl

    asked = rows.filter(pl.col("row").is_in(matched.candidates["row"].unique().implode()))
    prepared = prepared_rows(asked)
    lines = review_lines(asked, people, matched.candidates, prepared.select("row", row_keys(prepared)))
    place = asked.select(pl.col("row").cast(pl.Int64), "place")
    return lines.join(place, on="row", how="left", maintain_order="left").drop("row").rename({"place": "row"})


def _write_links(path: Path, rows: pl.DataFrame, matched: Matched) -> None:
    """One line a row of the file, in its order, with names but no numbers: spreadsheets cut them."""
    import polars as pl

    places = rows.select(pl.col("row").cast(pl.Int64), "place", "name", *(c for c in ("sheet",) if c in rows.columns))
    both = matched.links.join(places, on="row", how="left", maintain_order="left")
    shown = both.select(
        *(pl.col(name).alias("工作表") for name in ("sheet",) if name in both.columns),
        pl.col("place").alias("行"),
        neutral_column(pl.col("name")).alias("姓名"),
        pl.col("person_id").alias("人员编号"),
        in_words("outcome", OUTCOME_WORDS).alias("结果"),
        in_words("stage", STAGE_WORDS).alias("步骤"),
        in_words("name_grade", GRADE_WORDS).alias("姓名比较"),
        pl.col("score").alias("分数"),
        pl.col("repaired").alias("号码怎样改正"),
        pl.col("evidence").alias("依据"),
        pl.col("registry_version").alias("登记册版本"),
    )
    shown.write_csv(path, include_bom=True)


def _told(registry: Path, rows: Path, matched: Matched, suspicions: pl.DataFrame, decisions: int) -> dict[str, Any]:
    stages = [
        {"stage": stage, "outcome": outcome, "rows": number}
        for (stage, outcome), number in sorted(matched.counts.items())
    ]
    kinds = suspicions["kind"].value_counts(sort=True).rows()
    return {
        "inputs": [{"file": path.name, "sha256": _digest(path)} for path in (registry, rows)],
        "registry_version": matched.registry_version,
        "rows": sum(matched.counts.values()),
        "stages": stages,
        "too_large": [{"stage": one.stage, "persons": one.persons, "rows": one.rows} for one in matched.capped],
        "decisions_kept": decisions,
        "suspicions": dict(kinds),
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write(out: Path, writers: dict[str, Callable[[Path], None]]) -> tuple[Path, ...]:
    """Every file beside its place first, then all into place: a failure leaves the earlier files."""
    out.mkdir(parents=True, exist_ok=True)
    made = []
    try:
        for name, write in writers.items():
            part = out / f".{name}.part"
            made.append((part, out / name))
            write(part)
    except BaseException:
        for part, _ in made:
            part.unlink(missing_ok=True)
        raise
    for part, whole in made:
        part.replace(whole)
    for stale in {BOOK, SUSPICIONS} - set(writers):
        (out / stale).unlink(missing_ok=True)
    return tuple(whole for _, whole in made)
