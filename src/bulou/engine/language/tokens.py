"""What an expression may be written with: names, words, numbers, texts and signs, before anything is parsed.

Everything else is refused here under the name its author would use, so that no comment is dropped in silence and
the parser gets nothing to which only it would give a meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from bulou.engine.language.functions import FUNCTIONS, ROLL_UPS
from bulou.engine.language.refusal import SEE_PAGE, Mismatch, not_in_the_language, too_large
from bulou.engine.language.scope import Scope

MAX_LENGTH = 2_000
MAX_DEPTH = 40

KEYWORDS = {
    "and",
    "or",
    "not",
    "in",
    "between",
    "case",
    "when",
    "then",
    "else",
    "end",
    "true",
    "false",
    "date",
    "unknown",
}
LIKE_QUOTES = str.maketrans("“”‘’。、", "''''.,")
BEFORE_A_BRACKET = {"and", "or", "not", "in", "between", "case", "when", "then", "else"}
CALLABLE = (*FUNCTIONS, *ROLL_UPS, "greatest", "least", "first_known")

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+)
      | (?P<text>'(?:[^']|'')*')
      | (?P<foreign>--|/\*|==|//|\*\*|<=>|->>?|=>|:=|::|\|\||&&|!(?!=))
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*(?![A-Za-z0-9_.]))
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_.]))
      | (?P<malformed>[A-Za-z0-9_.]+)
      | (?P<sign><=|>=|<>|!=|[-=<>+*/(),])""",
    re.VERBOSE,
)

_EXACT = "数都是精确的；取舍在规则之外写明"
_INSTEAD_OF_WORDS = {
    "select from with join union values exists table distinct": "表达式不能查询表；对家庭成员请用 any_member(…) 等",
    "is isnull notnull null nullif try": "事实未知就保持未知；不要判断是否为空，也不要写 NULL",
    "coalesce ifnull nvl": "不允许用默认值代替未知事实；派生事实的定义里可用 first_known(…)",
    "if iif decode": "请用 CASE WHEN … THEN … ELSE … END",
    "like ilike similar glob regexp_matches regexp_like rlike collate": "文字只能用 = 比较；请用代码 IN (…)",
    "cast try_cast convert timestamp": "没有类型转换；日期写 DATE '2025-01-31'",
    "now today current_date current_timestamp getdate": "决定日请写 decision.day",
    "interval extract year month day age date_diff datediff date_add date_sub date_trunc": (
        "请用 full_years(…)、full_months(…)、year_of(…)"
    ),
    "sum count avg min max any all array list unnest over window partition filter row_number": (
        "对家庭成员请用 count_members(…)、sum_members(…) 等"
    ),
    "round floor ceil ceiling trunc abs mod power pow sqrt random": _EXACT,
    "substr substring left right concat lower upper trim length replace": (
        "证件号请用 birth_date_in、sex_in、category_in、grade_in"
    ),
    "xor": "请用 a <> b，或 AND、OR、NOT",
    "as": "一处只写一个表达式，不起别名",
}
INSTEAD = {word: instead for words, instead in _INSTEAD_OF_WORDS.items() for word in words.split()}

SIGNS = {
    "--": ("注释 comment", "说明写在 says 或 TOML 的 # 后面"),
    "/*": ("注释 comment", "说明写在 says 或 TOML 的 # 后面"),
    "==": ("==", "相等写一个 ="),
    "!": ("!", "否定请写 NOT"),
    "//": ("整除 //", _EXACT),
    "**": ("乘方 **", _EXACT),
    "%": ("取余 %", _EXACT),
    "^": ("乘方 ^", _EXACT),
    "<=>": ("<=>", "相等写 =；未知就保持未知"),
    "->": ("箭头 ->", "不支持"),
    "->>": ("箭头 ->>", "不支持"),
    "=>": ("箭头 =>", "大于等于写 >="),
    "::": ("类型转换 ::", "没有类型转换；日期写 DATE '2025-01-31'"),
    "||": ("连接文字 ||", "或者请写 OR；文字不能拼接"),
    "|": ("|", "或者请写 OR"),
    "&&": ("&&", "并且请写 AND"),
    "&": ("&", "并且请写 AND"),
    ";": (";", "一处只写一个表达式"),
    "@": ("参数 @", "决定日请写 decision.day"),
    "$": ("参数 $", "决定日请写 decision.day"),
    "?": ("占位符 ?", "决定日请写 decision.day"),
    ":=": (":=", "相等写 =；参数不写名字"),
    ":": ("占位符 :", "决定日请写 decision.day"),
    '"': ('双引号 "', "事实名不加引号；代码和文字用单引号"),
    "`": ("反引号 `", "事实名不加引号"),
    "[": ("列表 [", "列出的值写 IN (…)；代码集请用 has_code(…)"),
    "{": ("花括号 {", "不支持"),
    "~": ("正则 ~", "文字只能用 = 比较；请用代码 IN (…)"),
    "#": ("#", "注释写在 TOML 里，不写在表达式里"),
    "\\": ("反斜线", "不支持"),
}


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        return self.text.lower() if self.kind == "name" else self.text

    @property
    def is_operand(self) -> bool:
        """Whether it can stand on one side of an operator."""
        is_keyword = self.kind == "name" and self.word in KEYWORDS - {"true", "false", "unknown"}
        return self.kind in ("text", "number", "name") and not is_keyword

    @property
    def where(self) -> str:
        return f"（第 {self.at} 个字符 character {self.at}）"

    def __str__(self) -> str:
        return self.text[:40] + self.where


def check_tokens(text: str, scope: Scope) -> None:
    """Raise `Mismatch` at the first thing in the text that the language has no word for."""
    if len(text) > MAX_LENGTH:
        raise too_large(f"{len(text)} 个字符 characters", f"不超过 {MAX_LENGTH} 个字符 at most")
    tokens = list(_tokens(text))
    before = Token("start", "", 0)
    for token, after in pairwise([*tokens, Token("end", "", 0)]):
        if token.kind == "name":
            _check_name(token, after, scope)
        if token.text == "+" and not (before.is_operand or before.word in (")", "end")):
            raise not_in_the_language(f"正号 {token}", "正数不写 +")
        if token.is_operand and (before.is_operand or before.text == ")") and before.word != "date":
            raise _unreadable(f"{before.text} {token}", "两者之间写一个运算符 an operator between them")
        before = token
    _check_depth(tokens)


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise _foreign(Token("foreign", text[position], position + 1))
        token = Token(str(found.lastgroup), found[0], position + 1)
        if token.kind == "foreign":
            raise _foreign(token)
        if token.kind == "malformed":
            raise _malformed(token)
        if token.kind == "text" and not token.text.isprintable():
            raise not_in_the_language(f"文字中的控制字符 control character {token}", "删去看不见的字符")
        if token.kind != "blank":
            yield token
        position = found.end()


def _foreign(token: Token) -> Mismatch:
    sign, where = token.text, token.where
    if sign in SIGNS:
        shown, instead = SIGNS[sign]
        return not_in_the_language(shown + where, instead)
    if sign == "'":
        return _unreadable(f"没有收尾的单引号 unclosed text{where}", "补上单引号 close it")
    plain = unicodedata.normalize("NFKC", sign).translate(LIKE_QUOTES)
    if plain != sign and plain.isascii():
        return not_in_the_language(f"全角符号 full-width {sign!r}{where}", f"改用半角 write {plain!r}")
    return not_in_the_language(f"字符 character {sign!r}{where}", SEE_PAGE)


def _malformed(token: Token) -> Mismatch:
    if token.text[0].isdigit() or token.text[1:2].isdigit():
        return Mismatch("not-a-number", str(token), "十进制数，如 15 或 0.5 a decimal number", "写出完整的十进制数")
    return _unreadable(str(token), "事实名写作 person.grade")


def _unreadable(got: str, fix: str) -> Mismatch:
    expected = "一个 SQL 布尔或数值表达式，如 person.grade <= 2 AND person.cert_valid"
    return Mismatch("not-an-expression", got, expected, fix)


def _check_name(token: Token, after: Token, scope: Scope) -> None:
    called = after.text == "(" and token.word not in BEFORE_A_BRACKET
    if token.word in INSTEAD:
        raise not_in_the_language(f"{token.text.upper()}{token.where}", INSTEAD[token.word])
    if token.word == "date" and after.kind != "text":
        raise not_in_the_language(str(token), "日期写 DATE '2025-01-31'")
    if called and token.word not in CALLABLE:
        close = get_close_matches(token.word, CALLABLE, n=1)
        fix = f"是否想写 did you mean {close[0]}(…)？" if close else "只能用列出的函数 use one of these"
        raise Mismatch("unknown-function", f"{token.text}(…){token.where}", "、".join(CALLABLE), fix)
    if token.text.count(".") > 1:
        raise not_in_the_language(f"多段的名字 name of three parts {token}", "事实名只有两段，如 person.grade")
    if not called and "." not in token.text and token.word not in KEYWORDS:
        expected = "事实词汇表中的名字 a fact of the vocabulary"
        raise Mismatch("unknown-fact", str(token), expected, scope.suggestion(token.text))


def _check_depth(tokens: list[Token]) -> None:
    """Brackets, CASE and NOT inside one another, before a parser goes down into them."""
    deepest = depth = nots = 0
    for token in tokens:
        nots = nots + 1 if token.word in ("not", "-") else 0
        depth += (token.text == "(") + (token.word == "case") - (token.text == ")") - (token.word == "end")
        deepest = max(deepest, depth + nots)
    if deepest > MAX_DEPTH:
        raise too_large(f"{deepest} 层 levels", f"不超过 {MAX_DEPTH} 层括号、CASE 和 NOT at most")
