"""What the day sheet says after a press: what came of it, or, kindly, why nothing did. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.by_hand import DONE, Answer


@dataclass(frozen=True)
class Told:
    """The answer to one press, about one check-in. It stands in the page's address: an id and a word."""

    checkin_id: str
    answer: Answer

    def __str__(self) -> str:
        return f"{self.checkin_id}.{self.answer.value}"

    @classmethod
    def read(cls, text: str) -> "Told | None":
        """None for whatever no page of ours has written."""
        checkin_id, _, word = text.partition(".")
        known = checkin_id.isprintable() and checkin_id and word in set(Answer)
        return cls(checkin_id, Answer(word)) if known else None

    @property
    def is_done(self) -> bool:
        return self.answer in DONE

    def words(self, state: str) -> str:
        """`state` is how the check-in stands now."""
        if self.answer is Answer.OVER:
            return _("Nothing was changed: it is over already (%(state)s).", state=state)
        return WORDS[self.answer]


OF_TAKING_BACK = frozenset(one for one in Answer if one.startswith("unheard")) | {Answer.NOT_ANY_MORE}

WORDS: Mapping[Answer, str] = Phrases(
    {
        Answer.SKIPPED: N_("Skipped: nobody will call."),
        Answer.RESTORED: N_("Back on the list."),
        Answer.MOVED: N_("Moved."),
        Answer.MOVED_INTO_QUIET: N_("Moved, but that is in their quiet hours: we call as soon as these are over."),
        Answer.RUNG: N_("We call now. It may take a few seconds."),
        Answer.VOLUNTEER_RUNG: N_("We ring a volunteer now, and then them."),
        Answer.HEARD: N_("Good to hear. Nobody will call for this one, and it stands on the log."),
        Answer.UNHEARD: N_("Taken back: it is off the log, and what it had settled is as it was."),
        Answer.UNHEARD_LATE: N_("Taken back. It is too late by now to call them, so it becomes somebody's follow-up."),
        Answer.UNHEARD_SINCE: N_("Taken back. They have been in touch otherwise since, so nobody calls."),
        Answer.UNHEARD_STOPPED: N_(
            "Taken back. Their plan was ended since, or they don't want these calls any more: nobody calls."
        ),
        Answer.UNHEARD_LADDER: N_(
            "Taken back. Whoever was asked about them was told that they are well, and isn't asked again:"
            " it is an urgent follow-up now. Please see to it."
        ),
        Answer.TAKEN_UP: N_(
            "Not taken back: somebody has taken up the follow-up that was wanted there. Please talk with them first."
        ),
        Answer.NOT_ANY_MORE: N_("Nothing was changed: that was taken back already, or is too long ago."),
        Answer.BEING_CALLED: N_("They are being called in this moment, so nothing was changed."),
        Answer.ABOUT_TO: N_("The call is due already and goes out as soon as it is its turn."),
        Answer.PROMISED: N_("They asked to talk with someone: that is a promise, and stands under “Needs care”."),
        Answer.ANOTHER_DAY: N_("Not done: it is for another day of theirs."),
        Answer.NOT_THEN: N_("Not moved: please give a time that is still to come, on the same day of theirs."),
        Answer.NEVER_CALLED_THEN: N_(
            "Not moved: that lies in their quiet hours, and these last too long to call afterwards."
        ),
        Answer.NO_CONSENT: N_("Not done: they haven't agreed to automated calls, or have stopped them."),
        Answer.PAUSED: N_("Not called: the plan is paused. Resume it first."),
        Answer.USED_UP: N_("Not called: all attempts are used up, and it becomes somebody's task in a moment."),
        Answer.NOBODY_FREE: N_(
            "Not called: no volunteer is free just now. From its time on it is offered as soon as one is."
        ),
        Answer.ASKED: N_("A volunteer is being asked already."),
        Answer.QUIET: N_("Not called: it is quiet hours for them. Please move it to a later time."),
        Answer.CAP: N_("Not called: today's cap on spending is reached."),
        Answer.OWN_CAP: N_("Not called: they have been called as often today as one person may be."),
        Answer.ON_THE_PHONE: N_("Not called: they are on the phone."),
    }
)
