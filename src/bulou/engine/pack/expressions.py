"""A pack's expressions as trees, and the trees in plain Chinese."""

from __future__ import annotations

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.language import Node, Scope, Type, in_chinese, parse
from bulou.engine.pack.model import FactDefinition, Pack


def parsed(
    pack: Pack, text: str, subject: str, place: Place, wants: Type | None = None, defines: bool = False
) -> Node | Problem:
    """An expression about a subject, or what is wrong with it. `defines`: it is the definition of a fact."""
    return parse(text, Scope(subject, pack.vocabulary, defines), place, wants)


def tree_of(pack: Pack, text: str, subject: str, wants: Type | None = None, defines: bool = False) -> Node:
    """An expression as a tree. Raises `Refused` when it cannot be read; a checked pack has none such."""
    found = parsed(pack, text, subject, Place(pack.region), wants, defines)
    if isinstance(found, Problem):
        raise Refused([found])
    return found


def rule_words(pack: Pack, text: str, subject: str) -> str:
    """An expression in plain Chinese."""
    return in_chinese(tree_of(pack, text, subject), pack.words)


def definition_words(pack: Pack, text: str, fact: FactDefinition) -> str:
    """The definition of a fact in plain Chinese."""
    return in_chinese(tree_of(pack, text, fact.subject, fact.type.type, defines=True), pack.words)
