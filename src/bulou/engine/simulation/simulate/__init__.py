"""Another policy for the same people: who gains, who loses, what it costs, by group; both policies in one pass."""

from bulou.engine.simulation.simulate.simulate import Wanted, simulate
from bulou.engine.simulation.simulate.simulation import Simulation

__all__ = ["Simulation", "Wanted", "simulate"]
