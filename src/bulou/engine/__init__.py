"""The engine's front door, in the order of the data path: read a pack, read facts, decide, explain, write.

Everything else in the engine is reached from here; the office and the command line enter by these functions.
They are loaded at first use, so that a command that needs few of them starts fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bulou.engine.door import (
        as_json,
        check_pack,
        compile_tables,
        decide,
        decide_document,
        decide_files,
        decide_lines,
        decide_to_parquet,
        documents_in,
        make_synthetic,
        pack_coverage,
        pack_schemas,
        read_pack,
        run_month,
        test_pack,
        write_book,
        write_schemas,
    )

__all__ = [
    "as_json",
    "check_pack",
    "compile_tables",
    "decide",
    "decide_document",
    "decide_files",
    "decide_lines",
    "decide_to_parquet",
    "documents_in",
    "make_synthetic",
    "pack_coverage",
    "pack_schemas",
    "read_pack",
    "run_month",
    "test_pack",
    "write_book",
    "write_schemas",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bulou.engine import door

    return getattr(door, name)
