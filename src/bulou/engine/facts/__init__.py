"""Facts of subjects: checked values from documents and tables, ready for the evaluators."""

from bulou.engine.facts.document import CheckedDocument, check_document
from bulou.engine.facts.values import read_cell, read_value

__all__ = ["CheckedDocument", "check_document", "read_cell", "read_value"]
