"""Accessible HTML pages without scripts: skip link, one h1, captioned tables, bars beside their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files


def _style() -> str:
    return (files("bulou.engine.plan") / "page.css").read_text(encoding="utf-8")


def document(title: str, parts: Iterable[tuple[str, str]], lead: str = "") -> str:
    """A whole page: `title` is name and h1, `parts` (heading, HTML) pairs in order, `lead` opening HTML."""
    sections = list(parts)
    links = "".join(f'<li><a href="#s{i}">{escape(name)}</a></li>' for i, (name, _) in enumerate(sections, 1))
    body = "".join(
        f'<section aria-labelledby="s{i}"><h2 id="s{i}" tabindex="-1">{escape(name)}</h2>{content}</section>'
        for i, (name, content) in enumerate(sections, 1)
    )
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} – 不漏</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#main">跳到正文</a>\n<header><h1>{escape(title)}</h1></header>\n'
        f'<nav aria-label="本页内容"><ul>{links}</ul></nav>\n'
        f'<main id="main" tabindex="-1">{lead}{body}</main>\n'
        "<footer><p>由规划文件读出，供核对；以正式印发的文件为准。</p></footer>\n</body>\n</html>\n"
    )


def paragraph(text: str) -> str:
    """One paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def bullets(items: Iterable[str]) -> str:
    """An unordered list, or a sentence that there is nothing."""
    lines = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<ul>{lines}</ul>" if lines else paragraph("没有。")


def table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[object]], *, name: str) -> str:
    """A table with caption and headings; the first cell of each row is its heading. `name` is a unique id."""
    body = "".join(_row([_text(cell) for cell in row]) for row in rows)
    return _framed(caption, headings, body, name)


def bars(caption: str, headings: Sequence[str], rows: Sequence[tuple[str, str, float]], *, name: str) -> str:
    """A bar chart as a table: (label, printed value, share of the full width from 0 to 1) a row.

    The bar only repeats the number beside it, so it is hidden from screen readers.
    """
    body = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{escape(printed)}</td><td class="bar">{_bar(share)}</td></tr>'
        for label, printed, share in rows
    )
    return _framed(caption, headings, body, name)


def _framed(caption: str, headings: Sequence[str], body: str, name: str) -> str:
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    return (
        f'<div class="scroll" role="region" aria-labelledby="{name}" tabindex="0"><table>'
        f'<caption id="{name}">{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _bar(share: float) -> str:
    width = 100 * min(max(share, 0.0), 1.0)
    return f'<svg aria-hidden="true" focusable="false"><rect width="{width:.1f}%" height="100%"/></svg>'


def _row(cells: Sequence[str]) -> str:
    first, *rest = cells
    return f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"


def _text(cell: object) -> str:
    return "" if cell is None else escape(str(cell))
