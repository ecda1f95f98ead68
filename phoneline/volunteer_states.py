"""The words for what a volunteer may see of whom they talk with, and for where a wish to talk stands."""

from enum import StrEnum


class Shares(StrEnum):
    """Who of the volunteers learns the first name, or alias, of somebody they talked with."""

    USUAL = "usual"
    """Those who make their check-ins: these have to know whom they call."""
    TEAM = "team"
    """Every volunteer who talks with them."""


class DebriefState(StrEnum):
    """Where a volunteer's wish to talk with somebody about a call stands."""

    ASKED = "asked"
    TAKEN = "taken"
    """A coordinator sees to it."""
    DONE = "done"
