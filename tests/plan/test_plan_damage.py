"""Damaged documents: the reader may lose things, but it says so and makes nothing up.

Each mutation is seeded. Two laws hold for all of them: the character account balances, and whatever comes
out stands in the damaged text. Where the outcome differs from that of the sound document, a new problem says
where.
"""

import random
import re
from collections import Counter
from functools import cache

import plan_documents as documents
import pytest
from plan_maker import Point, make

from bulou.engine.basics.problems import Refused
from bulou.engine.plan import read_text

SEEDS = range(3)
STRANGE = ("\ufffd", "\ue123", "\U00100222")


@cache
def _sound(name):
    if name == "made":
        box = ("康复救助项目", "辅具适配项目", "走访探视服务")
        duty = ("市残联",), ("市民政局", "市财政局")
        points = [
            Point("健全救助制度", 4, 320, *duty, box),
            Point("提高康复水平", 3, 75, *duty),
            Point("促进就业", 5),
        ]
        return make([points, [Point("发展教育", 3, 41, *duty, box, True), Point("无障碍建设", 2)]]).text
    return documents.path(name).read_text(encoding="utf-8")


@cache
def _sound_plan(name):
    return read_text(_sound(name), name=name)


ALL = ("made", *documents.NAMES)


def _outcome(plan):
    """What users take from a plan, without line numbers."""
    return {
        "indicators": [(r.no, r.name, r.unit, r.target, r.baseline, r.nature) for r in plan.indicators],
        "targets": Counter((f.section, f.value, f.high, f.unit, f.comparator) for f in plan.targets),
        "clauses": [(s.id, s.title) for s in plan.sections],
        "items": [(i.id, i.title) for b in plan.boxes for i in b.items],
        "duties": [(d.section, d.lead, d.joint, d.participating) for d in plan.duties],
    }


def _said(plan):
    return Counter((p.code, p.got) for p in plan.problems)


def _dense(plan, text):
    """The text without spaces, and without the page marks that stand inside sentences."""
    marks = {chunk.text for chunk in plan.furniture}
    lines = ["".join(line.split()).replace("**", "").lstrip("#") for line in text.splitlines()]
    return "".join(line for line in lines if line not in marks)


def _nothing_made_up(plan, text):
    raw = read_raw(text)
    dense = _dense(plan, raw)
    for row in plan.indicators:
        assert row.name.replace(" ", "") in dense
        for value in (row.target, row.baseline):
            assert value is None or value.printed.replace(" ", "") in dense
    moved = any(p.code == "reading-order-mended" for p in plan.problems)
    for figure in plan.figures:
        assert moved or figure.printed.replace(" ", "").replace("\n", "") in dense
    for duty in plan.duties:
        for unit in (*duty.lead, *duty.joint, *duty.participating):
            assert moved or unit in dense


def read_raw(text):
    """The text with the characters mended as documented, so that outcomes can be looked up in it."""
    pairs = str.maketrans("ꎬꎮꎻ«»％＋．\U001001b0\U00100170", "，。；《》%+..·")
    wide = {0xFF10 + n: str(n) for n in range(10)} | {0xFF21 + n: chr(65 + n) for n in range(26)}
    return text.translate(pairs | wide)


def _check(name, damaged):
    """Both laws, and that every difference is announced; gives back the damaged plan (None when refused)."""
    sound = _sound_plan(name)
    try:
        plan = read_text(damaged, name=name)
    except Refused as refusal:
        assert refusal.problems
        return None
    assert plan.account.balances
    _nothing_made_up(plan, damaged)
    if _outcome(plan) != _outcome(sound):
        assert _said(plan) - _said(sound), f"{name}: the outcome changed without a word"
    return plan


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("seed", SEEDS)
def test_unreadable_glyphs(name, seed):
    dice = random.Random(seed)
    characters = list(_sound(name))
    places = [at for at, character in enumerate(characters) if not character.isspace()]
    for at in dice.sample(places, len(places) // 150):
        characters[at] = dice.choice(STRANGE)
    damaged = "".join(characters)
    plan = _check(name, damaged)
    if plan is None:
        return
    lines = {p.place.line for p in plan.problems if p.code == "glyph-unknown"}
    hit = {no for no, line in enumerate(damaged.splitlines(), 1) if any(c in line for c in STRANGE)}
    assert hit <= lines
    before = Counter((f.value, f.high, f.unit, f.comparator) for f in _sound_plan(name).targets)
    for figure in plan.targets:
        key = (figure.value, figure.high, figure.unit, figure.comparator)
        assert key in before or any(abs(figure.line - no) <= 4 for no in hit), figure


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_digit_of_the_table_damaged_in_turn_gives_no_other_number(name, seed):
    sound = _sound_plan(name)
    table = next((box for box in sound.boxes if box.kind == "indicators"), None)
    if table is None:
        return
    lines = _sound(name).split("\n")
    rows = [no for no in range(table.line + 1, table.end_line + 1) if re.search(r"[\d０-９]", lines[no - 1])]
    no = random.Random(seed).choice(rows)
    digits = [at for at, c in enumerate(lines[no - 1]) if c.isdigit()]
    at = random.Random(seed + 1).choice(digits)
    lines[no - 1] = lines[no - 1][:at] + "\ufffd" + lines[no - 1][at + 1 :]
    plan = _check(name, "\n".join(lines))
    known = {(r.name, r.target.value if r.target else None) for r in sound.indicators}
    for row in plan.indicators:
        assert row.target is None or (row.name, row.target.value) in known


@pytest.mark.parametrize("name", ALL)
def test_blank_lines_dropped_change_nothing(name):
    text = _sound(name)
    plan = _check(name, "\n".join(line for line in text.split("\n") if line.strip()))
    sound = _sound_plan(name)
    assert _outcome(plan) == _outcome(sound)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("seed", SEEDS)
def test_blank_lines_sprinkled_change_nothing(name, seed):
    dice = random.Random(seed)
    text = "\n".join(line + "\n" * dice.choice((0, 0, 1, 3)) for line in _sound(name).split("\n"))
    assert _outcome(_check(name, text)) == _outcome(_sound_plan(name))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("seed", SEEDS)
def test_pages_in_wrong_order(name, seed):
    lines = _sound(name).split("\n")
    size = max(20, len(lines) // 12)
    pages = [lines[at : at + size] for at in range(0, len(lines), size)]
    dice = random.Random(seed)
    first, second = sorted(dice.sample(range(1, len(pages)), 2))
    pages[first], pages[second] = pages[second], pages[first]
    _check(name, "\n".join(line for page in pages for line in page))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("seed", SEEDS)
def test_page_lost_makes_nothing_up(name, seed):
    """From inside one sentence to inside another nobody can see the loss; only gaps are listed."""
    lines = _sound(name).split("\n")
    size = max(20, len(lines) // 12)
    start = random.Random(seed).randrange(size, len(lines) - size)
    damaged = "\n".join(lines[:start] + lines[start + size :])
    plan = read_text(damaged)
    assert plan.account.balances
    _nothing_made_up(plan, damaged)


_POINT = re.compile(r"^(\s*(?:\*\*)?)(\d{1,2}|[０-９]{1,2})(\s*[.．\U001001b0])", re.M)
_PART = re.compile(r"^(\s*(?:#+ )?(?:\*\*)?[（(])([一二三四五六七八九])(\s*[）)])", re.M)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("pattern", [_POINT, _PART], ids=["points", "parts"])
def test_changed_numbering_is_listed(name, seed, pattern):
    text = _sound(name)
    sound = _sound_plan(name)
    starts = {node.line for node in (*sound.sections, *(i for b in sound.boxes for i in b.items))}
    places = [m for m in pattern.finditer(text) if text.count("\n", 0, m.start(2)) + 1 in starts]
    match = random.Random(seed).choice(places)
    other = "17" if pattern is _POINT else "九"
    if match.group(2) == other:
        return
    plan = _check(name, text[: match.start(2)] + other + text[match.end(2) :])
    line = text.count("\n", 0, match.start(2)) + 1
    codes = {p.code for p in plan.problems if p.place.line is not None and abs(p.place.line - line) <= 12}
    assert codes & {"number-out-of-order", "number-repeated", "box-end-unclear"} or _said(plan) - _said(sound)


@pytest.mark.parametrize("name", ("made", "wuwei", "yuncheng", "beilin", "dawukou"))
def test_broken_font_mapping_and_full_width_digits_are_mended_completely(name):
    text = _sound(name)
    spoiled = text.translate(str.maketrans("，。；《》0123456789", "ꎬꎮꎻ«»０１２３４５６７８９"))
    assert _outcome(_check(name, spoiled)) == _outcome(_sound_plan(name))


def test_yi_script_is_not_taken_for_broken_punctuation():
    text = _sound("made") + "\nꆈꌠꉙꎬ\n"
    plan = read_text(text)
    assert "ꎬ" in "".join(chunk.text for chunk in (*plan.back, *plan.front)) + "".join(s.text for s in plan.sections)
    assert "glyph-mended" not in {p.code for p in plan.problems}
