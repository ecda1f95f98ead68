"""Whatever the carrier sends, in whatever order: a document that leads on, and rows that make sense."""

import operator
from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, select, update

from phoneline import clock, handovers, takes
from phoneline.db import Database
from phoneline.models import Call, Callback, Checkin, CheckinTry, Handover, Offer, ShiftHours
from phoneline.states import CALL_MOVES, CallbackState, CallState, CheckinState, LegState, OfferResult, Role
from tests.webhooks.carrier import LINE_NUMBER, Carrier
from tests.webhooks.check_in_list import DueCalls, Lists, at_any_hour
from tests.webhooks.own_menu import AtThePhone, inside, volunteer
from tests.webhooks.own_plans import PeerAtThePhone
from tests.webhooks.promises import Promises
from tests.webhooks.scenes import Ringing, Scene
from tests.webhooks.test_messages import left
from tests.webhooks.test_signed import rules
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

requests = st.tuples(
    st.sampled_from(
        [
            *[("caller", page) for page in ("voice", *CALLERS)],
            *[(who, page) for who in ("first", "second") for page in VOLUNTEERS],
            *[("third", page) for page in THIRDS],
        ]
    ),
    st.sampled_from([*KEYS, "1", "1", "1"]),
    st.sampled_from([*LIVE, *LIVE, *ENDS]),
)
TAKEN = [(("first", "legs/answered"), "", "in-progress"), (("first", "offers/key/1"), "1", "in-progress")]
JOINED = [*TAKEN, (("caller", "next"), "", "in-progress")]
ASIDE = [*JOINED, (("first", "offers/stepped-out"), "", "in-progress")]
FINISHED = [*ASIDE, (("first", "offers/step-out-key/1"), "#", "in-progress")]
BRINGING = [*ASIDE, (("first", "offers/step-out-key/1"), "2", "in-progress")]
BROUGHT = [
    *BRINGING,
    (("third", "legs/answered"), "", "in-progress"),
    (("third", "handovers/key/1"), "1", "in-progress"),
]
beginnings = st.sampled_from([[], [], TAKEN, JOINED, ASIDE, FINISHED, BRINGING, BROUGHT, BROUGHT])
"""How calls mostly go; what comes then is anything."""


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


@ANY
@given(
    sequence=st.builds(operator.add, beginnings, st.lists(requests, min_size=3, max_size=12)), withheld=st.booleans()
)
def test_a_call_leads_somewhere_whatever_comes(
    app: Flask, database: Database, sequence: list[tuple[tuple[str, str], str, str]], withheld: bool
) -> None:
    scene, carrier = Scene(database), Carrier(app)
    call = scene.waiting_call(**({"number": None, "person_id": None} if withheld else {}))
    legs = {"first": scene.ringing(call), "second": scene.ringing(call)}
    scene.coordinator()
    theirs = [one.number for one in legs.values()] + ([call.number] if call.number else [])
    carrier.secret_words = frozenset(number.removeprefix("+") for number in theirs)
    before = scene.call(call.id).state
    for (who, page), key, status in sequence:
        fields = {"Digits": key, "CallStatus": status, "StatusCallbackEvent": "participant-leave"}
        if page == "voice":
            check(carrier, "/webhooks/voice", call.sid, fields | {"From": call.number or "anonymous"})
        elif who == "caller":
            check(carrier, call.at(page), call.sid, fields)
        else:
            leg = legs.get(who) or (scene.third(call) if open_third(scene, call.id) else None)
            if leg is None:
                continue
            kind, _, rest = page.partition("/")
            check(carrier, f"/webhooks/{kind}/{leg.token}/{rest}", leg.sid, fields)
        state = scene.call(call.id).state
        assert state in may_become(before)
        before = state
        talking = open_conversations(scene, call.id)
        assert len(talking) <= 1
        third = open_third(scene, call.id)
        accompanied = bool(talking) or (third is not None and handovers.is_in_room(third))
        assert accompanied == (state in {CallState.CONNECTED, CallState.ASIDE}), (state, talking)
        assert talking or state is not CallState.ASIDE
    ends_well(carrier, scene, call.id, call.sid)


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


@ANY
@given(
    pages=st.lists(st.tuples(st.sampled_from(["star", "calls/wait/1", *MENU, "key/1"]), st.sampled_from(KEYS))),
    let_in=st.booleans(),
)
def test_the_volunteers_menu_leads_somewhere_whatever_comes(
    app: Flask, database: Database, pages: list[tuple[str, str]], let_in: bool
) -> None:
    scene, carrier = Scene(database), Carrier(app)
    noor = volunteer(scene, Role.VOLUNTEER, Role.COORDINATOR)
    contact_id = left(database, clock.now())
    phone = inside(scene, carrier, noor) if let_in else AtThePhone(scene, carrier, noor.number)
    with database.transaction() as session:
        call = session.get_one(Call, phone.call.id)
        take_id = takes.begin(session, call, 1, noor.id, "goodbye", "en", clock.now()).id
        days = {"starts_at": clock.now() + timedelta(days=2), "ends_at": clock.now() + timedelta(days=2, hours=2)}
        free = ShiftHours(tier=1, **days)
        session.add(free)
        session.flush()
        hours_id = free.id
    carrier.secret_words = frozenset({noor.number.removeprefix("+"), "Example"})
    before = phone.state
    for page, key in pages:
        path = phone.call.at("menu/1" if page == "star" else page.removeprefix("calls/"))
        if page in MENU:
            path = f"/webhooks/menu/{phone.call.token}/{page}".replace("<contact_id>", contact_id)
            path = (
                path.replace("<offer_id>", "x")
                .replace("<proposal_id>", "x")
                .replace("<hours_id>", hours_id)
                .replace("<take_id>", take_id)
            )
            path = path.replace("<checkin_id>", "x").replace("<prompt>", "goodbye").replace("<language>", "en")
        check(carrier, path, phone.call.sid, {"Digits": "*" if page == "star" else key})
        assert phone.state in may_become(before)
        before = phone.state
    assert let_in or noor.id not in scene.on_shift()
    ends_well(carrier, scene, phone.call.id, phone.call.sid)


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


called_back = st.tuples(
    st.sampled_from(
        [
            *[
                ("peer", page)
                for page in (*CALLED_BACK, "who-key/1", "answered", "status", "calls/next", "calls/left/1")
            ],
            *[("volunteer", page) for page in VOLUNTEERS],
        ]
    ),
    st.sampled_from([*KEYS, "1", "1", "1"]),
    st.sampled_from([*LIVE, *LIVE, *ENDS]),
)


@settings(ANY, max_examples=10)
@given(sequence=st.lists(called_back, min_size=2, max_size=8))
def test_a_call_back_leads_somewhere_whatever_comes(
    app: Flask, database: Database, sequence: list[tuple[tuple[str, str], str, str]]
) -> None:
    scene, carrier = Scene(database), Carrier(app)
    promises = Promises(scene, carrier)
    scene.end_legs()
    ringing, peer = promises.peer_rung()
    carrier.secret_words = frozenset({str(peer.call.number).removeprefix("+")})
    for (who, page), key, status in sequence:
        fields = {"Digits": key, "CallStatus": status}
        if who == "volunteer":
            kind, _, rest = page.partition("/")
            check(carrier, f"/webhooks/{kind}/{ringing.token}/{rest}", ringing.sid, fields)
        elif page.startswith("calls/"):
            check(carrier, peer.call.at(page.removeprefix("calls/")), peer.call.sid, fields)
        else:
            check(carrier, peer.leg(page) if page in {"answered", "status"} else peer.at(page), peer.call.sid, fields)
        joined = scene.call(peer.call.id).answered_at is not None
        assert promises.states()[-1][0] in ({"joined"} if joined else {"calling", "promised", "stopped"})
    promises.ended(peer)
    carrier.ask(ringing.leg("status"), ringing.sid, CallStatus="completed")
    assert scene.call(peer.call.id).state is CallState.ENDED
    offer = scene.offer(ringing.offer_id)
    assert offer.released_at is not None or offer.wrap_up_until is not None
    with database.transaction() as session:
        session.execute(update(Callback).values(state=CallbackState.GIVEN_UP))


rung_from_a_list = st.tuples(
    st.sampled_from(
        [
            *[("peer", page) for page in (*PEERS, "who-key/1", "who-key/1")],
            *[("leg", page) for page in ("answered", "status", "machine")],
            *[("joined", page) for page in ("next", "left/1", "room")],
            *[("volunteer", page.partition("/")[2]) for page in VOLUNTEERS if page.startswith("offers/")],
            *[("volunteer", page) for page in ("list", "ringing/1")],
            *[("menu", page) for page in ("next", "call/<checkin_id>/1", "top/1")],
            ("hung up", ""),
        ]
    ),
    st.sampled_from([*KEYS, "1", "1", "1"]),
    st.sampled_from([*LIVE, *LIVE, *ENDS]),
)


@settings(ANY, max_examples=6)
@given(sequence=st.lists(rung_from_a_list, min_size=2, max_size=8))
def test_who_is_rung_from_a_list_is_led_somewhere_whatever_comes(
    app: Flask, database: Database, sequence: list[tuple[tuple[str, str], str, str]]
) -> None:
    scene, carrier = Scene(database), Carrier(app)
    scene.end_legs()
    at_any_hour(scene)
    noor = volunteer(scene)
    lists, phone = Lists(scene, carrier), inside(scene, carrier, noor)
    checkin_id = lists.peer(noor)
    rung = lists.rings(phone, checkin_id)
    carrier.secret_words = frozenset({str(rung.call.number).removeprefix("+"), "Secret"})
    said_yes = False
    base = {
        "volunteer": f"/webhooks/offers/{rung.own_token}",
        "menu": f"/webhooks/menu/{phone.call.token}",
        "peer": f"/webhooks/checkins/{rung.call.token}",
        "leg": f"/webhooks/legs/{rung.leg_token}",
        "joined": f"/webhooks/calls/{rung.call.token}",
    }
    for (who, page), key, status in sequence:
        if who == "hung up":
            phone.hang_up()
            continue
        sid = phone.call.sid if who in {"volunteer", "menu"} else rung.call.sid
        path = f"{base[who]}/{page}".replace("<checkin_id>", checkin_id)
        check(carrier, path, sid, {"Digits": key, "CallStatus": status})
        said_yes |= page.startswith("who-key") and key == "1"
        if lists.of(checkin_id)[0] == "talked":
            assert said_yes, "only their own key joins them"
    phone.hang_up()
    carrier.ask(f"/webhooks/legs/{rung.leg_token}/status", rung.call.sid, CallStatus="completed")
    assert scene.call(rung.call.id).state is CallState.ENDED
    state, results, _ = lists.of(checkin_id)
    assert (state in {"talked", "waiting", "stopped"}, None in results) == (True, False)
    with database.reading() as session:
        mine = session.scalars(select(Offer).where(Offer.volunteer_id == noor.id)).all()
        assert all(one.leg.state is LegState.ENDED and one.conversation_ended_at is not None for one in mine)


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


def test_the_pages_above_are_all_there_are(app: Flask) -> None:
    """A new page is put into the sequences above, or is named here with a reason."""
    elsewhere = {
        "voice",
        "voice/status",
        "voice/fallback",
        "voice/fallback/rung",
        "voice/fallback/heard",
        "sms",
        "legs/fallback",
        "texts/<token>/status",
        "alarms/<token>/key/<int:tries>",
        # `test_escalations` presses its keys in any order.
        "escalations/<token>/key/<int:tries>",
        # As does `test_reminders` theirs.
        "reminders/<token>/key/<int:tries>",
        # `test_practice` presses every key at every page.
        "practice/<token>/<page>/<int:number>",
        "menu/<token>/practice/<practice_id>/<page>/<int:number>",
        "announcements/<token>/words",
    }
    pages = {rule.rule.removeprefix("/webhooks/") for rule in rules(app)} - elsewhere
    known = {
        *[f"calls/<token>/{page}" for page in CALLERS],
        *[f"{page.split('/')[0]}/<token>/{page.partition('/')[2]}" for page in (*VOLUNTEERS, *THIRDS)],
        *[f"checkins/<token>/{page}" for page in PEERS],
        *[f"menu/<token>/{page}" for page in MENU],
        *[f"callbacks/<token>/{page}" for page in CALLED_BACK],
        *[f"own-plans/<token>/{page}" for page in OWN_PLANS],
        *[f"programme/<token>/{page}" for page in PROGRAMME],
    }
    assert {
        page.replace("<int:tries>", "1")
        .replace("<int:number>", "1")
        .replace("<int:step>", "1")
        .replace("<room>", "a-room")
        for page in pages
    } == {page for page in known if not page.endswith(("/2", "/5", "/22"))}
