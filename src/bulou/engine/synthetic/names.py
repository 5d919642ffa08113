"""Names by surname frequency, family line, sex and village; a few rare characters and Tibetan names."""

from __future__ import annotations

import numpy as np

from bulou.engine.synthetic.calibration import data
from bulou.engine.synthetic.draws import Array, Stream


def surnames(draws: Stream, size: int) -> Array:
    """Surnames by frequency."""
    return draws.key(data("names.toml")["surnames"], size)


def family_surnames(draws: Stream, village: Array, villages: int, one_surname_share: float) -> Array:
    """A surname for each family; in some villages one surname holds most families."""
    drawn, local = surnames(draws, len(village)), surnames(draws, villages)
    one_surname = draws.chance(villages, one_surname_share)
    takes = one_surname[village] & draws.chance(len(village), 0.6)
    return np.where(takes, local[village], drawn)


def given_names(draws: Stream, male: Array, births: Array, rare_share: float) -> Array:
    """Given names of one or two characters; two were commonest between 1970 and 2000 less than before and after."""
    given = data("names.toml")["given"]
    years = births.astype("datetime64[Y]").astype(np.int64) + 1970
    single = draws.chance(len(male), np.where((years > 1970) & (years < 2000), 0.3, 0.1))
    rare = draws.chance(len(male), rare_share)
    first, second = draws.uniform(len(male)), draws.uniform(len(male))
    out = []
    for man, one, odd, a, b in zip(
        male.tolist(), single.tolist(), rare.tolist(), first.tolist(), second.tolist(), strict=True
    ):
        pool = given["male"] if man else given["female"]
        last = given["rare"] if odd else pool
        out.append(("" if one else pool[int(a * len(pool))]) + last[int(b * len(last))])
    return np.array(out, dtype=object)


def tibetan_names(draws: Stream, size: int) -> Array:
    """Names without surname, as common in Tibetan counties."""
    parts = data("names.toml")["tibetan"]
    first, second, dotted = draws.whole(0, 9, size), draws.whole(0, 9, size), draws.chance(size, 0.1)
    chosen = zip(first.tolist(), second.tolist(), dotted.tolist(), strict=True)
    return np.array(
        [parts["first"][a] + ("·" if dot and parts["second"][b] else "") + parts["second"][b] for a, b, dot in chosen],
        dtype=object,
    )
