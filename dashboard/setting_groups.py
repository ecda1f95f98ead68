"""The live settings in the order of their page, their choices, and which only admins change. Pure."""

from collections.abc import Collection, Mapping, Sequence

from dashboard.setting_kinds import Group
from dashboard.tongue import N_, Phrases

CHOICES: Mapping[str, Mapping[str, str]] = {
    "offer_strategy": Phrases(
        {
            "least_recent": N_("whoever talked longest ago"),
            "in_order": N_("in the order of the roster"),
            "simultaneous": N_("everybody who is free, at once"),
        }
    ),
    "wait_music": Phrases({"default": N_("soft tones"), "own": N_("your own music"), "none": N_("nothing")}),
    "letter_texts": Phrases({"off": N_("no text"), "weekly": N_("a text every Monday")}),
}

ADMINS_ONLY: Collection[str] = frozenset(
    {
        "calls_per_second",
        "spend_calls_day",
        "spend_minutes_day",
        "countries",
        "crisis_numbers",
        "pin_tries",
        "pin_lock_seconds",
        "keep_messages_days",
        "keep_texts_days",
        "keep_notes_days",
        "keep_numbers_days",
        "keep_looks_days",
        "keep_checkins_days",
    }
)
"""What costs money, opens a door, forgets for good or sends somebody in a crisis elsewhere: only admins change it, and
say why."""

GROUPS: Sequence[Group] = (
    Group("hours", N_("Opening hours"), ("line_hours", "closed_days")),
    Group(
        "calls",
        N_("Calls"),
        ("offer_ring_seconds", "offer_accept_seconds", "offer_strategy", "wrap_up_seconds", "voicemail_seconds"),
    ),
    Group("waiting", N_("Waiting"), ("wait_cap_seconds", "wait_music")),
    Group(
        "checkins",
        N_("Check-ins"),
        (
            "checkin_attempts",
            "checkin_retry_seconds",
            "checkin_ring_seconds",
            "checkin_grace_seconds",
            "checkin_snooze_seconds",
            "checkin_snoozes",
        ),
    ),
    Group("quiet", N_("Quiet hours"), ("quiet_weekday", "quiet_weekend")),
    Group("team", N_("Team and roster"), ("missed_offers_before_pause", "unstaffed_alarm_seconds", "letter_texts")),
    Group(
        "alarms",
        N_("Alarms and follow-ups"),
        ("follow_up_urgent_seconds", "alarm_call_seconds", "escalation_step_seconds", "not_heard_days"),
    ),
    Group(
        "spending",
        N_("Limits and spending"),
        (
            "spend_calls_day",
            "spend_minutes_day",
            "spend_calls_person_day",
            "spend_calls_volunteer_hour",
            "calls_per_second",
            "countries",
        ),
    ),
    Group("languages", N_("Languages and crisis numbers"), ("languages", "crisis_numbers")),
    Group("security", N_("Security"), ("pin_tries", "pin_lock_seconds")),
    Group(
        "kept",
        N_("For how many days things are kept"),
        (
            "keep_messages_days",
            "keep_texts_days",
            "keep_notes_days",
            "keep_numbers_days",
            "keep_looks_days",
            "keep_checkins_days",
        ),
    ),
)
"""In the order of the page."""
