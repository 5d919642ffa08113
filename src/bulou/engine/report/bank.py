"""Files for the bank: only lines that may be paid, each yuan once, and every line that could not go is listed.

The form is the pipe format of a provincial bank's payroll service: `序号|姓名|帐号|金额|身份证|`, 5 to 1000 lines a
file, names without spaces. One programme never shares a file with another: they are paid from different budget lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.cells import neutral_column, yuan_column
from bulou.engine.basics.problems import Place, Problem, Refused, Severity
from bulou.engine.differences.deductions import paid_out
from bulou.engine.differences.lists import PAYABLE, UNSET
from bulou.engine.differences.month import MonthResult
from bulou.engine.differences.payroll import OWN_MONTHS
from bulou.engine.report.lists import ordered
from bulou.engine.report.words import count_words

if TYPE_CHECKING:
    import polars as pl

FOLDER = "银行代发"
FEWEST, MOST = 5, 1000
ENCODING = "gb18030"
"""What the banks' own programs on Chinese Windows read; a superset of GBK that holds rare characters in names."""

TOO_FEW = f"不足 {FEWEST} 笔，银行不收批量文件，请单笔支付"
KEYS = ("person", "programme", "line", "month")


@dataclass(frozen=True)
class BankFile:
    """One file: its name, its lines as payroll rows, its sum."""

    name: str
    lines: pl.DataFrame

    @property
    def fen(self) -> int:
        return int(self.lines["fen"].sum())


@dataclass(frozen=True)
class BankBatch:
    """All files of a month and the payable lines that are in none of them (column `remark` says why)."""

    files: tuple[BankFile, ...]
    unsent: pl.DataFrame

    @property
    def fen(self) -> int:
        return sum(file.fen for file in self.files)

    @property
    def unsent_fen(self) -> int:
        return int(self.unsent["fen"].sum())


def bank_batch(result: MonthResult) -> BankBatch:
    """The month's files, deductions taken off. Raises `Refused` for a draft: a draft is never paid."""
    if draft := draft_problem(result):
        raise Refused([draft])
    payable = ordered(paid_out(result.payroll.filter(state=PAYABLE), OWN_MONTHS), "programme", "line", "month")
    marked = payable.with_columns(_remark().alias("remark"), _payee().alias("payee"), _account().alias("account"))
    fit, unsent = marked.filter(marked["remark"] == ""), [marked.filter(marked["remark"] != "")]
    files: list[BankFile] = []
    for (title,), lines in fit.sort("programme", maintain_order=True).group_by(["title"], maintain_order=True):
        if lines.height < FEWEST:
            unsent.append(lines.with_columns(remark=_text(TOO_FEW)))
        else:
            files += _numbered(str(title), lines)
    batch = BankBatch(tuple(files), _together(unsent))
    assert batch.fen + batch.unsent_fen == result.counts["fen_payable"]
    return batch


def payment_problems(result: MonthResult) -> list[Problem]:
    """What keeps payable money from the bank, as notes: a draft, unset amounts, lines that cannot be sent."""
    place = Place("本月发放.xlsx")
    if draft := draft_problem(result, "note"):
        return [draft]
    found = []
    if unset := result.payroll.filter(state=UNSET).height:
        got = f"{count_words(unset)} 行没有定金额"
        found.append(Problem("unset-amount", place, got, "已定的标准", "在 month.toml 写明标准和出处", "note"))
    for row in _reasons(bank_batch(result).unsent):
        got = f"{row['lines']} 行没有进银行文件：{row['remark']}"
        fix = f"见 {FOLDER}/{UNSENT}，补齐后再运行"
        found.append(Problem("not-to-the-bank", place, got, "账号、户名、身份证号齐全", fix, "note"))
    return found


def draft_problem(result: MonthResult, severity: Severity = "error") -> Problem | None:
    """The refusal to pay under a draft; None for a policy in force."""
    if result.pack_status != "draft":
        return None
    place = Place(f"地区包 pack {result.region}")
    return Problem(
        "draft-not-payable", place, "草案 draft", "已印发的政策 issued", "草案只供测算，不生成发放文件", severity
    )


CSV, UNSENT = "银行代发.csv", "未进银行文件.csv"
_HEADS = {
    "文件": "file", "序号": "number", "姓名": "payee", "账号": "account", "金额": "yuan", "身份证号": "id_no",
    "开户银行": "bank_name", "项目": "title", "本月或补发": "line", "所属月份": "month",
    "县区": "county", "乡镇": "township", "村": "village", "备注": "remark",
}  # fmt: skip


def write_bank(batch: BankBatch, folder: Path) -> list[Path]:
    """Write the numbered files, one CSV of all their lines, and one of the lines that are in no file."""
    import polars as pl

    folder.mkdir(parents=True)
    for file in batch.files:
        (folder / file.name).write_bytes(pipe_text(file.lines).encode(ENCODING))
    sent = [_numbered_lines(file.name, file.lines) for file in batch.files]
    unsent = _numbered_lines("", batch.unsent)
    return [
        *(folder / file.name for file in batch.files),
        _write_csv(folder / CSV, pl.concat(sent) if sent else unsent.clear()),
        _write_csv(folder / UNSENT, unsent),
    ]


def pipe_text(lines: pl.DataFrame) -> str:
    """The lines in the bank's form, numbered from 1, yuan with two decimals."""
    import polars as pl

    cells = (pl.col("number").cast(pl.String), "payee", "account", yuan_column("fen"), "id_no", pl.lit("\r\n"))
    line = pl.concat_str(cells, separator="|")
    text = lines.with_row_index("number", 1).select(line.str.join("", ignore_nulls=False)).item()
    assert isinstance(text, str), "a line with a blank cell is not sent"
    return text


def _numbered(title: str, lines: pl.DataFrame) -> Iterator[BankFile]:
    """As many files as needed, of nearly equal length, so that none is too short."""
    count = -(-lines.height // MOST)
    for number in range(count):
        start, end = lines.height * number // count, lines.height * (number + 1) // count
        yield BankFile(f"{_file_name(title)}_{number + 1:02d}.txt", lines[start:end])


def _file_name(title: str) -> str:
    return "".join(c for c in title if c.isalnum()) or "发放"


def _payee() -> pl.Expr:
    import polars as pl

    return pl.coalesce("account_name", "name").str.replace_all(r"\s+", "")


def _account() -> pl.Expr:
    import polars as pl

    return pl.col("bank_account").str.replace_all(r"[\s\-]+", "")


def _remark() -> pl.Expr:
    """Why a line cannot go to the bank; empty when it can."""
    import polars as pl

    payee, account = _payee(), _account()
    return (
        pl.when(account.is_null() | (account == "")).then(_text("没有账号"))
        .when(~account.str.contains(r"^[0-9]{8,32}$")).then(_text("账号不像账号"))
        .when(~payee.str.contains(r"^[\p{Han}A-Za-z·•.]+$").fill_null(False)).then(_text("户名空白或有符号"))
        .when(~pl.col("id_no").str.contains(r"^[0-9]{17}[0-9X]$").fill_null(False)).then(_text("没有完整的身份证号"))
        .when(~(pl.col("fen") > 0).fill_null(False)).then(_text("金额不大于零"))
        .otherwise(_text(""))
    )  # fmt: skip


def _text(text: str) -> pl.Expr:
    import polars as pl

    return pl.lit(text, pl.String)


def _together(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    import polars as pl

    return ordered(pl.concat(frames), "programme", "line", "month")


def _reasons(unsent: pl.DataFrame) -> list[dict[str, Any]]:
    import polars as pl

    return unsent.group_by("remark").agg(pl.len().cast(pl.Int64).alias("lines")).sort("remark").to_dicts()


def _numbered_lines(file: str, lines: pl.DataFrame) -> pl.DataFrame:
    return lines.with_row_index("number", 1).with_columns(_text(file).alias("file"))


def _write_csv(path: Path, lines: pl.DataFrame) -> Path:
    """Comma-separated with a byte order mark, as spreadsheet programs here expect."""
    import polars as pl

    named = lines.with_columns(yuan_column("fen").alias("yuan"))
    cells = [neutral_column(pl.col(column).cast(pl.String)).alias(head) for head, column in _HEADS.items()]
    named.select(cells).write_csv(path, include_bom=True, line_terminator="\r\n")
    return path
