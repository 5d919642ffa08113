"""`bulou plan new`: a skeleton holds what the document quantifies, decides nothing and passes `pack check`."""

import tomllib

import pytest
from plan_documents import path
from plan_maker import Point, make
from typer.testing import CliRunner

from bulou.engine import check_pack, pack_coverage
from bulou.engine.basics.problems import Refused, errors
from bulou.engine.cli.plan import app
from bulou.engine.pack import read_pack
from bulou.engine.pack.against_plan import check_against_plan
from bulou.engine.pack.skeleton import draft_skeleton, rule_id, write_skeleton
from bulou.engine.plan import read_plan, read_text

REGIONS = {"wuwei": "620600", "yuncheng": "140800", "qinghai": "630000", "beilin": "610103", "dawukou": "640202"}


@pytest.mark.parametrize("name", REGIONS)
def test_the_skeleton_of_every_document_passes_pack_check_and_holds_its_figures(name, tmp_path):
    plan, cn = read_plan(path(name)), read_pack("cn")
    write_skeleton(draft_skeleton(plan, REGIONS[name], cn), tmp_path)
    found = read_pack(REGIONS[name], [tmp_path])
    assert errors(check_pack(found)) == []
    assert all(one.kind in ("question", "indicator") for one in pack_coverage(found))
    assert len(found.indicators) == (0 if name == "beilin" else 11)
    check = check_against_plan(found, plan, cn)
    assert (check.problems, check.notes) == ((), ())
    assert found.programmes == cn.programmes
    assert not {name: one for name, one in found.parameters.items() if one != cn.parameters[name]}


def test_questions_quote_no_sentence_and_name_the_units(tmp_path):
    plan = read_text(
        make([[Point("健全救助制度", 2, 320, ("市残联",)), Point("提高康复水平", 2)]]).text, name="云岭.txt"
    )
    files = draft_skeleton(plan, "999999", read_pack("cn")).files
    questions = tomllib.loads(files["questions.toml"])
    assert list(questions) == ["open-999999-3-1-1"]
    assert questions["open-999999-3-1-1"]["covers"] == ["999999-3-1-1"]
    assert "320人" in questions["open-999999-3-1-1"]["says"]
    assert "市残联" in questions["open-999999-3-1-1"]["says"]
    indicators = tomllib.loads(files["indicators.toml"])
    assert indicators["indicator_4"]["target"] == {"year": 2025, "comparator": ">", "value": "92"}
    assert "comparator" not in indicators["indicator_2"]["target"]
    assert "nursing_subsidy" in files["README.md"]


def test_names_of_clauses_are_plain_and_distinct():
    assert rule_id("1", "三(二)4") == "1-3-2-4"
    assert rule_id("1", "专栏2一5") == "1-box-2-1-5"
    assert rule_id("1", "三表10") == "1-3-table-10"
    assert rule_id("1", "二(三)—1") == "1-2-3-d-1"
    assert rule_id("1", "三(四)11") == "1-3-4-11"


def test_an_existing_folder_and_a_wrong_code_are_refused(tmp_path):
    made = tmp_path / "云岭.txt"
    made.write_text(make([[Point("健全救助制度", 2, 320)]]).text, encoding="utf-8")
    arguments = ["new", str(made), "--region", "999999", "--out", str(tmp_path)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 2
    assert "pack-exists" in again.stderr
    with pytest.raises(Refused):
        draft_skeleton(read_plan(made), "../x", read_pack("cn"))
