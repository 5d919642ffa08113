"""The probability model (Splink, an extra): trained apart on a month whose links are known, saved, applied later.

    model = train_model(registry, rows, seed=1)     # once in a while, by hand
    write_model(model, Path("model.json"))
    match_rows(registry, rows, model=read_model(Path("model.json")))

A model never links: what it finds are proposals for a person. Splink is imported here and in `proposals` only, inside
functions; nothing else of matching needs it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.matching.likeness import comparable, settings, spelled, with_shares
from bulou.engine.matching.people import prepared_registry, prepared_rows

if TYPE_CHECKING:
    import polars as pl

FORM = 1
"""Version of the saved form, and of the comparisons in it."""
FEWEST_LINKS = 200
"""Known links below which no model is trained."""
SAMPLED_PAIRS = 2_000_000


@dataclass(frozen=True)
class Model:
    """A trained model: Splink's settings with all probabilities, and what it was trained on."""

    settings: dict[str, Any]
    trained: dict[str, Any]

    @property
    def version(self) -> str:
        """Sixteen hexadecimal digits: a digest of the settings, kept with every proposal."""
        text = json.dumps(self.settings, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def train_model(
    registry: pl.DataFrame, rows: pl.DataFrame, links: pl.DataFrame, seed: int = 1, pairs: int = SAMPLED_PAIRS
) -> Model:
    """A model from a whole month: how often fields agree on known links, and on pairs drawn at random (seeded).

    `links` are those of `match_rows` on the same rows; its automatic links are what is known. Rows are not filtered
    before training: what the stages leave is not like what they take. `pairs` are drawn with a seed. Raises `Refused`
    when fewer than `FEWEST_LINKS` rows are linked, or when Splink is not installed.
    """
    import polars as pl

    require_splink()
    people, typed = prepared_registry(registry), prepared_rows(rows)
    known = links.filter(pl.col("outcome").is_in(["linked", "relative"])).select("row", "person_id")
    if known.height < FEWEST_LINKS:
        fix = "用带身份证号的一个月名册来训练 train on a month with ID numbers"
        place, got = Place("train"), f"{known.height} 行已对上 rows linked"
        raise Refused([Problem("too-few-links", place, got, f"至少 at least {FEWEST_LINKS}", fix)])
    labels = known.join(people.select("person_id", "p"), on="person_id").select("row", label=pl.col("p").cast(pl.Int64))
    every, written = spelled(people), spelled(typed)
    left = comparable(with_shares(every, every), "p").with_columns(label=pl.col("unique_id"))
    joined = typed.select("row").join(labels, on="row", how="left", maintain_order="left")
    right = comparable(with_shares(written, every), "at").with_columns(joined["label"])
    learned = _learned(left, right, seed, pairs)
    _fill_gaps(learned, known.height, pairs)
    trained = {"rows": rows.height, "people": registry.height, "links": known.height, "seed": seed, "pairs": pairs}
    return Model(learned, trained)


def _learned(people: pl.DataFrame, rows: pl.DataFrame, seed: int, pairs: int) -> dict[str, Any]:
    """Splink's settings after counting agreement on labelled pairs (m) and on random pairs (u)."""
    linker = linker_on(people, rows, settings(prior=1 / max(people.height, 2)))
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=seed, min_count_per_level=None, num_chunks=1)
    linker.training.estimate_m_from_label_column("label")
    learned: dict[str, Any] = linker.misc.save_model_to_json()
    return {name: value for name, value in learned.items() if name != "linker_uid"}


def _fill_gaps(learned: dict[str, Any], links: int, pairs: int) -> None:
    """A level that training never saw gets half of one sighting, never zero."""
    for comparison in learned["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                level["m_probability"] = max(level.get("m_probability") or 0.0, 0.5 / links)
                level["u_probability"] = max(level.get("u_probability") or 0.0, 0.5 / pairs)


def linker_on(people: pl.DataFrame, rows: pl.DataFrame, model_settings: dict[str, Any]) -> Any:
    """A Splink linker on two frames with the columns of `likeness`."""
    import duckdb
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection=duckdb.connect())
    left, right = (
        api.register(frame.to_arrow(), dataset_display_name=name, table_name=name)
        for name, frame in (("a_people", people), ("b_rows", rows))
    )
    return Linker([left, right], model_settings, log_level=None, validate_settings=False)


def write_model(model: Model, path: Path) -> None:
    """Write the model as JSON."""
    content = {"form": FORM, "version": model.version, "trained": model.trained, "settings": model.settings}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_model(path: Path) -> Model:
    """Read a saved model. Raises `Refused` when it is none, was changed by hand, or is of another form."""
    place = Place(str(path))
    fix = "用 bulou match-train 重新训练 train it again"
    if not path.is_file():
        raise Refused([Problem("no-such-file", place, "没有这个文件", "模型文件 a model file", "核对文件名和路径")])
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        model = Model(dict(content["settings"]), dict(content["trained"]))
        form, version = content["form"], content["version"]
    except (ValueError, KeyError, TypeError):
        raise Refused([Problem("not-a-model", place, "读不懂 not readable", "模型文件 a saved model", fix)]) from None
    if form != FORM:
        raise Refused([Problem("other-model-form", place, f"form {form}", f"form {FORM}", fix)])
    if version != model.version:
        raise Refused([Problem("model-changed", place, model.version, f"version {version}", fix)])
    return model


def require_splink() -> None:
    """Raise `Refused` when the extra is not installed."""
    from importlib.util import find_spec

    if find_spec("splink") is None:
        fix = "pip install 'bulou[match]'"
        raise Refused([Problem("no-splink", Place("--model"), "没有安装 splink not installed", "splink 5", fix)])
