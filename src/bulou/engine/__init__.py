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
        compare_packs,
        compile_tables,
        decide,
        decide_document,
        decide_files,
        decide_lines,
        decide_to_parquet,
        documents_in,
        forecast_policy,
        forecast_text,
        interview,
        make_fact_tables,
        make_synthetic,
        match_files,
        match_rows,
        match_token_files,
        next_question,
        pack_coverage,
        pack_schemas,
        priorities_of,
        rank_files,
        ranking_text,
        read_document,
        read_pack,
        read_settings,
        run_month,
        settings_said,
        simulate_policy,
        simulation_text,
        test_pack,
        train_match_model,
        work_out_levy,
        write_book,
        write_comparison,
        write_forecast,
        write_ranking,
        write_schemas,
        write_simulation,
        write_token_key,
        write_tokens,
    )

__all__ = [
    "as_json",
    "check_pack",
    "compare_packs",
    "compile_tables",
    "decide",
    "decide_document",
    "decide_files",
    "decide_lines",
    "decide_to_parquet",
    "documents_in",
    "forecast_policy",
    "forecast_text",
    "interview",
    "make_fact_tables",
    "make_synthetic",
    "match_files",
    "match_rows",
    "match_token_files",
    "next_question",
    "pack_coverage",
    "pack_schemas",
    "priorities_of",
    "rank_files",
    "ranking_text",
    "read_document",
    "read_pack",
    "read_settings",
    "run_month",
    "settings_said",
    "simulate_policy",
    "simulation_text",
    "test_pack",
    "train_match_model",
    "work_out_levy",
    "write_book",
    "write_comparison",
    "write_forecast",
    "write_ranking",
    "write_schemas",
    "write_simulation",
    "write_token_key",
    "write_tokens",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bulou.engine import door

    return getattr(door, name)
