"""The same invented plan as text, Markdown, Word, web page and PDF; and files that are no plans."""

import io
import random

import docx
import pytest
from pdf_maker import make_pdf
from plan_maker import INDICATORS, Layout, Point, make

from bulou.engine.basics.problems import Refused
from bulou.engine.plan import read_plan, read_text

POINTS = [
    [Point("健全救助制度", 2, 320, ("市残联",), ("市民政局",)), Point("提高康复水平", 2)],
    [Point("发展教育", 2, 41), Point("无障碍建设", 2)],
]
TABLE_START = "专栏1 云岭市残疾人事业主要指标"


def _outcome(plan):
    assert plan.account.balances
    return (
        plan.facts.title,
        [(s.id, s.title, s.text.replace("\n", "")) for s in plan.sections],
        [(r.no, r.name, r.unit, r.target.printed, r.nature) for r in plan.indicators],
        [(f.section, f.value, f.unit) for f in plan.figures],
        plan.duties and [(d.section, d.lead, d.participating) for d in plan.duties],
    )


@pytest.fixture
def sound():
    return _outcome(read_text(make(POINTS, Layout(wrapped=False)).text))


def _lines():
    """Lines before the table, and after it."""
    lines = make(POINTS, Layout(wrapped=False, doubled=False)).text.strip().split("\n")
    at = lines.index(TABLE_START)
    return lines[:at], lines[at + 2 + len(INDICATORS) :]


def _rows():
    head = ("类别", "指标", "2025年", "属性")
    return [head, *(("", f"{no}.{n}（{u}）", v, k) for no, (n, u, v, k) in enumerate(INDICATORS, start=1))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(tmp_path, sound, encoding):
    path = tmp_path / "plan.txt"
    path.write_bytes(make(POINTS, Layout(wrapped=False)).text.encode(encoding))
    assert _outcome(read_plan(path)) == sound


def test_windows_line_ends(tmp_path, sound):
    path = tmp_path / "plan.txt"
    path.write_bytes(make(POINTS, Layout(wrapped=False)).text.replace("\n", "\r\n").encode())
    assert _outcome(read_plan(path)) == sound


def test_markdown(tmp_path, sound):
    before, after = _lines()
    head, *rows = ["| " + " | ".join(row) + " |" for row in _rows()]
    marked = [f"### {line}" if line[1:2] == "、" else line for line in after]
    marked = [f"**{line.split('。')[0]}。**" + line.split("。", 1)[1] if line[0].isdigit() else line for line in marked]
    path = tmp_path / "plan.md"
    path.write_text("\n\n".join([*before, f"## {TABLE_START}", "\n".join([head, "|---|---|---|---|", *rows]), *marked]))
    plan = read_plan(path)
    assert _outcome(plan) == sound
    assert {chunk.kind for chunk in plan.furniture} == {"markup"}


def test_word(tmp_path, sound):
    before, after = _lines()
    document = docx.Document()
    for line in [*before, TABLE_START]:
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=4)
    for row in _rows():
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for line in after:
        document.add_paragraph(line)
    path = tmp_path / "plan.docx"
    document.save(path)
    assert _outcome(read_plan(path)) == sound


def test_word_box_is_framed_by_its_table(tmp_path):
    document = docx.Document()
    before, after = _lines()
    for line in before:
        document.add_paragraph(line)
    for line in after[:3]:
        document.add_paragraph(line)
    box = document.add_table(rows=1, cols=1).rows[0].cells[0]
    box.text = "专栏2 健全救助制度重点项目"
    box.add_paragraph("1.康复救助项目。为有需要的家庭办理。")
    for line in after[3:]:
        document.add_paragraph(line)
    path = tmp_path / "plan.docx"
    document.save(path)
    plan = read_plan(path)
    assert [(i.id, i.title) for b in plan.boxes for i in b.items] == [("专栏2.1", "康复救助项目")]
    assert plan.section("三(一)2").title == "提高康复水平"
    assert "box-end-unclear" not in {problem.code for problem in plan.problems}


def test_word_automatic_numbers_are_written_out(tmp_path):
    document = docx.Document()
    before, after = _lines()
    for line in [*before, *after]:
        if line[:2] in ("1.", "2."):
            document.add_paragraph(line.split(".", 1)[1], style="List Number")
        else:
            document.add_paragraph(line)
    path = tmp_path / "plan.docx"
    document.save(path)
    plan = read_plan(path)
    assert plan.section("三(一)1").title == "健全救助制度"
    assert "auto-numbers" in {problem.code for problem in plan.problems}


def test_web_page(tmp_path, sound):
    before, after = _lines()
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in _rows())
    body = "".join(f"<p>{line}</p>" for line in [*before, TABLE_START])
    body += f"<table>{rows}</table>" + "".join(f"<p>{line}</p>" for line in after)
    head = "<head><title>x</title><script>var a=1</script></head>"
    page = f"<html>{head}<body><nav>首页 政务公开</nav>{body}</body></html>"
    path = tmp_path / "plan.html"
    path.write_text(page, encoding="utf-8")
    plan = read_plan(path)
    assert _outcome(plan) == sound
    assert [chunk.text for chunk in plan.furniture] == ["首页 政务公开"]


def test_web_table_with_spanning_category(tmp_path):
    before, after = _lines()
    rows = "<tr><th>类别</th><th>指标</th><th>2020年</th><th>2025年</th><th>属性</th></tr>"
    rows += '<tr><td rowspan="2">收入和就业</td><td>1.培训人数（人）</td><td>——</td><td>50</td>'
    rows += "<td>预期性</td></tr>"
    rows += "<tr><td>2.参保率（%）</td><td>90</td><td>＞90</td><td>预期性</td></tr>"
    body = "".join(f"<p>{line}</p>" for line in [*before, TABLE_START])
    body += f"<table>{rows}</table>" + "".join(f"<p>{line}</p>" for line in after)
    path = tmp_path / "plan.html"
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    first, second = read_plan(path).indicators
    assert (first.category, first.baseline.value, first.target.value) == ("收入和就业", None, 50)
    assert (second.category, second.baseline.value, second.target.strict) == ("收入和就业", 90, True)


def test_pdf(tmp_path):
    lines = make(POINTS, Layout(doubled=False)).text.strip().split("\n")
    pages = [[*lines[at : at + 20], str(at // 20 + 1)] for at in range(0, len(lines), 20)]
    path = tmp_path / "plan.pdf"
    path.write_bytes(make_pdf(pages))
    plan = read_plan(path)
    assert _outcome(plan)[1:] == _outcome(read_text("\n".join(lines)))[1:]
    assert [chunk.text for chunk in plan.furniture] == [str(no) for no in range(1, len(pages) + 1)]


def test_pdf_with_one_scanned_page_reads_the_rest(tmp_path):
    lines = make(POINTS, Layout(doubled=False)).text.strip().split("\n")
    path = tmp_path / "plan.pdf"
    path.write_bytes(make_pdf([lines[:25], [], lines[25:]]))
    plan = read_plan(path)
    assert [str(p.place.column) for p in plan.problems if p.code == "page-without-text"] == ["第2页"]
    assert plan.section("四") is not None


def _refusal(path):
    with pytest.raises(Refused) as refused:
        read_plan(path)
    (problem,) = refused.value.problems
    assert problem.place.file == path.name
    assert problem.fix
    return problem.code


def test_image_only_pdf(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(make_pdf([[], []]))
    assert _refusal(path) == "image-only-pdf"


def test_files_that_cannot_be_read(tmp_path):
    made = make(POINTS).text
    word = io.BytesIO()
    docx.Document().save(word)
    cases = {
        "empty.txt": (b"", "empty-file"),
        "blank.txt": (b"\n \n", "no-text"),
        "blank.docx": (word.getvalue(), "no-text"),
        "broken.pdf": (b"%PDF-1.5\nnothing more", "bad-pdf"),
        "broken.docx": (b"PK\x03\x04 nothing", "bad-docx"),
        "old.doc": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old-word"),
        "latin.txt": (made.encode().decode("latin-1").encode(), "wrong-encoding"),
        "binary.txt": (bytes(range(256)) * 40, "wrong-encoding"),
        "big5.txt": (
            "殘疾人保障和發展規劃，各級政府應當認真貫徹執行。".encode("big5") * 60,
            "wrong-encoding",
        ),
        "recipe.txt": ("一、材料\n面粉两碗，水一杯。\n二、做法\n和面，醒面，擀开，下锅。\n" * 3).encode(),
    }
    for name, case in cases.items():
        data, code = case if isinstance(case, tuple) else (case, "not-a-plan")
        (tmp_path / name).write_bytes(data)
        assert _refusal(tmp_path / name) == code, name
    assert _refusal(tmp_path / "absent.txt") == "no-file"
    assert _refusal(tmp_path) == "no-file"


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(50 * 1_048_576)
    assert _refusal(path) == "too-large"


def test_table_that_cannot_be_untangled_leaves_the_rest(tmp_path):
    text = make(POINTS).text.replace(
        "2.残疾人职业技能培训人数（人） 860 预期性", "2.残疾人职业技能培训人数（人） 860 900 预期性"
    )
    plan = read_text(text)
    row = plan.indicators[1]
    assert (row.name, row.target) == ("残疾人职业技能培训人数", None)
    assert [p.code for p in plan.problems] == ["row-unclear"]
    assert len(plan.indicators) == 6


def test_a_few_damaged_bytes_are_named_and_the_rest_is_read(tmp_path):
    data = bytearray(make(POINTS).text.encode())
    for share in (0.3, 0.6, 0.9):
        data[int(len(data) * share)] = 0xFF
    path = tmp_path / "plan.txt"
    path.write_bytes(data)
    plan = read_plan(path)
    assert plan.account.balances
    assert {p.code for p in plan.problems} >= {"glyph-unknown"}
    assert len(plan.indicators) == 6


def test_control_characters_are_counted_and_named():
    plan = read_text(make(POINTS).text.replace("二、总体目标", "二、总体\0目标"))
    assert plan.account.balances
    assert "glyph-unknown" in {p.code for p in plan.problems}


@pytest.mark.parametrize("seed", range(12))
def test_broken_files_are_refused_or_read_but_never_crash(tmp_path, seed):
    dice = random.Random(seed)
    word = io.BytesIO()
    document = docx.Document()
    for line in make(POINTS, Layout(wrapped=False, doubled=False)).text.split("\n"):
        document.add_paragraph(line)
    document.save(word)
    lines = make(POINTS, Layout(doubled=False)).text.split("\n")
    for name, sound in (("a.docx", word.getvalue()), ("a.pdf", make_pdf([lines[:30], lines[30:]]))):
        data = bytearray(sound)
        for _ in range(dice.choice((1, 4, 40))):
            data[dice.randrange(8, len(data))] = dice.randrange(256)
        (tmp_path / name).write_bytes(data)
        try:
            assert read_plan(tmp_path / name).account.balances
        except Refused as refusal:
            assert refusal.problems[0].fix
