"""Makes small plan documents of an invented region, typeset as an office would, truth beside them."""

from __future__ import annotations

from dataclasses import dataclass, field

BODY, BOX = 28, 38
HAN = "〇一二三四五六七八九十"
_FILLER = (
    "围绕群众关心的事情，逐村走访，听取意见，形成清单，按月办理，按季通报",
    "由乡镇街道统一受理，分类转办，办结后向本人说明结果，并留存记录",
    "加强部门之间的信息比对，发现问题及时核实，不让一个家庭掉队",
    "做好宣传解释，使用浅显的语言和多种格式，方便不同类别的人了解",
)


@dataclass
class Made:
    """The printed text and what stands in it."""

    text: str = ""
    clauses: list[tuple[str, str]] = field(default_factory=list)
    items: list[tuple[str, str]] = field(default_factory=list)
    duties: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    indicators: list[tuple[int, str, str, str]] = field(default_factory=list)
    targets: list[tuple[str, int]] = field(default_factory=list)


INDICATORS = [
    ("残疾人家庭人均收入年均增长", "%", "与地区生产总值增长同步", "预期性"),
    ("残疾人职业技能培训人数", "人", "860", "预期性"),
    ("困难残疾人生活补贴覆盖率", "%", "100", "约束性"),
    ("残疾人城乡居民基本养老保险参保率", "%", "＞92", "预期性"),
    ("有需求的持证残疾人和残疾儿童接受基本康复服务的覆盖率", "%", "≥88", "约束性"),
    ("困难重度残疾人家庭无障碍改造数", "户", "415", "约束性"),
]


@dataclass
class Point:
    """One numbered clause: title, length, a figure to promise, its units, items of a box after it."""

    title: str
    sentences: int = 1
    figure: int = 0
    lead: tuple[str, ...] = ()
    participating: tuple[str, ...] = ()
    box: tuple[str, ...] = ()
    box_parts: bool = False


@dataclass
class Layout:
    """How it is typeset: blank lines between lines, a page mark every so many lines, wrapped or not."""

    doubled: bool = True
    page: int = 0
    wrapped: bool = True


def make(parts: list[list[Point]], layout: Layout | None = None) -> Made:
    """A plan with a letter, two chapters, a table, and a chapter with the given parts and points."""
    made = Made()
    lines = _Lines(layout or Layout())
    for line in (
        "云政发〔2022〕8号",
        "云岭市人民政府",
        "关于印发云岭市“十四五”残疾人保障和发展",
        "规划的通知",
    ):
        lines.short(line)
    lines.paragraph("各县（市、区）人民政府，市直各单位：")
    lines.paragraph("现将《云岭市“十四五”残疾人保障和发展规划》印发给你们，请结合实际认真组织实施。")
    for line in ("云岭市人民政府", "2022年4月6日", "云岭市“十四五”残疾人保障和发展规划"):
        lines.short(line)
    lines.paragraph("为做好本市残疾人工作，结合实际，制定本规划。")
    lines.short("一、发展基础")
    lines.paragraph("“十三五”期间，全市3120名残疾人得到康复服务，改造家庭206户。" + _FILLER[0] + "。")
    lines.short("二、总体目标")
    lines.paragraph("到2025年，残疾人生活更有保障，服务更加方便。" + _FILLER[1] + "。")
    made.clauses += [("一", "发展基础"), ("二", "总体目标")]
    _table(lines, made)
    lines.short("三、重点任务")
    made.clauses.append(("三", "重点任务"))
    box = 1
    for at, points in enumerate(parts, start=1):
        lines.short(f"（{HAN[at]}）第{HAN[at]}方面工作")
        made.clauses.append((f"三({HAN[at]})", f"第{HAN[at]}方面工作"))
        for no, point in enumerate(points, start=1):
            box = _point(lines, made, (f"三({HAN[at]})", no, box), point)
    lines.short("四、实施机制")
    made.clauses.append(("四", "实施机制"))
    lines.paragraph("各县（市、区）结合实际制定实施方案。" + _FILLER[2] + "。")
    lines.paragraph("抄送：市委办公室，市人大办公室。")
    lines.short("云岭市人民政府办公室2022年4月6日印发")
    made.text = lines.text()
    return made


def _table(lines: _Lines, made: Made) -> None:
    lines.short("专栏1 云岭市残疾人事业主要指标")
    lines.short("类别 指标 2025年 属性")
    for no, (name, unit, value, nature) in enumerate(INDICATORS, start=1):
        lines.short(f"{no}.{name}（{unit}） {value} {nature}")
        made.indicators.append((no, name, value, nature))


def _point(lines: _Lines, made: Made, place: tuple[str, int, int], point: Point) -> int:
    clause, no, box = place
    text = f"{no}.{point.title}。" + "".join(f"{_FILLER[i % 4]}。" for i in range(point.sentences))
    if point.figure:
        text += f"到2025年，服务人数不少于{point.figure}人。"
        made.targets.append((f"{clause}{no}", point.figure))
    if point.lead:
        text += f"（牵头单位：{'、'.join(point.lead)}，参与单位：{'、'.join(point.participating)}）"
        made.duties.append((f"{clause}{no}", point.lead, point.participating))
    lines.paragraph(text)
    made.clauses.append((f"{clause}{no}", point.title))
    if not point.box:
        return box
    box += 1
    lines.short(f"专栏{box} {point.title}重点项目")
    if point.box_parts:
        lines.short("一、资金类")
    for at, item in enumerate(point.box, start=1):
        lines.paragraph(f"{at}.{item}。{_FILLER[at % 4]}，{_FILLER[(at + 1) % 4]}。", BOX)
        made.items.append((f"专栏{box}{'一' if point.box_parts else '.'}{at}", item))
    return box


class _Lines:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.lines: list[str] = []

    def short(self, text: str) -> None:
        self.lines.append(text)

    def paragraph(self, text: str, measure: int = BODY) -> None:
        if not self.layout.wrapped:
            self.lines.append(text)
            return
        room = measure - 2
        while text:
            taken = _fit(text, room)
            self.lines.append(text[:taken])
            text, room = text[taken:], measure

    def text(self) -> str:
        printed: list[str] = []
        for at, line in enumerate(self.lines, start=1):
            printed.append(line)
            if self.layout.page and at % self.layout.page == 0:
                printed.append(f"— {at // self.layout.page} —")
        return ("\n\n" if self.layout.doubled else "\n").join(printed) + "\n"


def _fit(text: str, room: float) -> int:
    """How many characters fit; a number is never broken, as in print."""
    width = 0.0
    for at, character in enumerate(text):
        width += 0.5 if character.isascii() else 1.0
        if width > room:
            end = at
            while end > 1 and text[end].isascii() and text[end - 1].isascii():
                end -= 1
            return end
    return len(text)
