"""The comparison as one HTML page that needs nothing else."""

from __future__ import annotations

from pathlib import Path

from bulou.engine.comparison.needs import Comparison
from bulou.engine.report.page import STYLE, templates_in

_HERE = Path(__file__).parent


def write_page(found: Comparison, out: Path) -> None:
    """Write the page; nothing is written half."""
    text = page(found)
    out.write_text(text, encoding="utf-8", newline="\n")


def page(found: Comparison) -> str:
    """The page as text: a table of who has what, then each need with its differences and a table of its terms."""
    from markupsafe import Markup

    templates = templates_in(_HERE)
    names = "、".join(name for _, name, _ in found.regions)
    return templates.get_template("comparison.html.j2").render(
        title=f"同一件事，各地怎么办：{names}",
        found=found,
        drafts=[name for _, name, status in found.regions if status == "draft"],
        css=Markup(STYLE + (_HERE / "comparison.css").read_text(encoding="utf-8")),
    )
