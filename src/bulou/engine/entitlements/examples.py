"""Runs a pack's worked examples on every evaluator: what must come out, and what came out instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bulou.engine.basics.money import fen_of_yuan, yuan_text
from bulou.engine.basics.problems import Problem, Refused
from bulou.engine.entitlements.determination import VERDICTS, ConditionState, Determination, Verdict
from bulou.engine.entitlements.everyone import compile_everyone, conditions_of, run_duckdb, run_polars
from bulou.engine.entitlements.result import Result, decide
from bulou.engine.facts import CheckedDocument, check_document
from bulou.engine.facts.tables import tables_of_document
from bulou.engine.pack import Example, Pack, policy_in_force
from bulou.engine.pack.model import Expectation


def run_examples(pack: Pack, engines: tuple[str, ...] = ("polars", "duckdb")) -> Iterator[Problem]:
    """Problems of all examples: wrong expectations, and evaluators that do not agree with each other.

    Examples of the same day, settings and rolls are decided together, each with ids of its own.
    """
    together: dict[Any, list[tuple[Example, CheckedDocument]]] = {}
    for example in pack.examples:
        try:
            document = check_document(dict(example.document), pack, example.origin.file)
        except Refused as refused:
            yield from (_refused(problem, example) for problem in refused.problems)
            continue
        key = (example.on, tuple(sorted(document.settings.items(), key=str)), document.rolls)
        together.setdefault(key, []).append((example, document))
    for (on, _, rolls), group in together.items():
        policy = policy_in_force(pack, on, group[0][1].settings, rolls)
        result = decide(_joined([document for _, document in group]), pack, policy)
        for number, (example, _) in enumerate(group):
            for expectation in example.expects:
                yield from _compare(example, expectation, result, f"{number}/{expectation.subject}")
        yield from (_disagreement(group[0][0], line) for line in disagreements(result, engines))


def _joined(documents: Sequence[CheckedDocument]) -> CheckedDocument:
    """Several documents of equal settings and rolls as one; the ids of document i begin with "i/"."""
    joined = CheckedDocument(settings=documents[0].settings, rolls=documents[0].rolls)
    for number, document in enumerate(documents):
        for kind, subjects in document.subjects.items():
            for given in subjects:
                household = None if given.household is None else f"{number}/{given.household}"
                joined.subjects[kind].append(replace(given, id=f"{number}/{given.id}", household=household))
    return joined


def _refused(problem: Problem, example: Example) -> Problem:
    shown = f"{problem.place}: {problem.got}" if str(problem.place) else problem.got
    return Problem(problem.code, example.origin, shown, problem.expected, problem.fix)


def _compare(example: Example, expected: Expectation, result: Result, subject: str) -> Iterator[Problem]:
    found = [d for d in result.determinations if (d.programme, d.subject) == (expected.programme, subject)]
    if not found:
        known = "、".join(sorted({d.programme for d in result.determinations}))
        yield _wrong(
            example, expected, "没有这项判定", f"{expected.programme} / {expected.subject}（有：{known[:200]}）"
        )
        return
    got = found[0]
    if got.verdict != expected.verdict:
        yield _wrong(example, expected, _shown(got), expected.verdict)
    amount = None if expected.amount is None else fen_of_yuan(Decimal(expected.amount))
    if expected.verdict == "yes" and got.verdict == "yes" and got.amount != amount:
        yield _wrong(example, expected, _yuan(got.amount), _yuan(amount))
    failed = {state.id for state in got.conditions if state.state == "failed"}
    if expected.failed is not None and failed != set(expected.failed):
        yield _wrong(example, expected, f"未满足 failed {sorted(failed)}", f"{sorted(expected.failed)}")
    if expected.missing is not None and not set(expected.missing) <= set(got.missing):
        yield _wrong(example, expected, f"缺的事实 missing {list(got.missing)}", f"其中有 {list(expected.missing)}")


def _shown(got: Determination) -> str:
    states = "、".join(f"{c.id}={c.state}" for c in got.conditions if c.state != "met")
    return f"{got.verdict}（{states or '全部满足'}）"


def _yuan(fen: int | None) -> str:
    return "金额未定" if fen is None else f"{yuan_text(fen)} 元"


def _wrong(example: Example, expected: Expectation, got: str, wanted: str) -> Problem:
    what = f"{example.title} · {expected.programme} · {expected.subject}"
    return Problem("example-differs", example.origin, f"{what}: {got}", wanted, "改正规则，或改正例子")


def _disagreement(example: Example, line: str) -> Problem:
    return Problem(
        "evaluators-differ", example.origin, f"{example.title}: {line}", "各引擎结果相同", "这是程序的错误，请报告"
    )


def disagreements(result: Result, engines: tuple[str, ...] = ("polars", "duckdb")) -> Iterator[str]:
    """Lines where an engine's verdict, amount or condition states differ from the plain evaluator's."""
    tables = tables_of_document(result.document, result.pack)
    plain = {(d.subject_kind, d.subject, d.programme): d for d in result.determinations}
    for kind, compiled in compile_everyone(result.policy, tables).items():
        for engine in engines:
            frame = run_duckdb(compiled, tables) if engine == "duckdb" else run_polars(compiled, tables).collect()
            for row in frame.to_dicts():
                for programme in compiled.programmes:
                    expected = plain.pop((kind, row["id"], programme.name), None) if engine == engines[-1] else None
                    expected = expected or plain.get((kind, row["id"], programme.name))
                    got = _from_row(row, programme.name, tuple(conditions_of(compiled, programme.name, row)))
                    if expected is None or got != (expected.verdict, expected.amount, expected.conditions):
                        yield f"{engine} {kind} {row['id']} {programme.name}: {got} ≠ {expected}"
    yield from (f"没有结果 no result: {key}" for key in plain)


def _from_row(
    row: dict[str, object], programme: str, conditions: tuple[ConditionState, ...]
) -> tuple[Verdict, object, tuple[ConditionState, ...]]:
    verdict = row[programme]
    assert verdict is None or isinstance(verdict, bool)
    return VERDICTS[verdict], row.get(f"{programme}__fen"), conditions
