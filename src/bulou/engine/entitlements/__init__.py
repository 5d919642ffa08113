"""Applies the policy in force to what is known: one person explained, everyone computed."""

from bulou.engine.entitlements.determination import ConditionState, Determination
from bulou.engine.entitlements.one_person import Subject, determine, subjects_of
from bulou.engine.entitlements.result import Result, decide

__all__ = ["ConditionState", "Determination", "Result", "Subject", "decide", "determine", "subjects_of"]
