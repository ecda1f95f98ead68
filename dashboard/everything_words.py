"""What the rows of somebody's own copy say, in words that hold whenever it is read. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from dashboard import consent_view, people_view, rights_view, sheet_words, times, words
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.rights_states import RightsKind
from phoneline.states import AccessAction, PlanKind

PLANNED: Mapping[PlanKind, str] = Phrases(
    {PlanKind.AUTOMATED: N_("called by the line itself"), PlanKind.VOLUNTEER: N_("called by a volunteer")}
)
ASKED: Mapping[RightsKind, str] = Phrases(
    {RightsKind.EXPORT: N_("all that is kept"), RightsKind.ERASE: N_("to be erased")}
)
DONE: Mapping[AccessAction, str] = Phrases(
    {
        AccessAction.LOOKED: N_("looked at what is kept about you"),
        AccessAction.NUMBER_SHOWN: N_("was shown your number"),
        AccessAction.MESSAGE_HEARD: N_("listened to a message of yours"),
        AccessAction.OUTCOME_GIVEN: N_("said how a call with you was"),
        AccessAction.CONTACT_LOGGED: N_("wrote a contact with you down"),
        AccessAction.CONTACT_TAKEN_BACK: N_("took a contact with you back"),
        AccessAction.OUTREACH_ASKED: N_("asked for somebody to call you"),
        AccessAction.CHECKIN_SKIPPED: N_("skipped a check-in call"),
        AccessAction.CHECKIN_RESTORED: N_("brought a check-in call back"),
        AccessAction.CHECKIN_MOVED: N_("moved a check-in call"),
        AccessAction.CHECKIN_CALLED: N_("had you called at once"),
        AccessAction.CHECKIN_HEARD: N_("wrote down that you were heard from"),
        AccessAction.CHECKIN_UNHEARD: N_("took back that you were heard from"),
    }
)
OF_ANY: Sequence[Mapping[Any, str]] = (
    words.KINDS,
    words.CHECKIN_STATES,
    words.CALL_ENDINGS,
    words.OUTCOMES,
    rights_view.HOWS,
)
"""Words of the line that are said in the person's language. An outcome that says the same in two tables stands once."""
OF_FIELD: Mapping[str, Sequence[Mapping[Any, str]]] = {
    "action": (DONE,),
    "given_how": (consent_view.GIVEN,),
    "kind": (consent_view.KINDS, PLANNED, ASKED),
    "language": (words.LANGUAGES,),
    "result": (sheet_words.RESULTS,),
    "role": (people_view.ROLES,),
    "withdrawn_how": (consent_view.WITHDRAWN,),
}
"""Where a field has words of its own: "ok" isn't the same of an attempt and of a check-in."""


def said(name: str, value: object, at: Moment) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(at.zone) if value.tzinfo is not None else value
        return _("%(day)s %(time)s", day=times.full_date(local.date()), time=f"{local:%H:%M}")
    found = (table[value] for table in (*OF_FIELD.get(name, ()), *OF_ANY) if value in table)
    return next(found, str(value).replace("_", " ") if isinstance(value, Enum) else str(value))
