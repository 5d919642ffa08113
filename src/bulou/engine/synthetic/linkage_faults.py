"""What clerks and spreadsheets make of one number or one name; each function takes clean text and a draw in [0, 1)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from bulou.engine.synthetic.calibration import data

Fault = Callable[[str, float], str | None]
"""None leaves the cell alone: this fault cannot befall this text."""

WILDCARDS = "?？□■〓"
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def _other_digit(text: str, place: int, draw: float) -> str:
    """Another digit (or X at the end) in one place."""
    pool = [one for one in ("0123456789X" if place == 17 else "0123456789") if one != text[place]]
    return text[:place] + pool[int(draw * len(pool))] + text[place + 1 :]


def _parts(draw: float, *sizes: int) -> list[int]:
    """One draw as several whole numbers below the sizes."""
    out = []
    for size in sizes:
        draw *= size
        out.append(int(draw))
        draw -= int(draw)
    return out


def one_digit(text: str, draw: float) -> str | None:
    """One of the eighteen characters is another one."""
    place, rest = _parts(draw, 18, 1000)
    return _other_digit(text, place, rest / 1000)


def two_digits(text: str, draw: float) -> str | None:
    """Two of the eighteen characters are others."""
    first, step, a, b = _parts(draw, 18, 17, 50, 50)
    return _other_digit(_other_digit(text, first, a / 50), (first + 1 + step) % 18, b / 50)


def swapped(text: str, draw: float) -> str | None:
    """Two neighbours changed places."""
    place = int(draw * 16)
    turned = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return turned if turned != text else None


def dropped(text: str, draw: float) -> str | None:
    """One character left out."""
    place = int(draw * 18)
    return text[:place] + text[place + 1 :]


def doubled(text: str, draw: float) -> str | None:
    """One character typed twice."""
    place = int(draw * 18)
    return text[:place] + text[place] + text[place:]


def fifteen(text: str, _: float) -> str | None:
    """The old number of a person born in the twentieth century and old enough to have had one."""
    return text[:6] + text[8:17] if text[6:8] == "19" and text[8:10] < "99" else None


def number(text: str, draw: float) -> str | None:
    """A spreadsheet kept fifteen digits; a program then wrote them with an exponent."""
    if not text.isdigit():
        return None
    return f"{text[0]}.{text[1:15]}E+17" if draw < 0.2 else text[:15] + "000"


def exponent(text: str, _: float) -> str | None:
    """The file was saved as text while the cell showed six digits and an exponent: the number is lost."""
    return f"{text[0]}.{text[1:6]}E+17" if text.isdigit() else None


def certificate(text: str, draw: float) -> str | None:
    """The certificate number instead, now and then of a re-issued one."""
    kind, grade, mark = _parts(draw, 7, 4, 10)
    return f"{text}{kind + 1}{grade + 1}{'B1' if mark == 0 else ''}"


def full_width(text: str, _: float) -> str | None:
    """Full-width digits."""
    return text.translate(_WIDE)


def spaced(text: str, draw: float) -> str | None:
    """Spaces between the parts, or after them."""
    return (f"{text[:6]} {text[6:14]} {text[14:]}", f"{text} ", f" {text}")[int(draw * 3)]


def lower_x(text: str, draw: float) -> str | None:
    """Another sign for the X."""
    return text[:-1] + "xｘ×Х"[int(draw * 4)] if text.endswith("X") else None


def apostrophe(text: str, draw: float) -> str | None:
    """The sign by which spreadsheets keep text."""
    return "'’"[int(draw * 2)] + text


def odd_space(text: str, draw: float) -> str | None:
    """A space that is not one, or a tab."""
    return text + "\u00a0\t\u3000\u200b"[int(draw * 4)]


ID: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        *(one_digit, two_digits, dropped, doubled, swapped, fifteen, number, exponent, certificate),
        *(full_width, spaced, lower_x, apostrophe, odd_space),
    )
}
LOSSLESS = ("full_width", "spaced", "lower_x", "apostrophe", "odd_space", "certificate")


@cache
def _table(kind: str) -> dict[str, str]:
    variants = data("linkage.toml")["variants"]
    left, right = {
        "same_sound": ("from_sound", "to_sound"),
        "look_alike": ("from_shape", "to_shape"),
        "traditional": ("from_simple", "to_traditional"),
    }[kind]
    return dict(zip(variants[left], variants[right], strict=True))


def variant(kind: str, text: str, draw: float) -> str | None:
    """One character replaced by the table; of the traditional ones all. A surname is the likelier to be right."""
    table = _table(kind)
    if kind == "traditional":
        turned = "".join(table.get(one, one) for one in text)
        return turned if turned != text else None
    places = [place for place, one in enumerate(text) if one in table and (place > 0 or draw < 0.25)]
    if not places:
        return None
    place = places[int(draw * 1000) % len(places)]
    return text[:place] + table[text[place]] + text[place + 1 :]


def wildcard(text: str, draw: float) -> str | None:
    """A character the sender's system could not write."""
    place, sign = _parts(draw, max(len(text) - 1, 1), len(WILDCARDS))
    return text[: place + 1] + WILDCARDS[sign] + text[place + 2 :] if len(text) > 1 else None


def lost_character(text: str, draw: float) -> str | None:
    """One character of a given name of two is missing."""
    place = 1 + int(draw * (len(text) - 1))
    return text[:place] + text[place + 1 :] if len(text) > 2 else None


def name_spaced(text: str, draw: float) -> str | None:
    """A space inside, as in tables that line up names."""
    return text[:1] + (" " if draw < 0.6 else "\u3000") + text[1:]


def trailing(text: str, draw: float) -> str | None:
    """A space behind."""
    return text + (" " if draw < 0.6 else "\u3000")


NAME: dict[str, Fault] = {
    "same_sound": lambda text, draw: variant("same_sound", text, draw),
    "look_alike": lambda text, draw: variant("look_alike", text, draw),
    "wildcard": wildcard,
    "traditional": lambda text, draw: variant("traditional", text, draw),
    "lost_character": lost_character,
    "spaced": name_spaced,
    "trailing": trailing,
}
