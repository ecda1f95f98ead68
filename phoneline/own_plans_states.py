"""Where a peer stands who is at their own check-in calls by telephone."""

from enum import StrEnum


class PlanPage(StrEnum):
    """Which question stands while a peer is at their own check-in calls by telephone."""

    WHO = "who"
    PLAN = "plan"
    """One plan, and what may be done with it."""
    MORE = "more"
    """There is no further plan."""
    NONE = "none"
    """They have no plan yet."""
    AGREE = "agree"
    DAYS = "days"
    WEEKDAYS = "weekdays"
    SAME_TIME = "same_time"
    TIME = "time"
    HALF = "half"
    """In the morning, or in the evening?"""
    PAUSE = "pause"
    CONFIRM = "confirm"
    """What was keyed in is read back."""
    PERSON = "person"
    OVER = "over"


class PlanWish(StrEnum):
    """What a peer is about to do with a plan of theirs by telephone."""

    MOVE = "move"
    CHANGE = "change"
    MAKE = "make"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
