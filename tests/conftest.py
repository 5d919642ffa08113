"""The suite's world: stricter than production (see pyproject: warnings are errors, no network, random order)."""
