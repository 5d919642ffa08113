"""Writes a month's folder: everything or nothing.

All is written beside `out` and moved into its place at the end. What the run before wrote is replaced; what somebody
else put into `out`, the kept history, and lists that somebody has filled in by hand stay.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from bulou.engine.basics.files import digest_of
from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.basics.workers import Workers
from bulou.engine.differences.month import COLUMNS, MonthResult
from bulou.engine.report.bank import FOLDER, KEYS, BankBatch, bank_batch, write_bank
from bulou.engine.report.lists import LISTS, write_list
from bulou.engine.report.manifest import files_in, manifest, read_manifest, write_manifest
from bulou.engine.report.notice import write_notice
from bulou.engine.report.page import write_page
from bulou.engine.report.payroll_book import write_payroll_book
from bulou.engine.report.sums import Sum, check_sums, sums

HISTORY = "history"
LONGEST = "应享未享.xlsx"
"""Of the lists beside the payroll, the one with most rows as a rule."""
FILLED_IN = "旧表（有人改过）"
"""Where lists of an earlier run go that are no longer as they were written."""

_NOTHING: Mapping[str, Callable[[Path], None]] = MappingProxyType({})


def write_month(
    result: MonthResult,
    out: Path,
    more: Mapping[str, Callable[[Path], None]] = _NOTHING,
    workers: Workers | None = None,
) -> list[Path]:
    """Write the month into `out`; gives the files written, sorted.

    `more` maps names of further files or folders to functions that write them at the path they are given; `workers`
    may write some files meanwhile. Raises
    `Refused` when something does not add up or the folder cannot be replaced; then `out` is as it was.
    """
    found = sums(result)
    check_sums(found)
    out.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        made.chmod(0o755)
        shown = _write_all(result, made, found, more, workers or Workers())
        write_manifest(manifest(result, made, shown, read_manifest(out)), made)
        written = sorted(files_in(made))
        _replace(out, made)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return [out / name for name in written]


def _write_all(
    result: MonthResult,
    made: Path,
    found: list[Sum],
    more: Mapping[str, Callable[[Path], None]],
    workers: Workers,
) -> list[Sum]:
    """Everything but the manifest; gives the sums that add up, those of the bank files among them."""
    batch = None if result.pack_status == "draft" else bank_batch(result)
    payroll, missed = _only(result, "payroll"), _only(result, "missed", "households")
    coming = [workers.submit(write_payroll_book, payroll, made, _remarks(result, batch))]
    coming.append(workers.submit(write_list, LONGEST, missed, made / LONGEST))
    if batch is not None:
        coming.append(workers.submit(write_notice, payroll, made))
    for name in LISTS:
        if name != LONGEST:
            write_list(name, result, made / name)
    if batch is not None:
        found = [*found, _sent(result, batch)]
        check_sums(found)
        write_bank(batch, made / FOLDER)
    write_page(result, made, found, batch)
    for name, write in more.items():
        write(made / name)
    for written in reversed(coming):
        written()
    return found


def _only(result: MonthResult, *names: str) -> MonthResult:
    """The month without the other lists, to be sent to another process."""
    others = {name: getattr(result, name).clear() for name in (*COLUMNS, "programmes") if name not in names}
    return replace(result, **others, households=result.households if "households" in names else {})


def _remarks(result: MonthResult, batch: BankBatch | None) -> Any:
    import polars as pl

    if batch is None:
        return result.payroll.clear().select(*KEYS, pl.lit(None, pl.String).alias("remark"))
    told = batch.unsent.select(*KEYS, pl.concat_str(pl.lit("未进银行文件："), "remark").alias("remark"))
    return told.unique(KEYS, keep="first", maintain_order=True)


def _sent(result: MonthResult, batch: BankBatch) -> Sum:
    parts = ("银行文件", batch.fen), ("没进银行文件", batch.unsent_fen)
    return Sum("可发放金额的去向", result.counts["fen_payable"], parts, money=True)


def _replace(out: Path, made: Path) -> None:
    """Put `made` in the place of `out`, with what must be kept of it; on failure `out` stands as before."""
    if not out.exists():
        made.rename(out)
        return
    old = made.with_name(f"{made.name}-old")
    try:
        _keep(out, made)
        out.rename(old)
    except OSError as error:
        raise Refused([_busy(out, error)]) from error
    try:
        made.rename(out)
    except OSError as error:
        old.rename(out)
        raise Refused([_busy(out, error)]) from error
    shutil.rmtree(old, ignore_errors=True)


def _keep(out: Path, made: Path) -> None:
    """Copy what the run before did not write, and what is no longer as it wrote it."""
    written = {entry["file"]: entry["sha256"] for entry in read_manifest(out).get("outputs", ())}
    ours = files_in(made)
    rewritten = {PurePosixPath(name).parts[0] for name in ours}
    aside_first = sorted(files_in(out).items(), key=lambda one: (not one[0].startswith(FILLED_IN), one[0]))
    for name, path in aside_first:
        if PurePosixPath(name).parts[0] == HISTORY:
            if HISTORY not in rewritten:
                _copy(path, made / name)
        elif name != "manifest.json" and written.get(name) != digest_of(path):
            _copy(path, _free(made / FILLED_IN / name if name in ours or name in written else made / name))


def _free(path: Path) -> Path:
    """The path itself, or with the first number that is not taken."""
    if not path.exists():
        return path
    numbers = (path.with_stem(f"{path.stem}-{number}") for number in range(2, 10_000))
    return next(one for one in numbers if not one.exists())


def _copy(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, to)


def _busy(out: Path, error: OSError) -> Problem:
    return Problem("cannot-replace", Place(str(out)), str(error), "可以写的文件夹", "关闭里面打开的表格，再运行一次")
