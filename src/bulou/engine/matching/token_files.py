"""Token files: made from a list with the key of an agreement, joined by whoever is handed both, without any key."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.files import check_file
from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.matching.files import read_registry, read_rows
from bulou.engine.matching.matched import OUTCOME_WORDS, STAGE_WORDS, Matched, in_words
from bulou.engine.matching.names import WORDS as GRADE_WORDS
from bulou.engine.matching.token_keys import read_key
from bulou.engine.matching.tokens import COLUMNS, MENDED, OWN, match_tokens, registry_tokens, row_tokens

if TYPE_CHECKING:
    import polars as pl

ENDINGS = (".csv", ".parquet")
LINKS, MANIFEST = "对应结果.csv", "manifest.json"
SHEET_STEP = 10_000_000
"""Row 15 of the second sheet is line 10000015: one number says sheet and row, and no sheet's name goes out."""


@dataclass(frozen=True)
class TokenRun:
    """A file of tokens that was written, and what is in it."""

    path: Path
    key_id: str
    lines: int
    without_number: int
    mended: int

    def summary(self) -> list[str]:
        """A few lines for the terminal."""
        return [
            f"{self.path}: {self.lines} 人，密钥 key {self.key_id}",
            f"  没有可用号码 no usable number {self.without_number}；写错的号码可能是 wrong ones may be {self.mended}",
            "  这个文件可以交出去；密钥和名单留在本单位 hand over this file, never the key or the list",
        ]


def write_tokens(source: Path, out: Path, key_path: Path, period: str, registry: bool = False) -> TokenRun:
    """Tokens of a department's list, or of the registry, for one period (a month, YYYY-MM).

    Raises `Refused` with what is wrong with list, key or period; nothing is written then.
    """
    problems = []
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        fix = "双方写同一个月份 both sides the same month"
        problems.append(Problem("not-a-month", Place("--period"), period or "（空）", "YYYY-MM", fix))
    if out.suffix.lower() not in ENDINGS:
        problems.append(Problem("unknown-file-kind", Place(str(out)), out.suffix or "（没有后缀）", "、".join(ENDINGS),
                                "改输出文件的后缀"))  # fmt: skip
    if problems:
        raise Refused(problems)
    key = read_key(key_path)
    tokens = (
        registry_tokens(read_registry(source), key, period) if registry else row_tokens(_lines(source), key, period)
    )
    if out.suffix.lower() == ".csv":
        tokens.write_csv(out)
    else:
        tokens.write_parquet(out)
    own, mended = tokens.filter(tokens["kind"] == OWN), tokens.filter(tokens["kind"] == MENDED)
    return TokenRun(out, key.key_id, own.height, own["token"].null_count(), mended.height)


def _lines(source: Path) -> pl.DataFrame:
    """The rows of a list, each by one number: its row, and its sheet where there are several."""
    import polars as pl

    rows = read_rows(source)
    if "id_number" not in rows.columns:
        fix = "假名只能由身份证号生成 tokens are made of ID numbers"
        raise Refused([Problem("columns-missing", Place(str(source)), "没有身份证号", "有 身份证号 的表头", fix)])
    if "sheet" not in rows.columns:
        return rows
    places = {name: place for place, name in enumerate(rows["sheet"].unique(maintain_order=True))}
    sheet = pl.col("sheet").replace_strict(places, return_dtype=pl.Int64)
    return rows.with_columns((pl.col("row") + sheet * SHEET_STEP).alias("row"))


def read_tokens(path: Path) -> pl.DataFrame:
    """A token file. Raises `Refused` when it is none."""
    import polars as pl

    check_file(path, ENDINGS)
    frame = pl.read_parquet(path) if path.suffix.lower() == ".parquet" else pl.read_csv(path, infer_schema=False)
    if not set(COLUMNS) <= set(frame.columns):
        have = "、".join(frame.columns[:8])
        fix = "用 bulou tokens 生成 make it with bulou tokens"
        raise Refused([Problem("not-tokens", Place(str(path)), have, "、".join(COLUMNS), fix)])
    return frame


def match_token_files(registry: Path, rows: Path, out: Path) -> Matched:
    """Join two token files and write the links and counts into `out`. Raises `Refused`; nothing is written then."""
    ours, theirs = read_tokens(registry), read_tokens(rows)
    swapped = ours.filter(ours["kind"] == MENDED).height or not _are_rows(theirs)
    if swapped:
        fix = "先写登记册的假名文件，再写名单的 the registry's tokens first, then the list's"
        raise Refused([Problem("tokens-swapped", Place(str(registry)), "像是名单的假名", "登记册的假名文件", fix)])
    matched = match_tokens(ours, theirs)
    out.mkdir(parents=True, exist_ok=True)
    _shown(matched).write_csv(out / LINKS, include_bom=True)
    counts = [{"stage": stage, "outcome": found, "rows": n} for (stage, found), n in sorted(matched.counts.items())]
    told = {
        "key_id": theirs["key_id"][0] if theirs.height else None,
        "period": theirs["period"][0] if theirs.height else None,
    }
    told |= {"registry_version": matched.registry_version, "rows": matched.links.height, "stages": counts}
    (out / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return matched


def _are_rows(tokens: pl.DataFrame) -> bool:
    return bool(tokens["line"].cast(str).str.contains(r"^[0-9]+$").all())


def _shown(matched: Matched) -> pl.DataFrame:
    import polars as pl

    known = ("row", "person_id", "outcome", "stage", "name_grade", "score", "repaired", "evidence", "registry_version")
    extra = [name for name in matched.links.columns if name not in known]
    asked = matched.candidates.group_by("row", maintain_order=True).agg(
        pl.col("person_id").str.join("、").alias("asked")
    )
    return matched.links.join(asked, on="row", how="left", maintain_order="left").select(
        pl.col("row").alias("行"),
        pl.col("person_id").alias("人员编号"),
        pl.col("asked").alias("待判断的人员编号"),
        in_words("outcome", OUTCOME_WORDS).alias("结果"),
        in_words("stage", STAGE_WORDS).alias("步骤"),
        in_words("name_grade", GRADE_WORDS).alias("姓名比较"),
        pl.col("evidence").alias("依据"),
        pl.col("registry_version").alias("登记册版本"),
        *extra,
    )
