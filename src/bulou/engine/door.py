"""The functions of the front door; `bulou.engine` names them in path order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.files import check_file
from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.entitlements import Result
from bulou.engine.entitlements import decide as _decide
from bulou.engine.facts import check_document
from bulou.engine.facts.document import check_settings
from bulou.engine.facts.files import (
    LINE_ENDINGS,
    is_table,
    kind_of,
    parse_json,
    read_json,
    read_json_lines,
    read_tables_as_document,
)
from bulou.engine.pack import Pack, Policy, policy_in_force, read_pack
from bulou.engine.pack.check import check_pack
from bulou.engine.pack.coverage import coverage as pack_coverage

__all__ = [
    "as_json",
    "check_pack",
    "compare_packs",
    "compile_tables",
    "decide",
    "decide_document",
    "decide_files",
    "decide_lines",
    "decide_to_parquet",
    "documents_in",
    "forecast_policy",
    "forecast_text",
    "interview",
    "make_fact_tables",
    "make_synthetic",
    "match_files",
    "match_rows",
    "match_token_files",
    "next_question",
    "pack_coverage",
    "pack_schemas",
    "priorities_of",
    "rank_files",
    "ranking_text",
    "read_document",
    "read_pack",
    "read_settings",
    "run_month",
    "settings_said",
    "simulate_policy",
    "simulation_text",
    "test_pack",
    "train_match_model",
    "work_out_levy",
    "write_book",
    "write_comparison",
    "write_forecast",
    "write_ranking",
    "write_schemas",
    "write_simulation",
    "write_token_key",
    "write_tokens",
]

if TYPE_CHECKING:
    import polars as pl

    from bulou.engine.asking import Interview, Question
    from bulou.engine.comparison import Comparison
    from bulou.engine.entitlements.compile import CompiledKind
    from bulou.engine.facts.month_settings import DatedSetting
    from bulou.engine.facts.tables import Tables
    from bulou.engine.levy import LevyRun
    from bulou.engine.matching import Matched, Model
    from bulou.engine.matching.run import MatchRun
    from bulou.engine.matching.token_files import TokenRun
    from bulou.engine.matching.token_keys import TokenKey
    from bulou.engine.month_run import MonthRun
    from bulou.engine.ranking import Ranking
    from bulou.engine.simulation.forecast import Forecast
    from bulou.engine.simulation.simulate import Simulation


def match_files(
    registry: Path, rows: Path, out: Path, reviews: Sequence[Path] = (), model: Path | None = None
) -> MatchRun:
    """Match a department's list with a registry, both as files; see `matching.run.match_files`."""
    from bulou.engine.matching import run

    return run.match_files(registry, rows, out, reviews, model)


def match_rows(
    registry: pl.DataFrame, rows: pl.DataFrame, decisions: pl.DataFrame | None = None, model: Model | None = None
) -> Matched:
    """Match rows with a registry, both as Polars frames; see `matching.match.match_rows`."""
    from bulou.engine.matching import match

    return match.match_rows(registry, rows, decisions, model)


def match_token_files(registry: Path, rows: Path, out: Path) -> Matched:
    """Match two files of keyed tokens; see `matching.token_files.match_token_files`."""
    from bulou.engine.matching import token_files

    return token_files.match_token_files(registry, rows, out)


def write_tokens(source: Path, out: Path, key: Path, period: str, registry: bool = False) -> TokenRun:
    """Turn a list into keyed tokens; see `matching.token_files.write_tokens`."""
    from bulou.engine.matching import token_files

    return token_files.write_tokens(source, out, key, period, registry)


def write_token_key(agreement: str, path: Path, secret: bytes, algorithm: str | None = None) -> TokenKey:
    """Write the key of an agreement from 32 random bytes to a new file that only its owner may read."""
    from bulou.engine.matching import token_keys

    key = token_keys.new_key(agreement, secret, algorithm)
    token_keys.write_key(key, path)
    return key


def train_match_model(registry: Path, rows: Path, out: Path, seed: int = 1) -> Model:
    """Train the probability model on a month's list with ID numbers and save it; never part of a monthly run."""
    from bulou.engine.matching import run

    return run.train_files(registry, rows, out, seed)


def run_month(folder: Path, **options: Any) -> MonthRun:
    """Run a month's folder of department files; options as in `month_run.run_month`."""
    from bulou.engine import month_run

    return month_run.run_month(folder, **options)


def work_out_levy(files: Sequence[Path], pack: Pack, **options: Any) -> LevyRun:
    """Work out the levy of the employers on declaration sheets; options as in `levy.run_levy`."""
    from bulou.engine.levy import run_levy

    return run_levy(files, pack, **options)


def read_settings(pack: Pack, file: Path | None) -> tuple[DatedSetting, ...]:
    """The locality's dated values in a file with a [settings] table; none without a file. Raises `Refused`."""
    from bulou.engine.facts import settings

    return settings.read_settings(file, pack) if file else ()


def settings_said(texts: Iterable[str], pack: Pack) -> tuple[DatedSetting, ...]:
    """Values of the locality said as name=value. Raises `Refused` with all problems."""
    from bulou.engine.facts import settings

    return settings.settings_said(texts, pack)


def priorities_of(pack: Pack) -> Iterator[str]:
    """The pack's priorities as lines: name, title, keys with their clauses, or why there is no order."""
    from bulou.engine.pack.wording import cited

    for priority in pack.priorities.values():
        yield f"{priority.name}  {priority.title}  〔{cited(pack, priority.cite)}〕"
        if priority.no_order:
            yield f"    排不出次序：{priority.no_order}"
        for number, key in enumerate(priority.keys, 1):
            yield f"    {number}. {key.says}  〔{cited(pack, key.cite)}〕"


def rank_files(
    pack: Pack,
    priority: str,
    files: Sequence[Path],
    on: date,
    rolls: Iterable[str] = (),
    settings: Iterable[DatedSetting] = (),
) -> Ranking:
    """Rank the subjects of one JSON document, or of several tables, by a priority of the pack. Raises `Refused`."""
    from bulou.engine.ranking import rank

    document, tables = _document_in(files, rolls)
    checked = check_document(document, pack, "、".join(map(str, files)), cells=tables)
    checked.settings.update({setting.fact: setting.value for setting in settings})
    return rank(pack, priority, checked, on)


def ranking_text(ranking: Ranking) -> list[str]:
    """A ranking as lines for the screen."""
    from bulou.engine.ranking import as_text

    return as_text(ranking)


def write_ranking(ranking: Ranking, out: Path) -> None:
    """Write a ranking as .xlsx or .csv. Raises `Refused` for another ending."""
    from bulou.engine.ranking import write_ranking as write

    write(ranking, out)


def pack_schemas() -> dict[str, dict[str, Any]]:
    """A JSON Schema for each kind of pack file."""
    from bulou.engine.pack.schema import schemas

    return schemas()


def write_book(pack: Pack, out: Path, on: date, folders: Sequence[Path] = ()) -> list[Path]:
    """Write the policy book of a pack, with what is in force on a day; gives its pages, index.html first.

    `folders` are those the pack was read from. Raises `Refused` when the pack does not pass its checks or `out`
    holds something else than an earlier book.
    """
    from importlib.metadata import version

    from bulou.engine.book import write_book as write

    names = {region: pack.name if region == pack.region else read_pack(region, folders).name for region in pack.chain}
    return write(pack, out, on, names, version("bulou"))


def write_schemas(out: Path) -> list[Path]:
    """Write the JSON Schemas of pack files into a folder, with the taplo.toml that editors read."""
    from bulou.engine.pack.schema import write_schemas as write

    return write(out)


def test_pack(pack: Pack) -> Iterator[Problem]:
    """Run the pack's worked examples on every evaluator; gives what differs."""
    from bulou.engine.entitlements.examples import run_examples

    return run_examples(pack)


def compare_packs(packs: Sequence[Pack], on: date, only: Sequence[str] = ()) -> Comparison:
    """The same needs in several regions on a day, with their differences in words. Raises `Refused`."""
    from bulou.engine.comparison import compare

    return compare(packs, on, only)


def write_comparison(found: Comparison, out: Path) -> None:
    """Write a comparison as one HTML page."""
    from bulou.engine.comparison import write_page

    write_page(found, out)


def decide_document(pack: Pack, document: Any, on: date, file: str = "", cells: bool = False) -> Result:
    """Decide one input document (the shape of `bulou decide`). Raises `Refused` with all of its problems."""
    checked = check_document(document, pack, file, cells)
    return _decide(checked, pack, policy_in_force(pack, on, checked.settings, checked.rolls))


def documents_in(files: Sequence[Path]) -> list[list[Path]]:
    """Files that belong together: each JSON document alone, all tables as one."""
    tables = [file for file in files if is_table(file)]
    documents = [[file] for file in files if not is_table(file)]
    return [*documents, tables] if tables else documents


def decide_files(pack: Pack, files: Sequence[Path], on: date, rolls: Iterable[str] = ()) -> Result:
    """Decide one JSON document, or several tables as one document with the given complete rolls."""
    document, tables = _document_in(files, rolls)
    return decide_document(pack, document, on, "、".join(map(str, files)), cells=tables)


def _document_in(files: Sequence[Path], rolls: Iterable[str]) -> tuple[Any, bool]:
    """The document in the files, and whether it comes from tables (text then stands for other types)."""
    tables = is_table(files[0])
    document = read_tables_as_document(list(files)) if tables else read_json(files[0])
    more = list(rolls)
    given = (document.get("rolls") or []) if isinstance(document, dict) else None
    if more and isinstance(given, list):
        document = {**document, "rolls": [*given, *more]}
    return document, tables


def read_document(file: Path) -> Any:
    """The content of one JSON document. Raises `Refused` when there is none."""
    check_file(file, (".json",))
    return read_json(file)


def interview(
    pack: Pack, document: Any, on: date, skipped: Iterable[tuple[str, str, str]] = (), file: str = ""
) -> Interview:
    """Questions about the subjects of a document, one at a time; see `asking.Interview`. Raises `Refused`."""
    from bulou.engine.asking import Interview

    return Interview(pack, document, on, skipped, file)


def next_question(pack: Pack, document: Any, on: date, skipped: Iterable[tuple[str, str, str]] = ()) -> Question | None:
    """The next question worth asking about the subjects of a document; None when none can change anything.

    `skipped` are (kind, id, fact) that nobody can answer. Raises `Refused` with all problems of the document.
    """
    return interview(pack, document, on, skipped).next()


def decide_lines(pack: Pack, files: Sequence[Path], on: date, write: Callable[[str], None]) -> list[Problem]:
    """Decide one document a line and write one result a line, in order.

    A line that cannot be used gives a result {"problems": […]} in its place; all problems are given back.
    """
    policies: dict[Any, Policy] = {}
    problems: list[Problem] = []
    for file in files:
        check_file(file, LINE_ENDINGS)
    for file in files:
        for number, line in read_json_lines(file):
            try:
                document = check_document(parse_json(line, str(file), number), pack, f"{file}:{number}")
                key = (tuple(document.settings.items()), document.rolls)
                if key not in policies:
                    policies[key] = policy_in_force(pack, on, document.settings, document.rolls)
                shown = as_json(_decide(document, pack, policies[key]))
            except Refused as refused:
                problems += refused.problems
                shown = {"problems": [str(problem) for problem in refused.problems]}
            write(json.dumps(shown, ensure_ascii=False, separators=(",", ":")))
    return problems


def decide(  # noqa: PLR0913 each table and setting is a keyword of its own
    pack: Pack | str,
    people: Any = None,
    *,
    on: date | str,
    households: Any = None,
    employers: Any = None,
    institutions: Any = None,
    region: Mapping[str, Any] | None = None,
    rolls: Iterable[str] = (),
    check: bool = True,
) -> dict[str, pl.DataFrame]:
    """Decide everyone in the given tables; one frame of results for each kind of subject.

    Tables are Polars frames, pandas frames, Arrow tables or paths of Parquet files, with fact names as columns.
    `region` overrides the locality's settings by fact name, `rolls` names rolls completely loaded. A result has
    `id` (rows in the order given), for each programme its verdict (null: unknown) and amount in fen, and masks of
    failed and unknown conditions. Raises `Refused` with all problems; `check=False` skips the pass over the values.
    """
    from bulou.engine.entitlements.everyone import decide_in_memory

    frames = _tables(people, households, employers, institutions)
    compiled, tables = compile_tables(pack, frames, on=on, region=region, rolls=rolls, check=check)
    return {kind: decide_in_memory(one, tables) for kind, one in compiled.items()}


def decide_to_parquet(
    pack: Pack, files: Sequence[Path], on: date, out: Path, rolls: Iterable[str] = (), check: bool = True
) -> dict[str, int]:
    """Decide everyone in the files and stream the results to `out/<kind>.parquet`; gives rows per kind.

    Parquet tables are streamed and may be larger than memory; other files are read whole. Nothing is written
    when the input is refused.
    """
    from bulou.engine.entitlements.everyone import compile_everyone, write_parquet
    from bulou.engine.facts.tables import tables_of_document, tables_of_frames

    if all(file.suffix.lower() == ".parquet" for file in files):
        tables = tables_of_frames(_parquet_tables(files), pack, check)
        policy = policy_in_force(pack, on, *check_settings(pack, None, rolls))
    else:
        groups = documents_in(files)
        if len(groups) > 1:
            place = Place("、".join(map(str, files)))
            raise Refused(
                [Problem("several-inputs", place, f"{len(groups)} 个输入", "一个 JSON 文档或一组表", "分几次写")]
            )
        document, tables_given = _document_in(groups[0], rolls)
        checked = check_document(document, pack, "、".join(map(str, files)), cells=tables_given)
        tables = tables_of_document(checked, pack)
        policy = policy_in_force(pack, on, checked.settings, checked.rolls)
    return write_parquet(list(compile_everyone(policy, tables).values()), tables, out, policy)


def _parquet_tables(files: Sequence[Path]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in files:
        check_file(file)
        kind = kind_of(file.stem) or "people"
        if kind in found:
            raise Refused([Problem("which-table", Place(str(file)), f"表 {kind} 重复", "每种一张", "按内容给文件命名")])
        found[kind] = file
    return found


def _tables(people: Any, households: Any, employers: Any, institutions: Any) -> dict[str, Any]:
    given = {"people": people, "households": households, "employers": employers, "institutions": institutions}
    return {kind: table for kind, table in given.items() if table is not None}


def compile_tables(  # noqa: PLR0913 each setting is a keyword of its own
    pack: Pack | str,
    frames: Mapping[str, Any],
    *,
    on: date | str,
    region: Mapping[str, Any] | None = None,
    rolls: Iterable[str] = (),
    check: bool = True,
    masks: bool = True,
) -> tuple[dict[str, CompiledKind], Tables]:
    """The SQL text for each kind of subject in the tables, and the tables with typed columns.

    `frames` maps people, households, employers, institutions to tables (see `decide`). Without `masks` the
    reasons are not kept. Raises `Refused` with all problems.
    """
    from bulou.engine.entitlements.everyone import compile_everyone
    from bulou.engine.facts.tables import tables_of_frames

    pack = read_pack(pack) if isinstance(pack, str) else pack
    settings, complete = check_settings(pack, region, rolls)
    day = date.fromisoformat(on) if isinstance(on, str) else on
    tables = tables_of_frames(frames, pack, check)
    return compile_everyone(policy_in_force(pack, day, settings, complete), tables, masks), tables


def as_json(result: Result) -> dict[str, Any]:
    """The contract's output: region, on, pack, determinations."""
    return result.as_json()


def make_synthetic(out: Path, *, region: str, **wishes: Any) -> dict[str, Any]:
    """Write a synthetic region's department files, month by month, and its truth; gives the counts.

    Wishes: holders, seed, month, months, dirt, done; see `bulou.engine.synthetic`. Raises `Refused`.
    """
    from bulou.engine.synthetic import make_synthetic as make

    return make(out, region=region, **wishes)


def make_fact_tables(out: Path, *, region: str, **wishes: Any) -> dict[str, Any]:
    """Write a synthetic region as tables of facts, without department files; gives the counts. Raises `Refused`.

    Wishes: holders, seed, month.
    """
    from bulou.engine.synthetic.fact_tables import make_fact_tables as make

    return make(out, region=region, **wishes)


def simulate_policy(files: Sequence[Path], **options: Any) -> Simulation:
    """What another policy would change for the people in files; options as in `simulation.simulate.run`."""
    from bulou.engine.simulation.simulate.run import simulate_policy as run

    return run(files, **options)


def write_simulation(result: Simulation, out: Path) -> list[Path]:
    """Write a simulation's workbook and page into a folder; gives the files."""
    from bulou.engine.simulation.simulate.run import write_simulation as write

    return write(result, out)


def simulation_text(result: Simulation) -> tuple[list[str], list[Any], list[str]]:
    """A simulation for a terminal: lines, tables (title, heads, rows), lines."""
    from bulou.engine.simulation.simulate.run import simulation_text as text

    return text(result)


def forecast_policy(files: Sequence[Path], **options: Any) -> Forecast:
    """What the coming months bring for the people in files; options as in `simulation.forecast.run`."""
    from bulou.engine.simulation.forecast.run import forecast_policy as run

    return run(files, **options)


def write_forecast(result: Forecast, out: Path, lists: bool = True) -> list[Path]:
    """Write a forecast's workbooks and page into a folder; gives the files."""
    from bulou.engine.simulation.forecast.run import write_forecast as write

    return write(result, out, lists)


def forecast_text(result: Forecast) -> tuple[list[str], list[Any], list[str]]:
    """A forecast for a terminal: lines, tables (title, heads, rows), lines."""
    from bulou.engine.simulation.forecast.run import forecast_text as text

    return text(result)
