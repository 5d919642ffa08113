"""Ranks: ties are shown, nothing is guessed, and the bounds of who is not ranked yet are exactly what can happen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.engine.basics.problems import Problem, Refused
from bulou.engine.facts import check_document
from bulou.engine.pack import Pack, read_pack
from bulou.engine.ranking import Ranking, as_text, rank
from tests.cli.command_line import CommandLine, is_refused
from tests.packs.known import known_pack
from tests.packs.small_packs import marked, problems_of, write

ORDER = """+
[places]
name = "先安排谁"
subject = "person"
among = "person.age < 60"
among_says = "不到60岁"
force = "must"
cite = "doc 三"

[places.keys.on_dibao]
test = "person.dibao"
says = "低保对象"
cite = "doc 三(一)"

[places.keys.youngest]
value = "person.age"
first = "smallest"
says = "年龄小的"
cite = "doc 三(二)"
from = 2025-01-01
"""
ON = date(2025, 6, 30)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("packs")
    write(folder, priorities=ORDER[1:])
    return read_pack("t", [folder])


def ranked(pack: Pack, people: Sequence[dict[str, Any]], on: date = ON) -> Ranking:
    listed = [{"id": f"{number}", **person} for number, person in enumerate(people, 1)]
    return rank(pack, "places", check_document({"people": listed}, pack), on)


def shown(ranking: Ranking) -> dict[str, tuple[int, int, int]]:
    return {place.subject: (place.first, place.last, place.tied) for place in ranking.places}


def test_keys_count_in_their_order_and_equals_share_a_rank(pack: Pack) -> None:
    people = [{"dibao": False, "age": 5}, {"dibao": True, "age": 40}, {"dibao": True, "age": 30},
              {"dibao": True, "age": 40}, {"dibao": True, "age": 60}]  # fmt: skip
    ranking = ranked(pack, people)
    assert shown(ranking) == {"3": (1, 1, 1), "2": (2, 2, 2), "4": (2, 2, 2), "1": (4, 4, 1)}
    assert [(subject, [one.id for one in failed]) for subject, failed in ranking.left_out] == [("5", ["in_line"])]


def test_a_key_counts_only_while_it_is_in_force(pack: Pack) -> None:
    people = [{"dibao": True, "age": 40}, {"dibao": True, "age": 30}]
    assert shown(ranked(pack, people, date(2024, 12, 31))) == {"1": (1, 1, 2), "2": (1, 1, 2)}
    assert shown(ranked(pack, people, date(2025, 1, 1))) == {"2": (1, 1, 1), "1": (2, 2, 1)}


def test_an_unknown_key_that_cannot_matter_keeps_nobody_waiting(pack: Pack) -> None:
    ranking = ranked(pack, [{"dibao": True, "age": 10}, {"age": 30}, {"dibao": False, "age": 50}])
    assert shown(ranking) == {"1": (1, 1, 1), "2": (2, 2, 0), "3": (3, 3, 1)}
    assert [place.settled for place in ranking.places] == [True, False, True]


def test_who_lacks_a_fact_waits_and_is_asked_for_it(pack: Pack) -> None:
    ranking = ranked(pack, [{"dibao": True, "age": 40}, {"age": 30}])
    assert shown(ranking) == {"1": (1, 2, 1), "2": (1, 2, 0)}
    assert {place.subject: place.asks for place in ranking.places} == {"1": (), "2": ("person.dibao",)}


def test_who_may_not_belong_to_the_line_pushes_nobody_back_for_sure(pack: Pack) -> None:
    ranking = ranked(pack, [{"dibao": False, "age": 40}, {"dibao": True}])
    assert shown(ranking)["1"] == (1, 2, 1)
    last = ranking.places[-1]
    assert (last.subject, last.in_line, last.asks) == ("2", None, ("person.age",))


def test_who_may_still_turn_out_equal_is_counted(pack: Pack) -> None:
    """1 is first whatever 2 turns out to be, and 2 may tie with it; 3 may not: it is surely older."""
    ranking = ranked(pack, [{"dibao": True, "age": 30}, {"age": 30}, {"dibao": True, "age": 50}])
    assert {place.subject: (place.tied, place.may_tie) for place in ranking.places} == {
        "1": (1, 1), "2": (0, 0), "3": (1, 0),
    }  # fmt: skip
    assert "还可能有 1 个" in "".join(as_text(ranking))


def test_who_is_in_line_and_who_may_be_are_counted_apart(pack: Pack) -> None:
    said = as_text(ranked(pack, [{"dibao": True, "age": 30}, {"dibao": True}, {"dibao": True, "age": 70}]))
    assert "1 个在名单里，1 个还不知道在不在；0 个排定，2 个暂不能排" in said[1]


PEOPLE = st.lists(
    st.fixed_dictionaries({"dibao": st.sampled_from([True, False, None]), "age": st.sampled_from([10, 20, 70, None])}),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(people=PEOPLE)
def test_the_bounds_are_the_first_and_last_rank_over_all_that_can_be_true(
    pack: Pack, people: list[dict[str, Any]]
) -> None:
    """Every way to fill in what is unknown is tried; ages from -1 to 61 stand for all ages."""
    places = {place.subject: place for place in ranked(pack, people).places}
    found = {subject: (place.first, place.last) for subject, place in places.items()}
    seen: dict[str, set[int]] = {subject: set() for subject in found}
    ways = [list(product((True, False) if one["dibao"] is None else (one["dibao"],),
                         (-1, 15, 25, 70) if one["age"] is None else (one["age"],))) for one in people]  # fmt: skip
    for world in product(*ways):
        line = {str(number): (not dibao, age) for number, (dibao, age) in enumerate(world, 1) if age < 60}
        for subject, standing in line.items():
            seen[subject].add(1 + sum(other < standing for other in line.values()))
            tied, may_tie = places[subject].tied, places[subject].may_tie
            assert not tied or tied <= list(line.values()).count(standing) <= tied + may_tie, subject
    for subject, ranks in seen.items():
        first, last = found[subject]
        assert first <= min(ranks) and max(ranks) <= last, subject
        if all(one["age"] is not None for one in people):
            assert (first, last) == (min(ranks), max(ranks)), subject


@settings(max_examples=40, deadline=None)
@given(people=PEOPLE, data=st.data())
def test_the_order_of_the_input_does_not_matter(pack: Pack, people: list[dict[str, Any]], data: st.DataObject) -> None:
    numbered = [{"id": str(number), **person} for number, person in enumerate(people)]
    mixed = data.draw(st.permutations(numbered))
    results = []
    for listed in (numbered, mixed):
        results.append(shown(rank(pack, "places", check_document({"people": listed}, pack), ON)))
    assert results[0] == results[1]


# what is wrong with a priority -------------------------------------------------------------------------------------

KEY = '[places.keys.a]\ntest = "person.dibao"\nsays = "甲"\ncite = "doc 一"\n'
HEAD = '[places]{mark}\nname = "先"\nsubject = "person"\nforce = "must"\ncite = "doc 一"\n'


def key(expression: str, more: str = "") -> str:
    """A key whose expression stands at the mark; `more` is a further line of it."""
    return KEY.replace('test = "person.dibao"', f"{expression} # HERE{more}")


WRONG = {
    "no keys": (HEAD, "", "keys-or-reason"),
    "keys and a reason": (HEAD + 'no_order = "无"\n', KEY, "keys-or-reason"),
    "no such fact": (HEAD, key('test = "person.dibo"'), "unknown-fact"),
    "a number for a test": (HEAD, key('test = "person.age"'), "wrong-type"),
    "a test for a value": (HEAD, key('value = "person.dibao"', '\nfirst = "largest"'), "wrong-type"),
    "a code for a value": (HEAD, key('value = "person.category"', '\nfirst = "largest"'), "wrong-type"),
    "neither test nor value": (HEAD, '[places.keys.a] # HERE\nsays = "甲"\ncite = "doc 一"\n', "test-or-value"),
    "a key that decides nothing": (HEAD, key('test = "person.age < 200"'), "key-decides-nothing"),
    "an unknown document": (HEAD, KEY.replace("doc 一", "law 一"), "unknown-document"),
    "an unknown programme": (HEAD + 'programme = "housing"\n', KEY, "unknown-programme"),
    "a programme of other subjects": (
        HEAD.replace('"person"', '"household"') + 'programme = "subsidy"\n',
        KEY.replace("person.dibao", "household.n_dibao >= 1"), "different-subjects",
    ),
    "a value without an end": (HEAD, KEY.replace('test = "person.dibao"', 'value = "person.age"').replace(
        "[places.keys.a]", "[places.keys.a] # HERE"), "missing-key"),
    "an unknown duty": (HEAD + 'duty = "veterans"\n', KEY, "unknown-duty"),
    "two lines": (
        HEAD + 'programme = "subsidy"\namong = "person.dibao" # HERE\namong_says = "低保"\n', KEY, "one-line",
    ),
    "a line without words": (HEAD + 'among = "person.dibao" # HERE\n', KEY, "missing-key"),
    "encouraged without a switch": (HEAD.replace('"must"', '"may" # HERE'), KEY, "no-switch"),
    "a misspelt key": (HEAD + 'switsh = "region.offers_extra" # HERE\n', KEY, "unknown-key"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_with_its_line(case: tuple[str, str, str], tmp_path: Path) -> None:
    head, keys, code = case
    text = head + keys
    write(tmp_path, priorities=text.replace("{mark}", "" if "# HERE" in text else " # HERE"))
    problems: list[Problem] = problems_of(tmp_path)
    problem = next(found for found in problems if found.code == code)
    assert problem.expected and problem.fix and problem.place.file.endswith("priorities.toml")
    if code != "unknown-document":
        assert (problem.place.file, problem.place.line) == marked(tmp_path)
    assert len(problems) <= 2


def test_a_priority_duty_needs_an_order_or_a_reason(tmp_path: Path) -> None:
    duty = """
[priority.veterans] # HERE
name = "优先"
who = "县"
force = "must"
says = "先给"
subject = "person"
not_computable = "没有登记"
cite = "doc 一"
"""
    write(tmp_path, duties="+" + duty)
    (problem,) = problems_of(tmp_path)
    assert problem.code == "priority-without-order"
    assert problem.place.line == marked(tmp_path)[1]


# the command ------------------------------------------------------------------------------------------------------

TABLE = "id,dibao,age\n甲,是,40\n乙,是,40\n丙,,30\n丁,否,70\n"


def rank_line(line: CommandLine, *arguments: str) -> Any:
    write(line.folder / "packs", priorities=ORDER[1:])
    return line.bulou("rank", "t", *arguments, "--packs", "../packs")


def test_the_command_ranks_a_table_with_reasons_and_questions(line: CommandLine) -> None:
    line.file("名单.csv", TABLE)
    said = rank_line(line, "places", "名单.csv", "--on", "2025-06-30")
    assert (said.code, said.err) == (0, "")
    for part in (
        "低保对象：是，排在前",
        "暂不能排（第1–3）　丙",
        "要核实 低保对象：是低保对象吗？",
        "不在名单　丁　不到60岁",
    ):
        assert part in said.out, said.out
    told = rank_line(line, "places", "名单.csv", "--on", "2025-06-30", "--roll", "dibao_roll")
    assert "1　甲　并列 第1组 2 个" in told.out and "3　丙" in told.out, told.out


def test_without_a_priority_all_are_listed_with_their_clauses(line: CommandLine) -> None:
    said = rank_line(line)
    assert "places  先安排谁" in said.out and "2. 年龄小的  〔试发〔2025〕1号 三(二)〕" in said.out


def test_lists_to_hand_on_have_equal_bytes_and_no_formulas(line: CommandLine) -> None:
    from python_calamine import CalamineWorkbook

    line.file("a.csv", TABLE.replace("甲", "=甲"))
    for name in ("1.xlsx", "2.xlsx", "1.csv", "2.csv"):
        said = rank_line(line, "places", "a.csv", "--on", "2025-06-30", "--out", name)
        assert said.code == 0 and "3 个在名单里；0 个排定，3 个暂不能排" in said.out, said
    assert Path("1.xlsx").read_bytes() == Path("2.xlsx").read_bytes()
    assert Path("1.csv").read_bytes() == Path("2.csv").read_bytes()
    book = CalamineWorkbook.from_path("1.xlsx")
    assert book.sheet_names == ["先后名单", "怎么排", "不在名单"]
    assert "'=甲" in {row[2] for row in book.get_sheet_by_name("先后名单").to_python()}
    assert "'=甲" in Path("1.csv").read_text(encoding="utf-8-sig")


REFUSED = [
    (["place", "a.csv", "--on", "2025-06-30"], ["place", "places"]),
    (["places", "a.csv"], ["--on"]),
    (["places"], ["没有名单"]),
    (["places", "a.csv", "--on", "2025-06-31"], ["2025-06-31"]),
    (["places", "a.csv", "--on", "2025-06-30", "--out", "a.csv"], ["--out", "不是输入文件"]),
    (["places", "a.csv", "--on", "2025-06-30", "--out", "b.pdf"], ["--out", ".pdf", ".xlsx"]),
    (["places", "a.csv", "--on", "2025-06-30", "--set", "standerd=5"], ["--set", "standerd"]),
    (["places", "households.csv", "--on", "2025-06-30"], ["没有个人"]),
]


@pytest.mark.parametrize(("arguments", "expected"), REFUSED)
def test_bad_input_is_refused(arguments: list[str], expected: list[str], line: CommandLine) -> None:
    line.file("a.csv", TABLE)
    line.file("households.csv", "id,income\n甲,5\n")
    is_refused(rank_line(line, *arguments), *expected)
    assert sorted(path.name for path in Path().iterdir()) == ["a.csv", "households.csv"]


@pytest.mark.parametrize(
    ("region", "name", "said", "code"),
    [
        ("610103", "public_rental", {}, "plan-not-in-force"),
        ("620600", "school_district", {}, "not-switched-on"),
        ("620600", "small_stalls", {}, "no-order"),
        ("620600", "nothing", {}, "unknown-priority"),
    ],
)
def test_a_draft_a_switch_and_a_clause_without_order_are_refused(
    region: str, name: str, said: dict[str, Any], code: str
) -> None:
    found = known_pack(region)
    with pytest.raises(Refused) as refused:
        rank(found, name, check_document({"people": [{"id": "1"}], "region": said}, found), ON)
    assert [problem.code for problem in refused.value.problems] == [code]
