"""Month folders side by side: earlier ones are the history of a later one."""

from __future__ import annotations

from pathlib import Path

from bulou.engine.basics.months import is_month
from bulou.engine.basics.workers import Workers
from bulou.engine.facts.history import History, load_history
from bulou.engine.facts.month_settings import read_month_settings
from bulou.engine.facts.read_month import begin_reading, read_month
from bulou.engine.intake import Templates
from bulou.engine.pack import Pack

KEPT = Path("out") / "history"
"""Where a month's run keeps its history, inside the month's folder."""


def history_before(folder: Path, month: str, pack: Pack, templates: Templates) -> History:
    """The history of the months that lie beside `folder`: kept from their runs, or read now where none was kept.

    A month that was kept on top of other files than its predecessors have now is read again; what persons decided in
    it, and what its payroll deducted, stands.
    """
    history = History()
    for earlier in _earlier(folder, month):
        kept = load_history(earlier / KEPT)
        if kept is not None and kept.follows(history):
            history = kept
        else:
            settings = read_month_settings(earlier, pack)
            history = history if kept is None else history.with_answers_of(kept, earlier.name)
            found = begin_reading(earlier, templates, Workers()).finish()
            history = read_month(earlier, earlier.name, history, settings.complete, found).history
            if kept is not None:
                history = history.with_decisions(kept.decided_in(earlier.name))
                history = history.with_deductions(kept.deducted(earlier.name), earlier.name)
    return history


def _earlier(folder: Path, month: str) -> list[Path]:
    beside = folder.resolve().parent
    found = [path for path in beside.iterdir() if path.is_dir() and is_month(path.name) and path.name < month]
    return sorted(found, key=lambda path: path.name)
