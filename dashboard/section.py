"""What a list on a page shows. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line of a list: who, what, when; its tone is `plain`, `soon` or `now`."""

    id: str
    who: str
    what: str
    when: str
    tone: str = "plain"
    shape: str = ""
    whose: str = ""
    late: bool = False
    """Overdue: it says so instead of "now"."""
    to_take: bool = False
    """Nobody's, or overdue: whoever sees it may take it at once."""
    is_mine: bool = False
    about: str = ""
    """The id of whom it is about: it is given to anybody but them."""


@dataclass(frozen=True)
class Section:
    """What a list shows, and how many more there are than fit."""

    lines: Sequence[Line]
    more: bool = False
    note: str = ""
