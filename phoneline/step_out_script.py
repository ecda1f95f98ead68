"""The volunteer's keys in a conversation: out with `*`, then back, somebody brought in, or done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import calls, conversations, handovers
from phoneline.carrier import LegReport
from phoneline.documents import volunteer as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, Offer
from phoneline.prompts import say
from phoneline.states import CallState, HandoverKind, LegEnd
from phoneline.steps import Document
from phoneline.volunteer_script import ask_outcome, is_out, language_of

BRING = {"1": HandoverKind.COORDINATOR, "2": HandoverKind.CRISIS}


@dataclass(frozen=True)
class StepOut:
    """One turn of a volunteer who is out of the room, or has just come out of it."""

    session: Session
    call: Call
    offer: Offer
    live: LiveSettings
    now: datetime

    def came_out(self, caller: LegReport | None) -> Document:
        """By `*`, or because the caller has hung up: what the carrier says of their leg tells."""
        session, call, now = self.session, self.call, self.now
        self.offer.nudge_at = None
        if call.state is CallState.CONNECTED and caller is not None and not caller.live:
            calls.end(session, call, caller.ended_at or now, self.live, now, caller.end or LegEnd.COMPLETED)
        if is_out(self.offer):
            return ask_outcome(self.session, self.offer, 1, self.live)
        third = handovers.in_room(session, call)
        if third is None:
            conversations.step_aside(session, call, now)
        else:
            # The caller isn't alone: the two talk on.
            third.away_at = third.away_at or now
        return self._ask(1)

    def key(self, key: str, tries: int) -> Document:
        """1 goes back to the caller, 2 brings somebody in, # finishes; a wrong key: the prompt once more, then back."""
        if is_out(self.offer):
            return ask_outcome(self.session, self.offer, 1, self.live)
        if key == "#":
            conversations.volunteer_left(self.session, self.call, self.offer, self.live, self.now, self.now)
            return ask_outcome(self.session, self.offer, 1, self.live)
        found = self._bring_in() if key == "2" else None
        if found is not None:
            return found
        return self._ask(tries + 1) if key != "1" and tries < words.MOST_TRIES else self.back()

    def bring_key(self, key: str, tries: int) -> Document:
        """1 the coordinator on duty, 2 the crisis line; a wrong key: the prompt once more, then back."""
        if is_out(self.offer):
            return ask_outcome(self.session, self.offer, 1, self.live)
        if key not in BRING and tries < words.MOST_TRIES:
            return words.bring_whom(self.offer.leg, self._language, tries + 1)
        return (self._ring(BRING[key]) if key in BRING else None) or self.back()

    def back(self) -> Document:
        """Back to the caller."""
        if is_out(self.offer):
            return ask_outcome(self.session, self.offer, 1, self.live)
        third = handovers.in_room(self.session, self.call)
        if third is not None:
            third.away_at = None
        conversations.go_back(self.session, self.call, self.now)
        return words.join(self.offer.leg, self.call)

    def _bring_in(self) -> Document | None:
        """Key 2. None where there is nobody to ring, or somebody is there already."""
        kinds = self._kinds()
        if len(kinds) > 1 and handovers.open_of(self.session, self.call) is None:
            return words.bring_whom(self.offer.leg, self._language) if self.call.state is CallState.ASIDE else None
        return self._ring(kinds[0] if kinds else HandoverKind.COORDINATOR)

    def _ring(self, kind: HandoverKind) -> Document | None:
        """Have them rung; the volunteer goes back to the caller and stays until they have come."""
        session, call = self.session, self.call
        if not handovers.is_ringing(session, call) and not (
            call.state is CallState.ASIDE and handovers.bring(session, call, self.offer, kind, self.live, self.now)
        ):
            return None
        conversations.go_back(session, call, self.now)
        return words.join(self.offer.leg, call, say("bring_rings", self._language))

    def _ask(self, tries: int) -> Document:
        return words.step_out(self.offer.leg, self._language, self._prompts(), tries)

    def _prompts(self) -> Sequence[str]:
        """How things stand with the third party, if there is one, and the keys that there are."""
        third = handovers.open_of(self.session, self.call)
        if third is not None:
            return ["step_out_together" if handovers.is_in_room(third) else "step_out_ringing"]
        last = handovers.last_of(self.session, self.offer)
        nobody_came = ["nobody_came"] if last is not None and last.joined_at is None else []
        return [*nobody_came, "step_out_bring" if self._kinds() else "step_out"]

    def _kinds(self) -> Sequence[HandoverKind]:
        return handovers.whom_to_bring(self.session, self.call, self.offer, self.live, self.now)

    @property
    def _language(self) -> str:
        return language_of(self.offer, self.live)
