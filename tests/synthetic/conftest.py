"""Small synthetic regions, made once for a worker: one clean, one as dirty as they come."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulou.engine.synthetic import make_synthetic

HOLDERS, MONTHS = 1200, 2


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months without a slip of the pen; the faults of payment are in them all the same."""
    out = tmp_path_factory.mktemp("clean") / "region"
    make_synthetic(out, region="620600", holders=HOLDERS, seed=7, months=MONTHS, dirt=0)
    return out


@pytest.fixture(scope="session")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One month with three times the usual dirt."""
    out = tmp_path_factory.mktemp("dirty") / "region"
    make_synthetic(out, region="620600", holders=HOLDERS, seed=8, dirt=3)
    return out
