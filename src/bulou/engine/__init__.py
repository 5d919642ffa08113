"""Works things out."""
