"""A comparison of regions as text for the terminal."""

from __future__ import annotations

from collections.abc import Callable

from bulou.engine.comparison import Comparison

PROPOSED = "草案若生效"
SHORT = ("有没有", "年龄", "金额", "多久", PROPOSED)
Write = Callable[[str], None]


def write_comparison(found: Comparison, write: Write) -> None:
    """By topic and need: a line for each region, then the differences."""
    write(
        f"{'、'.join(f'{name} {region}' for region, name, _ in found.regions)} · {found.on} · {len(found.needs)} 件事"
    )
    for topic in found.topics:
        write(f"\n━━ {topic}")
        for need in found.of_topic(topic):
            write(f"\n  {need.title}（{need.programme}）按{need.subject}")
            for side in need.sides:
                lines = [(label, text) for label, text in side.lines() if label in SHORT]
                write(f"    {side.name}  {'；'.join(text for label, text in lines if label != PROPOSED)}")
                for text in [text for label, text in lines if label == PROPOSED]:
                    write(f"      {PROPOSED}：{text}")
            for said in need.differences:
                write(f"    · {said}")
