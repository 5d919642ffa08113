"""A question in words, with the shape of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bulou.engine.asking.places import Asked
from bulou.engine.pack import FactDefinition, Pack

LISTS = {"person": "people", "household": "households", "employer": "employers", "institution": "institutions"}
SHAPES = {
    "bool": "回答 是 或 否",
    "int": "回答一个整数",
    "number": "回答一个数",
    "money": "回答金额，单位元",
    "date": "回答日期，如 1968-03-15 或 1968年3月15日",
    "code": "回答编号或名称",
    "codes": "回答编号或名称，可以几个，用顿号隔开",
}


@dataclass(frozen=True)
class Question:
    """One question about one fact of one subject.

    `programmes` are the undecided programmes (name, title) that it can change, `gain` the number of further
    questions it is expected to save, weighted by worth (see `choice`).
    """

    asked: Asked
    fact: FactDefinition
    who: str
    programmes: tuple[tuple[str, str], ...]
    gain: float

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Code and word of each possible answer, where the answers are a list."""
        return [(code, self.fact.codes_zh.get(code, code)) for code in self.fact.type.codes]

    @property
    def shape(self) -> str:
        """How to answer, in words."""
        low, high = self.fact.type.low, self.fact.type.high
        limits = f"（{low} 到 {high}）" if low is not None and high is not None else ""
        return SHAPES[self.fact.type.kind] + limits

    def as_json(self) -> dict[str, Any]:
        """For other programs: where the answer goes in the document, what it may be, what it is asked for."""
        type = self.fact.type
        shown: dict[str, Any] = {
            "subject": {"kind": self.asked.kind, "id": self.asked.id},
            "fact": self.asked.fact,
            "label": self.fact.label,
            "question": self.fact.question,
            "type": type.kind,
        }
        if type.codes:
            shown["choices"] = [{"code": code, "says": word} for code, word in self.choices]
        for name, limit in (("min", type.low), ("max", type.high)):
            if limit is not None:
                shown[name] = int(limit) if limit == int(limit) else float(limit)
        if self.who:
            shown["ask"] = self.who
        shown["can_change"] = [{"programme": name, "name": title} for name, title in self.programmes]
        shown["gain"] = round(self.gain, 3)
        return shown


def question_of(pack: Pack, asked: Asked, gain: float, programmes: tuple[tuple[str, str], ...]) -> Question:
    """The question of a fact in the words of the pack."""
    fact = pack.facts[asked.fact]
    supplier = pack.suppliers.get(fact.supplier)
    return Question(asked, fact, (supplier.who or supplier.label) if supplier else "", programmes, gain)
