"""Whatever the carrier sends, in whatever order: a document that leads on, and rows that make sense."""

import operator
from datetime import timedelta

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from phoneline import clock, handovers, takes
from phoneline.db import Database
from phoneline.models import Call, Callback, Offer, ShiftHours
from phoneline.states import CallbackState, CallState, LegState, Role
from tests.webhooks.any_page import (
    ANY,
    CALLED_BACK,
    CALLERS,
    ENDS,
    KEYS,
    LIVE,
    MENU,
    OWN_PLANS,
    PEERS,
    PROGRAMME,
    THIRDS,
    VOLUNTEERS,
    check,
    ends_well,
    may_become,
    open_conversations,
    open_third,
)
from tests.webhooks.carrier import Carrier
from tests.webhooks.check_in_list import Lists, at_any_hour
from tests.webhooks.own_menu import AtThePhone, inside, volunteer
from tests.webhooks.promises import Promises
from tests.webhooks.scenes import Scene
from tests.webhooks.test_messages import left
from tests.webhooks.test_signed import rules

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
