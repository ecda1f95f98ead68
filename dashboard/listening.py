"""A caller's message as sound: for those who may see the contact, and written down each time."""

import structlog
from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from dashboard import own_contact
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from phoneline import audit

group = page_group("listening")
events = structlog.get_logger()


@group.get("/log/<contact_id>/message")
def message(contact_id: str) -> ResponseReturnValue:
    """The bytes, or the part of them that a player asks for. Kept by nobody on the way."""
    line, account_id = the_line(), known_visitor().account_id
    with line.database.transaction() as writing:
        own_contact.refuse(writing, contact_id)
        audio = audit.play_message(writing, contact_id, account_id, line.now)
    if audio is None:
        abort(404)
    events.info("message_played", account_id=account_id, contact_id=contact_id)
    answer = Response(audio.data, mimetype=audio.media_type)
    answer.make_conditional(request, accept_ranges=True, complete_length=len(audio.data))
    return answer
