"""What the language does not have is refused under its own name, with what to write instead."""

from __future__ import annotations

import pytest

from bulou.engine.basics.problems import Problem
from bulou.engine.language import BOOL, Node, Type
from tests.language.vocabulary import HERE, read

OUTSIDE = "not-in-the-language"

QUERIES = [
    ("SELECT 1", "SELECT", "不能查询表"),
    ("(SELECT person.ok)", "SELECT", "不能查询表"),
    ("person.ok IN (SELECT ok FROM people)", "SELECT", "不能查询表"),
    ("EXISTS (SELECT 1)", "EXISTS", "any_member"),
    ("FROM people", "FROM", "不能查询表"),
    ("WITH a AS (SELECT 1) SELECT 1", "WITH", "不能查询表"),
    ("person.ok UNION SELECT 1", "UNION", "不能查询表"),
    ("VALUES (1)", "VALUES", "不能查询表"),
    ("person.grade = ANY (SELECT 1)", "ANY", "count_members"),
    ("count_members(person.ok) OVER ()", "OVER", "count_members"),
    ("sum(person.income)", "SUM", "sum_members"),
    ("max(person.income)", "MAX", "sum_members"),
]
UNKNOWNS = [
    ("person.grade IS NULL", "IS", "未知"),
    ("person.grade IS NOT NULL", "IS", "未知"),
    ("person.ok IS TRUE", "IS", "未知"),
    ("person.ok IS DISTINCT FROM person.rural", "IS", "未知"),
    ("NULL", "NULL", "未知"),
    ("person.grade = NULL", "NULL", "未知"),
    ("person.grade IN (NULL)", "NULL", "未知"),
    ("CASE WHEN person.ok THEN NULL ELSE 1 END", "NULL", "未知"),
    ("COALESCE(person.grade, 4) <= 2", "COALESCE", "默认值"),
    ("ifnull(person.ok, FALSE)", "IFNULL", "默认值"),
    ("nullif(person.grade, 1) = 2", "NULLIF", "未知"),
    ("if(person.ok, 1, 2) = 1", "IF", "CASE"),
    ("person.ok <=> person.rural", "<=>", "未知"),
]
TEXTS = [
    ("person.name LIKE 'a%'", "LIKE", "IN (…)"),
    ("person.name NOT LIKE 'a%'", "LIKE", "IN (…)"),
    ("person.name ILIKE 'a%'", "ILIKE", "IN (…)"),
    ("person.name SIMILAR TO 'a'", "SIMILAR", "IN (…)"),
    ("person.name ~ 'a'", "~", "IN (…)"),
    ("person.name COLLATE nocase = 'a'", "COLLATE", "IN (…)"),
    ("person.name || 'a' = 'ba'", "||", "OR"),
    ("substr(person.name, 1, 2) = '62'", "SUBSTR", "birth_date_in"),
    ("lower(person.name) = 'a'", "LOWER", "birth_date_in"),
    ("length(person.name) = 18", "LENGTH", "birth_date_in"),
]
CASTS_AND_CLOCKS = [
    ("CAST(person.grade AS text) = '1'", "CAST", "DATE '2025-01-31'"),
    ("TRY_CAST('2025-01-31' AS DATE) < decision.day", "TRY_CAST", "DATE '2025-01-31'"),
    ("CAST('2025-01-31' AS DATE) < decision.day", "CAST", "DATE '2025-01-31'"),
    ("'2025-01-31'::date < decision.day", "::", "DATE '2025-01-31'"),
    ("person.grade::text = '1'", "::", "DATE '2025-01-31'"),
    ("DATE('2025-01-31') < decision.day", "DATE", "DATE '2025-01-31'"),
    ("DATE person.born < decision.day", "DATE", "DATE '2025-01-31'"),
    ("TIMESTAMP '2025-01-31' < decision.day", "TIMESTAMP", "DATE '2025-01-31'"),
    ("now() > person.born", "NOW", "decision.day"),
    ("current_date > person.born", "CURRENT_DATE", "decision.day"),
    ("today() > person.born", "TODAY", "decision.day"),
    ("person.born + INTERVAL 1 day < decision.day", "INTERVAL", "full_years"),
    ("EXTRACT(year FROM person.born) = 2000", "EXTRACT", "year_of"),
    ("year(person.born) = 2000", "YEAR", "year_of"),
    ("date_diff('year', person.born, decision.day) > 5", "DATE_DIFF", "full_years"),
]
SIGNS = [
    ("@ceiling > 1", "@", "decision.day"),
    ("person.grade = $1", "$", "decision.day"),
    ("person.grade = ?", "?", "decision.day"),
    ("person.grade = :grade", ":", "decision.day"),
    ("person.categories -> 1 = 'vision'", "->", "不支持"),
    ("person.name ->> 'a' = 'b'", "->>", "不支持"),
    ("person.ok => person.rural", "=>", ">="),
    ("person.ok == person.rural", "==", "="),
    ("!person.ok", "!", "NOT"),
    ("person.ok && person.rural", "&&", "AND"),
    ("person.grade & 1 = 1", "&", "AND"),
    ("person.ok | person.rural", "|", "OR"),
    ("person.ok XOR person.rural", "XOR", "<>"),
    ("person.income // 10 = 1", "//", "取舍"),
    ("person.income % 10 = 1", "%", "取舍"),
    ("person.income ^ 2 = 1", "^", "取舍"),
    ("person.income ** 2 = 1", "**", "取舍"),
    ("round(person.rate) = 1", "ROUND", "取舍"),
    ("abs(person.rate) = 1", "ABS", "取舍"),
    ("random() < 0.5", "RANDOM", "取舍"),
    ("person.grade = +1", "+", "不写 +"),
    ("-person.income < 0", "-", "0 - x"),
    ("*", "*", "乘号"),
    ("[1, 2]", "[", "has_code"),
    ("ARRAY[1, 2]", "[", "has_code"),
    ("person.categories[1] = 'vision'", "[", "has_code"),
    ("{'a': 1}", "{", "不支持"),
    ('"person"."ok"', '"', "单引号"),
    ('person.name = "Li"', '"', "单引号"),
    ("`person`.`ok`", "`", "不加引号"),
    ("person．ok", "．", "'.'"),
    ("person.grade ＜ 2", "＜", "'<'"),
    ("person.grade = １", "１", "'1'"),
    ("person.category = ‘vision’", "‘", "'"),
    ("person.ok\u3000AND person.rural", "\\u3000", "' '"),
    ("person.ok\u200b", "\\u200b", "docs/rule_language.md"),
    ("person.ok\x00", "\\x00", "docs/rule_language.md"),
    ("person.name = 'a\x07'", "控制字符", "看不见"),
]
COMMENTS_AND_TRAILS = [
    ("person.ok -- AND person.rural", "注释", "says"),
    ("-- person.ok", "注释", "says"),
    ("person.ok /* AND person.rural */", "注释", "says"),
    ("/* one */ person.ok", "注释", "says"),
    ("person.ok AND/**/person.rural", "注释", "says"),
    ("person.ok /*+ hint */", "注释", "says"),
    ("person.grade = --1", "注释", "says"),
    ("person.ok # note", "#", "TOML"),
    ("person.ok;", ";", "一个表达式"),
    ("person.ok; person.rural", ";", "一个表达式"),
    ("; person.ok", ";", "一个表达式"),
    ("person.ok AS x", "AS", "别名"),
    ("main.person.ok", "main.person.ok", "两段"),
    ("a.b.c.d", "a.b.c.d", "两段"),
]
SHAPES = [
    ("person.grade IN ()", "IN", "IN (1, 2)"),
    ("person.grade IN 1", "IN", "IN (1, 2)"),
    ("person.category IN person.categories", "IN", "IN (1, 2)"),
    ("(person.ok, person.rural)", "(…, …)", "逗号"),
    ("()", "(…, …)", "逗号"),
    ("1 < person.grade < 4", "chain", "AND"),
    ("person.grade = 1 = person.ok", "chain", "AND"),
    ("person.ok = person.rural = person.ok", "chain", "AND"),
    ("person.grade IN (1, 2) IN (TRUE)", "chain", "AND"),
    ("person.income / 3", "/", "整十"),
    ("person.income / 0", "/", "整十"),
    ("person.income / 1", "/", "整十"),
    ("person.income / 10.0", "/", "整十"),
    ("person.income / 20", "/", "整十"),
    ("person.income / person.grade", "/", "整十"),
    ("unknown", "unknown", "派生事实"),
    ("first_known(person.ok, person.rural)", "first_known", "派生事实"),
]


@pytest.mark.parametrize(
    ("text", "named", "instead"),
    [*QUERIES, *UNKNOWNS, *TEXTS, *CASTS_AND_CLOCKS, *SIGNS, *COMMENTS_AND_TRAILS, *SHAPES],
)
def test_a_construct_outside_the_language_is_named_with_what_to_write_instead(
    text: str, named: str, instead: str
) -> None:
    refused_as(text, OUTSIDE, got=named, fix=instead)


TYPES = [
    ("person.income * person.income > 1", "wrong-type", "person.income * person.income", "不能相乘"),
    ("person.name < 'b'", "wrong-type", "text", "= 或 IN"),
    ("person.category < 'vision'", "wrong-type", "code", "= 或 IN"),
    ("person.category = person.sex", "wrong-type", "['f', 'm']", "同类"),
    ("person.category = person.name", "wrong-type", "text", "同类"),
    ("person.categories = 'vision'", "wrong-type", "codes", "同类"),
    ("person.categories = person.categories", "wrong-type", "person.categories", "has_code"),
    ("person.ok = 1", "wrong-type", "true-or-false", "同类"),
    ("person.ok = 'true'", "wrong-type", "text", "同类"),
    ("person.grade = '1'", "wrong-type", "text", "同类"),
    ("person.born = 2025", "wrong-type", "date", "同类"),
    ("person.born + 1 > decision.day", "wrong-type", "person.born + 1", "full_years"),
    ("person.ok + 1 = 2", "wrong-type", "person.ok + 1", "full_years"),
    ("person.ok AND person.grade", "wrong-type", "person.grade", "先比较"),
    ("NOT person.grade", "wrong-type", "person.grade", "先比较"),
    ("person.grade IN (1, person.rate)", "wrong-type", "person.rate", "OR"),
    ("person.income IN (1, 'a')", "wrong-type", "text", "同类"),
    ("CASE WHEN person.ok THEN 1 ELSE TRUE END", "wrong-type", "number", "同类"),
    ("CASE WHEN person.ok THEN person.category ELSE person.sex END = 'f'", "wrong-type", "['f', 'm']", "同类"),
    ("CASE WHEN person.grade THEN 1 ELSE 2 END = 1", "wrong-type", "person.grade", "先比较"),
    ("greatest(person.income) > 1", "wrong-type", "greatest", "比较大小"),
    ("greatest(person.category, 'vision') = 'vision'", "wrong-type", "greatest", "比较大小"),
    ("greatest(person.income, person.born) > 1", "wrong-type", "date", "同类"),
    ("full_years(person.born) > 1", "wrong-type", "full_years", "参数"),
    ("full_years(person.born, decision.day, 1) > 1", "wrong-type", "full_years", "参数"),
    ("full_years(person.grade, decision.day) > 1", "wrong-type", "number", "参数"),
    ("year_of(person.name) > 1", "wrong-type", "text", "参数"),
    ("has_code(person.category, 'vision')", "wrong-type", "has_code", "参数"),
    ("has_code(person.categories, person.sex)", "wrong-type", "['f', 'm']", "参数"),
    ("has_code(person.categories, person.name)", "wrong-type", "text", "参数"),
    ("birth_date_in(person.category) < decision.day", "wrong-type", "code", "参数"),
    ("CASE WHEN person.ok THEN 1 END = 1", "case-without-else", "CASE", "ELSE"),
]
NAMES = [
    ("person.grad = 1", "unknown-fact", "person.grad", "person.grade"),
    ("grade = 1", "unknown-fact", "grade", "person.grade"),
    ("Person.grade = 1", "unknown-fact", "Person.grade", "person.grade"),
    ("PERSON.GRADE = 1", "unknown-fact", "PERSON.GRADE", "facts"),
    ("people.ok", "unknown-fact", "people.ok", "person.ok"),
    ("own.subsidy", "unknown-fact", "own.subsidy", "facts"),
    ("person.ok x", "unknown-fact", "x", "facts"),
    ("person.grade BETWEEN SYMMETRIC 4 AND 1", "unknown-fact", "SYMMETRIC", "facts"),
    ("employer.staff > 1", "fact-out-of-reach", "employer.staff", "any_member"),
    ("full_year(person.born, decision.day) > 1", "unknown-function", "full_year(…)", "full_years(…)"),
    ("read_csv('x')", "unknown-function", "read_csv(…)", "函数"),
    ("main.full_years(person.born, decision.day) > 1", "unknown-function", "main.full_years(…)", "full_years"),
    ("system('ls')", "unknown-function", "system(…)", "函数"),
    ("any_member(person.ok)", "roll-up-out-of-place", "any_member", "household"),
]
VALUES = [
    ("person.category = 'sight'", "unknown-code", "sight", "代码"),
    ("'sight' = person.category", "unknown-code", "sight", "代码"),
    ("person.category = 'VISION'", "unknown-code", "VISION", "代码"),
    ("person.category IN ('vision', 'sight')", "unknown-code", "sight", "代码"),
    ("has_code(person.categories, 'sight')", "unknown-code", "sight", "代码"),
    ("CASE WHEN person.ok THEN 'sight' ELSE person.category END = 'none'", "unknown-code", "sight", "代码"),
    ("person.born < DATE '2025-02-30'", "no-such-date", "2025-02-30", "日期"),
    ("person.born < '2025-02-29'", "no-such-date", "2025-02-29", "日期"),
    ("person.born < '2025-1-31'", "no-such-date", "2025-1-31", "日期"),
    ("person.born < '20250131'", "no-such-date", "20250131", "日期"),
    ("person.born < '2025-W05-5'", "no-such-date", "2025-W05-5", "日期"),
    ("person.born < '2025-01-31T00:00'", "no-such-date", "T00:00", "日期"),
    ("person.born < '0000-01-01'", "no-such-date", "0000-01-01", "日期"),
    ("person.born < ''", "no-such-date", "", "日期"),
    ("person.born IN ('2025-01-31', '2025-04-31')", "no-such-date", "2025-04-31", "日期"),
    ("person.grade = 0x1", "not-a-number", "0x1", "十进制"),
    ("person.grade = 0b1", "not-a-number", "0b1", "十进制"),
    ("person.grade = 1e3", "not-a-number", "1e3", "十进制"),
    ("person.grade = 1E0", "not-a-number", "1E0", "十进制"),
    ("person.grade = 1_000", "not-a-number", "1_000", "十进制"),
    ("person.grade = .5", "not-a-number", ".5", "十进制"),
    ("person.grade = 1.", "not-a-number", "1.", "十进制"),
    ("person.grade = 1.2.3", "not-a-number", "1.2.3", "十进制"),
    ("person.grade = 1and person.ok", "not-a-number", "1and", "十进制"),
    ("person.rate = 0.1234567", "not-a-number", "0.1234567", "十进制"),
    ("person.rate = 1000000000001", "not-a-number", "1000000000001", "十进制"),
    ("person.rate * person.rate * person.rate > 1", "too-large-to-be-exact", "person.rate", "上限"),
    ("person.income * 0.000001 * 0.000001 * 0.000001 * 0.000001 < 1000000000000", "too-large-to-be-exact", "<", "上限"),
]
SYNTAX = [
    ("", "''"),
    ("   ", "'   '"),
    ("(", "("),
    ("(person.ok", "1"),
    ("person.ok)", ")"),
    ("person.ok AND", "AND"),
    ("AND person.ok", "1"),
    ("person.ok person.rural", "person.rural"),
    ("person.ok, person.rural", ","),
    ("person.grade = 'x' 'y'", "'y'"),
    ("(person.ok) person.rural", "person.rural"),
    ("person.name = 'a", "单引号"),
    ("person.", "person."),
    ('person."ok"', "person."),
    ("person . ok", "."),
    ("person.ok AND NOT", "NOT"),
    ("CASE END", "END"),
    ("greatest()", ")"),
    ("person.grade BETWEEN 1", "1"),
    ("person.grade = < 2", "18"),
]


@pytest.mark.parametrize(("text", "code", "got", "fix"), [*TYPES, *NAMES, *VALUES])
def test_a_misfit_says_what_was_found_and_what_to_do(text: str, code: str, got: str, fix: str) -> None:
    refused_as(text, code, got=got, fix=fix)


@pytest.mark.parametrize(("text", "near"), SYNTAX)
def test_unreadable_text_says_where(text: str, near: str) -> None:
    refused_as(text, "not-an-expression", got=near)


def refused_as(text: str, code: str, *, got: str = "", fix: str = "", subject: str = "person") -> None:
    problem = read(text, subject, wants=None)
    assert isinstance(problem, Problem), f"accepted: {text}"
    assert (problem.code, problem.place, problem.severity) == (code, HERE, "error")
    assert got in problem.got
    assert fix in problem.fix
    assert problem.expected
    assert problem.fix


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("person.ok", "fact-out-of-reach"),
        ("count_members(household.size > 1) > 1", "fact-out-of-reach"),
        ("any_member(any_member(person.ok))", "roll-up-out-of-place"),
        ("any_member(person.ok, person.rural)", "wrong-type"),
        ("any_member()", "wrong-type"),
        ("any_member(person.grade)", "wrong-type"),
        ("count_members(*) > 1", OUTSIDE),
        ("sum_members(person.ok) > 1", "wrong-type"),
        ("sum_members(person.ok, person.ok) > 1", "wrong-type"),
        ("min_members(person.born, person.ok) > 1", "wrong-type"),
        ("at_least_members(0, person.ok)", "wrong-type"),
        ("at_least_members(-1, person.ok)", OUTSIDE + " wrong-type"),
        ("at_least_members(1.5, person.ok)", "wrong-type"),
        ("at_least_members(household.size, person.ok)", "fact-out-of-reach"),
    ],
)
def test_a_roll_up_takes_a_condition_about_a_member(text: str, code: str) -> None:
    problem = read(text, "household")
    assert isinstance(problem, Problem), f"accepted: {text}"
    assert problem.code in code.split()


@pytest.mark.parametrize(
    ("text", "wants", "code"),
    [
        ("person.grade", BOOL, "wrong-type"),
        ("'a'", BOOL, "wrong-type"),
        ("person.ok", Type("money", 2), "wrong-type"),
        ("person.born", Type("money", 2), "wrong-type"),
        ("'sight'", Type("code", codes=("f", "m")), "unknown-code"),
        ("person.category", Type("code", codes=("f", "m")), "wrong-type"),
        ("'2025-02-30'", Type("date"), "no-such-date"),
        ("CASE WHEN person.ok THEN 'f' ELSE 'x' END", Type("code", codes=("f", "m")), "unknown-code"),
    ],
)
def test_the_result_must_be_what_the_place_asks_for(text: str, wants: Type, code: str) -> None:
    problem = read(text, wants=wants)
    assert isinstance(problem, Problem), f"accepted: {text}"
    assert problem.code == code


def nested(opening: str, inside: str, closing: str, times: int) -> str:
    return opening * times + inside + closing * times


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(nested("(", "person.ok", ")", 40), id="brackets"),
        pytest.param(nested("NOT ", "person.ok", "", 40), id="not"),
        pytest.param(" + ".join(["person.grade"] * 40) + " = 40", id="sum"),
        pytest.param(" OR ".join(["person.ok"] * 150), id="or"),
        pytest.param("person.ok".ljust(2_000), id="characters"),
        pytest.param(nested("CASE WHEN person.ok THEN TRUE ELSE ", "FALSE", " END", 40), id="case"),
    ],
)
def test_an_expression_within_the_limits_is_read(text: str) -> None:
    assert isinstance(read(text), Node)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("person.ok OR " * 770 + "person.ok", id="10,000 characters"),
        pytest.param("person.ok".ljust(2_001), id="2,001 characters"),
        pytest.param(nested("(", "person.ok", ")", 41), id="41 brackets"),
        pytest.param(nested("(", "person.ok", ")", 900), id="900 brackets"),
        pytest.param("(" * 1_990, id="open brackets"),
        pytest.param(nested("NOT ", "person.ok", "", 41), id="41 not"),
        pytest.param(nested("NOT (", "person.ok", ")", 41), id="41 not with brackets"),
        pytest.param(nested("CASE WHEN person.ok THEN TRUE ELSE ", "FALSE", " END", 41), id="41 case"),
        pytest.param(" + ".join(["person.grade"] * 43) + " = 43", id="sum of 43"),
        pytest.param("1" + "+1" * 990 + " = 1", id="sum of 991"),
        pytest.param("1" + "*1" * 990 + " = 1", id="product of 991"),
        pytest.param("person.grade = " + "- " * 900 + "1", id="minus"),
        pytest.param(nested("greatest(1, ", "2", ")", 41), id="41 calls"),
    ],
)
def test_an_expression_beyond_the_limits_is_refused_before_it_can_hurt(text: str) -> None:
    refused_as(text, "expression-too-large", fix="split it")
