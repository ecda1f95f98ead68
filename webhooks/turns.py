"""One turn of a leg: what its address is about is found and held, one use-case decides, and its document is said."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response
from sqlalchemy.orm import Session

from phoneline.line import Line
from phoneline.steps import Document, HangUp
from webhooks.twiml import answer

Found = TypeVar("Found")


def take_turn(
    line: Line, find: Callable[[Session], Found | None], take: Callable[[Session, Found], Document]
) -> Response:
    """In one transaction. A stale address hears nothing and ends."""

    def work(session: Session) -> Document:
        found = find(session)
        return (HangUp(),) if found is None else take(session, found)

    return answer(line.database.run(work), line.settings)
