"""What would be moved from one record to another, and why it can't be, in words. Pure."""

from collections.abc import Mapping, Sequence

from dashboard import words
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.merging import Refusal

REFUSALS: Mapping[Refusal, str] = Phrases(
    {
        Refusal.SAME: N_("This is the same record."),
        Refusal.NOBODY: N_("One of the two records isn't there any more."),
        Refusal.TWO_LOGINS: N_("Each of them has a login. Leave one of them without, under “Their login”."),
        Refusal.BOTH_ON_SHIFT: N_(
            "Both are on shift at the same time. Give one of these shifts to somebody else first."
        ),
        Refusal.UNDER_WAY: N_("One of them is on the telephone, or is being called or texted. Try again in a while."),
        Refusal.TOO_MANY_NUMBERS: N_(
            "Together they have more than two telephone numbers. Take off those of no use first."
        ),
        Refusal.SHARED_NUMBER: N_(
            "Somebody else has one of their numbers, and a volunteer's number is theirs alone. Mend that first."
        ),
        Refusal.PLAN_TWICE: N_(
            "Both have the same check-in plan: they would be called twice. Take one of the two off."
        ),
        Refusal.TWO_ZONES: N_(
            "They are in two time zones, and plans go by the clock where somebody is. Give both the same zone first."
        ),
        Refusal.ERASING: N_("One of them is about to be erased."),
        Refusal.SAID_NO: N_(
            "One of them has stopped these calls, and the other is still called. Ask them, and then end the calls or "
            "write down their own yes."
        ),
        Refusal.CHANGED_SINCE: N_(
            "The telephone numbers were changed since, so it is unclear whose each of them is. Put them back as they "
            "were first."
        ),
    }
)
HEADINGS: Mapping[str, str] = Phrases(
    {
        "call.person_id": N_("Calls"),
        "contact.person_id": N_("Contacts on the log"),
        "checkin.person_id": N_("Check-ins"),
        "checkin_plan.person_id": N_("Check-in plans"),
        "text_out.person_id": N_("Texts"),
        "phone_number.person_id": N_("Telephone numbers"),
        "person_role.person_id": N_("Roles"),
        "consent.person_id": N_("What they agreed to, and took back"),
        "agreed_contact.person_id": N_("Whom they agreed to be asked"),
        "person_note.person_id": N_("Notes"),
        "block.person_id": N_("Blocks"),
        "daily_limit.person_id": N_("Limits"),
        "shift_hours.person_id": N_("Shifts"),
        "offer.volunteer_id": N_("Calls that were offered to them"),
        "account.person_id": N_("Login"),
    }
)


def said(refusal: Refusal) -> str:
    return REFUSALS[refusal]


def moves(counts: Mapping[str, int]) -> Sequence[tuple[str, str]]:
    """Heading and number, and last how much else there is."""
    named = [(HEADINGS[name], words.sentence(words.number(counts[name]))) for name in HEADINGS if name in counts]
    rest = sum(rows for name, rows in counts.items() if name not in HEADINGS)
    return [*named, (_("Everything else that names them"), words.sentence(words.number(rest)))] if rest else named
