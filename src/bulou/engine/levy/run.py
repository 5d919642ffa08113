"""`bulou levy`: files in, one workbook out; all problems together, rows without a fault worked out."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.facts.month_settings import DatedSetting
from bulou.engine.levy.assess import FAULTY, OUTCOMES, UNKNOWN, Assessment, assess, no_rules
from bulou.engine.levy.book import write_levy
from bulou.engine.levy.findings import Finding, findings
from bulou.engine.levy.late import yuan_of
from bulou.engine.levy.reading import FormRow, FormsRead, read_forms
from bulou.engine.levy.reasons import not_known
from bulou.engine.levy.rules import LEVY, Rules
from bulou.engine.levy.totals import ALL, Total, totals
from bulou.engine.pack import Pack

SUFFIX = "_残保金.xlsx"


@dataclass(frozen=True)
class LevyRun:
    """What a run found: rows worked out in their order, totals, suspicions, problems, and the workbook written.

    `open` says what the sums leave open.
    """

    rows: tuple[Assessment, ...]
    totals: tuple[Total, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    open: tuple[str, ...]
    out: Path | None

    def summary(self) -> list[str]:
        """Lines for the screen: counts by outcome, sums, suspicions."""
        counts = [f"{outcome} {count}" for outcome in OUTCOMES if (count := self._count(outcome))]
        whole = [line for line in self.totals if line.outcome == ALL][-1]
        worked = sum(one.outcome not in (UNKNOWN, FAULTY) for one in self.rows)
        sums = f"应纳 {yuan_of(whole.due)}，减免 {yuan_of(whole.relief)}，应缴 {yuan_of(whole.payable)}"
        rest = f"已缴 {yuan_of(whole.paid)}，应补（退）{yuan_of(whole.balance)}"
        lines = [
            f"{len(self.rows)} 行 rows：{'，'.join(counts)}",
            *([f"算出的 {worked} 行：{sums}，{rest} 元"] if worked else []),
            *self.open,
            f"疑点 {len(self.findings)} 处 suspicions，问题 {len(self.problems)} 处 problems",
        ]
        return [*lines, f"写在 {self.out}"] if self.out else lines

    def _count(self, outcome: str) -> int:
        return sum(one.outcome == outcome for one in self.rows)


def run_levy(
    files: Sequence[Path],
    pack: Pack,
    *,
    year: int | None = None,
    on: date | None = None,
    settings: Sequence[DatedSetting] = (),
    out: Path | None = None,
) -> LevyRun:
    """Work out the levy of every employer on the sheets and, with `out`, write the workbook.

    `year` is the fee year where the sheet names none; late fees of what is still unpaid run to `on`; `out` is a
    folder or an .xlsx file. Raises `Refused` when no row can be used: nothing is written then.
    """
    target = None if out is None else _target(out, files)
    rules = Rules(pack, settings)
    _check_year(rules, year)
    read = read_forms(files)
    rows = [assess(row, rules, year, on) for row in _without_repeats(read.declarations)]
    days = [row.day for row in rows if row.day is not None]
    suspected = findings(rows, read.staff, rules, max(days)) if days else []
    problems = _problems(read, rows)
    sums = totals(rows)
    if target is not None:
        _write(target, rows, sums, suspected, problems, rules)
    return LevyRun(tuple(rows), tuple(sums), tuple(suspected), tuple(problems), tuple(not_known(rows, rules)), target)


def _problems(read: FormsRead, rows: Sequence[Assessment]) -> list[Problem]:
    of_rows = [problem for row in rows for problem in row.row.problems]
    of_staff = [problem for row in read.staff for problem in row.problems]
    return list(dict.fromkeys([*read.problems, *of_rows, *of_staff]))


def _check_year(rules: Rules, year: int | None) -> None:
    """Refuse a year before the rules, and a pack without the levy."""
    problems = []
    if LEVY not in rules.pack.programmes:
        got, expected = f"{rules.pack.region} 没有残保金 {LEVY}", "有残保金的地区包"
        problems.append(Problem("no-levy", Place("--region"), got, expected, "换一个地区代码，或用 cn"))
    elif year is not None and not 1950 <= year <= 2100:
        problems.append(Problem("no-such-year", Place("--year"), str(year), "四位数的年份，如 2024", "改正 --year"))
    elif year is not None and (problem := no_rules(rules, date(year, 12, 31))):
        problems.append(problem)
    if problems:
        raise Refused(problems)


def _without_repeats(rows: Sequence[FormRow]) -> list[FormRow]:
    """The rows; a second declaration of one employer for one period has a fault, so that nothing is counted twice."""
    first: dict[tuple[object, ...], FormRow] = {}
    found = []
    for row in rows:
        who = row.values.get("code") or row.values.get("employer")
        key = (who, *(row.values.get(name) for name in ("period_from", "period_to", "year")))
        repeated = who is not None and key in first
        found.append(row.with_problem(_repeat(row, first[key])) if repeated else row)
        first.setdefault(key, row)
    return found


def _repeat(row: FormRow, first: FormRow) -> Problem:
    got, fix = f"与 {first.where} 是同一单位、同一所属期", "留下对的一行；现在只算了前一行"
    return Problem("declared-twice", row.place("用人单位名称"), got, "一个单位一期一行", fix)


def _target(out: Path, files: Sequence[Path]) -> Path:
    target = out if out.suffix.lower() == ".xlsx" else out / f"{files[0].stem}{SUFFIX}"
    place = Place("--out")
    if out.is_file() and out.suffix.lower() != ".xlsx":
        raise Refused([Problem("not-a-folder", place, str(out), "文件夹，或 .xlsx 文件", "改正 --out")])
    if any(target.resolve() == file.resolve() for file in files):
        raise Refused([Problem("would-overwrite", place, str(target), "不是输入文件", "换一个文件名")])
    return target


def _write(
    target: Path,
    rows: Sequence[Assessment],
    sums: Sequence[Total],
    suspected: Sequence[Finding],
    problems: Sequence[Problem],
    rules: Rules,
) -> None:
    """Written whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".levy-") as folder:
        draft = Path(folder) / target.name
        write_levy(draft, rows, sums, suspected, problems, rules)
        draft.replace(target)
