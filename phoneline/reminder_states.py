"""The words of shift reminders."""

from enum import StrEnum


class ReminderKind(StrEnum):
    """Which reminder of a shift it is."""

    DAY_BEFORE = "day_before"
    SOON = "soon"
    """Shortly before it begins."""


class ReminderState(StrEnum):
    """Where a reminder stands. From the fourth on it is over."""

    WAITING = "waiting"
    ASKED = "asked"
    """Texted, or called in vain: an answer is hoped for."""
    CALLING = "calling"
    CONFIRMED = "confirmed"
    """They said that they will come."""
    DECLINED = "declined"
    """They can't, and others are asked."""
    UNANSWERED = "unanswered"
    """No word came, and others are asked."""
    OVER = "over"
    """Nothing is left to ask: the hours are another's, don't take place, or have begun; or telling was all."""
