"""What is said when an expression is refused: a stable code, what was found, what is expected, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from bulou.engine.basics.problems import Place, Problem

SUBSET = "比较、AND、OR、NOT、IN、BETWEEN、CASE、+ - *、列出的函数 the documented subset"
SEE_PAGE = "见规则语言说明 docs/rule_language.md"


@dataclass
class Mismatch(Exception):
    """Something in an expression that is not allowed or does not fit; becomes a Problem with its place."""

    code: str
    got: str
    expected: str
    fix: str

    def problem(self, place: Place) -> Problem:
        return Problem(self.code, place, self.got, self.expected, self.fix)


def not_in_the_language(got: str, instead: str) -> Mismatch:
    return Mismatch("not-in-the-language", got, SUBSET, instead)


def too_large(got: str, expected: str) -> Mismatch:
    fix = "拆成几个有名字的条件或派生事实 split it into named conditions or derived facts"
    return Mismatch("expression-too-large", got, expected, fix)
