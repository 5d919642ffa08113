"""Differences between what is due, enrolled, paid and expected."""
