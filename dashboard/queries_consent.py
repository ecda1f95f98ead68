"""What somebody agreed to: the entries of the ledger, and what they come to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import consents, people
from phoneline.models import Consent
from phoneline.states import ConsentKind


@dataclass(frozen=True)
class Entry:
    kind: ConsentKind
    given_at: datetime
    given_how: str
    words: str | None
    withdrawn_at: datetime | None
    withdrawn_how: str | None


@dataclass(frozen=True)
class Ledger:
    """Everything that somebody agreed to or took back, newest first, and what holds now."""

    entries: Sequence[Entry]
    automated: bool
    """They agreed to automated calls, and it stands."""
    volunteers: bool
    """They haven't stopped calls by volunteers."""
    own_word: Sequence[ConsentKind]
    """What nobody but they themselves can bring back."""

    def standing(self, kind: ConsentKind) -> Entry | None:
        return next((one for one in self.entries if one.kind is kind and one.withdrawn_at is None), None)

    def stopped(self, kind: ConsentKind) -> Entry | None:
        """How these calls were stopped, where nothing stands."""
        return next((one for one in self.entries if one.kind is kind), None) if not self.standing(kind) else None


def ledger(session: Session, person_id: str) -> Ledger:
    columns = select(
        Consent.kind, Consent.given_at, Consent.given_how, Consent.words, Consent.withdrawn_at, Consent.withdrawn_how
    )
    newest = columns.where(Consent.person_id == person_id).order_by(Consent.given_at.desc(), Consent.id)
    found: Iterable[Any] = session.execute(newest)
    return Ledger(
        entries=[Entry(*row) for row in found],
        automated=people.has_consent(session, person_id),
        volunteers=not people.refuses_volunteers(session, person_id),
        own_word=[kind for kind in ConsentKind if consents.takes_own_word(session, person_id, kind)],
    )
