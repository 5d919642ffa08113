"""The resolved policy of a day as text: values, programmes, conditions, each with its file and line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bulou.engine.pack import Pack
from bulou.engine.pack.read_programmes import with_all_conditions

Write = Callable[[str], None]


def write_policy(pack: Pack, on: date, only: set[str], write: Write) -> None:
    """Values in force first, then programmes in the order of the pack; what is unset says who has to set it."""
    write(
        f"{pack.region} {pack.name} · {on} · {pack.status} · pack {pack.digest[:12]}"
        f" · {' ← '.join(reversed(pack.chain))}"
    )
    if not only:
        _write_values(pack, on, write)
    for programme in pack.programmes.values():
        if (only and programme.name not in only) or on not in programme.period:
            continue
        write("")
        write(
            f"{programme.title}（{programme.name}）{programme.subject} · {programme.force}"
            f" · [{programme.cite}]  ← {programme.origin}"
        )
        rule = next((rule for rule in programme.amounts if on in rule.period), None)
        if rule:
            write(f"    金额 amount: {rule.expression}  ← {rule.origin}")
        elif programme.amount_set_by:
            write(f"    金额 amount: 未定 unset, 由 {programme.amount_set_by} 定")
        for condition in with_all_conditions(programme).conditions:
            if on in condition.period:
                word = "除外 unless" if condition.excludes else "条件 when"
                write(f"    {word} {condition.id}: {condition.test}")
                write(f"        {condition.says}  [{condition.cite}]  ← {condition.origin}")
        for group in pack.groups.values():
            if programme.name in group.programmes:
                write(f"    就高 highest of {group.name}: {group.says}  [{group.cite}]  ← {group.origin}")


def _write_values(pack: Pack, on: date, write: Write) -> None:
    for parameter in pack.parameters.values():
        value = parameter.on(on)
        label = pack.facts[parameter.name].label if parameter.name in pack.facts else ""
        if value:
            write(f"  {parameter.name} = {value.value} {parameter.unit}  {label}  [{value.cite}]  ← {value.origin}")
        else:
            write(f"  {parameter.name} 未定 unset, 由 {parameter.set_by or '？'} 定  {label}  ← {parameter.origin}")
