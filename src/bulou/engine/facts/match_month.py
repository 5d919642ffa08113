"""Rows of a month's sheets whose number leads nowhere, or to somebody of another name, matched with the registry.

What matching settles goes back into the cleaned sheets, so that everything after sees ordinary rows: a missing or wrong
number is filled in, a relative's number replaced, and a right number under a wrong name is taken by nobody until a
person has said whose row it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.cells import neutral_column
from bulou.engine.basics.files import digest_of
from bulou.engine.basics.problems import Problem, Refused
from bulou.engine.intake import Cleaned, Identified, SheetRead, identified_again, read_file
from bulou.engine.intake.cleaned import REFUSED, REPAIRED
from bulou.engine.matching import Capped, Stage, match_rows
from bulou.engine.matching.decisions import no_decisions, with_decisions
from bulou.engine.matching.marks import read_key, row_keys
from bulou.engine.matching.matched import OUTCOME_WORDS, STAGE_WORDS, in_words
from bulou.engine.matching.names import WORDS as GRADE_WORDS
from bulou.engine.matching.names import tidy_names
from bulou.engine.matching.people import prepared_rows
from bulou.engine.matching.registry_check import no_suspicions
from bulou.engine.matching.review_book import BOOK, is_review, read_review, review_lines

if TYPE_CHECKING:
    import polars as pl

REGISTER = "certificate_register"
CONTACT_FROM = (REGISTER, "payment_roll", "dibao_roll", "tekun_roll", "survey", "dibao_edge_roll", "monitoring_roll")
CONTACTS = {"village": "village", "phone": "phone", "household_no": "household"}
PLACE = ("file", "sheet", "row")
OTHER_NAME = "id-other-name"
"""The row's number is somebody's of another name; nobody takes it until a person has said whose row it is."""


@dataclass(frozen=True)
class MonthMatching:
    """What matching did in a month.

    - `links`: one line a row that was matched or has to be judged: place, `kind`, `id_as_came`, `name`, then as in
      `Matched.links`; its `person_id` is the internal id.
    - `review`: the lines of the review list.
    - `decisions`: all that is kept, with what this folder's filled lists say.
    - `suspicions`: what looks wrong in the register itself (see `begin_register_doubts`).
    - `counts`: rows by stage and outcome; `answers`: of each filled list its name, digest and answers.
    """

    links: pl.DataFrame
    review: pl.DataFrame
    decisions: pl.DataFrame
    suspicions: pl.DataFrame
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    capped: tuple[Capped, ...] = ()
    answers: tuple[tuple[str, str, int], ...] = ()

    def told(self) -> dict[str, Any]:
        """For the manifest: every stage counted, what was too large to compare, whose answers were read."""
        stages = [
            {"stage": stage, "outcome": outcome, "rows": rows} for (stage, outcome), rows in sorted(self.counts.items())
        ]
        return {
            "stages": stages,
            "too_large": [{"stage": one.stage, "persons": one.persons, "rows": one.rows} for one in self.capped],
            "answers": [{"file": file, "sha256": digest, "answers": rows} for file, digest, rows in self.answers],
            "decisions_kept": self.decisions.height,
            "register_suspicions": dict(sorted(self.suspicions["kind"].value_counts().rows())),
        }

    @property
    def found(self) -> int:
        """Rows whose own number led nowhere or to another, and whose person was found."""
        taken = self.links.filter(self.links["person_id"].ne_missing(self.links["own"]))
        return taken["person_id"].count()

    def count(self, *outcomes: str) -> int:
        """Rows with one of these outcomes."""
        return sum(rows for (_, outcome), rows in self.counts.items() if outcome in outcomes)


def reviews_in(folder: Path, aside: Sequence[SheetRead], filled: Sequence[Path]) -> list[tuple[Path, SheetRead]]:
    """Review lists that somebody filled in: those from elsewhere first, then those found in the folder (`aside`)."""
    elsewhere = [path for path in filled if path.name.startswith(Path(BOOK).stem) and path.parent != folder]
    found = [(path, sheet) for path in elsewhere for sheet in _readable(path) if is_review(sheet)]
    return [*found, *((folder / sheet.file, sheet) for sheet in aside)]


def _readable(path: Path) -> list[SheetRead]:
    """No sheets of a workbook that cannot be read: the decisions' reader says so already."""
    try:
        return read_file(path)
    except Refused:
        return []


def match_month(
    cleaned: Sequence[Cleaned],
    identified: Identified,
    reviews: Sequence[tuple[Path, SheetRead]],
    decisions: pl.DataFrame | None,
    month: str,
) -> tuple[list[Cleaned], Identified, MonthMatching, list[Problem]]:
    """The sheets and people with what matching settled; a sheet without such rows stays as it is. The register itself
    is not looked at yet.

    `decisions` are the answers of earlier months, `reviews` the lists filled in for this `month`.
    """
    import polars as pl

    new, problems = read_review([sheet for _, sheet in reviews], month)
    known = with_decisions(no_decisions() if decisions is None else decisions, new)
    answers = tuple(
        (path.name, digest_of(path), new.filter(pl.col("source") == path.name).height)
        for path in dict.fromkeys(path for path, _ in reviews)
    )
    names = _names(cleaned, identified)
    asked = _rows(cleaned, identified, names, known["key"])
    registry = _registry(cleaned, identified, names)
    listed = asked.with_columns(pl.concat_str("file", "sheet", separator="|").alias("list"))
    matched = match_rows(registry if asked.height else registry.clear(), listed, known)
    asked = asked.filter(~pl.col("beside"))
    links = asked.select("row", "place", "file", "sheet", "kind", "own", "id_number", "name").join(
        matched.links, on="row", how="left", maintain_order="left"
    )
    right = registry.select("person_id", right="id_number")
    numbered = links.join(right, on="person_id", how="left", maintain_order="left")
    mended = [_mended(one, numbered) for one in cleaned]
    same = all(after is before for after, before in zip(mended, cleaned, strict=True))
    again = identified if same else identified_again(mended, identified)
    prepared = prepared_rows(asked)
    keys = prepared.select("row", row_keys(prepared))
    review = review_lines(asked, registry, matched.candidates, keys)
    review = review.join(asked.select("row", "place"), on="row", how="left", maintain_order="left")
    counted = {(stage, outcome): rows for stage, outcome, rows in links.group_by("stage", "outcome").len().rows()}
    found = MonthMatching(_placed(links), _placed(review), known, no_suspicions(), counted, matched.capped, answers)
    return mended, again, found, problems


def _placed(frame: pl.DataFrame) -> pl.DataFrame:
    """With the row of the sheet for the running number that matching used."""
    return frame.drop("row").rename({"place": "row"})


def _names(cleaned: Sequence[Cleaned], identified: Identified) -> pl.DataFrame:
    """person, own_name: as the certificate register writes it, else as first seen."""
    import polars as pl

    written = [identified.registry.clear().select("person", own_name="name")]
    for one, frame in zip(cleaned, identified.frames, strict=True):
        if one.kind == REGISTER and "name" in frame.columns:
            written.append(frame.select("person", own_name="name").drop_nulls())
    first = identified.registry.select("person", own_name="name")
    return pl.concat([*written, first]).unique("person", keep="first", maintain_order=True)


TEXTS = ("id_number", "certificate_number", "name", "sex", "birth_date", "village", "phone", "household")
FIELDS = {"id_no": "id_number", "cert_no": "certificate_number", "household_no": "household"}


def _rows(cleaned: Sequence[Cleaned], identified: Identified, names: pl.DataFrame, judged: pl.Series) -> pl.DataFrame:
    """Rows to match: those refused only for their number; those under another name than their number's owner; and
    those about whose name and number somebody has answered (`judged`: row keys), so that the answer holds even when the
    names agree by now. Other rows of the sheet that have the number come along (`beside`), to be looked at only.

    `row` is a running number; `place` the row of the sheet; `own` the person whose number it is, or NULL.
    """
    import polars as pl

    schema = {"place": pl.UInt32, "file": pl.String, "sheet": pl.String, "kind": pl.String, "own": pl.String}
    schema["beside"] = pl.Boolean
    found = [pl.DataFrame(schema={**schema, **dict.fromkeys(TEXTS, pl.String)})]
    unlike = _under_other_names(identified.frames, names, judged)
    for number, (one, frame) in enumerate(zip(cleaned, identified.frames, strict=True)):
        refused = one.findings.filter(pl.col("weight") == "refused")
        other = refused.filter(pl.col("field") != "id_no").select("row")
        came = refused.filter(pl.col("field") == "id_no").select("row", came="got").unique("row", keep="first")
        lost = one.refused.join(came, on="row").join(other, on="row", how="anti")
        found.append(
            _asked(one, lost.with_columns(pl.col("came").alias("id_no"), own=pl.lit(None, pl.String), beside=False))
        )
        doubted = unlike.filter(pl.col("sheet") == number)
        if doubted.height:
            there = frame.filter(pl.col("id_no").is_in(doubted["id_no"].implode()), pl.col("name").is_not_null())
            beside = ~pl.col("row").is_in(doubted["row"].implode())
            found.append(_asked(one, there.with_columns(beside.alias("beside"), own="person")))
    return pl.concat(found).with_row_index("row", offset=1)


def _under_other_names(frames: Sequence[pl.DataFrame], names: pl.DataFrame, judged: pl.Series) -> pl.DataFrame:
    """`sheet` (place in `frames`), `row`, `id_no` of rows under another name than their number's owner, width, blanks
    and middle dots aside, and of rows about whose name and number somebody has answered."""
    import polars as pl

    text = dict.fromkeys(("name", "person", "id_no"), pl.String)
    found = [pl.DataFrame(schema={"sheet": pl.Int32, "row": pl.UInt32, **text})]
    for number, frame in enumerate(frames):
        if {"id_no", "name"} <= set(frame.columns):
            place = (pl.lit(number, pl.Int32).alias("sheet"), pl.col("row").cast(pl.UInt32))
            found.append(frame.select(*place, *text).drop_nulls())
    named = pl.concat(found).join(names, on="person", maintain_order="left")
    named = named.with_columns(_judged(named, judged))
    unlike = named.filter(pl.col("judged") | (pl.col("name") != pl.col("own_name")))
    bare = [pl.col(name).str.replace_all(r"[·\s]", "") for name in ("name", "own_name")]
    return unlike.filter(pl.col("judged") | (bare[0] != bare[1])).select("sheet", "row", "id_no")


def _judged(named: pl.DataFrame, keys: pl.Series) -> pl.Series:
    """True for rows about whose name and number somebody has answered."""
    import polars as pl

    if not keys.len():
        return pl.repeat(False, named.height, eager=True).alias("judged")
    about = named.select(tidy_names(named["name"]), "id_no")
    return about.select(pl.struct("name", "id_no").is_in(read_key(keys).implode()).alias("judged"))["judged"]


def _asked(one: Cleaned, rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    known = {FIELDS.get(name, name): name for name in rows.columns}
    texts = [(pl.col(known[name]) if name in known else pl.lit(None)).cast(pl.String).alias(name) for name in TEXTS]
    sheet = one.recognised.sheet
    place = [pl.lit(sheet.file).alias("file"), pl.lit(sheet.sheet).alias("sheet"), pl.lit(one.kind).alias("kind")]
    return rows.select(pl.col("row").cast(pl.UInt32).alias("place"), *place, "own", "beside", *texts)


def _registry(cleaned: Sequence[Cleaned], identified: Identified, names: pl.DataFrame) -> pl.DataFrame:
    """Everybody known, as `match_rows` wants them; village, phone and household from the first roll that says them."""
    import polars as pl

    people = identified.registry.select("person", id_number="id_no").join(names, on="person", maintain_order="left")
    for column, name in CONTACTS.items():
        said = [pl.DataFrame(schema={"person": pl.String, name: pl.String})]
        for kind in CONTACT_FROM:
            for one, frame in zip(cleaned, identified.frames, strict=True):
                if one.kind == kind and column in frame.columns:
                    said.append(frame.select("person", pl.col(column).cast(pl.String).alias(name)).drop_nulls())
        first = pl.concat(said).unique("person", keep="first", maintain_order=True)
        people = people.join(first, on="person", how="left", maintain_order="left")
    return people.rename({"person": "person_id", "own_name": "name"})


MENDED = {
    Stage.DECIDED: "match-decided",
    Stage.RELATIVE_ID: "match-relative",
    Stage.REPAIRED_ID: "match-repaired",
}


def _mended(one: Cleaned, links: pl.DataFrame) -> Cleaned:
    """The sheet with the numbers that matching found (`right`), and without those that belong to another name."""
    import polars as pl

    sheet = one.recognised.sheet
    mine = links.filter(pl.col("file") == sheet.file, pl.col("sheet") == sheet.sheet, pl.col("kind") == one.kind)
    own, person = pl.col("own"), pl.col("person_id")
    takes = mine.filter(person.is_not_null() & own.ne_missing(person))
    loses = mine.filter(person.is_null() & own.is_not_null())
    if not takes.height + loses.height:
        return one
    return _without(_with_numbers(one, takes), loses)


def _with_numbers(one: Cleaned, takes: pl.DataFrame) -> Cleaned:
    """Rows with the number of the person found; they count as repaired."""
    import polars as pl

    codes = {str(stage): code for stage, code in MENDED.items()}
    code = pl.col("stage").replace_strict(codes, default="match-rule", return_dtype=pl.String)
    right = takes.select(pl.col("place").alias("row"), "right", code.alias("code"), came="id_number")
    here = pl.col("right").is_not_null()

    def joined(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.join(right.cast({"row": frame.schema["row"]}), on="row", how="left", maintain_order="left")

    rows = joined(one.rows).with_columns(
        pl.coalesce("right", "id_no").alias("id_no"),
        pl.when(here).then(pl.lit(REPAIRED)).otherwise("fate").alias("fate"),
    )
    fates = joined(one.fates).with_columns(
        pl.when(here).then(pl.lit(REPAIRED)).otherwise("fate").alias("fate"),
        pl.when(here).then("code").otherwise("what").alias("what"),
    )
    noted = right.select(
        pl.col("row").cast(one.repairs.schema["row"]),
        *_about(one),
        pl.col("came").alias("from"),
        to="right",
        code="code",
    )
    settled = (pl.col("field") == "id_no") & pl.col("row").is_in(right["row"].implode())
    return replace(
        one,
        rows=rows.select(one.rows.columns),
        fates=fates.select(one.fates.columns),
        repairs=pl.concat([one.repairs, noted], how="vertical_relaxed").sort("row", maintain_order=True),
        findings=one.findings.filter(~settled),
    )


def _without(one: Cleaned, loses: pl.DataFrame) -> Cleaned:
    """Rows whose number is somebody's of another name are refused until a person has said whose they are."""
    import polars as pl

    gone = pl.col("row").is_in(loses["place"].implode())
    found = loses.select(
        pl.col("place").cast(one.findings.schema["row"]).alias("row"),
        *_about(one),
        pl.col("id_number").alias("got"),
        pl.lit(OTHER_NAME).alias("code"),
        pl.lit("refused").alias("weight"),
    )
    return replace(
        one,
        rows=one.rows.with_columns(
            pl.when(gone).then(pl.lit(REFUSED)).otherwise("fate").alias("fate"),
            pl.when(~gone).then("id_no").alias("id_no"),
        ),
        fates=one.fates.with_columns(
            pl.when(gone).then(pl.lit(REFUSED)).otherwise("fate").alias("fate"),
            pl.when(gone).then(pl.lit(OTHER_NAME)).otherwise("what").alias("what"),
        ),
        findings=pl.concat([one.findings, found], how="vertical_relaxed").sort("row", maintain_order=True),
    )


def _about(one: Cleaned) -> list[pl.Expr]:
    import polars as pl

    letter = one.recognised.letter("id_no") or ""
    heading = one.recognised.heading(letter).text if letter else ""
    named = {"letter": letter, "heading": heading, "field": "id_no"}
    return [pl.lit(text).alias(name) for name, text in named.items()]


def write_links(path: Path, links: pl.DataFrame) -> None:
    """匹配记录.csv: every row that matching looked at, harmless for a spreadsheet program."""
    import polars as pl

    shown = links.select(
        neutral_column(pl.col("file")).alias("文件"),
        neutral_column(pl.col("sheet")).alias("工作表"),
        pl.col("row").alias("行"),
        neutral_column(pl.col("name")).alias("姓名"),
        in_words("outcome", OUTCOME_WORDS).alias("结果"),
        pl.col("person_id").alias("人员编号"),
        in_words("stage", STAGE_WORDS).alias("步骤"),
        in_words("name_grade", GRADE_WORDS).alias("姓名比较"),
        pl.col("repaired").alias("号码怎样改正"),
        pl.col("evidence").alias("依据"),
        pl.col("registry_version").alias("登记册版本"),
    )
    shown.write_csv(path, include_bom=True)
