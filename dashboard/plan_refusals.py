"""What speaks against a check-in plan, as whole sentences. Pure."""

from dashboard import fitting
from dashboard.tongue import N_
from phoneline.plan_checks import Problem

_SUBJECTS = {
    "ends_local": "The last day",
    "volunteer_id": "This volunteer",
    "escalate_to": "This",
    "attempts": "Attempts",
    "retry_seconds": "The time between attempts",
    "ring_seconds": "How long it rings",
    "extension": "The extension",
    "topics": "What may be told",
    "quiet": "Quiet hours",
}
SENTENCES = (
    N_("%(who)s has no telephone number; give them one first."),
    N_(
        "%(who)s can't be called: their number is the line's own number; give the number of the person's own telephone."
    ),
    N_(
        "%(who)s can't be called: their number is a number that costs by the minute; "
        "give the number of an ordinary telephone."
    ),
    N_(
        "%(who)s can't be called: their number is a number of %(where)s, and only %(countries)s may be rung; "
        "see the setting countries."
    ),
    N_("They have stopped automated calls themselves; it takes their own word to have them again."),
    N_("They haven't agreed to automated calls; ask them and record their consent first."),
    N_("They have stopped calls by volunteers themselves; it takes their own word to have them."),
    N_("The rule never comes about; write it like FREQ=WEEKLY;BYDAY=MO."),
    N_("Not an RFC 5545 rule; write it like FREQ=WEEKLY;BYDAY=MO."),
    N_("FREQ must be HOURLY or slower; write it like FREQ=WEEKLY;BYDAY=MO."),
    N_("Leave DTSTART out: starts_at takes its place; write it like FREQ=WEEKLY;BYDAY=MO."),
    N_("INTERVAL must be from 1 to %(most)s; write it like FREQ=WEEKLY;BYDAY=MO."),
    N_("The last day must be later than the start."),
    N_("The last day is before the first call, %(first)s; choose a later end."),
    N_("This volunteer is no volunteer; choose one of the team."),
    N_("This volunteer is the person themselves; choose somebody else."),
    N_("This volunteer is kept apart from them; choose somebody else."),
    N_("This is their own number; give the number of whoever is to be told."),
    N_("This is the line's own number; give the number of the person's own telephone."),
    N_("This is a number that costs by the minute; give the number of an ordinary telephone."),
    N_("This is a number of %(where)s, and only %(countries)s may be rung; see the setting countries."),
    N_("Attempts must be a whole number from %(least)s to %(most)s."),
    N_("The time between attempts must be from %(least)s to %(most)s seconds, that is 24 hours."),
    N_("How long it rings must be from %(least)s to %(most)s seconds."),
    N_("The extension must be up to 30 keys: digits, *, # and w to wait half a second."),
    N_("What may be told must be at most %(most)s characters; they are read aloud."),
    N_("Quiet hours must be two times of day, such as 20:00-09:00."),
)


def sentence(problem: Problem, name: str) -> str:
    """What is wrong with a field and how to mend it; `name` is the peer's."""
    subject = name if problem.field == "person" else _SUBJECTS.get(problem.field, "")
    text = f"{subject} {problem.reason}".strip()
    told = text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
    return fitting.said_again(told, SENTENCES)
