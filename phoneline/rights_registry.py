"""What is told to somebody who asks for all that is kept about them, and what becomes of it when they are erased.

One decision for each column that names a person, and for each that hides something: `tests/structure/test_rights.py`
refuses a table that isn't here. `rights_export` and `erasing_rows` go by it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from phoneline.volunteer_states import Shares


class Erased(StrEnum):
    """What becomes of rows that name somebody who is erased."""

    GONE = "gone"
    """The row is deleted."""
    UNTIED = "untied"
    """The row stays, to be counted, and names nobody any more."""
    STAYS = "stays"
    """The row stays as it is: the id in it is by then one that stands for nobody."""


@dataclass(frozen=True)
class Fate:
    """The decision about one column that names a person."""

    erased: Erased
    told: str | None
    """Under which heading they are told of it; None: they aren't, and `why` says why not."""
    why: str = ""
    """Why it stays, or isn't told."""
    blank: Mapping[str, object] = field(default_factory=dict)
    """What else of the row is emptied, and how."""
    leg: str | None = None
    """The column that names the call we placed to them: its number is forgotten."""


NOBODY = "—"
"""The name of who was erased, in every language."""
_COUNTED = "a figure of the roster or of a report would be wrong without it"
_TEAM = "it says what somebody of the team did for others; it is counted"
_OTHERS = "it would tell of another person, who has a right to that as well"
_PASSING = "it lasts for one call, or one visit"

REFERENCES: Mapping[str, Fate] = {
    "access_log.about_id": Fate(Erased.UNTIED, "looks"),
    "access_log.person_id": Fate(Erased.UNTIED, "team"),
    "account.person_id": Fate(Erased.GONE, "team"),
    "activity_signup.person_id": Fate(Erased.GONE, "programme"),
    "agreed_contact.person_id": Fate(Erased.GONE, "agreed_contacts"),
    "alarm.acknowledged_by": Fate(Erased.STAYS, "team", _TEAM),
    "alarm_telling.person_id": Fate(Erased.STAYS, "team", _TEAM, leg="leg_id"),
    "apart.other_id": Fate(Erased.GONE, None, _OTHERS),
    "apart.person_id": Fate(Erased.GONE, None, _OTHERS),
    "apart_decision.other_id": Fate(Erased.GONE, None, _OTHERS),
    "apart_decision.person_id": Fate(Erased.GONE, None, _OTHERS),
    "block.person_id": Fate(Erased.GONE, "limits"),
    "call.person_id": Fate(Erased.UNTIED, "calls", blank={"number": None}, leg="leg_id"),
    "call.volunteer_id": Fate(Erased.STAYS, "team", _TEAM),
    "callback.person_id": Fate(Erased.UNTIED, "callbacks", blank={"number": None, "number_hash": ""}),
    "checkin.person_id": Fate(Erased.STAYS, "checkins", _COUNTED),
    "checkin_plan.person_id": Fate(
        Erased.STAYS,
        "plans",
        "the check-ins that it made are counted",
        {"escalate_to": None, "topics": None, "extension": None, "quiet": None, "volunteer_id": None},
    ),
    "checkin_plan.volunteer_id": Fate(Erased.UNTIED, "team"),
    "checkin_try.usual_id": Fate(Erased.UNTIED, "team"),
    "consent.person_id": Fate(Erased.GONE, "consents"),
    "contact.note_by_id": Fate(Erased.UNTIED, "team"),
    "contact.owner_id": Fate(Erased.UNTIED, "team"),
    "contact.person_id": Fate(Erased.UNTIED, "contacts", blank={"note": None}),
    "contact.volunteer_id": Fate(Erased.STAYS, "team", _TEAM),
    "cover_asked.person_id": Fate(Erased.GONE, "team"),
    "cover_request.by_person_id": Fate(Erased.STAYS, "team", _COUNTED),
    "cover_request.from_id": Fate(Erased.STAYS, "team", _COUNTED),
    "cover_request.taken_by_id": Fate(Erased.STAYS, "team", _COUNTED),
    "daily_limit.person_id": Fate(Erased.GONE, "limits"),
    "debrief.person_id": Fate(Erased.GONE, "team"),
    "duty_hours.person_id": Fate(Erased.STAYS, "team", _COUNTED),
    "escalation.person_id": Fate(Erased.STAYS, "escalations", _COUNTED),
    "follow_up_move.owner_id": Fate(Erased.STAYS, "team", _TEAM),
    "handover.person_id": Fate(Erased.STAYS, "team", _TEAM, leg="leg_id"),
    "known_telephone.person_id": Fate(Erased.GONE, "team"),
    "letter_text.person_id": Fate(Erased.GONE, "team"),
    "menu_visit.person_id": Fate(Erased.GONE, None, _PASSING),
    "offer.volunteer_id": Fate(Erased.STAYS, "team", _TEAM, leg="leg_id"),
    "pause.person_id": Fate(Erased.GONE, "team"),
    "person_change.person_id": Fate(Erased.GONE, "changes"),
    "person.merged_into_id": Fate(Erased.GONE, None, "an older record of theirs, emptied when the two were made one"),
    "person_merge.gone_id": Fate(Erased.GONE, None, "what was moved stands where it is now"),
    "person_merge.kept_id": Fate(Erased.GONE, None, "what was moved stands where it is now"),
    "person_note.person_id": Fate(Erased.GONE, "notes"),
    "person_role.person_id": Fate(Erased.GONE, "roles"),
    "phone_number.person_id": Fate(Erased.GONE, "numbers"),
    "plan_visit.person_id": Fate(Erased.GONE, None, _PASSING),
    "practice.person_id": Fate(Erased.GONE, "team", leg="leg_id"),
    "prompt_recording.person_id": Fate(Erased.UNTIED, "team"),
    "prompt_take.person_id": Fate(Erased.UNTIED, "team"),
    "proposal.by_id": Fate(Erased.UNTIED, "team"),
    "rights_request.person_id": Fate(Erased.UNTIED, "requests"),
    "roster_change.by_person_id": Fate(Erased.STAYS, "team", _COUNTED),
    "roster_change.from_id": Fate(Erased.STAYS, "team", _COUNTED),
    "roster_change.to_id": Fate(Erased.STAYS, "team", _COUNTED),
    "roster_feed.person_id": Fate(Erased.GONE, "team"),
    "setting_change.person_id": Fate(Erased.UNTIED, "team"),
    "shift.person_id": Fate(Erased.STAYS, "team", _COUNTED),
    "shift_call_stop.person_id": Fate(Erased.GONE, "team"),
    "shift_hours.person_id": Fate(Erased.STAYS, "team", _COUNTED),
    "shift_reminder.person_id": Fate(Erased.GONE, "team"),
    "swap_offer.person_id": Fate(Erased.STAYS, "team", _COUNTED),
    "text_opt_out.person_id": Fate(Erased.UNTIED, "texts"),
    "text_out.person_id": Fate(Erased.UNTIED, "texts", blank={"number": None, "number_hash": "", "body": None}),
    "thanks.from_id": Fate(Erased.GONE, "team"),
    "thanks.to_id": Fate(Erased.GONE, "team"),
    "unavailable.person_id": Fate(Erased.GONE, "team"),
    "vote.person_id": Fate(Erased.STAYS, "team", "what the team decided would change without it"),
    "waiting.person_id": Fate(Erased.GONE, "team"),
    "work_limit.person_id": Fate(Erased.GONE, "team"),
}

WORDS_ARE_THEIRS = frozenset(
    {
        "account.person_id",
        "proposal.by_id",
        "thanks.from_id",
        "thanks.to_id",
        "unavailable.person_id",
    }
)
"""Of what is told under `team`, the rows whose hidden words are theirs: of the others they are some caller's."""

PERSON: Mapping[str, object] = {
    "name": NOBODY,
    "alias": None,
    "name_hash": "",
    "language": None,
    "timezone": None,
    "speaks": [],
    "skills": [],
    "prefers": [],
    "voicemail_ok": False,
    "ready": False,
    "shadowing": False,
    "pin_hash": None,
    "shares": Shares.USUAL,
    "checkins_missed": 0,
    "not_heard_days": None,
    "merged_into_id": None,
}
"""What is left of who was erased. `id`, `created_at`, `last_heard_at` and `erased_at` say nothing of them."""
PERSON_STAYS = frozenset({"id", "created_at", "last_heard_at", "erased_at"})

HIDDEN: Mapping[str, str] = {
    "account.email": "goes with its row",
    "account_change.reason": "goes with the login",
    "account.totp_offered": "goes with its row",
    "account.totp_secret": "goes with its row",
    "recovery_code.code_hash": "goes with the login",
    "login_link.token_hash": "goes with the login",
    "login_session.device": "goes with the login",
    "login_session.token_hash": "goes with the login",
    "account.email_hash": "goes with its row",
    "account.password_hash": "goes with its row",
    "activity_change.before": "is the team's: what stood in the programme",
    "activity_signup.name": "goes with its row; a name that was only typed is nobody's, and forgotten as numbers are",
    "activity_signup.number": "goes with its row, and where the number is theirs alone",
    "activity_signup.number_hash": "goes with its row",
    "activity_words.place": "is the team's: where an activity takes place",
    "activity_words.title": "is the team's: what an activity is called",
    "agreed_contact.agreed_how": "goes with its row",
    "agreed_contact.name": "goes with its row",
    "agreed_contact.number": "goes with its row; as the number of another's contact it is theirs, and stays",
    "agreed_contact.number_hash": "goes with its row; as the number of another's contact it is theirs, and stays",
    "agreed_contact.words": "goes with its row",
    "apart_decision.reason": "goes with its row",
    "block.number": "emptied where it is theirs; the hash stays, so that the block does",
    "block.number_hash": "stays while the block does: whoever was blocked isn't put through by asking to be erased",
    "block.reason": "emptied where it is theirs",
    "call.number": "emptied",
    "callback.number": "emptied",
    "callback.number_hash": "emptied",
    "callback_try.number_hash": "emptied with its call-back",
    "checkin_plan.escalate_to": "emptied",
    "checkin_plan.extension": "emptied",
    "checkin_plan.topics": "emptied",
    "consent.words": "goes with its row",
    "contact.note": "emptied",
    "daily_limit.note": "goes with its row",
    "follow_up_end.note": "emptied with its contact's",
    "follow_up_move.note": "emptied with its contact's",
    "kept_refusal.number_hash": "stays: who said no isn't called again because a spreadsheet names them anew",
    "known_telephone.number_hash": "goes with its row",
    "known_telephone.pin_hash": "goes with its row",
    "leg.digits": "emptied",
    "leg.number": "emptied",
    "person.alias": "emptied",
    "person.name": "a dash",
    "person.name_hash": "emptied",
    "person.pin_hash": "emptied",
    "person_change.after": "goes with its row",
    "person_change.before": "goes with its row",
    "person_merge.moved": "goes with its row",
    "person_note.words": "goes with its row",
    "phone_number.number": "goes with its row",
    "phone_number.number_hash": "goes with its row",
    "programme_visit.number": "is of a telephone whose number was withheld; forgotten as other numbers are",
    "prompt_take.audio": "is here for minutes alone",
    "proposal.words": "stays: the team decided on it, together",
    "rights_request.reason": "stays: why they were erased; what says who they are is refused there",
    "roster_feed.token_hash": "goes with its row",
    "secret.value": "is nobody's",
    "setting_change.reason": "stays: why the line was changed, and nothing of a person",
    "text_in.number": "emptied",
    "text_in.number_hash": "emptied",
    "text_opt_out.number_hash": "stays: who said STOP isn't texted again because a spreadsheet names them anew",
    "text_out.body": "emptied",
    "text_out.number": "emptied",
    "text_out.number_hash": "emptied",
    "thanks.words": "goes with its row",
    "unavailable.words": "goes with its row",
    "voicemail.audio": "emptied, and deleted at the carrier's until it says that it has none",
    "voicemail_ticket.token_hash": "goes with its message",
}
"""Columns that are encrypted, and hashes of what is, with what becomes of each when somebody is erased."""
