"""The conversation of `bulou ask`: asks, reads, explains why it asks, takes back, and shows what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bulou.engine.asking import Interview, Question, read_answer
from bulou.engine.basics.problems import Problem
from bulou.engine.cli.explanation import write_explanation
from bulou.engine.pack.wording import SUBJECT_WORDS

Read = Callable[[], str | None]
Write = Callable[[str], None]
WHY = frozenset({"为什么", "为何", "why"})
BACK = frozenset({"返回", "改", "back"})
END = frozenset({"结束", "退出", "end", "quit", "q"})
MOST_PEOPLE = 20
SHOWN = 12


class Conversation:
    """One interview at a terminal. `save` gets the document after every answer."""

    def __init__(self, interview: Interview, read: Read, write: Write, save: Callable[[dict[str, Any]], None]) -> None:
        self.interview, self.read, self.write, self.save = interview, read, write, save
        self.typed = 0

    def run(self) -> None:
        """Ask until nothing can change, or until told to end; then show what is due, what is not, what is open."""
        self.write("不知道就直接按回车。输入“为什么”看这一问关系到什么，“返回”改上一答，“结束”先看结果。")
        while question := self.interview.next():
            self._show(question)
            if not self._hear(question):
                self.write("先到这里，下面是按已知情况的结果。")
                break
        else:
            self.write(f"\n问完了：一共问了 {self.interview.answered} 个问题，再问别的也不会改变结果。")
        self.save(self.interview.document)
        self._results()

    def _show(self, question: Question) -> None:
        one = question.asked
        who = f"{SUBJECT_WORDS[one.kind]} {one.id}"
        self.write(f"\n第 {self.interview.answered + 1} 问 【{who}】{question.fact.question}")
        if question.choices:
            self.write("   " + "  ".join(f"{at} {word}" for at, (_, word) in enumerate(question.choices, 1)))
        self.write(f"   （{question.shape}）")

    def _hear(self, question: Question) -> bool:
        """Take one answer; False to end. What is not understood is said and asked again."""
        while (text := self.read()) is not None and text.strip() not in END:
            self.typed += 1
            if text.strip() in WHY:
                self._why(question)
                continue
            if text.strip() in BACK:
                self._back()
                return True
            value = read_answer(text, question, self.interview.on, self.typed)
            if isinstance(value, Problem):
                self.write(str(value))
                continue
            if value is None:
                self.interview.skip(question.asked)
                self.write("   记为不知道，不再问。")
            else:
                self.interview.answer(question.asked, value)
            self.save(self.interview.document)
            return True
        return False

    def _why(self, question: Question) -> None:
        titles = [title for _, title in question.programmes]
        more = f"等 {len(titles)} 项" if len(titles) > SHOWN else ""
        self.write(f"   关系到：{'、'.join(titles[:SHOWN])}{more}")
        if question.who:
            self.write(f"   能答的还有：{question.who}")

    def _back(self) -> None:
        taken = self.interview.take_back()
        self.write(f"   收回了：{self.interview.pack.facts[taken.fact].label}" if taken else "   前面没有答过的题。")

    def _results(self) -> None:
        result = self.interview.result()
        write_explanation(result, set(), False, self.write)
        verdicts = [determination.verdict for determination in result.determinations]
        due, not_due, open_still = (verdicts.count(verdict) for verdict in ("yes", "no", "unknown"))
        self.write(f"\n应享 {due} 项，不符合 {not_due} 项，待核实 {open_still} 项。")


def first_document(read: Read, write: Write) -> dict[str, Any]:
    """A document to begin with, when no file was given: whom it is about."""
    write("问的是谁？  1 一家人  2 用人单位  3 服务机构")
    kind = _choice(read, write, 3)
    if kind == 2:
        return {"employers": [{"id": "本单位"}]}
    if kind == 3:
        return {"institutions": [{"id": "本机构"}]}
    write("这家一共几口人？（1 到 20；每个人都会问到，有没有残疾证先问）")
    count = _choice(read, write, MOST_PEOPLE)
    names = ["本人", *(f"家人{at}" for at in range(2, count + 1))]
    return {"people": [{"id": name, "household": "一家"} for name in names], "households": [{"id": "一家"}]}


def _choice(read: Read, write: Write, most: int) -> int:
    """A number from 1 to `most`; at the end of the input the first."""
    while (text := read()) is not None:
        number = text.strip().removesuffix("口").removesuffix("人")
        if number.isascii() and number.isdigit() and 1 <= int(number) <= most:
            return int(number)
        write(f"   没看懂“{text.strip()[:20]}”：请输入 1 到 {most} 的数字。")
    return 1
