"""What a plan leaves open is told with its clause, under what is to be done about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulou.engine.cli.main import app
from bulou.engine.pack import read_pack
from bulou.engine.pack import regions as all_regions
from tests.packs.small_packs import write


def test_questions_and_what_is_unset_or_unchecked_are_told_apart(tmp_path: Path) -> None:
    write(
        tmp_path,
        parameters='+\n[level]\nset_by = "县"\n\n[offers_extra]\nset_by = "县"\n[[offers_extra.values]]\n'
        'from = 2025-01-01\nvalue = true\ncite = "doc 四"\nconfidence = "memory"\n',
        questions='[who]\nsays = "谁算未成年？"\nabout = ["subsidy"]\ncite = "doc 三"\n',
    )
    told = CliRunner().invoke(app, ["pack", "check", "t", "--packs", str(tmp_path), "--questions"])
    assert told.exit_code == 0
    assert told.output.splitlines() == [
        "文件没有说清，请有权解释的部门答复 · the documents leave open（1）",
        "  1. 谁算未成年？（subsidy）  [doc 三]  t/questions.toml, 第1行 line 1",
        "还没有值，有了文件再填 · values nobody has set（1）",
        "  1. region.level 还没有值  由县定  t/parameters.toml, 第17行 line 17",
        "没有核对原文，核对后去掉 confidence · sources not checked（1）",
        "  1. region.offers_extra = True（memory）  读过原文  t/parameters.toml, 第22行 line 22",
        "t: 0 个问题 problems, 3 处未定 open",
    ]
    silent = CliRunner().invoke(app, ["pack", "check", "t", "--packs", str(tmp_path)])
    assert silent.output == "t: 0 个问题 problems, 3 处未定 open（--questions 查看）\n"


@pytest.mark.parametrize("region", all_regions())
def test_every_pack_says_what_its_documents_leave_open(region: str) -> None:
    pack = read_pack(region)
    assert len(pack.questions) >= 10
    assert all(question.about and question.cite for question in pack.questions.values())
