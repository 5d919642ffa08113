"""Policy as data: reads a region's pack with what it inherits, checks it, and gives the policy in force on a day."""

from bulou.engine.pack.model import Example, FactDefinition, Pack, Programme
from bulou.engine.pack.policy import ActiveCondition, ActiveProgramme, Policy, fen_of, policy_in_force
from bulou.engine.pack.read import PACKS, read_pack, regions
from bulou.engine.pack.region import absent_value

__all__ = [
    "PACKS",
    "ActiveCondition",
    "ActiveProgramme",
    "Example",
    "FactDefinition",
    "Pack",
    "Policy",
    "Programme",
    "absent_value",
    "fen_of",
    "policy_in_force",
    "read_pack",
    "regions",
]
