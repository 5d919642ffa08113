"""`bulou ask` at the terminal and for other programs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bulou import engine
from bulou.engine.asking import Interview
from bulou.engine.asking.choice import ranked
from tests.cli.command_line import CommandLine, Said, is_refused
from tests.packs.known import known_pack

Ask = Callable[..., Said]
ON = ("--region", "620600", "--on", "2025-06-30")


@pytest.fixture
def command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


@pytest.fixture
def ask(command_line: CommandLine) -> Ask:
    def asked(*arguments: str, typed: str = "") -> Said:
        command_line.patch.setattr("sys.stdin", io.StringIO(typed))
        return command_line.bulou("ask", *ON, *arguments)

    return asked


def test_a_conversation_asks_explains_takes_back_and_saves(ask: Ask) -> None:
    typed = "1\n1\n为什么\n有效\n五级\n2\n返回\n1\n1990-03-04\n\n结束\n"
    said = ask("--save", "家.json", typed=typed)
    assert said.code == 0, said.err
    assert "第 1 问 【个人 本人】残疾证现在是" in said.out and "1 有效  2 未办证" in said.out
    assert "关系到：" in said.out and "收回了：残疾等级" in said.out
    assert "answer-not-understood" in said.out and "第3行" in said.out
    assert "✔ 应享 yes  免费乘坐城市公交" in said.out and "待核实" in said.out and "不符" in said.out
    saved = json.loads(Path("家.json").read_text(encoding="utf-8"))
    assert saved["people"] == [
        {"id": "本人", "household": "一家", "cert_status": "valid", "grade": 1, "birth_date": "1990-03-04"}
    ]


def test_somebody_without_a_certificate_is_soon_done_and_ends_by_themselves(ask: Ask) -> None:
    said = ask(typed="1\n1\n2\n" + "否\n不知道\n" * 100)
    assert "再问别的也不会改变结果" in said.out, said.out[-500:]
    assert said.out.count(" 问 【") < 40


def test_everything_answered_with_i_do_not_know_ends_and_stays_unknown(ask: Ask) -> None:
    said = ask(typed="2\n" + "不知道\n" * 60)
    assert said.code == 0 and "应享 0 项" in said.out
    asked = [line for line in said.out.splitlines() if " 问 【" in line]
    assert len(asked) == len({line.partition("】")[2] for line in asked}) > 5


def test_next_gives_one_question_to_other_programs(ask: Ask) -> None:
    Path("p.json").write_text('{"people": [{"id": "p1", "cert_status": "valid", "age": 40}]}', encoding="utf-8")
    found = json.loads(ask("p.json", "--next").out)["next"]
    assert found["subject"] == {"kind": "person", "id": "p1"}
    pack = known_pack("620600")
    fact = pack.facts[found["fact"]]
    assert (found["question"], found["type"]) == (fact.question, fact.type.kind)
    assert [choice["code"] for choice in found.get("choices", [])] == list(fact.type.codes)
    told = {one["programme"]: one["name"] for one in found["can_change"]}
    assert told and told == {name: pack.programmes[name].title for name in told}
    other = json.loads(ask("p.json", "--next", "--skip", f"p1:{found['fact']}").out)["next"]
    assert other["fact"] != found["fact"]


def test_nothing_left_to_ask_is_null(ask: Ask) -> None:
    dead = {"id": "p1", "is_dead": True, "cert_status": "none"}
    Path("p.json").write_text(json.dumps({"people": [dead]}), encoding="utf-8")
    last = json.loads(ask("p.json", "--next").out)["next"]
    assert last is None or last["fact"] != "person.cert_status"


def test_bad_input_is_refused_before_anything_is_asked(command_line: CommandLine) -> None:
    def ask(*arguments: str) -> Said:
        return command_line.bulou("ask", "--packs", "../packs", "--region", "t", "--on", "2025-06-30", *arguments)

    Path("bad.json").write_text('{"people": [{"id": "p1", "age": 199, "sxe": "m"}]}', encoding="utf-8")
    Path("other.json").write_text("{}", encoding="utf-8")
    is_refused(ask("bad.json"), "person.age", "0 到 150", "person.sxe")
    is_refused(ask("--next"), "--next", "JSON")
    is_refused(ask("--save", "other.json"), "other.json", "已经存在")
    is_refused(ask("bad.json", "--skip", "age"), "--skip", "p1:person.grade")
    is_refused(ask("none.json"), "no-such-file")
    assert Path("other.json").read_text(encoding="utf-8") == "{}"


def test_an_amount_is_asked_only_after_the_thing_itself() -> None:
    pack = known_pack("620600")
    barred = dict.fromkeys(("tekun", "receives_work_injury_care", "receives_orphan_allowance"), False)
    person = {"id": "p", "cert_status": "valid", "dibao": True, "birth_date": "1980-01-01", "grade": 3, **barred}
    person["receives_disability_pension"] = False
    document = {"people": [person], "region": {"living_subsidy_standard": 100}}
    interview = engine.interview(pack, document, date(2025, 6, 30))
    order = []
    while question := interview.next():
        order.append(question.asked.fact)
        interview.answer(question.asked, True) if question.fact.type.kind == "bool" else interview.skip(question.asked)
    facts = ["person.has_other_living_benefit", "person.other_living_benefit_amount"]
    assert [fact for fact in order if fact in facts] == facts
    assert order.index("person.is_commissioner") < order.index("person.commissioner_level")


def test_worth_leads_between_two_questions_that_settle_as_much() -> None:
    """The subsidy of a known amount outweighs a programme without one."""
    pack = known_pack("620600")
    document = {"people": [{"id": "p"}], "region": {"living_subsidy_standard": 900}}
    rich = engine.interview(pack, document, date(2025, 6, 30))
    poor = engine.interview(pack, {"people": [{"id": "p"}]}, date(2025, 6, 30))

    def gain(interview: Interview) -> float:
        return next(gain for asked, gain in ranked(interview.standing) if asked.fact == "person.dibao")

    assert gain(rich) > gain(poor)


def test_what_is_kept_between_questions_equals_what_is_worked_out_afresh() -> None:
    """A family of two answers a dozen questions, skips every fourth and takes one back."""
    pack = known_pack("620600")
    document = {"people": [{"id": id, "household": "h"} for id in ("p", "q")]}
    kept = engine.interview(pack, document, date(2025, 6, 30))
    for at in range(12):
        question = kept.next()
        assert question
        one = question.asked
        kept.skip(one) if at % 4 == 3 else kept.answer(one, kept.standing.answers[one][at % 2][0])
        if at == 7:
            kept.take_back()
        if at % 4 == 1:
            continue
        fresh = engine.interview(pack, kept.document, date(2025, 6, 30), kept.skipped)
        found, expected = dict(ranked(kept.standing)), dict(ranked(fresh.standing))
        assert found == pytest.approx(expected)
