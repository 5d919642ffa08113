"""Asks one question at a time about a family or employer: the one that settles most, until none can change anything."""

from bulou.engine.asking.interview import Interview, next_question
from bulou.engine.asking.question import Question
from bulou.engine.asking.reading import read_answer

__all__ = ["Interview", "Question", "next_question", "read_answer"]
