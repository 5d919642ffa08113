"""Bad input gives one clear message with its place, exit code 2, nothing on standard output, nothing half-written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine, is_refused
from tests.cli.made_files import CSV, DOCUMENT, PERSON, json_with, parquet, xlsx

GOOD_XLSX = xlsx([["id", "dibao", "age"], ["甲", "是", 40]])
GOOD_PARQUET = parquet({"id": ["甲"], "dibao": [True], "age": [40]})
PEOPLE = '{"people": [%s]}'

Case = tuple[str, str | bytes, list[str]]
"""Name of a file, its content, and what the message must say."""

DOCUMENTS: dict[str, Case] = {
    "unknown fact": ("a.json", json_with(dibo=True), ["a.json", "row 1", "person.dibo", "did you mean dibao"]),
    "unknown part": ("a.json", json_with(__persons=[]), ["a.json", "persons", "people"]),
    "text for true": ("a.json", json_with(dibao="是"), ["row 1", "person.dibao", "'是'", "true 或 false"]),
    "number for true": ("a.json", json_with(dibao=1), ["row 1", "person.dibao", "true 或 false"]),
    "text for a number": ("a.json", json_with(age="forty"), ["row 1", "person.age", "forty", "0 到 150 的整数"]),
    "half a year": ("a.json", json_with(age=40.5), ["row 1", "person.age", "40.5", "整数"]),
    "too old": ("a.json", json_with(age=151), ["row 1", "person.age", "151", "0 到 150"]),
    "a number without end": ("a.json", json_with(age=10**4000), ["row 1", "person.age", "0 到 150"]),
    "an enormous number": ("a.json", PEOPLE % '{"id": "甲", "age": 1e400}', ["row 1", "person.age", "0 到 150"]),
    "too many digits to read": ("a.json", PEOPLE % ('{"id": "甲", "age": 1' + "0" * 5000 + "}"), ["a.json", "位数"]),
    "unknown code": ("a.json", json_with(category="sight"), ["row 1", "person.category", "sight", "vision、hearing"]),
    "list for a value": ("a.json", json_with(age=[40]), ["row 1", "person.age"]),
    "object for a value": ("a.json", json_with(category={"a": 1}), ["row 1", "person.category"]),
    "no id": ("a.json", PEOPLE % '{"dibao": true}', ["row 1", "people.id", "id"]),
    "empty id": ("a.json", json_with(id=""), ["row 1", "people.id"]),
    "id that is no text": ("a.json", json_with(id=1.5), ["row 1", "people.id"]),
    "the same id twice": ("a.json", '{"people": [{"id": "1"}, {"id": 1}]}', ["row 2", "people.id", "不重复"]),
    "a household that is not there": (
        "a.json", json_with(household="户2", __households=[{"id": "户1"}]), ["row 1", "household", "户2", "households"],
    ),
    "people that are no list": ("a.json", '{"people": {"id": "甲"}}', ["people", "dict"]),
    "a person that is no object": ("a.json", '{"people": ["甲"]}', ["people"]),
    "nobody": ("a.json", '{"people": []}', ["a.json", "没有任何主体"]),
    "an empty object": ("a.json", "{}", ["a.json", "没有任何主体"]),
    "a list": ("a.json", "[]", ["a.json", "list", '{"people"']),
    "null": ("a.json", "null", ["a.json", '{"people"']),
    "a setting that is none": ("a.json", json_with(__region={"standerd": 5}), ["region.standerd", "standard"]),
    "a setting of the wrong type": ("a.json", json_with(__region={"level": "town"}), ["region.level", "county、city"]),
    "settings that are no object": ("a.json", json_with(__region=[1]), ["region"]),
    "an unknown roll": ("a.json", json_with(__rolls=["dibao"]), ["rolls", "dibao", "dibao_roll"]),
    "rolls that are no list": ("a.json", json_with(__rolls="dibao_roll"), ["rolls"]),
    "broken JSON": ("a.json", '{"people": [\n  {"id": "甲",}\n]}', ["a.json", "line 2", "column 14"]),
    "JSON that stops": ("a.json", '{"people": [', ["a.json", "line 1", "column"]),
    "text behind JSON": ("a.json", '{"people": []} x', ["a.json", "line 1", "column 16"]),
    "NaN": ("a.json", PEOPLE % '{"id": "甲", "age": NaN}', ["a.json", "NaN", "null"]),
    "Infinity": ("a.json", PEOPLE % '{"id": "甲", "age": -Infinity}', ["a.json", "-Infinity", "null"]),
    "a key twice": ("a.json", PEOPLE % '{"id": "甲", "dibao": true, "dibao": false}', ["a.json", "dibao", "重复"]),
    "half a character": ("a.json", PEOPLE % '{"id": "\\ud800"}', ["a.json"]),
    "lists without end": ("a.json", "[" * 100_000, ["a.json"]),
    "an empty file": ("a.json", "", ["a.json", "空文件"]),
    "only blanks": ("a.json", " \n\t \n      \n  ", ["a.json"]),
    "JSON in GBK": ("a.json", json_with().encode("gbk"), ["a.json", "UTF-8", "GBK"]),
    "JSON in UTF-16": ("a.json", json_with().encode("utf-16"), ["a.json", "UTF-8"]),
}  # fmt: skip

TABLES: dict[str, Case] = {
    "unknown column": ("a.csv", "id,dibo\n甲,是\n", ["a.csv", "dibo", "did you mean dibao"]),
    "wrong word": ("a.csv", "id,dibao\n甲,是\n乙,也许\n", ["a.csv", "row 2", "person.dibao", "也许", "是 或 否"]),
    "wrong number": ("a.csv", "id,age\n甲,四十\n", ["row 1", "person.age", "四十", "整数"]),
    "not a number": ("a.csv", "id,age\n甲,NaN\n", ["row 1", "person.age", "NaN"]),
    "unknown code": ("a.csv", "id,category\n甲,视觉\n", ["row 1", "person.category", "视觉"]),
    "the same id twice": ("a.csv", "id,age\n甲,1\n乙,2\n甲,3\n", ["row 3", "people.id", "甲"]),
    "no id": ("a.csv", "id,age\n,1\n", ["row 1", "people.id"]),
    "no column of ids": ("a.csv", "name,age\n甲,1\n", ["a.csv", "id"]),
    "a column twice": ("a.csv", "id,age,age\n甲,1,2\n", ["a.csv", "age", "重复"]),
    "a column by two names": ("a.csv", "id,age,周岁\n甲,1,2\n", ["a.csv", "周岁", "重复"]),
    "a column without a name": ("a.csv", "id,,age\n甲,x,2\n", ["a.csv", "列名"]),
    "a longer row": ("a.csv", "id,age\n甲,1\n乙,2,3\n", ["a.csv", "row 2"]),
    "semicolons": ("a.csv", "id;age\n甲;1\n", ["a.csv", "id;age"]),
    "only a head": ("a.csv", "id,age\n", ["a.csv", "没有任何主体"]),
    "an empty file": ("a.csv", "", ["a.csv", "空文件"]),
    "CSV in GBK": ("a.csv", CSV.encode("gbk"), ["a.csv", "UTF-8", "GBK"]),
    "an open quotation": ("a.csv", 'id,age\n甲,"1\n', ["a.csv"]),
    "nought bytes": ("a.csv", b"id,age\n\0\0\0,1\n", ["a.csv"]),
    "a cell without end": ("a.csv", "id,age\n甲," + "1" * 200_000 + "\n", ["a.csv"]),
    "a workbook's unknown column": ("a.xlsx", xlsx([["id", "dibo"], ["甲", "是"]]), ["a.xlsx", "dibo"]),
    "a workbook's wrong cell": ("a.xlsx", xlsx([["id", "age"], ["甲", "四十"]]), ["row 1", "person.age", "四十"]),
    "a workbook's column twice": ("a.xlsx", xlsx([["id", "age", "age"], ["甲", 1, 2]]), ["a.xlsx", "age", "重复"]),
    "a workbook's empty head": ("a.xlsx", xlsx([["id", "", "age"], ["甲", "x", 2]]), ["a.xlsx", "列名"]),
    "an empty workbook": ("a.xlsx", xlsx([]), ["a.xlsx"]),
    "sheets of other names": ("a.xlsx", xlsx([["id"], ["甲"]], ("Sheet2", [["id"], ["乙"]])), ["a.xlsx", "Sheet2"]),
    "a workbook in pieces": ("a.xlsx", GOOD_XLSX[:200], ["a.xlsx"]),
    "another archive": ("a.xlsx", b"PK\x03\x04" + b"\0" * 300, ["a.xlsx"]),
    "an old workbook in pieces": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ["a.xls"]),
    "unknown column of Parquet": ("a.parquet", parquet({"id": ["甲"], "dibo": [True]}), ["dibo"]),
    "wrong type of Parquet": ("a.parquet", parquet({"id": ["甲"], "dibao": ["yes?"]}), ["dibao"]),
    "wrong code of Parquet": ("a.parquet", parquet({"id": ["甲"], "category": ["sight"]}), ["category", "sight"]),
    "ids twice in Parquet": ("a.parquet", parquet({"id": ["甲", "甲"]}), ["id", "不重复"]),
    "no ids in Parquet": ("a.parquet", parquet({"age": [1]}), ["id"]),
    "nested Parquet": ("a.parquet", parquet({"id": ["甲"], "age": [{"a": 1}]}), ["age"]),
    "Parquet in pieces": ("a.parquet", GOOD_PARQUET[:40], ["a.parquet"]),
    "Parquet without an end": ("a.parquet", b"PAR1" + b"\0" * 100, ["a.parquet"]),
}

FALSE_NAMES: dict[str, Case] = {
    "JSON named xlsx": ("a.xlsx", json_with(), ["a.xlsx", "文本 text", ".xlsx"]),
    "JSON named parquet": ("a.parquet", json_with(), ["a.parquet", "文本 text"]),
    "JSON named csv": ("a.csv", json_with(), ["a.csv"]),
    "CSV named json": ("a.json", CSV, ["a.json", "line 1", "column 1"]),
    "CSV named xls": ("a.xls", CSV, ["a.xls", "文本 text"]),
    "workbook named csv": ("a.csv", GOOD_XLSX, ["a.csv", ".xlsx"]),
    "workbook named json": ("a.json", GOOD_XLSX, ["a.json", ".xlsx"]),
    "workbook named parquet": ("a.parquet", GOOD_XLSX, ["a.parquet", ".xlsx"]),
    "Parquet named json": ("a.json", GOOD_PARQUET, ["a.json", ".parquet"]),
    "Parquet named csv": ("a.csv", GOOD_PARQUET, ["a.csv", ".parquet"]),
    "PDF named csv": ("a.csv", b"%PDF-1.7 ...", ["a.csv", ".pdf"]),
    "web page named xls": ("a.xls", "<html><table><tr><td>id</td></tr></table></html>", ["a.xls", "文本 text"]),
    "picture named csv": ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", ["a.csv"]),
    "no ending": ("people", json_with(), ["people", ".json"]),
    "other ending": ("people.txt", json_with(), ["people.txt", ".json"]),
}

CASES = {
    **DOCUMENTS,
    **{f"table: {k}": v for k, v in TABLES.items()},
    **{f"name: {k}": v for k, v in FALSE_NAMES.items()},
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_bad_input_is_refused_by_every_command_that_reads_it(line: CommandLine, case: Case) -> None:
    name, content, expected = case
    line.file(name, content)
    is_refused(line.decide(name), *expected, "没有写出任何结果")
    is_refused(line.explain(name), *expected)
    is_refused(line.decide(name, "--out", "results"), *expected)
    assert sorted(path.name for path in Path().iterdir()) == [name]


def test_all_problems_of_all_files_are_told_together(line: CommandLine) -> None:
    line.file("a.json", json_with(age=151, dibao="x"))
    line.file("b.json", json_with(category="sight"))
    line.file("c.json", json_with())
    said = line.decide("a.json", "b.json", "c.json")
    is_refused(said, "a.json", "person.age", "person.dibao", "b.json", "person.category", "3 problems")
    assert "c.json" not in said.err


def test_rows_are_counted_as_they_stand_in_the_file(line: CommandLine) -> None:
    """A row that is left out for a fault does not move the ones below it."""
    people = [{"dibao": True}, {**PERSON, "household": "户9"}]
    line.file("a.json", json.dumps({"people": people, "households": [{"id": "户1"}]}))
    is_refused(line.decide("a.json"), "row 1", "people.id", "row 2", "户9")


# files that are not there, folders, tables that do not fit together ---------------------------------------------


@pytest.mark.parametrize(
    "name", ["missing.json", "missing.csv", "missing.xlsx", "missing.parquet", "no/such/folder.json"]
)
@pytest.mark.parametrize("more", [[], ["--out", "results"], ["--jsonl"]])
def test_a_file_that_is_not_there(line: CommandLine, name: str, more: list[str]) -> None:
    is_refused(line.decide(name, *more), name, "没有这个文件")
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("name", ["folder", "folder.json", "folder.csv", "folder.xlsx", "folder.parquet"])
def test_a_folder_in_place_of_a_file(line: CommandLine, name: str) -> None:
    Path(name).mkdir()
    is_refused(line.decide(name), name, "文件夹")
    is_refused(line.decide(name, "--out", "results"), name, "文件夹")


def test_two_tables_of_people(line: CommandLine) -> None:
    line.file("people.csv", CSV)
    line.file("人员.csv", CSV)
    is_refused(line.decide("people.csv", "人员.csv"), "人员.csv", "重复")


def test_tables_whose_names_say_nothing(line: CommandLine) -> None:
    line.file("a.csv", CSV)
    line.file("b.csv", CSV)
    is_refused(line.decide("a.csv", "b.csv"), "a.csv", "b.csv", "people")


def test_a_household_that_another_table_does_not_have(line: CommandLine) -> None:
    line.file("people.csv", "id,household\n甲,户1\n乙,户2\n")
    line.file("households.csv", "id,income\n户1,100\n")
    is_refused(line.decide("people.csv", "households.csv"), "row 2", "户2")


def test_documents_and_tables_cannot_be_written_together(line: CommandLine) -> None:
    line.file("a.json", json_with())
    line.file("people.csv", CSV)
    is_refused(line.decide("a.json", "people.csv", "--out", "results"), "a.json", "people.csv")
    assert not Path("results").exists()


# options --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "on", ["2025-02-30", "2025-13-01", "20250630", "2025-W26-1", "2025/06/30", "明天", "", "0000-01-01"]
)
def test_a_day_that_does_not_exist(line: CommandLine, on: str) -> None:
    line.file("a.json", json_with())
    is_refused(line.decide("a.json", on=on), "--on", on, "YYYY-MM-DD")
    is_refused(line.explain("a.json", on=on), "--on", on, "YYYY-MM-DD")
    is_refused(line.bulou("pack", "show", "t", "--packs", "../packs", "--on", on), "--on", on, "YYYY-MM-DD")


@pytest.mark.parametrize("region", ["620601", "nowhere", "", ".", "..", "../packs/t", "t/"])
def test_a_region_without_a_pack(line: CommandLine, region: str) -> None:
    line.file("a.json", json_with())
    is_refused(line.decide("a.json", region=region), "没有地区包", "620600", "cn", "t")
    for command in ("check", "test", "coverage"):
        is_refused(line.bulou("pack", command, region, "--packs", "../packs"), "没有地区包")
    is_refused(line.bulou("pack", "show", region, "--packs", "../packs", "--on", "2025-06-30"), "没有地区包")


def test_a_region_beside_one_that_is_there(line: CommandLine) -> None:
    is_refused(line.bulou("pack", "check", "t", "nowhere", "--packs", "../packs"), "nowhere")


def test_a_folder_of_packs_that_is_not_there(line: CommandLine) -> None:
    said = line.bulou("decide", "--packs", "no/folder", "--region", "t", "--on", "2025-06-30", "a.json")
    is_refused(said, "no/folder")


@pytest.mark.parametrize("out", [[], ["--out", "results"]])
def test_a_roll_that_nobody_supplies(line: CommandLine, out: list[str]) -> None:
    line.file("a.json", json_with())
    line.file("a.parquet", GOOD_PARQUET)
    for name in ("a.json", "a.parquet"):
        is_refused(line.decide(name, "--roll", "dibao", *out), "dibao", "dibao_roll")


def test_a_roll_beside_rolls_that_are_no_list(line: CommandLine) -> None:
    line.file("a.json", json_with(__rolls=5))
    is_refused(line.decide("a.json", "--roll", "dibao_roll"), "rolls", "5")


def test_a_programme_that_is_not_in_the_pack(line: CommandLine) -> None:
    line.file("a.json", json_with())
    is_refused(line.explain("a.json", "--programme", "subsidie"), "subsidie", "subsidy")
    shown = line.bulou("pack", "show", "t", "--packs", "../packs", "--on", "2025-06-30", "--programme", "subsidie")
    is_refused(shown, "subsidie", "subsidy")


@pytest.mark.parametrize(
    "arguments",
    [
        ["decide"],
        ["decide", "a.json"],
        ["decide", "--region", "t", "--on", "2025-06-30"],
        ["decide", "--region", "t", "--on", "2025-06-30", "a.json", "--colour"],
        ["decidee", "a.json"],
        ["pack", "check"],
        ["pack", "shwo", "t"],
    ],
)
def test_a_command_that_is_not_whole(line: CommandLine, arguments: list[str]) -> None:
    is_refused(line.bulou(*arguments))


@pytest.mark.parametrize("more", [["--roll", "dibao_roll"], ["--out", "results"]])
def test_options_that_lines_do_not_take(line: CommandLine, more: list[str]) -> None:
    line.file("a.jsonl", json_with() + "\n")
    is_refused(line.decide("--jsonl", "a.jsonl", *more), "--jsonl", more[0])
    assert not Path("results").exists()


# lines ----------------------------------------------------------------------------------------------------------


def test_a_bad_line_among_good_ones_gives_its_problems_in_its_place(line: CommandLine) -> None:
    bad = ["{", json_with(age=151), json_with(dibo=True), '{"people": [{"id": "甲", "age": NaN}]}', "[]"]
    good = json_with()
    line.file("a.jsonl", "\n".join([good, *bad, "", good]) + "\n")
    said = line.decide("--jsonl", "a.jsonl")
    assert said.code == 1
    results = said.out.splitlines()
    assert ['"problems":' in result for result in results] == [False, True, True, True, True, True, False]
    assert results[0] == results[-1]
    for number, named in ((2, "json-syntax"), (3, "person.age"), (4, "person.dibo"), (5, "NaN"), (6, "not-an-object")):
        assert named in results[number - 1]
        assert f"a.jsonl, 第{number}行" in said.err or f"a.jsonl:{number}" in said.err
    assert "Traceback" not in said.err


def test_a_line_in_another_encoding_is_a_bad_line(line: CommandLine) -> None:
    good = json_with().encode()
    line.file("a.jsonl", b"\n".join([good, json_with(id="乙").encode("gbk"), good]) + b"\n")
    said = line.decide("--jsonl", "a.jsonl")
    assert said.code == 1
    assert ['"problems":' in result for result in said.out.splitlines()] == [False, True, False]
    assert "a.jsonl" in said.err and "UTF-8" in said.err


def test_a_second_file_that_is_not_there_is_told_before_the_first_is_decided(line: CommandLine) -> None:
    line.file("a.jsonl", json_with() + "\n")
    is_refused(line.decide("--jsonl", "a.jsonl", "b.jsonl"), "b.jsonl")


@pytest.mark.parametrize(("name", "content"), [("a.csv", CSV), ("a.jsonl", GOOD_PARQUET), ("a.jsonl", "")])
def test_a_file_that_does_not_hold_lines(line: CommandLine, name: str, content: str | bytes) -> None:
    line.file(name, content)
    is_refused(line.decide("--jsonl", name), name)


# results --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("out", ["taken", "taken/results", "/proc/none/results"])
def test_results_that_cannot_be_written(line: CommandLine, out: str) -> None:
    line.file("taken", "somebody's file")
    line.file("a.json", json_with())
    is_refused(line.decide("a.json", "--out", out), out.partition("/results")[0])
    assert Path("taken").read_text() == "somebody's file"


def test_a_refusal_leaves_earlier_results_as_they_are(line: CommandLine) -> None:
    line.file("a.json", json_with())
    assert line.decide("a.json", "--out", "results").code == 0
    before = {path: path.read_bytes() for path in Path("results").iterdir()}
    assert before
    line.file("a.json", json_with(age=151))
    is_refused(line.decide("a.json", "--out", "results"), "person.age")
    assert {path: path.read_bytes() for path in Path("results").iterdir()} == before


# packs ----------------------------------------------------------------------------------------------------------


def condition(test: str) -> str:
    return f"\n[extra.when.x]\ntest = '{test}'\nsays = 'x'\ncite = 'doc 1'\n"


def spoil(line: CommandLine, file: str, text: str) -> None:
    path = line.folder / "packs" / "t" / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("programmes.toml", "\n[more\n", ["t/programmes.toml", "line 35", "toml-syntax"]),
        ("pack.toml", "\n[document.doc]\n", ["t/pack.toml", "toml-syntax"]),
        ("programmes.toml", condition("person.agee > 1"), ["person.age", "line 35"]),
        ("programmes.toml", condition("now() > 1"), ["NOW", "decision.day"]),
        ("programmes.toml", condition("(SELECT 1) = 1"), ["SELECT"]),
        ("programmes.toml", condition("person.dibao OR " * 700 + "person.dibao"), ["expression-too-large", "2000"]),
    ],
)
def test_a_spoilt_pack_is_told_by_the_check_and_decides_nothing(
    line: CommandLine, file: str, text: str, expected: list[str]
) -> None:
    spoil(line, file, text)
    line.file("a.json", json_with())
    checked = line.bulou("pack", "check", "t", "--packs", "../packs")
    assert checked.code == 2
    assert "Traceback" not in checked.err
    assert [part for part in expected if part not in checked.err] == []
    is_refused(line.decide("a.json"), *expected)
    is_refused(line.decide("a.json", "--out", "results"), *expected)
    assert not Path("results").exists()


def test_a_spoilt_pack_stops_lines_before_the_first(line: CommandLine) -> None:
    spoil(line, "programmes.toml", "\n[more\n")
    line.file("a.jsonl", json_with() + "\n" + json_with() + "\n")
    is_refused(line.decide("--jsonl", "a.jsonl"), "toml-syntax")


def test_a_pack_that_extends_itself(line: CommandLine) -> None:
    path = line.folder / "packs" / "t" / "pack.toml"
    path.write_text('region = "t"\nname = "t"\nstatus = "issued"\nextends = "t"\n', encoding="utf-8")
    line.file("a.json", json_with())
    expected = ["t/pack.toml", "line 4", "t → t"]
    is_refused(line.decide("a.json"), *expected)
    for command in (["check", "t"], ["test", "t"], ["coverage", "t"], ["show", "t", "--on", "2025-06-30"]):
        is_refused(line.bulou("pack", *command, "--packs", "../packs"), *expected)


# the installed command ------------------------------------------------------------------------------------------


def test_the_installed_command_refuses_in_the_same_way(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"people": [{"id": "甲", "grade": 9, "dibaoo": true}]}', encoding="utf-8")
    command = [
        str(Path(sys.executable).with_name("bulou")),
        "decide",
        "--region",
        "620600",
        "--on",
        "2025-06-30",
        "a.json",
    ]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert (found.returncode, found.stdout) == (2, "")
    assert "person.grade" in found.stderr and "person.dibaoo" in found.stderr
    assert "Traceback" not in found.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_good_input_is_decided(line: CommandLine) -> None:
    """The cases above fail for their fault, and not for something else."""
    line.file("a.json", json_with(__rolls=DOCUMENT["rolls"]))
    line.file("a.csv", CSV)
    line.file("a.xlsx", GOOD_XLSX)
    line.file("a.parquet", GOOD_PARQUET)
    for name in ("a.json", "a.csv", "a.xlsx", "a.parquet"):
        said = line.decide(name, "--roll", "dibao_roll")
        assert (said.code, said.err) == (0, ""), said
        assert '"verdict": "yes"' in said.out
