"""Runs the command line as a user does: by its entry point, with what it prints and its exit code."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bulou.engine.cli.main import run
from tests.packs.small_packs import write


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


class CommandLine:
    """A folder to work in, with the small pack `t` beside it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, patch
        write(folder / "packs")
        (folder / "work").mkdir()
        patch.chdir(folder / "work")

    def file(self, name: str, content: str | bytes) -> str:
        raw = content if isinstance(content, bytes) else content.encode()
        Path(name).write_bytes(raw)
        return name

    def bulou(self, *arguments: str) -> Said:
        """The whole command, `bulou` itself left out; what it prints must be printable."""
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        self.patch.setattr(sys, "argv", ["bulou", *arguments])
        self.patch.setattr(sys, "stdout", out)
        self.patch.setattr(sys, "stderr", err)
        try:
            run()
            code = 0
        except SystemExit as exit:
            code = int(exit.code or 0)
        finally:
            self.patch.undo()
            self.patch.chdir(self.folder / "work")
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
        return Said(code, *texts)

    def decide(self, *arguments: str, region: str = "t", on: str = "2025-06-30") -> Said:
        return self.bulou("decide", "--packs", "../packs", "--region", region, "--on", on, *arguments)

    def explain(self, *arguments: str, region: str = "t", on: str = "2025-06-30") -> Said:
        return self.bulou("explain", "--packs", "../packs", "--region", region, "--on", on, *arguments)


def is_refused(said: Said, *expected: str) -> None:
    """Exit code 2, nothing on standard output, all of `expected` in the message, and no traceback."""
    assert (said.code, said.out[:200]) == (2, ""), said.err
    assert "Traceback" not in said.err and "internal error" not in said.err, said.err
    assert [part for part in expected if part not in said.err] == [], said.err


__all__ = ["CommandLine", "Said", "is_refused"]
