"""The command line, one file a command."""

from __future__ import annotations


def run() -> None:
    """Entry point. The commands are loaded when one is run: the processes that a command starts do without them."""
    from bulou.engine.cli.main import run as run_command

    run_command()
