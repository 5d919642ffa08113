"""Usable but not visible (可用不可见): two departments match their lists by keyed tokens, and show no number or name.

Each side, at home, tidies and mends its own numbers and turns them into tokens with the key of their agreement; whoever
joins the two token files needs neither the lists nor the key. What this protects and what it does not is said in
docs/matching.md.

Three tokens, each 128 bits of an HMAC over the agreement, the period and
- `token`: the number;
- `named`: the number and the name in simplified characters;
- `sounding`: the number and the sound of the name.
A name alone is never a token: names are few and unequally common, and would be told by counting.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.matching.likeness import by_sound, in_simplified
from bulou.engine.matching.matched import Matched, Outcome, Stage
from bulou.engine.matching.names import Grade, tidy_names
from bulou.engine.matching.numbers import CUT, LONG, SHORT, WRONG, read_numbers
from bulou.engine.matching.slips import mended_numbers
from bulou.engine.matching.token_keys import TokenKey

if TYPE_CHECKING:
    import polars as pl

HEX_DIGITS = 32
OWN, MENDED, RELATIVE = "own", "mended", "relative"
COLUMNS = ("key_id", "period", "line", "kind", "token", "named", "sounding")
"""`line`: the row number, or the person's id in the registry. `kind`: the number as given; one it may be mended to;
a number the registry knows as that of a relative of the person."""

SAID = {
    "same": "号码和姓名的假名都相同",
    "sound": "号码的假名相同，姓名同音",
    "differs": "号码的假名相同，姓名对不上：请报送部门核对原件",
    "shared": "登记册里有几个人用这个号码",
    "mended": "号码修复后与姓名一起相符",
    "several": "号码修复后有几个人相符：请报送部门核对原件",
    "relative": "号码是登记的亲属的，姓名是本人的",
    "not_registered": "号码有效，登记册里没有这个人",
    "none": "没有可用的号码：假名比对只凭号码",
}


def row_tokens(rows: pl.DataFrame, key: TokenKey, period: str, keep: Iterable[str] = ()) -> pl.DataFrame:
    """Tokens of a department's rows (`row`, `id_number`, `name`, perhaps `certificate_number`): one line of kind `own`
    for each row, with the `keep` columns as they are; and for a wrong number one line for each number it may be.

    The lines are in the order of their tokens, so that their order tells nothing.
    """
    import polars as pl

    people = _read(rows, "row")
    wrong = people.filter(pl.col("id17").is_null() & pl.col("id_class").is_in([WRONG, SHORT, LONG, CUT]))
    mended = wrong.drop("id17").join(_mended(wrong), on="id_text").select("line", "id17", "name")
    kept = rows.select(pl.col("row").cast(pl.String).alias("line"), *keep)
    own = _tokens(people.select("line", "id17", "name"), OWN, key, period)
    guessed = _tokens(mended, MENDED, key, period).with_columns(pl.lit(None, pl.String).alias("token"))
    guessed = guessed.drop_nulls("named")
    both = pl.concat([own.join(kept, on="line", how="left"), guessed], how="diagonal")
    return both.sort("token", "named", "line", nulls_last=True)


def registry_tokens(registry: pl.DataFrame, key: TokenKey, period: str) -> pl.DataFrame:
    """Tokens of the registry: one line of kind `own` for each person, and one of kind `relative` for each number the
    registry knows as that of a person's relative."""
    import polars as pl

    people = _read(registry, "person_id")
    own = _tokens(people.select("line", "id17", "name"), OWN, key, period)
    if "relative_ids" not in registry.columns or registry.schema["relative_ids"] == pl.Null:
        return own.sort("token", "named", "line", nulls_last=True)
    held = (
        registry.select(pl.col("person_id").alias("line"), "name", "relative_ids").explode("relative_ids").drop_nulls()
    )
    kin = _read(held.rename({"relative_ids": "id_number", "line": "person_id"}), "person_id").drop_nulls("id17")
    others = _tokens(kin.select("line", "id17", "name"), RELATIVE, key, period)
    others = others.with_columns(pl.lit(None, pl.String).alias("token"), pl.lit(None, pl.String).alias("sounding"))
    return pl.concat([own, others]).sort("token", "named", "line", nulls_last=True)


def _read(frame: pl.DataFrame, line: str) -> pl.DataFrame:
    """`line`, `id_text`, `id_class`, `id17` and the tidy `name` of each line of a list."""
    import polars as pl

    certificates = frame["certificate_number"] if "certificate_number" in frame.columns else None
    numbers = read_numbers(frame["id_number"].cast(pl.String), certificates)
    names = frame["name"] if "name" in frame.columns else pl.Series("name", [None] * frame.height, dtype=pl.String)
    return numbers.with_columns(frame[line].cast(pl.String).alias("line"), tidy_names(names))


def _mended(wrong: pl.DataFrame) -> pl.DataFrame:
    """`id_text` and each number (`id17`) it may be mended to; a cut number may be any of a hundred."""
    import polars as pl

    texts = wrong.select("id_text").unique(maintain_order=True)
    cut = texts.filter(pl.col("id_text").str.contains(r"^[0-9]{15}000$"))
    start = cut.select("id_text", pl.col("id_text").str.slice(0, 15).cast(pl.Int64).alias("start"))
    ends = pl.DataFrame({"end": range(100)}, schema={"end": pl.Int64})
    ends = start.join(ends, how="cross").select("id_text", (pl.col("start") * 100 + pl.col("end")).alias("id17"))
    return pl.concat([mended_numbers(texts), ends]).unique(maintain_order=True)


def _tokens(people: pl.DataFrame, kind: str, key: TokenKey, period: str) -> pl.DataFrame:
    """The three tokens of each line; NULL where there is no number, or no name to bind to it."""
    import polars as pl

    known = [name for name in people["name"].unique().drop_nulls() if set(name) != {"?"}]
    simple = in_simplified(known)
    plain, sounds = dict(zip(known, simple, strict=True)), dict(zip(known, by_sound(simple), strict=True))
    numbers = people["id17"].to_list()
    names = people["name"].to_list()
    written = [plain.get(name) if name else None for name in names]
    spoken = [sounds.get(name) if name else None for name in names]
    return people.select(
        pl.lit(key.key_id).alias("key_id"),
        pl.lit(period).alias("period"),
        "line",
        pl.lit(kind).alias("kind"),
        _digests("id", numbers, None, key, period).alias("token"),
        _digests("named", numbers, written, key, period).alias("named"),
        _digests("sounding", numbers, spoken, key, period).alias("sounding"),
    )


def _digests(
    purpose: str, numbers: list[int | None], words: list[str | None] | None, key: TokenKey, period: str
) -> pl.Series:
    """The HMAC of purpose, agreement, period, number and word, for each line."""
    import polars as pl

    head = "\x1f".join(("bulou token 1", key.agreement, period, purpose, "")).encode()
    start = hmac.new(key.secret, head, key.algorithm)
    out: list[str | None] = []
    for number, word in zip(numbers, words or [""] * len(numbers), strict=True):
        if number is None or word is None:
            out.append(None)
            continue
        digest = start.copy()
        digest.update(f"{number}\x1f{word}".encode())
        out.append(digest.hexdigest()[:HEX_DIGITS])
    return pl.Series(purpose, out, dtype=pl.String)


def match_tokens(registry: pl.DataFrame, rows: pl.DataFrame) -> Matched:
    """Each row's person by tokens alone; needs no key. Raises `Refused` when the two were made with different keys or
    for different periods.

    A number with another name is never taken: it goes back to the department that has the originals. The links have the
    rows' `keep` columns at their end.
    """
    import polars as pl

    _check(registry, rows)
    own = rows.filter(pl.col("kind") == OWN)
    found = pl.concat([_by_number(registry, own), _by_relative(registry, own), _by_mending(registry, rows)])
    first = found.unique("line", keep="first", maintain_order=True)
    valid = pl.col("token").is_not_null()
    outcome = pl.when(valid).then(pl.lit(str(Outcome.NOT_REGISTERED))).otherwise(pl.lit(str(Outcome.NONE)))
    stage = pl.when(valid).then(pl.lit(str(Stage.UNKNOWN_ID))).otherwise(pl.lit(str(Stage.NOTHING)))
    says = pl.when(valid).then(pl.lit(SAID["not_registered"])).otherwise(pl.lit(SAID["none"]))
    joined = own.join(first, on="line", how="left")
    extra = [name for name in rows.columns if name not in COLUMNS]
    links = joined.select(
        pl.col("line").cast(pl.Int64).alias("row"),
        pl.when(pl.col("outcome") != str(Outcome.REVIEW)).then("person_id").alias("person_id"),
        pl.coalesce("outcome", outcome).alias("outcome"),
        pl.coalesce("stage", stage).alias("stage"),
        "name_grade",
        pl.lit(None, pl.Float64).alias("score"),
        pl.when(pl.col("stage") == str(Stage.REPAIRED_ID)).then(pl.lit(SAID["mended"])).alias("repaired"),
        pl.coalesce("evidence", says).alias("evidence"),
        pl.lit(tokens_version(registry)).alias("registry_version"),
        *extra,
    ).sort("row")
    return Matched(links, _candidates(found, first), _counts(links), (), tokens_version(registry))


def _check(registry: pl.DataFrame, rows: pl.DataFrame) -> None:
    problems = []
    for name, words in (("key_id", "密钥 key"), ("period", "期间 period")):
        both = [sorted(set(frame[name].to_list())) for frame in (registry, rows)]
        if rows.height and registry.height and both[0] != both[1]:
            fix = "双方用同一把密钥、同一个期间重新生成 make both again with one key and one period"
            got = f"{'、'.join(map(str, both[0]))} ≠ {'、'.join(map(str, both[1]))}"
            problems.append(Problem("tokens-differ", Place(column=name), got, f"同一个{words} the same", fix))
    if problems:
        raise Refused(problems)


def tokens_version(tokens: pl.DataFrame) -> str:
    """A digest of the registry's token lines, whatever their order; 16 hexadecimal digits."""
    import polars as pl

    lines = tokens.select(pl.concat_str(pl.col(COLUMNS).cast(pl.String).fill_null(""), separator=" ").sort())
    return hashlib.sha256("\n".join(lines.to_series().to_list()).encode()).hexdigest()[:16]


def _hits(registry: pl.DataFrame, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """`line`, `person_id` and both sides' other tokens, where a token of both sides is the same."""
    import polars as pl

    theirs = registry.select(pl.col("line").alias("person_id"), column, *_others(column))
    mine = rows.select("line", column, "named", "sounding") if column == "token" else rows.select("line", column)
    return mine.drop_nulls(column).join(theirs.drop_nulls(column), on=column, maintain_order="left")


def _others(column: str) -> list[pl.Expr]:
    import polars as pl

    return [pl.col(name).alias(f"{name}_p") for name in ("named", "sounding")] if column == "token" else []


def _by_number(registry: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Rows whose number somebody has: linked where the name agrees too, or sounds the same."""
    import polars as pl

    hits = _hits(registry.filter(pl.col("kind") == OWN), own, "token")
    same = (pl.col("named") == pl.col("named_p")).fill_null(False)
    sound = (pl.col("sounding") == pl.col("sounding_p")).fill_null(False)
    shared = pl.col("line").is_duplicated() & ~(same & (same.sum().over("line") == 1))
    word = pl.when(shared).then(pl.lit("shared")).when(same).then(pl.lit("same")).when(sound).then(pl.lit("sound"))
    told = hits.with_columns(word.otherwise(pl.lit("differs")).alias("how"), same.alias("same"))
    grade = pl.when(same).then(pl.lit(str(Grade.SAME))).when(sound).then(pl.lit(str(Grade.SOUND)))
    linked = pl.col("how").is_in(["same", "sound"])
    outcome = pl.when(linked).then(pl.lit(str(Outcome.LINKED))).otherwise(pl.lit(str(Outcome.REVIEW)))
    ordered = told.with_columns(grade.alias("name_grade"), outcome.alias("outcome")).sort(
        "line", "same", descending=[False, True]
    )
    return _found(ordered, Stage.EXACT_ID)


def _by_relative(registry: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Rows with a number the registry knows as a relative's, and the name of the one person whose relative it is."""
    import polars as pl

    hits = _hits(registry.filter(pl.col("kind") == RELATIVE), own, "named").unique(["line", "person_id"])
    one = hits.filter(pl.col("line").is_unique()).with_columns(
        pl.lit("relative").alias("how"),
        pl.lit(str(Grade.SAME)).alias("name_grade"),
        pl.lit(str(Outcome.RELATIVE)).alias("outcome"),
    )
    return _found(one, Stage.RELATIVE_ID)


def _by_mending(registry: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with a wrong number: linked to the one person who has a number it may be mended to, and the name."""
    import polars as pl

    theirs, guessed = registry.filter(pl.col("kind") == OWN), rows.filter(pl.col("kind") == MENDED)
    named = _hits(theirs, guessed, "named").with_columns(pl.lit(str(Grade.SAME)).alias("name_grade"))
    sound = _hits(theirs, guessed, "sounding").with_columns(pl.lit(str(Grade.SOUND)).alias("name_grade"))
    columns = ["line", "person_id", "name_grade"]
    hits = pl.concat([named.select(columns), sound.select(columns).join(named, on="line", how="anti")])
    hits = hits.unique(["line", "person_id"], maintain_order=True)
    alone = pl.col("line").is_unique()
    outcome = pl.when(alone).then(pl.lit(str(Outcome.LINKED))).otherwise(pl.lit(str(Outcome.REVIEW)))
    how = pl.when(alone).then(pl.lit("mended")).otherwise(pl.lit("several"))
    return _found(hits.with_columns(how.alias("how"), outcome.alias("outcome")), Stage.REPAIRED_ID)


def _found(told: pl.DataFrame, stage: Stage) -> pl.DataFrame:
    import polars as pl

    evidence = pl.col("how").replace_strict(SAID, return_dtype=pl.String).alias("evidence")
    return told.select("line", "person_id", "outcome", pl.lit(str(stage)).alias("stage"), "name_grade", evidence)


def _candidates(found: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """Persons of the rows under review."""
    import polars as pl

    asked = first.filter(pl.col("outcome") == str(Outcome.REVIEW)).select("line")
    listed = found.join(asked, on="line", how="semi", maintain_order="left").with_columns(
        pl.col("line").cast(pl.Int64).alias("row")
    )
    rank = pl.int_range(1, pl.len() + 1).over("row").alias("rank")
    return listed.select("row", "person_id", rank, "name_grade", "evidence").sort("row", "rank")


def _counts(links: pl.DataFrame) -> dict[tuple[str, str], int]:
    counted = links.group_by("stage", "outcome").len().sort("stage", "outcome")
    return {(stage, outcome): number for stage, outcome, number in counted.iter_rows()}
