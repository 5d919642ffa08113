"""`bulou month`: one folder of department files in, every list, the payroll and the report out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bulou.engine.basics.months import is_month
from bulou.engine.basics.problems import Place, Problem, Refused, errors
from bulou.engine.basics.progress import Say, silent
from bulou.engine.basics.workers import Workers
from bulou.engine.differences import MonthResult, compare_month
from bulou.engine.differences.compare import begin_settling
from bulou.engine.differences.decide_month import Decider
from bulou.engine.differences.deductions import planned_in
from bulou.engine.facts.decisions import filled_in, read_decisions
from bulou.engine.facts.folders import history_before
from bulou.engine.facts.history import save_deductions, save_history
from bulou.engine.facts.likely import likely_head
from bulou.engine.facts.match_month import MonthMatching, write_links
from bulou.engine.facts.month_settings import read_head, read_month_settings
from bulou.engine.facts.read_month import begin_reading, read_month
from bulou.engine.intake import Cleaned, read_templates, write_problem_book, write_repairs
from bulou.engine.matching.registry_check import SUSPICIONS, write_suspicions
from bulou.engine.matching.review_book import BOOK, write_review
from bulou.engine.pack import read_pack
from bulou.engine.pack.read import regions
from bulou.engine.report import payment_problems, write_month
from bulou.engine.report.manifest import read_manifest
from bulou.engine.report.write import FILLED_IN, HISTORY


@dataclass(frozen=True)
class MonthRun:
    """A finished month: what it came to, what was written, and what somebody should know about the input."""

    result: MonthResult
    written: tuple[Path, ...]
    problems: tuple[Problem, ...]
    matching: MonthMatching

    def summary(self) -> list[str]:
        """A few lines for the terminal: counts that add up, and where the report is."""
        counts, result = self.result.counts, self.result
        yuan = counts["fen_payable"] / 100
        return [
            f"{result.region_name} {result.month} · 判定日 {result.on} · 政策版本 {result.pack_digest[:12]}",
            f"读入 {counts['rows_read']} 行 = 采用 {counts['rows_accepted']} + 修正 {counts['rows_repaired']}"
            f" + 退回 {counts['rows_refused']} + 表头合计 {counts['rows_furniture']}；{counts['people']} 人",
            f"按号码改正或姓名等找到 {self.matching.found} 行 · 待判断 {self.matching.count('review')} 行",
            f"应享未享 {counts['missed']} · 疑似不应享 {counts['suspicions']} · 待核实 {counts['questions']}"
            f"（另有 {counts['gaps']} 处来源缺口）",
            f"可发放 {counts['payroll_payable']} 笔 {yuan:.2f} 元 · 待决定 {counts['payroll_held']} 笔"
            f" · 未定金额 {counts['payroll_unset']} 笔 · 决定不发 {counts['payroll_declined']} 笔",
            f"补发 {counts['fen_back_pay'] / 100:.2f} 元 · 待追缴 {counts['fen_recover'] / 100:.2f} 元"
            f" · 变动预告 {counts['forecast']}",
            *(str(path) for path in self.written if path.name == "report.html"),
        ]


def run_month(  # noqa: PLR0913 all but the folder are options
    folder: Path,
    *,
    region: str = "",
    month: str = "",
    packs: Sequence[Path] = (),
    out: Path | None = None,
    say: Say = silent,
    workers: Workers | None = None,
) -> MonthRun:
    """Run a month's folder. Earlier months beside it are its history; inputs are never touched.

    `region` and `month` override month.toml. `workers` help to read and clean the files and to write the longest lists.
    Raises `Refused` when the input cannot be used; nothing is written then.
    """
    from importlib.metadata import version

    region, month = _head(folder, region, month, packs)
    templates = read_templates()
    workers = workers or Workers()
    reading = begin_reading(folder, templates, workers)
    pack = read_pack(region, packs)
    settings = read_month_settings(folder, pack)
    say("读取往月 earlier months", 0, 0)
    history = history_before(folder, month, pack, templates)
    out = out or folder / "out"
    filled = _filled_in(folder, out)
    workers.prepare(_ready_to_write)
    read = read_month(folder, month, history, settings.complete, reading.finish(say), filled, workers)
    if errors(read.problems):
        raise Refused(read.problems)
    decisions, undecided = read_decisions(filled, month)
    problems, matching = (*read.problems, *undecided), read.matching
    with TemporaryDirectory() as aside:
        kept = Path(aside) / HISTORY
        history = read.history.with_decisions(decisions)
        save_history(history, kept)
        decider = Decider(pack, history, templates, month, settings, workers, kept)
        settling = begin_settling(decider)
        more = _more_files(read.cleaned, matching, read.problems, workers, Path(aside))
        result = compare_month(decider, read.accounts, version("bulou"), say, settling)
        del read, history, decider, settling  # the lists are made; what was read would only fill the memory
        result = replace(result, matching=matching.told())
        say("写出 writing", 0, 0)
        written = write_month(result, out, more, workers)
        save_deductions(planned_in(result.payroll, month), month, kept)
        shutil.copytree(kept, out / HISTORY, dirs_exist_ok=True)
    return MonthRun(result, tuple(written), (*problems, *payment_problems(result)), matching)


def _ready_to_write() -> None:
    """Being loaded, this module has loaded what writes the lists."""


def _filled_in(folder: Path, out: Path) -> list[Path]:
    written = {entry["file"]: entry["sha256"] for entry in read_manifest(out).get("outputs", ())}
    return filled_in(folder, out, written, FILLED_IN)


def _more_files(
    cleaned: Sequence[Cleaned], matching: MonthMatching, problems: Sequence[Problem], workers: Workers, aside: Path
) -> dict[str, Callable[[Path], None]]:
    """Files about the input. The largest is written by `workers` into `aside` meanwhile, and then put in its place."""
    book = aside / "problems.xlsx"
    coming = workers.submit(write_problem_book, book, cleaned, list(problems))

    def problem_book(path: Path) -> None:
        coming()
        shutil.move(book, path)

    def repairs(path: Path) -> None:
        write_repairs(path, cleaned)

    files: dict[str, Callable[[Path], None]] = {"修复明细.csv": repairs, "数据问题.xlsx": problem_book}
    if matching.links.height:
        files["匹配记录.csv"] = lambda path: write_links(path, matching.links)
    if matching.review.height:
        files[BOOK] = lambda path: write_review(path, matching.review)
    if matching.suspicions.height:
        files[SUSPICIONS] = lambda path: write_suspicions(path, matching.suspicions)
    return files


def _head(folder: Path, region: str, month: str, packs: Sequence[Path]) -> tuple[str, str]:
    """Region and month: options first, then month.toml; the month may also be the folder's name."""
    if not folder.is_dir():
        raise Refused([Problem("no-such-folder", Place(str(folder)), "没有这个文件夹", "存在的文件夹", "核对路径")])
    head = read_head(folder)
    named = folder.resolve().name if is_month(folder.resolve().name) else ""
    region, month = region or head.region, month or head.month or named
    if region and is_month(month):
        return region, month
    raise Refused(_unsaid(folder, region, month, packs))


def _unsaid(folder: Path, region: str, month: str, packs: Sequence[Path]) -> list[Problem]:
    """What nobody has said, with what the files seem to say, for somebody to confirm."""
    names = {code: read_pack(code, packs).name for code in regions(packs) if code.isdigit()}
    likely, problems = likely_head(folder, names), []
    seems = f"；从文件看：{'，'.join(likely.evidence)}" if likely.evidence else ""
    if not region:
        option = f"--region {likely.regions[0]}" if len(likely.regions) == 1 else "--region"
        fix = f"核对后加 {option}，或在 month.toml 里写 region"
        problems.append(Problem("no-region", Place(str(folder)), f"没有说是哪个地区{seems}", "地区代码", fix))
    if not is_month(month):
        option = f"--month {likely.month}" if likely.month else "--month"
        fix = f"核对后加 {option}，或在 month.toml 里写 month"
        got = f"{month or '没有说是哪个月'}{seems}"
        problems.append(Problem("no-month", Place(str(folder)), got, "YYYY-MM", fix))
    return problems
