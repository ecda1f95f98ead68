"""What a volunteer's own page says after a press: what came of it, or, kindly, why nothing did. Pure."""

from collections.abc import Mapping, Sequence

from dashboard import words
from dashboard.me_view import OUTCOMES as _OUTCOMES
from dashboard.tongue import N_, Phrases

WORDS: Mapping[str, str] = Phrases(
    {
        "on": N_("You are on shift. Calls ring your phone."),
        "off": N_("You are off shift. Rest well."),
        "break": N_("Your break has begun. Nobody rings you."),
        "apart": N_("Not done: it doesn't fit with who else is on now. A coordinator can tell you more."),
        "call_rung": N_("Your phone rings now. Press 1, and we ring them."),
        "call_not_ready": N_("Not called: your phone doesn't ring for calls yet."),
        "call_on_break": N_("Not called: you are on a break. Come back first."),
        "call_on_the_phone": N_("Not called: you are on the phone."),
        "call_asked": N_("Somebody is being rung for that call already."),
        "call_not_now": N_("Not called: it is their quiet hours, they are on the phone, or the call is over already."),
        "thanks": N_("Thank you for telling us."),
        "note": N_("Written down."),
        "too_late": N_("Nothing was changed: that was too long ago, or somebody was faster."),
        "debrief_ask": N_("A coordinator hears of it and gets in touch with you. Be kind to yourself until then."),
        "debrief_off": N_("All right. You can ask again at any time."),
        "practice": N_("Your phone rings now. Pick up to practise."),
        "practice_no_number": N_("The line has no number of yours to ring. Please ask a coordinator."),
        "practice_on_shift": N_("You are on shift, and callers come first. Take a break, or practise off shift."),
        "practice_on_the_phone": N_("You are on the phone. Practise once you have hung up."),
        "practice_rings": N_("Your phone rings already."),
        "practice_enough": N_("That was a lot of practice for one day. Come back tomorrow."),
        "practice_cap": N_("Not now: the line has made as many calls today as it may."),
    }
)


def outcomes() -> Sequence[tuple[str, str, str]]:
    """How a call can have been: value, words, picture."""
    return [(one.value, words.sentence(words.OUTCOMES[one]), picture) for one, picture in _OUTCOMES]
