"""Lines up the programmes of several regions by need, and says in words how they differ.

Programmes of one need have one name in every pack (a region's version extends or replaces the parent's), so the
name lines them up; the need that they say they are for gives the topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bulou.engine.comparison.terms import FORCES, Terms, amount_in_words, numbered, terms_of
from bulou.engine.comparison.wording import differences
from bulou.engine.pack import Pack, policy_in_force
from bulou.engine.pack.model import NEEDS
from bulou.engine.pack.wording import SUBJECT_WORDS

OTHER = "其他"
COLUMNS = {"条件": 1, "依据": 2, "没有说清": 2}
ORIGINS = {"draft": "草案没有生效，按国家的办", "cn": "自己没有写，按国家的办"}


@dataclass(frozen=True)
class Side:
    """A need in one region: its terms now (None: no such programme), and a draft's terms were it in force."""

    region: str
    name: str
    now: Terms | None
    proposed: Terms | None
    open_questions: tuple[str, ...] = ()

    def lines(self) -> list[tuple[str, str]]:
        """What a table cell says: label and words."""
        if self.now is None:
            return [("有没有", "没有这一项")]
        left_open = [("没有说清", says) for says in self.open_questions]
        return [*_lines(self.now, self.standing), *self._proposed_lines(), *left_open]

    def columns(self) -> list[list[tuple[str, str]]]:
        """The lines in three columns: what is given, the conditions, the sources with what is left open."""
        lines = self.lines()
        return [[line for line in lines if COLUMNS.get(line[0], 0) == at] for at in range(3)]

    @property
    def standing(self) -> str:
        """Whether it is there now, in words."""
        if self.now is None:
            return "没有这一项"
        if self.now.standing == "draft":
            return "只写在草案里，没有生效"
        if self.now.origin != "own" and self.now.standing == "in_force":
            return ORIGINS[self.now.origin]
        return "可办可不办，当地没有开办" if self.now.standing == "off" else FORCES[self.now.force]

    def _proposed_lines(self) -> list[tuple[str, str]]:
        """What the draft would change of the nation's terms that hold until it is in force."""
        now, later = self.now, self.proposed
        if now is None or later is None or now.origin != "draft":
            return []
        held, wanted = ({condition.key for condition in terms.conditions} for terms in (now, later))
        parts = [
            ("年龄", later.ages_words if later.ages_words != now.ages_words else ""),
            ("金额", amount_in_words(later) if amount_in_words(later) != amount_in_words(now) else ""),
            ("改成要求", numbered([c.says for c in later.conditions if c.key not in held])),
            ("不再要求", numbered([c.says for c in now.conditions if c.key not in wanted])),
        ]
        said = "；".join(f"{label}：{words}" for label, words in parts if words)
        return [("草案若生效", f"{said or '条件和年龄没有变'}（{later.cite}）")]


@dataclass(frozen=True)
class Need:
    """One need in every region compared, with the differences in words."""

    programme: str
    title: str
    topic: str
    subject: str
    sides: tuple[Side, ...]
    differences: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Every need of at least one of the regions on a day."""

    on: date
    regions: tuple[tuple[str, str, str], ...]
    needs: tuple[Need, ...]

    def of_topic(self, topic: str) -> list[Need]:
        return [need for need in self.needs if need.topic == topic]

    @property
    def topics(self) -> list[str]:
        return list(dict.fromkeys(need.topic for need in self.needs))


def compare(packs: Sequence[Pack], on: date, only: Sequence[str] = ()) -> Comparison:
    """The needs of these packs side by side on a day; `only` keeps these programmes.

    Raises `Refused` with the problems of a pack that cannot be used.
    """
    policies = [policy_in_force(pack, on) for pack in packs]
    proposed = [
        policy_in_force(pack, on, {"region.plan_in_force": True}) if pack.status == "draft" else None for pack in packs
    ]
    names = [name for name in dict.fromkeys(n for pack in packs for n in pack.programmes) if not only or name in only]
    needs = []
    for name in names:
        sides = tuple(
            Side(
                pack.region,
                pack.name,
                terms_of(pack, policy, name),
                terms_of(pack, later, name) if later is not None and name in pack.programmes else None,
                tuple(question.says for question in pack.questions.values() if name in question.about),
            )
            for pack, policy, later in zip(packs, policies, proposed, strict=True)
        )
        if any(side.now for side in sides):
            needs.append(_need(name, packs, sides))
    order = [words for words, _ in NEEDS.values()]
    needs.sort(key=lambda need: order.index(need.topic) if need.topic in order else len(order))
    return Comparison(on, tuple((pack.region, pack.name, pack.status) for pack in packs), tuple(needs))


def _need(name: str, packs: Sequence[Pack], sides: tuple[Side, ...]) -> Need:
    written = next(pack.programmes[name] for pack in packs if name in pack.programmes)
    topic, _ = NEEDS.get(written.need, (OTHER, ""))
    said = differences([(side.name, side.standing, side.now) for side in sides])
    title = next(side.now.title for side in sides if side.now)
    return Need(name, title, topic, SUBJECT_WORDS[written.subject], sides, tuple(said))


def _lines(terms: Terms, standing: str) -> list[tuple[str, str]]:
    lines = [
        ("有没有", standing),
        ("年龄", terms.ages_words),
        ("金额", amount_in_words(terms)),
        ("多久", f"{terms.lasts}个月" if terms.lasts else ""),
        ("条件", numbered([condition.says for condition in terms.conditions])),
        ("依据", terms.cite),
    ]
    return [(label, words) for label, words in lines if words]
