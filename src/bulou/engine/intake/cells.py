"""Reads one cell by the kind of its field. Every reader is pure and idempotent: reading a read value changes nothing.

A reading is the value in its one canonical spelling, and, where the cell was not already so, either a `spelling`
(another accepted way to write the same value: 一级, 1980.1.1, 1,200元), a `repair` (damage that could be undone
without doubt: full-width digits, x for X, a serial number for a date) or a `fault` (no value; the codes are
explained in `wording`).
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from bulou.engine.basics.words import FALSE_WORDS, TRUE_WORDS
from bulou.engine.intake import resident_id
from bulou.engine.intake.templates import Field

PLACEHOLDERS = frozenset({"-", "--", "—", "——", "/", "\\", "无", "不详", "暂无", "未知", "空", "null", "n/a", "#n/a"})
NO_END = frozenset({"长期", "长期有效", "永久", "永久有效", "终身"})
SERIAL_ZERO = date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1850, 2100
MOST_FEN = 10**13


@dataclass(frozen=True)
class Reading:
    """What a cell says; at most one of `spelling` and `repair` is set, and a `fault` has no value."""

    value: str | None = None
    spelling: str | None = None
    repair: str | None = None
    fault: str | None = None


def fault(code: str) -> Reading:
    return Reading(fault=code)


def read_cell(text: str, field: Field) -> Reading:
    """A cell that is not empty, without surrounding blanks, as a value of the field."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if field.kind not in ("text", "bool", "code") and plain.lower() in PLACEHOLDERS:
        return Reading(repair="placeholder")
    if field.kind in ("text", "serial"):
        return Reading(text)
    reading = _READERS[field.kind](plain, field)
    widened = plain != text and not reading.repair and not reading.fault and reading.value != text
    if widened and not _same_but_for_spaces(plain, text):
        return Reading(reading.value, None, "full-width")
    return reading


def _same_but_for_spaces(plain: str, text: str) -> bool:
    """True when width folding touched no digit and no letter: only blanks, marks and dots."""
    return not any("\uff10" <= c <= "\uff19" or "\uff21" <= c <= "\uff3a" or "\uff41" <= c <= "\uff5a" for c in text)


_ID_MARKS = re.compile(r"[\s'’‘`\"“”=\u200b\ufeff_,.-]+")
_LIKE_X = str.maketrans("×✕╳ХхxΧχ*", "XXXXXXXX*")
_SCIENTIFIC = re.compile(r"[\d.]+E\+?\d+", re.IGNORECASE)
_LOST = re.compile(r"\d{15}0{3}")


def _bare(text: str) -> str:
    text = text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text
    return _ID_MARKS.sub("", text).translate(_LIKE_X).upper()


def _read_id(text: str, field: Field) -> Reading:
    if _SCIENTIFIC.fullmatch(text):
        return fault("id-lost-digits")
    bare = _bare(text)
    repair = None if bare == text else "id-written"
    if resident_id.CERTIFICATE.fullmatch(bare):
        return Reading(bare[:18], None, "id-from-cert") if not resident_id.id_fault(bare[:18]) else fault("id-checksum")
    if resident_id.OLD_ID.fullmatch(bare):
        whole = resident_id.id_of_old(bare)
        return Reading(whole, None, "id-15-to-18") if whole else fault("id-15")
    if "*" in bare:
        return fault("id-masked")
    found = resident_id.id_fault(bare)
    if found == "id-shape":
        return fault("id-length" if bare.rstrip("X").isdigit() else "id-shape")
    if found and _LOST.fullmatch(bare):
        return fault("id-lost-digits")
    return fault(found) if found else Reading(bare, None, repair)


def _read_cert(text: str, field: Field) -> Reading:
    if _SCIENTIFIC.fullmatch(text):
        return fault("cert-lost-digits")
    bare = re.sub(r"[()]", "", _bare(text))
    if not resident_id.CERTIFICATE.fullmatch(bare):
        return fault("cert-lost-digits" if re.fullmatch(r"\d{15}0{5}", bare) else "cert-shape")
    found = resident_id.id_fault(bare[:18])
    return fault("cert-id") if found else Reading(bare, None, None if bare == text else "id-written")


_DOTS = re.compile(r"[•‧∙⋅・.·]")
_HAN_GAP = re.compile(r"(?<=[\u2e80-\U0003ffff])\s+(?=[\u2e80-\U0003ffff])")


def _read_name(text: str, field: Field) -> Reading:
    closed = re.sub(r"[\u200b\ufeff]", "", _HAN_GAP.sub("", text))
    closed = re.sub(r"\s+", " ", _DOTS.sub("·", closed)).strip()
    return Reading(closed or None, None, "name-spaces" if closed != text else None)


_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[ T]\d{1,2}:\d\d(?::\d\d)?(?:\.0+)?)?")
_EIGHT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_MONTH = re.compile(r"(\d{4})(?:[-./年](\d{1,2})月?|(\d\d))")

_TENTH = re.compile(r"\d{4}\.1")


def _read_date(text: str, field: Field) -> Reading:
    bare = text.replace(" ", "") if ":" not in text else text
    if bare in NO_END and field.open_end:
        return Reading(spelling="no-end")
    found = _DATE.fullmatch(bare) or _EIGHT.fullmatch(bare)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if re.fullmatch(r"\d{4}|\d{5}(\.\d+)?", bare):
        return _serial(bare)
    if _TENTH.fullmatch(bare):
        return fault("date-tenth")
    found = _MONTH.fullmatch(bare)
    if found:
        year, month = int(found[1]), int(found[2] or found[3])
        last = monthrange(year, month)[1] if field.month_end and 1 <= month <= 12 else 1
        whole = _day(year, month, last, text)
        if whole.fault:
            return whole
        only = "date-month-only"
        return Reading(whole.value, only) if field.month_enough else Reading(whole.value, None, only)
    return fault("date-shape")


def _day(year: int, month: int, day: int, text: str) -> Reading:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return fault("date-year")
    try:
        whole = date(year, month, day).isoformat()
    except ValueError:
        return fault("date-not-real")
    return Reading(whole, None if whole == text else "date-shape")


def _serial(text: str) -> Reading:
    """Days since 1899-12-30; four digits that could be a year stay undecided."""
    number = int(text.partition(".")[0])
    if number <= LAST_YEAR:
        return fault("date-year-only")
    day = SERIAL_ZERO + timedelta(days=number)
    return Reading(day.isoformat(), None, "date-serial") if day.year <= LAST_YEAR else fault("date-year")


def _read_month(text: str, field: Field) -> Reading:
    bare = text.replace(" ", "")
    if _TENTH.fullmatch(bare):
        return fault("date-tenth")
    found = _MONTH.fullmatch(bare) or _DATE.fullmatch(text) or _EIGHT.fullmatch(bare)
    if not found:
        return fault("month-shape")
    month = int(found[2] or found[3])
    if not (1 <= month <= 12 and FIRST_YEAR <= int(found[1]) <= LAST_YEAR):
        return fault("month-shape")
    whole = f"{found[1]}-{month:02d}"
    return Reading(whole, None if whole == text else "date-shape")


_MONEY = re.compile(r"[¥￥]?(-?[\d,，]+(?:\.\d+)?|-?\.\d+)(万)?(元|块)?(整|正|/月|每月)?(?:/月)?")


def _read_money(text: str, field: Field) -> Reading:
    bare = text.replace(" ", "")
    found = _MONEY.fullmatch(bare)
    if not found:
        return fault("amount-shape")
    try:
        yuan = Decimal(found[1].replace(",", "").replace("，", "")) * (10_000 if found[2] else 1)
    except InvalidOperation:
        return fault("amount-shape")
    fen = yuan * 100
    if fen != int(fen):
        return fault("amount-fraction")
    if abs(fen) > MOST_FEN:
        return fault("amount-size")
    whole = f"{yuan:.2f}"
    return Reading(whole, None if whole == text else "amount-shape")


def _read_int(text: str, field: Field) -> Reading:
    found = re.fullmatch(r"(\d{1,9})(?:\.0+)?\s*[人户个岁次天月年口名项级]?", text)
    if not found:
        return fault("number-shape")
    whole = str(int(found[1]))
    return Reading(whole, None if whole == text else "number-unit")


_BRACKETS = re.compile(r"[(（\[].*?[)）\]]")


def _read_code(text: str, field: Field) -> Reading:
    bare = re.sub(r"\s+", "", text).lower().removesuffix(".0")
    for word in (bare, _BRACKETS.sub("", bare)):
        if word in field.words:
            code = field.words[word]
            return Reading(code, None if code == text else "word")
    return fault("not-in-list")


def _read_bool(text: str, field: Field) -> Reading:
    bare = re.sub(r"\s+", "", text).lower().removesuffix(".0")
    if bare in ("true", "false"):
        return Reading(bare, None if bare == text else "word")
    if bare in field.words:
        return Reading(field.words[bare], "word")
    if bare in TRUE_WORDS or bare in FALSE_WORDS:
        return Reading("true" if bare in TRUE_WORDS else "false", "word")
    return fault("not-yes-no")


_PHONE = re.compile(r"1\d{10}|0\d{9,11}|[2-8]\d{6,7}")


def _read_phone(text: str, field: Field) -> Reading:
    several = [part for part in re.split(r"[/、,，;；\s]{1,}(?=\+?\d{7})", text) if part]
    bare = re.sub(r"[\s'()（）-]", "", several[0] if several else "").removeprefix("+86").removesuffix(".0")
    if _PHONE.fullmatch(bare):
        return Reading(bare, None, "phone-several" if len(several) > 1 else "phone-written" if bare != text else None)
    return fault("phone-shape")


def _read_account(text: str, field: Field) -> Reading:
    if _SCIENTIFIC.fullmatch(text):
        return fault("account-lost-digits")
    bare = re.sub(r"[\s'’`\"=\u200b-]", "", text)
    if re.fullmatch(r"\d{15}0{2,}", bare):
        return fault("account-lost-digits")
    if not re.fullmatch(r"\d{8,32}", bare):
        return fault("account-shape")
    return Reading(bare, None, None if bare == text else "id-written")


_READERS: dict[str, Callable[[str, Field], Reading]] = {
    "id": _read_id,
    "cert": _read_cert,
    "name": _read_name,
    "date": _read_date,
    "month": _read_month,
    "money": _read_money,
    "int": _read_int,
    "code": _read_code,
    "bool": _read_bool,
    "phone": _read_phone,
    "account": _read_account,
}
