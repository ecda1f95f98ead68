"""The Conferences resource and its Participants: find, change, end (Twilio: Conference and Participant resources)."""

from http import HTTPStatus

from werkzeug import Request, Response

from phoneline.simulator.exchange import Exchange
from phoneline.simulator.poster import Hook
from phoneline.simulator.rest.replies import ApiError, Json, date, gone, not_found, page, reply, truth
from phoneline.simulator.room import ENDED_BY_REST, Member, Room


def index(exchange: Exchange, request: Request) -> Response:
    """The conferences, newest first."""
    filters = request.args
    with exchange.lock:
        rooms = [
            room
            for room in reversed(exchange.rooms.values())
            if filters.get("FriendlyName", room.name) == room.name and filters.get("Status", room.status) == room.status
        ]
        return page(request, "conferences", rooms, lambda room: show(exchange, room))


def fetch(exchange: Exchange, request: Request, sid: str) -> Response:
    """One conference."""
    return reply(show(exchange, _room(exchange, request, sid)))


def update(exchange: Exchange, request: Request, sid: str) -> Response:
    """End a conference, or have everybody in it hear an announcement."""
    room = _room(exchange, request, sid)
    with exchange.lock:
        if request.form.get("Status") == "completed":
            room.end(ENDED_BY_REST)
        if url := request.form.get("AnnounceUrl"):
            room.announce(Hook(url, request.form.get("AnnounceMethod", "POST")))
        return reply(show(exchange, room))


def participants(exchange: Exchange, request: Request, sid: str) -> Response:
    """Who is in a conference."""
    room = _room(exchange, request, sid)
    with exchange.lock:
        members = list(room.members.values())
        return page(request, "participants", members, lambda member: show_member(exchange, room, member))


def participant(exchange: Exchange, request: Request, sid: str, call_sid: str) -> Response:
    """One participant, by call SID or label."""
    room = _room(exchange, request, sid)
    return reply(show_member(exchange, room, _member(request, room, call_sid)))


def update_participant(exchange: Exchange, request: Request, sid: str, call_sid: str) -> Response:
    """Mute, hold, announce to, or change what a participant's leaving means."""
    room = _room(exchange, request, sid)
    form = request.form
    with exchange.lock:
        member = _member(request, room, call_sid)
        if "Muted" in form:
            member.muted = truth(form["Muted"])
            room.change(member, "mute")
        if "Hold" in form:
            member.hold = truth(form["Hold"])
            member.hold_hook = Hook(form.get("HoldUrl", ""), form.get("HoldMethod", "POST"))
            room.change(member, "hold")
        if "EndConferenceOnExit" in form:
            member.end_on_exit = truth(form["EndConferenceOnExit"])
            room.change(member, "modify")
        if form.get("AnnounceUrl"):
            room.announce(Hook(form["AnnounceUrl"], form.get("AnnounceMethod", "POST")), member)
        return reply(show_member(exchange, room, member))


def remove_participant(exchange: Exchange, request: Request, sid: str, call_sid: str) -> Response:
    """Send a participant out of the room; their leg goes on with its Dial's action."""
    room = _room(exchange, request, sid)
    with exchange.lock:
        room.leave(_member(request, room, call_sid).leg)
    return gone()


def _room(exchange: Exchange, request: Request, sid: str) -> Room:
    room = exchange.rooms.get(sid)
    if room is None:
        raise not_found(request.path)
    return room


def _member(request: Request, room: Room, call_sid: str) -> Member:
    member = room.members.get(call_sid)
    if member is None:
        member = next((one for one in room.members.values() if one.spec.label == call_sid), None)
    if member is None:
        if room.ended:
            raise ApiError(HTTPStatus.NOT_FOUND, 20404, "The conference has ended")
        raise not_found(request.path)
    return member


def show(exchange: Exchange, room: Room) -> Json:
    """A conference as REST shows it."""
    uri = f"{exchange.account_path()}/Conferences/{room.sid}"
    return {
        "sid": room.sid,
        "account_sid": exchange.account_sid,
        "api_version": "2010-04-01",
        "friendly_name": room.name,
        "region": "us1",
        "status": room.status,
        "reason_conference_ended": room.reason_ended or None,
        "call_sid_ending_conference": room.ended_by or None,
        "date_created": date(room.created_wall),
        "date_updated": date(room.updated_wall),
        "uri": f"{uri}.json",
        "subresource_uris": {"participants": f"{uri}/Participants.json"},
    }


def show_member(exchange: Exchange, room: Room, member: Member) -> Json:
    """A participant as REST shows it."""
    return {
        "call_sid": member.leg.sid,
        "account_sid": exchange.account_sid,
        "conference_sid": room.sid,
        "label": member.spec.label or None,
        "coaching": False,
        "call_sid_to_coach": None,
        "muted": member.muted,
        "hold": member.hold,
        "start_conference_on_enter": member.spec.start_on_enter,
        "end_conference_on_exit": member.end_on_exit,
        "status": "connected",
        "queue_time": None,
        "date_created": date(member.joined_wall),
        "date_updated": date(member.joined_wall),
        "uri": f"{exchange.account_path()}/Conferences/{room.sid}/Participants/{member.leg.sid}.json",
    }
