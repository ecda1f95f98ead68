"""What is on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from phoneline.activity_states import ActivityKind
from phoneline.models import (
    Activity,
    ActivityWords,
)


def activity(session: Session, starts: datetime, hours: float = 1, title: str = "Trivia", **given: Any) -> Activity:
    """By telephone, in the line's wall-clock time, named in English and for everybody."""
    made = Activity(
        **{
            "starts_local": starts,
            "ends_local": starts + timedelta(hours=hours),
            "kind": ActivityKind.PHONE,
            "made_at": datetime(2026, 1, 1, tzinfo=UTC),
            "words": [ActivityWords(language="en", title=title)],
        }
        | given
    )
    session.add(made)
    session.flush()
    return made
