"""Bulou 不漏."""
