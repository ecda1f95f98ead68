"""Whatever the carrier sends of check-ins, in whatever order: a document that leads on, and rows that make sense."""

import operator
from typing import Any

from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, select

from phoneline.db import Database
from phoneline.models import Checkin, CheckinTry, Offer
from phoneline.states import CheckinState, OfferResult
from tests.webhooks.any_page import (
    ANY,
    ENDS,
    KEYS,
    LIVE,
    PEERS,
    VOLUNTEERS,
    check,
    ends_well,
    may_become,
)
from tests.webhooks.carrier import LINE_NUMBER, Carrier
from tests.webhooks.check_in_list import DueCalls, at_any_hour
from tests.webhooks.own_menu import volunteer
from tests.webhooks.own_plans import PeerAtThePhone
from tests.webhooks.scenes import Ringing, Scene

peer_requests = st.tuples(
    st.sampled_from([*PEERS, *["key/1"] * 6, "answered", "status", "calls/next", "calls/wait-key/2", "calls/choice/1"]),
    st.sampled_from([*KEYS, "1", "1", "1", "1"]),
    st.sampled_from([*LIVE, *LIVE, *ENDS]),
)


IDENTIFIED = [("answered", "", "in-progress"), ("who-key/1", "1", "in-progress")]


FINE = [*IDENTIFIED, ("key/1", "1", "in-progress")]


@ANY
@given(
    sequence=st.builds(
        operator.add,
        st.sampled_from([[], IDENTIFIED, FINE]),
        st.lists(peer_requests, min_size=2, max_size=8),
    ),
    safety=st.booleans(),
    helped=st.booleans(),
)
@example(sequence=[*IDENTIFIED, ("status", "", "busy"), ("key/1", "1", "in-progress")], safety=False, helped=False)
def test_a_check_in_leads_somewhere_whatever_comes(
    app: Flask, database: Database, sequence: list[tuple[str, str, str]], safety: bool, helped: bool
) -> None:
    scene, carrier = Scene(database), Carrier(app)
    peer = scene.called_peer(purpose="safety" if safety else "social")
    if helped:
        scene.ringing(scene.waiting_call())
    carrier.secret_words = frozenset({str(peer.call.number).removeprefix("+"), "Example"})
    final: tuple[Any, ...] | None = None
    pressed = set()
    for page, key, status in sequence:
        fields = {"Digits": key, "CallStatus": status, "From": LINE_NUMBER, "AnsweredBy": "human"}
        if page in {"answered", "status"}:
            path = f"/webhooks/legs/{peer.leg_token}/{page}"
        else:
            path = peer.call.at(page.removeprefix("calls/")) if page.startswith("calls/") else peer.at(page)
        check(carrier, path, peer.call.sid, fields)
        pressed.add(key)
        checkin = scene.checkin(peer.checkin_id)
        if final is not None:
            assert (checkin.state, checkin.settled_at, checkin.settled_by) == final, "a final state was changed"
        elif checkin.state not in {"due", "calling", "waiting"}:
            final = (checkin.state, checkin.settled_at, checkin.settled_by)
        if checkin.settled_by is not None:
            assert "1" in pressed, "only a person's own act counts"
            assert scene.attempt(peer).result == "ok"


own_plans = st.tuples(
    st.sampled_from(
        ["three", "two", "star", "calls/wait/1", "now", "now", "now", "now", "late", "silence", "ended", "on", "on"]
    ),
    st.sampled_from([*KEYS, "1", "1", "2", "3", "930", "1500", "12", "7", "99999"]),
)


@settings(ANY, max_examples=12)
@given(sequence=st.lists(own_plans, max_size=14), agreed=st.booleans(), planned=st.booleans())
def test_a_peers_own_plans_lead_somewhere_whatever_comes(
    app: Flask, database: Database, sequence: list[tuple[str, str]], agreed: bool, planned: bool
) -> None:
    scene, carrier = Scene(database), Carrier(app)
    phone = PeerAtThePhone(scene, carrier, agreed=agreed, planned=planned)
    phone.something_is_on()
    carrier.secret_words = frozenset({phone.number.removeprefix("+"), "Secret"})
    before = phone.state
    for page, key in [("three", ""), *sequence]:
        step = phone.step
        match page:
            case "three" | "two" | "star":
                path, pressed = phone.call.at("menu/1"), {"three": "3", "two": "2", "star": "*"}[page]
            case "on":
                path, pressed = f"/webhooks/programme/{phone.call.token}/key/{phone.place}", key
            case "now" | "late":
                path, pressed = phone.at(f"key/{step if page == 'now' else max(1, step - 1)}"), key
            case "silence":
                path, pressed = phone.at(f"silence/{step}"), ""
            case "ended":
                phone.end_all()
                continue
            case _:
                path, pressed = phone.call.at(page.removeprefix("calls/")), key
        once = phone.changeable()
        check(carrier, path, phone.call.sid, {"Digits": pressed})
        assert phone.state in may_become(before)
        before = phone.state
        if phone.changeable() != once:
            assert pressed == "1", "only key 1 makes something hold"
    ends_well(carrier, scene, phone.call.id, phone.call.sid)


rung_by_the_line = st.tuples(
    st.sampled_from(
        [
            *[("volunteer", page) for page in (*VOLUNTEERS, "offers/key/1", "offers/key/1", "offers/ringing/1")],
            *[("peer", page) for page in (*PEERS, "who-key/1", "who-key/1")],
            *[("leg", page) for page in ("answered", "status", "machine")],
            *[("joined", page) for page in ("next", "left/1", "room")],
            ("clock", ""),
        ]
    ),
    st.sampled_from([*KEYS, "1", "1", "1"]),
    st.sampled_from([*LIVE, *LIVE, *ENDS]),
)


TAKES = [(("volunteer", "offers/key/1"), "1", "in-progress"), (("volunteer", "offers/ringing/1"), "", "in-progress")]


MEETS = [*TAKES, (("peer", "who-key/1"), "1", "in-progress")]


@settings(ANY, max_examples=8)
@given(
    sequence=st.builds(
        operator.add, st.sampled_from([[], TAKES, MEETS]), st.lists(rung_by_the_line, min_size=2, max_size=8)
    )
)
def test_a_check_in_by_a_volunteer_leads_somewhere_whatever_comes(
    app: Flask, database: Database, sequence: list[tuple[tuple[str, str], str, str]]
) -> None:
    scene, carrier = Scene(database), Carrier(app)
    scene.end_legs()
    at_any_hour(scene)
    due = DueCalls(scene, carrier)
    checkin_id = due.peer(volunteer(scene), topics="her garden")
    (ringing,) = due.rung()
    rung, said_yes = None, False
    for (who, page), key, status in sequence:
        if who == "clock":
            due.look()
        elif who == "volunteer":
            kind, _, rest = page.partition("/")
            check(
                carrier, f"/webhooks/{kind}/{ringing.token}/{rest}", ringing.sid, {"Digits": key, "CallStatus": status}
            )
        elif rung is not None:
            base = {"peer": f"checkins/{rung.call.token}", "leg": f"legs/{rung.leg_token}"}
            path = f"/webhooks/{base.get(who, f'calls/{rung.call.token}')}/{page}"
            check(carrier, path, rung.call.sid, {"Digits": key, "CallStatus": status})
            said_yes |= page.startswith("who-key") and key == "1"
        if rung is None and due.of(checkin_id)[1]:
            rung = due.peer_rung(ringing)
        assert said_yes or due.of(checkin_id)[0] != "talked", "only their own key joins them"
    if rung is not None:
        rung.leg("status", CallStatus="completed")
    due.gone(ringing)
    state, results, _ = due.of(checkin_id)
    assert (state in {"due", "waiting", "talked", "stopped", "unreached"}, None in results) == (True, False)
    with database.reading() as session:
        assert not session.scalars(select(CheckinTry).where(CheckinTry.over_at.is_(None), _made(ringing))).all()
        offer = session.get_one(Offer, ringing.offer_id)
        assert offer.released_at is not None or offer.wrap_up_until is not None
    scene.change(Checkin, checkin_id, state=CheckinState.EXPIRED)


def _made(ringing: Ringing) -> ColumnElement[bool]:
    """Tries whose volunteer pressed 1."""
    taken = select(Offer.call_id).where(Offer.id == ringing.offer_id, Offer.result == OfferResult.ACCEPTED)
    return CheckinTry.call_id.in_(taken)
