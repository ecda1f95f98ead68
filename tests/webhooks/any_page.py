"""Whatever page is asked for with whatever key: it leads on, and the rows make sense."""

from typing import Any

from hypothesis import HealthCheck, settings
from sqlalchemy import select

from phoneline import handovers
from phoneline.models import Call, Handover, Offer
from phoneline.states import CALL_MOVES, CallState, LegState, OfferResult
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import Scene
from tests.webhooks.twiml import Twiml

KEYS = ["", "0", "1", "2", "3", "4", "5", "8", "9", "*", "#"]
ENDS = ["completed", "busy", "no-answer", "canceled", "failed"]
LIVE = ["queued", "initiated", "ringing", "in-progress"]


# Notices ask for no document; everything else must lead somewhere.
NOTICES = ("/status", "/recording", "/room", "/machine", "/picked-up")
CALLERS = [
    *["menu/1", "menu/2", "wait/1", "wait/2", "wait-key/1", "wait-key/2", "next", "choice/1", "choice/2", "message"],
    *["left/1", "left/2", "stay", "after", "alone", "tone", "recorded", "recording", "room"],
    *["picked-up", "passed-on", "numbers-heard", "number/1", "number/2", "used-up/1", "used-up/2"],
]
VOLUNTEERS = [
    *["legs/answered", "legs/status", "legs/machine", "offers/key/1", "offers/key/2", "offers/stepped-out"],
    "offers/stepped-out/a-room",
    *["offers/step-out-key/1", "offers/step-out-key/2", "offers/back", "offers/outcome/1", "offers/outcome-key/1"],
    *["offers/outcome-key/2", "offers/room", "offers/bring-key/1", "offers/bring-key/2"],
    *["offers/ringing/1", "offers/ringing/5", "offers/list"],
]
THIRDS = ["legs/answered", "legs/status", "handovers/key/1", "handovers/key/2", "handovers/in", "handovers/after"]
THIRDS += ["handovers/room"]
PEERS = ["who/1", "who/2", "who-key/1", "who-key/2", "menu/1", "menu/2", "key/1", "key/2", "silent"]
PEERS += ["later/1", "later/2", "message"]
TAKE = ["recorded", "turn/1", "turn/22", "key/1", "key/2", "recording"]
MENU = ["number/1", "number/2", "pin/1", "pin/2", "top/1", "top/2", "key/1", "key/2", "outcome/<offer_id>/1"]
MENU += [f"{page}/<hours_id>/1" for page in ("shift", "past-shift", "open", "past-open", "taken")]
MENU += ["message/<contact_id>/1", "next", "call/<checkin_id>/1", "more/1", "more/2"]
MENU += [
    "proposal/<proposal_id>/1",
    "record/1",
    "record/<prompt>/1",
    "record/<prompt>/<language>/1",
    *[f"take/<take_id>/{page}" for page in TAKE],
]
OWN_PLANS = ["key/1", "silence/1"]
PROGRAMME = ["key/1", "silence/1"]
CALLED_BACK = ["who/1", "who/2", "who-key/1", "who-key/2", "silent"]
ANY = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def may_become(old: CallState) -> set[CallState]:
    """Where a call may be after one request, which may make several moves."""
    found, ahead = set[CallState](), {old}
    while ahead:
        state = ahead.pop()
        found.add(state)
        ahead |= set(CALL_MOVES[state]) - found
    return found


def check(carrier: Carrier, path: str, sid: str, fields: dict[str, str]) -> Twiml:
    document = carrier.ask(path, sid, **fields)
    if not path.endswith(NOTICES):
        assert document.leads_on, path
        assert "went wrong" not in document.said, path
        assert "something is wrong" not in document.said, path
        assert all(address.startswith(carrier.public_url) for address in document.addresses)
    else:
        assert document.verbs == []
    return document


def open_conversations(scene: Scene, call_id: str) -> list[str]:
    with scene.database.reading() as session:
        return list(
            session.scalars(
                select(Offer.id).where(
                    Offer.call_id == call_id,
                    Offer.result == OfferResult.ACCEPTED,
                    Offer.conversation_ended_at.is_(None),
                )
            )
        )


def open_third(scene: Scene, call_id: str) -> Handover | None:
    """Who is rung for the call, or in it."""
    with scene.database.reading() as session:
        return handovers.open_of(session, session.get_one(Call, call_id))


def ends_well(carrier: Carrier, scene: Scene, call_id: str, sid: str) -> None:
    """The caller hangs up, then every leg ends: nobody is held any more."""
    carrier.ask("/webhooks/voice/status", sid, CallStatus="completed")
    with scene.database.reading() as session:
        row = session.get_one(Call, call_id)
        assert (row.state, row.outcome is None) == (CallState.ENDED, False)
        offers: list[Any] = [
            (one.id, one.result, one.leg.token, one.leg.carrier_sid, one.leg.state) for one in row.offers
        ]
    assert all(result is not None for _, result, *_ in offers)
    third = open_third(scene, call_id)
    if third is not None:
        assert third.result is not None
        assert third.leg.end_wanted_at is not None
        carrier.ask(f"/webhooks/legs/{third.leg.token}/status", third.leg.carrier_sid or "CA", CallStatus="completed")
        assert scene.handover(third.id).ended_at is not None
    for _, _, token, leg_sid, state in offers:
        if leg_sid is not None and state is not LegState.ENDED:
            carrier.ask(f"/webhooks/legs/{token}/status", leg_sid, CallStatus="completed")
    for offer_id, result, *_ in offers:
        offer = scene.offer(offer_id)
        assert offer.leg.state is LegState.ENDED
        if result is OfferResult.ACCEPTED:
            assert offer.conversation_ended_at is not None
            assert offer.wrap_up_until is not None
        else:
            assert offer.released_at is not None, "a volunteer who didn't take the call is free at once"
