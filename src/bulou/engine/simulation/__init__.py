"""Looks ahead with the same evaluator: another policy for the same people, or the same policy in later months."""
