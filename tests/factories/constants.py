"""What several of these have in common."""

from itertools import count
from zoneinfo import ZoneInfo

TORONTO = ZoneInfo("America/Toronto")
serials = count(1000)
"""Whoever a test gives a number of its own takes a lower one: the line's is `number(99)`."""
