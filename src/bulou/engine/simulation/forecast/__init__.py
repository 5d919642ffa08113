"""The coming months from what is already known, and a projection with stated assumptions, kept apart from it."""

from bulou.engine.simulation.forecast.forecast import forecast
from bulou.engine.simulation.forecast.result import Forecast

__all__ = ["Forecast", "forecast"]
