"""How many questions it takes to settle every programme: `bulou ask` against fixed orders, on synthetic people.

    python bench/questions_asked.py --people 100 --seeds 1 2 3

Each person is asked from nothing, as the only one of the household, about every programme of cn and 620600 for persons
and households, and always tells the truth of asked_people.py. Four ways:

- form: every question that some programme needs, in the pack's order, until nothing is open
- order: the same, but a question that can no longer change anything is left out, as `ask` does
- programmes: one programme after the other, its conditions in their order, with the same leaving out
- ask: the next question of `bulou ask`

With --bound it counts instead the questions that no way can do without: the facts that leave some programme open when
everything else is known.

The chances in `ask` are uniform and were not fitted to these people.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

from asked_people import ON, truths
from bulou.engine.asking.choice import first
from bulou.engine.asking.places import Asked
from bulou.engine.asking.standing import Standing
from bulou.engine.entitlements.one_person import Subject, subjects_of
from bulou.engine.facts import check_document
from bulou.engine.pack import Pack, Policy, policy_in_force, read_pack

Pick = Callable[[Standing], Asked]
STEPS = (5, 10, 20, 30)


def in_order(pack: Pack) -> Pick:
    """The first open question in the order of the pack's facts."""
    order = {name: at for at, name in enumerate(pack.facts)}
    return lambda standing: min(
        (asked for one in standing.programmes for asked in one.questions()), key=lambda asked: order[asked.fact]
    )


def by_programme(standing: Standing) -> Asked:
    """The first open question of the first open programme."""
    one = standing.programmes[0]
    questions = set(one.questions())
    return next(asked for table in one.tables for asked in table.asked if asked in questions)


def best(standing: Standing) -> Asked:
    """The question of `bulou ask`."""
    found = first(standing)
    assert found
    return found[0]


def ask_all(policy: Policy, subjects: list[Subject], truth: dict[str, Any], pick: Pick) -> tuple[list[str], list[int]]:
    """The facts asked in order, and how many programmes were open before each question."""
    asked, left = [], []
    standing = Standing(policy, subjects)
    while standing.programmes:
        question = pick(standing)
        asked.append(question.fact)
        left.append(len(standing.programmes))
        standing.learn(question, truth[question.fact])
    return asked, left


def indispensable(policy: Policy, subjects: list[Subject], truth: dict[str, Any]) -> int:
    """How many facts leave a programme open when all others are known: every way has to ask for each of them."""
    standing = Standing(policy, subjects)
    questions = dict.fromkeys(asked for one in standing.programmes for asked in one.questions())
    for asked in questions:
        standing.holder(asked).learn(asked.fact, truth[asked.fact])
    found = 0
    for asked in questions:
        standing.holder(asked).learn(asked.fact, None)
        found += bool(Standing(policy, subjects).programmes)
        standing.holder(asked).learn(asked.fact, truth[asked.fact])
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--truth", nargs="+", choices=("even", "rare"), default=["even", "rare"])
    parser.add_argument("--bound", action="store_true")
    options = parser.parse_args()
    pack = read_pack("620600", [])
    policy = policy_in_force(pack, ON)

    def nobody() -> list[Subject]:
        return subjects_of(check_document({"people": [{"id": "p", "household": "h"}]}, pack), policy)

    start = Standing(policy, nobody())
    order = list(pack.facts)
    form = sorted({a.fact for one in start.programmes for a in one.questions()}, key=order.index)
    print(f"{len(start.programmes)} programmes, {len(form)} questions, {options.people} people for each seed")
    ways: dict[str, Pick] = {"order": in_order(pack), "programmes": by_programme, "ask": best}
    for rare in (truth == "rare" for truth in options.truth):
        counts: dict[str, list[int]] = {"form": []}
        open_after: dict[str, list[list[int]]] = {name: [] for name in ways}
        begun = time.process_time()
        if options.bound:
            told = [one for seed in options.seeds for one in truths(pack, "620600", seed, options.people, rare)]
            found = [indispensable(policy, nobody(), truth) for truth in told]
            print(f"{'rare' if rare else 'even'}: no way needs fewer than {sum(found) / len(found):.1f}", flush=True)
            continue
        for truth in (one for seed in options.seeds for one in truths(pack, "620600", seed, options.people, rare)):
            for name, pick in ways.items():
                asked, left = ask_all(policy, nobody(), truth, pick)
                counts.setdefault(name, []).append(len(asked))
                open_after[name].append([*left, *[0] * max(STEPS)])
                if name == "order":
                    counts["form"].append(form.index(asked[-1]) + 1)
        show("a yes for one in ten" if rare else "even chances", counts, open_after, time.process_time() - begun)


def show(title: str, counts: dict[str, list[int]], open_after: dict[str, list[list[int]]], seconds: float) -> None:
    """A Markdown table: mean questions, the share saved against `ask`, programmes still open on the way."""
    people = len(counts["ask"])
    print(f"\nWhat the synthetic room does not know drawn with {title}; {people} people, {seconds:.0f} CPU s\n")
    print("| way | questions | ask needs less by | " + " | ".join(f"open after {step}" for step in STEPS) + " |")
    print("|---|---|---|" + "---|" * len(STEPS))
    ask = sum(counts["ask"]) / people
    for name, found in counts.items():
        mean = sum(found) / people
        on_the_way = [
            f"{sum(left[step] for left in open_after[name]) / people:.1f}" if name in open_after else ""
            for step in STEPS
        ]
        print(f"| {name} | {mean:.1f} | {1 - ask / mean:.0%} | {' | '.join(on_the_way)} |")


if __name__ == "__main__":
    main()
