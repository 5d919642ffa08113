"""Whatever is wrong with a pack is found in one run of the check: its file and line, what, and what to do.

A case is a good small pack with something added; `# HERE` marks the line that the problem must name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.engine import decide_document
from bulou.engine.basics.problems import Problem, Refused
from bulou.engine.basics.toml_tables import read_toml
from bulou.engine.pack import read_pack
from bulou.engine.pack.check import check_pack
from tests.packs.small_packs import GOOD, marked, problems_of, write


def test_the_good_pack_is_good(tmp_path: Path) -> None:
    write(tmp_path)
    assert problems_of(tmp_path) == []


def spoilt(folder: Path, code: str, got: str, **changes: str) -> Problem:
    """The one problem of the good pack with these changes; it must stand at the mark."""
    write(folder, **changes)
    (problem,) = problems_of(folder)
    assert (problem.code, problem.place.file, problem.place.line) == (code, *marked(folder)), problem
    assert got in problem.got
    assert problem.expected
    assert problem.fix
    return problem


# expressions --------------------------------------------------------------------------------------------------

MORE = """+
[more]
name = "更多"
subject = "person"
gives = "service"
force = "must"
cite = "doc 六"

[more.when.it] # HERE
test = "TEST"
says = "甲"
cite = "doc 六"
"""


@pytest.mark.parametrize(
    ("test", "code", "got"),
    [
        ("person.dibo", "unknown-fact", "person.dibo"),
        ("employer.staff > 1", "unknown-fact", "employer.staff"),
        ("person.age = 'old'", "wrong-type", "person.age = 'old'"),
        ("person.age", "wrong-type", "number"),
        ("person.category = 'sight'", "unknown-code", "sight"),
        ("person.age IS NULL", "not-in-the-language", "IS"),
        ("read_csv('people.csv')", "unknown-function", "read_csv"),
        ("(SELECT 1) = 1", "not-in-the-language", "SELECT"),
        ("person.dibao -- always", "not-in-the-language", "注释"),
        ("person.dibao AND", "not-an-expression", "AND"),
        ("any_member(person.dibao)", "roll-up-out-of-place", "any_member"),
        ("person.dibao OR " * 700 + "person.dibao", "expression-too-large", "11212"),
    ],
)
def test_a_test_that_is_no_condition(tmp_path: Path, test: str, code: str, got: str) -> None:
    spoilt(tmp_path, code, got, programmes=MORE.replace("TEST", test))


@pytest.mark.parametrize(
    "test",
    [
        "person.age < 18 AND person.age > 60",
        "person.age BETWEEN 60 AND 18",
        "person.age > 150",
        "person.age < 0",
        "person.age > 17 AND person.age < 18",
        "person.age IN (151, 200)",
        "person.category = 'vision' AND person.category = 'hearing'",
        "person.dibao AND NOT person.dibao",
        "decision.day < '2025-01-01' AND decision.day >= '2025-01-01'",
        "region.standard < 100 AND region.standard > 99.99",
        "1 + 1 = 3",
        "FALSE",
    ],
)
def test_a_condition_that_can_never_be_met(tmp_path: Path, test: str) -> None:
    spoilt(tmp_path, "condition-decides-nothing", "can never be met", programmes=MORE.replace("TEST", test))


@pytest.mark.parametrize(
    "test",
    [
        "person.age >= 0",
        "person.age <> 17.5",
        "person.age < 18 OR person.age >= 18",
        "person.category IN ('vision', 'hearing', 'none')",
        "person.dibao OR NOT person.dibao",
        "person.dibao = person.dibao",
        "1 = 1",
        "TRUE",
    ],
)
def test_a_condition_that_can_never_fail(tmp_path: Path, test: str) -> None:
    spoilt(tmp_path, "condition-decides-nothing", "can never fail", programmes=MORE.replace("TEST", test))


@pytest.mark.parametrize(
    "test",
    [
        "person.age > 17.5 AND person.age < 18.5",
        "household.income < 0",
        "household.income > 0.05 AND household.income < 0.07",
        "household.income > 5000000",
        "household.income * 0.000001 > 5",
        "household.income > region.standard",
        "household.n_dibao > person.age AND person.age > 1",
        "full_years('2000-01-01', decision.day) > 5",
        "person.category <> 'vision' AND person.category <> 'hearing'",
        "NOT (person.dibao AND region.offers_extra)",
    ],
)
def test_a_condition_that_can_go_both_ways_is_left_alone(tmp_path: Path, test: str) -> None:
    write(tmp_path, programmes=MORE.replace("TEST", test))
    assert problems_of(tmp_path) == []


# values of the region -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "got", "parameters"),
    [
        ("value-without-date", "from", '[[standard.values]] # HERE\nvalue = 1\ncite = "doc 二"'),
        ("value-without-cite", "cite", "[[standard.values]] # HERE\nfrom = 2025-01-01\nvalue = 1"),
        ("value-missing", "value", '[[standard.values]] # HERE\nfrom = 2025-01-01\ncite = "doc 二"'),
        ("wrong-type", "1.5", '[[standard.values]]\nfrom = 2025-01-01\nvalue = 1.5 # HERE\ncite = "doc 二"'),
        ("wrong-type", "NaN", '[[standard.values]]\nfrom = 2025-01-01\nvalue = "NaN" # HERE\ncite = "doc 二"'),
        ("wrong-type", "1e9", '[[standard.values]]\nfrom = 2025-01-01\nvalue = "1e9" # HERE\ncite = "doc 二"'),
        ("wrong-type", "True", '[[standard.values]]\nfrom = 2025-01-01\nvalue = true # HERE\ncite = "doc 二"'),
        ("wrong-value", "1.555", '[[standard.values]] # HERE\nfrom = 2025-01-01\nvalue = "1.555"\ncite = "doc 二"'),
        ("wrong-value", "town", '[level]\n[[level.values]] # HERE\nfrom = 2025-01-01\nvalue = "town"\ncite = "doc 二"'),
        ("no-such-date", "02-30", '[[standard.values]]\nfrom = "2025-02-30" # HERE\nvalue = 1\ncite = "doc 二"'),
        ("toml-syntax", "date", '[[standard.values]]\nfrom = 2025-02-30 # HERE\nvalue = 1\ncite = "doc 二"'),
        ("no-such-date", "明天", '[[standard.values]]\nfrom = "明天" # HERE\nvalue = 1\ncite = "doc 二"'),
        (
            "empty-period",
            "2025-01-01",
            '[[standard.values]]\nfrom = 2025-01-01\nto = 2025-01-01 # HERE\nvalue = 1\ncite = "doc 二"',
        ),
        (
            "two-values-for-one-date",
            "2025-06-01",
            '[[standard.values]]\nfrom = 2025-01-01\nvalue = 1\ncite = "doc 二"\n'
            '[[standard.values]] # HERE\nfrom = 2025-06-01\nvalue = 2\ncite = "doc 二"',
        ),
        (
            "two-values-for-one-date",
            "2025-02-01",
            '[[standard.values]]\nfrom = "open"\nto = 2025-03-01\nvalue = 1\ncite = "doc 二"\n'
            '[[standard.values]] # HERE\nfrom = 2025-02-01\nvalue = 2\ncite = "doc 二"',
        ),
        ("unset-without-setter", "region.level", "[level] # HERE"),
        ("unknown-fact", "region.nothing", '[nothing] # HERE\nset_by = "县"'),
        ("unknown-document", "dok 二", '[[standard.values]] # HERE\nfrom = 2025-01-01\nvalue = 1\ncite = "dok 二"'),
        (
            "unknown-key",
            "form",
            '[[standard.values]]\nfrom = 2025-01-01\nform = "x" # HERE\nvalue = 1\ncite = "doc 二"',
        ),
        ("wrong-type", "values = 3", "[standard]\nset_by = '县'\nvalues = 3 # HERE"),
    ],
)
def test_a_value_of_the_region(tmp_path: Path, code: str, got: str, parameters: str) -> None:
    head = "" if parameters.startswith("[standard]") else '[standard]\nset_by = "县"\n'
    spoilt(tmp_path, code, got, parameters=head + parameters + "\n")


# facts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "got", "fact"),
    [
        ("unknown-supplier", "tekun_roll", '[person.x] # HERE\ntype = "bool"\nsupplier = "tekun_roll"'),
        ("not-a-choice", "boolean", '[person.x]\ntype = "boolean" # HERE'),
        ("not-a-choice", "people", '[people.x] # HERE\ntype = "bool"'),
        ("not-a-choice", "maybe", '[person.x]\ntype = "bool"\nabsent = "maybe" # HERE'),
        ("no-codes", "person.x", '[person.x] # HERE\ntype = "code"'),
        ("absent-does-not-fit", "person.x", '[person.x] # HERE\ntype = "int"\nabsent = "false"'),
        ("absent-does-not-fit", "person.x", '[person.x] # HERE\ntype = "bool"\nabsent = "none_if_roll_complete"'),
        ("no-value-allowed", "person.x", '[person.x] # HERE\ntype = "int"\nmin = 5\nmax = 1'),
        ("too-large-to-be-exact", "person.x", '[person.x] # HERE\ntype = "number"\nmin = 0\nmax = 10000000000000'),
        ("wrong-type", "decimals = 99", '[person.x]\ntype = "number"\ndecimals = 99 # HERE'),
        ("wrong-type", "min = 'low'", '[person.x]\ntype = "int"\nmin = "low" # HERE'),
        ("bad-name", "年龄", '[person."年龄"] # HERE\ntype = "int"'),
        ("bad-name", "Age", "[person.Age] # HERE\ntype = 'int'"),
        ("word-twice", "甲", '[person.x] # HERE\ntype = "code"\ncodes = { a = "甲", b = "甲" }'),
        ("unknown-key", "typ", '[person.x]\ntype = "bool"\ntyp = "int" # HERE'),
        ("wrong-type", "derive = 5", '[person.x]\ntype = "bool"\nderive = 5 # HERE'),
        ("unknown-fact", "person.ag", '[person.x]\ntype = "bool"\nderive = "person.ag >= 18" # HERE'),
        ("wrong-type", "number", '[person.x]\ntype = "bool"\nderive = "person.age" # HERE'),
        ("unknown-code", "sight", '[person.x]\ntype = "code"\ncodes = { a = "甲" }\nderive = "\'sight\'" # HERE'),
        (
            "two-values-for-one-date",
            "person.x",
            '[person.x]\ntype = "bool"\n[[person.x.derived]]\nto = 2025-01-01\nderive = "person.dibao"\n'
            '[[person.x.derived]] # HERE\nfrom = 2024-12-31\nderive = "NOT person.dibao"',
        ),
        ("cycle", "person.x → person.x", '[person.x] # HERE\ntype = "bool"\nderive = "NOT person.x"'),
    ],
)
def test_a_fact(tmp_path: Path, code: str, got: str, fact: str) -> None:
    words = '\nlabel = "新"\nquestion = "？"\n'
    head, _, rest = fact.partition("\n")
    spoilt(tmp_path, code, got, facts=f"+\n{head}{words}{rest}\n")


def test_a_fact_without_a_question(tmp_path: Path) -> None:
    spoilt(tmp_path, "no-question", "person.x", facts='+\n[person.x] # HERE\ntype = "bool"\nlabel = "新"\n')


def test_two_facts_of_one_label(tmp_path: Path) -> None:
    """A column of that name could be either."""
    fact = '+\n[person.x] # HERE\ntype = "bool"\nlabel = "低保对象"\nquestion = "？"\n'
    spoilt(tmp_path, "label-twice", "person.dibao 和 person.x", facts=fact)


def test_a_cycle_through_a_household_and_its_people(tmp_path: Path) -> None:
    facts = """+
[person.x] # HERE
type = "bool"
label = "甲"
question = "？"
derive = "household.y"

[household.y]
type = "bool"
label = "乙"
question = "？"
derive = "any_member(person.x)"
"""
    spoilt(tmp_path, "cycle", "person.x → household.y → person.x", facts=facts)


# programmes ---------------------------------------------------------------------------------------------------


SAID = 'test = "person.dibao"\nsays = "甲"\ncite = "doc 六"'


def programme(head: str = "", lines: str = "", condition: str = "", name: str = "more") -> str:
    """A further programme; `head` follows its header, `lines` its keys, `condition` the keys of its condition."""
    basis = {"subject": '"person"', "gives": '"service"', "force": '"must"', "cite": '"doc 六"'}
    own = {line.partition("=")[0].strip() for line in lines.splitlines()}
    keys = "\n".join(f"{key} = {value}" for key, value in basis.items() if key not in own)
    return f'+\n[{name}]{head}\nname = "更多"\n{keys}\n{lines}\n[{name}.when.it]\n{condition or SAID}\n'


HERE = " # HERE"
AMOUNT = "amount = \"CASE region.level WHEN 'city' THEN 2 ELSE 1 END\" # HERE"


@pytest.mark.parametrize(
    ("code", "got", "text"),
    [
        ("amount-unset", "more", programme(HERE, 'gives = "cash"\nperiod = "month"')),
        ("amount-unset", "region.level", programme("", AMOUNT)),
        ("wrong-type", "true-or-false", programme("", 'amount = "person.dibao" # HERE')),
        ("unknown-fact", "person.due", programme("", 'amount = "person.due" # HERE')),
        ("not-in-the-language", "/", programme("", 'amount = "region.standard / 3" # HERE')),
        ("unknown-key", "more.subsidises", programme("", "subsidises = true # HERE")),
        ("unknown-key", "more.when.it.say", programme("", "", SAID + '\nsay = "x" # HERE')),
        ("not-a-choice", "everybody", programme("", 'subject = "everybody" # HERE')),
        ("not-a-choice", "gifts", programme("", 'gives = "gifts" # HERE')),
        ("wrong-type", "force = 1", programme("", "force = 1 # HERE")),
        ("unknown-document", "dok 六", programme(HERE, 'cite = "dok 六"')),
        ("unknown-document", "doc 六; dok 七", programme(HERE, 'cite = "doc 六; dok 七"')),
        ("unknown-fact", "region.offers_more", programme(HERE, 'switch = "region.offers_more"')),
        ("optional-without-switch", "more 是 may", programme(HERE, 'force = "may"')),
        ("optional-without-switch", "more 是 explore", programme(HERE, 'force = "explore"')),
        ("nothing-to-drop", "rich", programme("", 'drops = ["rich"] # HERE')),
        ("empty-period", "2025-01-01", programme("", "from = 2025-01-01\nto = 2024-01-01 # HERE")),
        ("no-such-date", "2025-13-01", programme("", 'from = "2025-13-01" # HERE')),
        ("unknown-programme", "stacks_with: subsidie", programme(HERE, 'stacks_with = ["subsidie"]')),
        ("unknown-programme", "not_with: subsidie", programme(HERE, 'not_with = ["subsidie"]')),
        ("stacks-and-excludes", "subsidy", programme(HERE, 'not_with = ["subsidy"]\nstacks_with = ["subsidy"]')),
        ("rule-covered-twice", "R1: programme.more 与 programme.subsidy", programme(HERE, 'covers = ["R1"]')),
        ("unknown-rule", "R9", programme(HERE, 'covers = ["R9"]')),
        ("bad-name", "More", programme(HERE, name="More")),
        ("bad-name", "failed_1", programme(HERE, name="failed_1")),
        ("bad-name", "id", programme(HERE, name="id")),
        ("bad-name", "more__fen", programme(HERE, name="more__fen")),
        ("no-conditions", "more", programme(HERE).partition("[more.when.it]")[0]),
        ("missing-key", "name", programme(HERE).replace('name = "更多"', "")),
    ],
)  # fmt: skip
def test_a_programme(tmp_path: Path, code: str, got: str, text: str) -> None:
    spoilt(tmp_path, code, got, programmes=text)


def test_a_condition_without_cite(tmp_path: Path) -> None:
    text = programme().replace(f"[more.when.it]\n{SAID}", "")
    text += '[more.when.it] # HERE\ntest = "person.dibao"\nsays = "甲"\n'
    spoilt(tmp_path, "condition-without-cite", "cite", programmes=text)


def test_a_condition_that_is_named_twice(tmp_path: Path) -> None:
    text = programme() + '[more.unless.it] # HERE\ntest = "person.age < 18"\nsays = "乙"\ncite = "doc 六"\n'
    spoilt(tmp_path, "defined-twice", "it", programmes=text)


def test_programmes_that_give_way_to_each_other(tmp_path: Path) -> None:
    text = programme("", 'not_with = ["other"]') + programme("", 'not_with = ["more"]', name="other").removeprefix("+")
    write(tmp_path, programmes=text)
    assert [problem.code for problem in problems_of(tmp_path)] == ["both-give-way", "both-give-way"]


def test_a_programme_in_two_files(tmp_path: Path) -> None:
    again = programme(HERE, name="subsidy").removeprefix("+")
    spoilt(tmp_path, "defined-twice", "[subsidy]", programmes__again=again)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("facts__again", '[person.age] # HERE\ntype = "int"\nlabel = "周岁"\nquestion = "？"\n'),
        ("parameters__again", '[standard] # HERE\nset_by = "县"\n'),
        ("rules__again", '[R1] # HERE\nclause = "二"\nabout = "补贴"\n'),
    ],
)
def test_anything_in_two_files(tmp_path: Path, file: str, text: str) -> None:
    spoilt(tmp_path, "defined-twice", "", **{file: text})


def test_a_programme_twice_in_one_file(tmp_path: Path) -> None:
    spoilt(tmp_path, "toml-syntax", "subsidy", programmes='+\n[subsidy] # HERE\nname = "又"\n')


def test_a_rule_that_nothing_covers(tmp_path: Path) -> None:
    spoilt(tmp_path, "rule-never-covered", "R3", rules='+\n[R3] # HERE\nclause = "六"\nabout = "康复"\n')


# groups, duties, indicators, examples -------------------------------------------------------------------------

GROUP = """[class] # HERE
programmes = {programmes}
take = "highest"
condition = "higher"
says = "另有更高的"
cite = "doc 七"
"""
DUTY = """[{kind}.inform] # HERE
name = "宣传"
who = "残联"
force = "must"
says = "每年宣传"
subject = "person"
cite = "doc 五"
{lines}
"""
INDICATOR = """[share] # HERE
name = "比例"
cite = "doc 八"
{lines}
"""
PROCESS = """[renewal] # HERE
name = "换证"
who_to_check = "person.ag > 1"
cite = "doc 八"
"""
QUESTION = """[who] # HERE
says = "谁算未成年？"
about = ["subsidie"]
cite = "doc 三"
"""
EXAMPLE = """[[example]]{head}
title = "甲"
{lines}
"""
EXPECT = """
[[example.expect]]
programme = "subsidy"
subject = "p"
verdict = """


def duty(lines: str, kind: str = "duty") -> dict[str, str]:
    return {"duties": DUTY.format(kind=kind, lines=lines)}


def indicator(lines: str) -> dict[str, str]:
    return {"indicators": INDICATOR.format(lines=lines)}


def example(lines: str, head: str = "") -> dict[str, str]:
    return {"examples": EXAMPLE.format(head=head, lines=lines)}


@pytest.mark.parametrize(
    ("code", "got", "changes"),
    [
        ("unknown-programme", "subsidie", {"groups": GROUP.format(programmes='["subsidy", "subsidie"]')}),
        ("no-amount-to-compare", "extra", {"groups": GROUP.format(programmes='["extra"]')}),
        ("test-or-reason", "inform", duty("")),
        ("unknown-fact", "person.ag", duty('test = "person.ag > 1"')),
        ("not-a-choice", "favour", duty('test = "person.dibao"', kind="favour")),
        ("unknown-fact", "person.ag", {"processes": PROCESS}),
        ("unknown-thing", "subsidie", {"questions": QUESTION}),
        ("count-or-reason", "share", indicator("")),
        ("unknown-fact", "person.ag", indicator('numerator = "person.ag > 1"\ndenominator = "person.dibao"')),
        ("example-without-expectation", "甲", example("on = 2025-06-30", HERE)),
        ("missing-key", "on", example(EXPECT + '"yes"', HERE)),
        ("not-a-choice", "maybe", example(f"on = 2025-06-30{EXPECT}'maybe' # HERE")),
    ],
)
def test_what_stands_beside_programmes(tmp_path: Path, code: str, got: str, changes: dict[str, str]) -> None:
    spoilt(tmp_path, code, got, **changes)


# files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ['+\n[more # HERE\nname = "x"\n', '+\nname = "没有收尾 # HERE\n', "+\n= 5 # HERE\n", "+\nname = # HERE\n"],
)
def test_toml_that_cannot_be_read_is_the_only_thing_told(tmp_path: Path, text: str) -> None:
    """Everything that leans on the file would look wrong; that comes once it can be read."""
    spoilt(tmp_path, "toml-syntax", "line", programmes=text)


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "t" / "rules.toml").write_bytes(GOOD["rules.toml"].encode("gb18030"))
    (problem,) = problems_of(tmp_path)
    assert (problem.code, problem.place.file) == ("not-utf-8", "t/rules.toml")
    assert "UTF-8" in problem.fix


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "t" / "rules.toml").write_bytes(b"\xef\xbb\xbf" + GOOD["rules.toml"].encode())
    assert problems_of(tmp_path) == []


@pytest.mark.parametrize("name", ["programme", "programmes_old", "more__programmes", "Facts"])
def test_a_file_that_nobody_reads(tmp_path: Path, name: str) -> None:
    write(tmp_path, **{name: '[more]\nname = "x"\n'})
    (problem,) = problems_of(tmp_path)
    assert (problem.code, problem.place.file) == ("unknown-file", f"t/{name.replace('__', '/')}.toml")


def test_lines_are_told_after_long_texts_and_lists(tmp_path: Path) -> None:
    text = '''+
[more]
name = """
[not.a.header]
key = "neither"
"""
note = \'\'\'
[nor.this]\'\'\'
subject = "person"
gives = "service"
force = "must"
cite = "doc 六"
covers = [
  "R1] = [", # an odd name
]
[more.when]
it = { test = "person.ag", says = "甲", cite = "doc 六" } # HERE
'''
    write(tmp_path, programmes=text)
    found = {problem.code: problem.place.line for problem in problems_of(tmp_path)}
    assert found["unknown-fact"] == marked(tmp_path)[1]


# inheritance --------------------------------------------------------------------------------------------------


def refused(folder: Path) -> Problem:
    with pytest.raises(Refused) as caught:
        read_pack("t", [folder])
    (problem,) = caught.value.problems
    return problem


def test_a_pack_that_extends_itself(tmp_path: Path) -> None:
    head = GOOD["pack.toml"].replace('status = "issued"', 'status = "issued"\nextends = "t" # HERE')
    write(tmp_path, pack=head)
    problem = refused(tmp_path)
    assert (problem.code, problem.got) == ("extends-itself", "t → t")
    assert (problem.place.file, problem.place.line) == marked(tmp_path)


def test_packs_that_extend_each_other(tmp_path: Path) -> None:
    write(tmp_path, pack=GOOD["pack.toml"].replace('status = "issued"', 'status = "issued"\nextends = "u"'))
    (tmp_path / "u").mkdir()
    (tmp_path / "u" / "pack.toml").write_text('region = "u"\nname = "u"\nstatus = "issued"\nextends = "t"\n')
    problem = refused(tmp_path)
    assert (problem.code, problem.got, problem.place.file, problem.place.line) == (
        "extends-itself", "t → u → t", "u/pack.toml", 4,
    )  # fmt: skip


def test_a_parent_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, pack=GOOD["pack.toml"].replace('status = "issued"', 'status = "issued"\nextends = "u" # HERE'))
    problem = refused(tmp_path)
    assert (problem.code, problem.place.file, problem.place.line) == ("no-such-pack", *marked(tmp_path))
    assert "cn" in problem.expected


def test_a_folder_of_another_name(tmp_path: Path) -> None:
    spoilt(tmp_path, "wrong-region", "u", pack=GOOD["pack.toml"].replace('region = "t"', 'region = "u" # HERE'))


def test_a_child_that_drops_what_its_parent_does_not_have(tmp_path: Path) -> None:
    write(tmp_path)
    child = tmp_path / "u"
    child.mkdir()
    (child / "pack.toml").write_text('region = "u"\nname = "u"\nstatus = "issued"\nextends = "t"\n')
    (child / "programmes.toml").write_text('[subsidy]\ndrops = ["rich", "young"]\n')
    (problem,) = (p for p in check_pack(read_pack("u", [tmp_path])) if p.severity == "error")
    assert (problem.code, problem.got, problem.place.file, problem.place.line) == (
        "nothing-to-drop", "rich", "u/programmes.toml", 2,
    )  # fmt: skip
    assert problem.expected == "poor、young"


FLOOR = GOOD["programmes.toml"].replace(
    'amount = "region.standard"', 'amount = "region.standard"\namount_is_floor = true'
)
WORDS = 'label = "类别"\nquestion = "？"'
VALUE = '[[standard.values]] # HERE\nfrom = 2025-01-01\nvalue = 99\ncite = "doc 二"\n'


@pytest.mark.parametrize(
    ("got", "changes"),
    [
        ("上级 person", {"programmes": '[subsidy]\nsubject = "household" # HERE\n'}),
        ("上级 bool", {"facts": '[person.dibao]\ntype = "text" # HERE\nlabel = "低保"\nquestion = "？"\n'}),
        (
            "vision",
            {"facts": f'[person.category]\ntype = "code"\n{WORDS}\ncodes = {{ hearing = "听", none = "无" }} # HERE\n'},
        ),
        ("低于上级的下限 110.50", {"parameters": f'[standard]\nset_by = "县"\n{VALUE}'}),
    ],
)
def test_a_child_that_contradicts_its_parent(tmp_path: Path, got: str, changes: dict[str, str]) -> None:
    write(tmp_path, programmes=FLOOR)
    child = tmp_path / "u"
    child.mkdir()
    (child / "pack.toml").write_text('region = "u"\nname = "u"\nstatus = "issued"\nextends = "t"\n')
    for name, text in changes.items():
        (child / f"{name}.toml").write_text(text, encoding="utf-8")
    found = [problem for problem in read_pack("u", [tmp_path]).problems if problem.code == "contradicts-parent"]
    (problem,) = found
    assert got in problem.got
    assert f"t/{next(iter(changes))}.toml" in problem.got, "it says where the parent says otherwise"
    assert problem.expected
    assert problem.fix
    ((name, text),) = changes.items()
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "# HERE" in row)
    assert (problem.place.file, problem.place.line) == (f"u/{name}.toml", line)


def test_a_child_may_raise_what_its_parent_calls_the_least(tmp_path: Path) -> None:
    write(tmp_path, programmes=FLOOR)
    child = tmp_path / "u"
    child.mkdir()
    (child / "pack.toml").write_text('region = "u"\nname = "u"\nstatus = "issued"\nextends = "t"\n')
    (child / "parameters.toml").write_text(f'[standard]\nset_by = "县"\n{VALUE.replace("99", "120")}')
    assert read_pack("u", [tmp_path]).problems == ()


def test_a_switch_without_a_date(tmp_path: Path) -> None:
    """That a locality has switched something on is a value like others: since when, and where it is written."""
    switch = '[offers_extra]\nset_by = "县"\n[[offers_extra.values]] # HERE\nvalue = true\ncite = "doc 四"\n'
    spoilt(tmp_path, "value-without-date", "from", parameters="+\n" + switch)


# all at once --------------------------------------------------------------------------------------------------


def test_all_problems_of_a_pack_come_in_one_run_in_the_order_of_its_files(tmp_path: Path) -> None:
    write(
        tmp_path,
        facts='+\n[person.x]\ntype = "bool"\nlabel = "新"\nquestion = "？"\nderive = "person.nothing"\n',
        parameters='+\n[[standard.values]]\nvalue = 5\n[foreign]\nset_by = "县"\n',
        programmes=programme(
            "", 'gives = "cash"\nstacks_with = ["ghost"]\ncovers = ["R1", "R9"]', 'test = "person.ag > 1"\nsays = "甲"'
        ),
        rules='+\n[R3]\nclause = "六"\nabout = "康复"\n',
        programme="[x]\n",
    )
    found = problems_of(tmp_path)
    assert {problem.code for problem in found} == {
        "unknown-fact", "value-without-date", "value-without-cite", "two-values-for-one-date", "condition-without-cite",
        "unknown-programme", "rule-covered-twice", "unknown-rule", "rule-never-covered", "unknown-file",
    }  # fmt: skip
    assert sum(problem.code == "unknown-fact" for problem in found) == 3
    places = [(problem.place.file, problem.place.line or 0) for problem in found]
    assert places == sorted(places)
    assert all(problem.got and problem.expected and problem.fix for problem in found)


OTHERS = ["5", '"x"', "[]", "{ a = 1 }", "[{ a = 1 }]", "true", "2025-01-01T10:00:00"]


def lines_with_values() -> Iterator[tuple[str, int]]:
    for file, text in GOOD.items():
        for number, line in enumerate(text.splitlines()):
            if "=" in line:
                yield file, number


@given(
    st.lists(st.sampled_from([*"[]\".=#'\n ", "a", "[[", '"""', "'''", "2025-02-30", *GOOD["facts.toml"].splitlines()]))
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_text_in_place_of_a_file(parts: list[str]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "facts.toml")
        file.write_text("".join(parts), encoding="utf-8")
        problems: list[Problem] = []
        read_toml(file, "facts.toml", problems)
        assert {problem.code for problem in problems} <= {"toml-syntax"}


@pytest.mark.parametrize(("file", "number"), list(lines_with_values()), ids=str)
def test_a_value_of_any_other_type_is_a_problem_or_fits_and_never_a_crash(
    tmp_path: Path, file: str, number: int
) -> None:
    lines = GOOD[file].splitlines()
    key = lines[number].partition("=")[0]
    for other in OTHERS:
        lines[number] = f"{key}= {other}"
        write(tmp_path, **{file.removesuffix(".toml"): "\n".join(lines)})
        try:
            for problem in check_pack(read_pack("t", [tmp_path])):
                assert problem.place.file.startswith("t/")
        except Refused as caught:
            assert caught.problems


# and it decides nothing ---------------------------------------------------------------------------------------


def test_nothing_is_decided_with_a_pack_that_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, rules="+\n= 5 # HERE\n")
    assert refusals_of_a_decision(tmp_path) == [("toml-syntax", *marked(tmp_path))]


def test_nothing_is_decided_with_definitions_that_go_in_circles(tmp_path: Path) -> None:
    circle = '+\n[person.x] # HERE\ntype = "bool"\nlabel = "新"\nquestion = "？"\nderive = "NOT person.x"\n'
    write(tmp_path, facts=circle, programmes=programme("", "", SAID.replace("person.dibao", "person.x")))
    assert refusals_of_a_decision(tmp_path) == [("cycle", *marked(tmp_path))]


def refusals_of_a_decision(folder: Path) -> list[tuple[str, str, int | None]]:
    with pytest.raises(Refused) as caught:
        decide_document(read_pack("t", [folder]), {"people": [{"id": "p"}]}, date(2025, 6, 30))
    return [(problem.code, problem.place.file, problem.place.line) for problem in caught.value.problems]
