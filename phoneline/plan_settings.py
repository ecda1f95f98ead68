"""What holds for a plan's calls: its own settings, and the line's where it has none. Pure."""

from phoneline.live_settings import LiveSettings
from phoneline.models import CheckinPlan
from phoneline.quiet_hours import Window, window

FIRST, SECOND = 1, 2


def attempts(plan: CheckinPlan, live: LiveSettings) -> int:
    return live.checkin_attempts if plan.attempts is None else plan.attempts


def retry_seconds(plan: CheckinPlan, live: LiveSettings) -> int:
    return live.checkin_retry_seconds if plan.retry_seconds is None else plan.retry_seconds


def ring_seconds(plan: CheckinPlan, live: LiveSettings) -> int:
    return live.checkin_ring_seconds if plan.ring_seconds is None else plan.ring_seconds


def quiet_windows(plan: CheckinPlan, live: LiveSettings) -> tuple[Window, Window]:
    """On weekdays and at weekends. Their own hold on every day, and in place of the line's."""
    if plan.quiet is None:
        return live.quiet_weekday, live.quiet_weekend
    own = window(plan.quiet)
    return own, own


def number_position(plan: CheckinPlan, attempts_used: int, *, has_second: bool) -> int:
    """Which number the next attempt rings: the first one, and the second on every other retry."""
    return SECOND if has_second and plan.second_on_retry and attempts_used % 2 else FIRST


def digits(plan: CheckinPlan, position: int) -> str | None:
    """What is keyed once this number answers; after a second, where the plan doesn't say how long to wait."""
    if plan.extension is None or position != FIRST:
        return None
    return plan.extension if "w" in plan.extension else f"ww{plan.extension}"
