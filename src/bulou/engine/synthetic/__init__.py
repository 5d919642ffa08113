"""Synthetic regions: people who do not exist, department files as they really come, and the truth kept beside them."""

from bulou.engine.synthetic.folder import make_synthetic

__all__ = ["make_synthetic"]
