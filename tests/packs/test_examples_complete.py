"""The worked examples show every programme from all sides: who gets it, who does not, whom one has to ask about."""

import pytest

from bulou.engine import read_pack

REGIONS = ("cn", "620600")


@pytest.fixture(params=REGIONS, scope="module")
def pack(request):
    return read_pack(request.param)


@pytest.fixture
def shown(pack):
    """Expectations of each programme, each with the title of its example."""
    found = {name: [] for name in pack.programmes}
    for example in pack.examples:
        for expected in example.expects:
            found[expected.programme].append((example.title, expected))
    return found


def test_every_programme_stands_in_two_examples(shown):
    assert [name for name, cases in shown.items() if len({title for title, _ in cases}) < 2] == []


@pytest.mark.parametrize("verdict", ["yes", "no", "unknown"])
def test_every_programme_is_shown_with_each_verdict(shown, verdict):
    assert [name for name, cases in shown.items() if verdict not in {case.verdict for _, case in cases}] == []


def test_every_condition_speaks_against_somebody(pack, shown):
    never = {
        name: sorted(conditions_of(pack, name) - {failed for _, case in cases for failed in case.failed or ()})
        for name, cases in shown.items()
    }
    assert {name: conditions for name, conditions in never.items() if conditions} == {}


def test_every_amount_that_the_pack_works_out_is_shown(pack, shown):
    worked_out = [name for name, programme in pack.programmes.items() if programme.amounts]
    assert [name for name in worked_out if not any(case.amount for _, case in shown[name])] == []


def test_every_no_and_every_unknown_says_why(shown):
    cases = [(title, case) for several in shown.values() for title, case in several]
    assert [title for title, case in cases if case.verdict == "no" and not case.failed] == []
    assert [title for title, case in cases if case.verdict == "unknown" and not case.missing] == []


def test_every_example_has_a_title_of_its_own(pack):
    titles = [example.title for example in pack.examples]
    assert sorted(titles) == sorted(set(titles))


def conditions_of(pack, name):
    """Ids of all conditions of a programme, with those that its switch and its class of benefits add."""
    programme = pack.programmes[name]
    ids = {condition.id for condition in programme.conditions}
    ids |= {"switched_on"} if programme.switch else set()
    return ids | {group.condition for group in pack.groups.values() if name in group.programmes}
