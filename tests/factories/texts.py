"""Texts."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from phoneline.crypto import lookup_hash
from phoneline.db import lookup_key
from phoneline.models import (
    TextOut,
)
from phoneline.states import (
    TextPurpose,
    TextState,
)
from tests.factories.constants import serials
from tests.factories.people import number


def text_out(session: Session, now: datetime, **given: Any) -> TextOut:
    """A text that is still to be sent."""
    to = given.pop("number", number(1))
    given = {
        "token": f"text-{next(serials)}",
        "body": "Words of a test",
        "purpose": TextPurpose.NOTICE,
        "state": TextState.PENDING,
        "check_at": now,
    } | given
    made = TextOut(number=to, number_hash=lookup_hash(lookup_key(session), to), created_at=now, **given)
    session.add(made)
    session.flush()
    return made
