"""What was filled in to keep two people apart. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import typed
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.keeping_apart import Pair

NO_CALLER = N_("Please choose who calls, or somebody of the team.")
NO_VOLUNTEER = N_("Please choose whom they are kept apart from.")
SAME = N_("These are one and the same. Please choose two people.")
ALREADY = N_("It has been decided of these two already. To change it, lift it first.")
STRICT, WISH = "never", "rather_not"


@dataclass(frozen=True)
class ApartForm:
    """As chosen; `problem` says what to mend, in the field `wrong`."""

    caller_id: str = ""
    volunteer_id: str = ""
    how: str = STRICT
    reason: str = ""
    problem: str = ""
    wrong: str = ""

    @property
    def pair(self) -> Pair:
        return Pair(self.caller_id, self.volunteer_id, self.how == STRICT)


def read(form: Mapping[str, str]) -> ApartForm:
    caller_id, volunteer_id = (form.get(name, "").strip()[:64] for name in ("caller", "volunteer"))
    reason = " ".join(form.get("reason", "").split())
    problems = (
        (not caller_id, "caller", NO_CALLER),
        (not volunteer_id, "volunteer", NO_VOLUNTEER),
        (caller_id == volunteer_id, "volunteer", SAME),
        (not reason, "reason", typed.NO_REASON),
        (len(reason) > typed.LONGEST_REASON, "reason", typed.LONG_REASON),
    )
    wrong, problem = next(((field, words) for bad, field, words in problems if bad), ("", ""))
    how = WISH if form.get("how") == WISH else STRICT
    return ApartForm(caller_id, volunteer_id, how, reason[: typed.LONGEST_REASON], _(problem) if problem else "", wrong)
