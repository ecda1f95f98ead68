from datetime import UTC, datetime, timedelta
from itertools import permutations, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline.documents import callback, caller, checkin, closed, handover, safe, turned_away, volunteer
from phoneline.home import Home
from phoneline.live_settings import LANGUAGES, LiveSettings
from phoneline.models import Call, Leg, Person
from phoneline.prompts import catalogue, say, speaking_seconds
from phoneline.states import Direction
from phoneline.steps import Ask, Document, Go, HangUp, Join, Pause, Record, Ring, Say
from tests.webhooks.carrier import CALLER, LINE_NUMBER, settings
from tests.webhooks.twiml import Twiml
from tests.words import heard
from webhooks.twiml import render

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SETTINGS = settings("sqlite:///nowhere.sqlite3")
LINES = [chosen for count in (1, 2, 3) for chosen in permutations(LANGUAGES, count)]
BEFORE_FIRST_OFFER_SECONDS = 10
WITHHELD = None
PEER, BOTH = caller.OwnKeys(is_peer=True), caller.OwnKeys(is_peer=True, something_on=True)
UTC_ZONE = ZoneInfo("UTC")
WITH_FALLBACK = LiveSettings(home=Home(fallback_number="+14165550142"))


def a_call(language: str = "en", number: str | None = CALLER, waited: float = 0, wait_round: int = 1) -> Call:
    return Call(
        token="token",
        language=language,
        number=number,
        started_at=NOW,
        room="room",
        wait_began_at=NOW - timedelta(seconds=waited),
        wait_round=wait_round,
    )


def person(language: str = "en") -> Person:
    return Person(name="Sam Example", language=language, created_at=NOW)


def longest(document: Document) -> float:
    """Seconds until the document is through when nobody presses a key."""
    seconds = 0.0
    for step in document:
        match step:
            case Ask(prompts, _, silence):
                seconds += speaking_seconds(tuple(prompts)) + silence
            case Say():
                seconds += speaking_seconds((step,))
            case Pause(length):
                seconds += length
            case _:
                pass
    return seconds


def documents(language: str, number: str | None, tries: int) -> dict[str, Document]:
    """One of every kind that is ever rendered."""
    call = a_call(language, number)
    return {**_to_callers(call, tries), **_to_peers(call, tries), **_to_the_team(call, tries), **_when_we_fail()}


def _to_callers(call: Call, tries: int) -> dict[str, Document]:
    live, language, number = LiveSettings(), call.language, call.number
    return {
        "greeting": caller.greeting(call, live, knows_language=False, tries=tries),
        "greeting of a known caller": caller.greeting(call, live, knows_language=True, tries=tries),
        "greeting of a known peer": caller.greeting(
            call, live, knows_language=True, own=caller.OwnKeys(is_peer=True), tries=tries
        ),
        **{f"wait turn {turn}": caller.waiting(call, turn, live, NOW) for turn in range(1, 8)},
        "choices": caller.choices(call, live, somebody_on_shift=True, tries=tries),
        "choices, nobody there": caller.choices(call, live, somebody_on_shift=False, tries=tries),
        "a language chosen": caller.language_chosen(call, tries),
        "greeting, closed": caller.greeting(
            call, live, knows_language=False, closed=closed.greeting(call, NOW + timedelta(days=2), UTC_ZONE)
        ),
        "greeting, closed for good": caller.greeting(
            call, live, knows_language=True, closed=closed.greeting(call, None, UTC_ZONE)
        ),
        "closed": closed.choices(call, live, tries),
        "closed, somebody to ring": closed.choices(call, WITH_FALLBACK, tries),
        "passing on": closed.passing_on(call, "+14165550142"),
        "passed on": closed.passed_on(call, live),
        "nobody there": closed.nobody_there(call, live),
        "recorder": caller.recorder(call, live),
        "recorded": caller.recorded(call),
        "call-back": caller.callback_promised(call, live),
        "call-back, of a peer": caller.callback_promised(
            Call(token="token", language=language, number=number, direction=Direction.OUTBOUND), live
        ),
        "where to call back": callback.ask_number(call, tries),
        "who, called back": callback.who(call, tries),
        "later, called back": callback.ending("callback_later", call),
        "join": caller.join(call),
        "aside": caller.aside(call),
        "left": caller.left(call, tries),
        "goodbye": caller.goodbye(call),
        "blocked": turned_away.blocked(call, live),
        "used up": turned_away.used_up(call, live),
        "used up, once more": turned_away.message_or_goodbye(call, tries),
    }


def _to_peers(call: Call, tries: int) -> dict[str, Document]:
    peer = person(call.language)
    return {
        "who": checkin.who(call, peer, may_snooze=True, names_line=True, tries=tries),
        "who, the last": checkin.who(call, peer, may_snooze=False, names_line=True, tries=tries),
        "who, discreetly": checkin.who(call, peer, may_snooze=True, names_line=False, tries=tries),
        "menu": checkin.menu(call, somebody_there=True, may_snooze=True, line_number=LINE_NUMBER, tries=tries),
        "menu, the last": checkin.menu(call, somebody_there=False, may_snooze=False, line_number="", tries=tries),
        "later": checkin.later(call, "noon", tries),
        "later, refused": checkin.later(call, "noon", checkin.MOST_TIMES + 1, "checkin_time_quiet"),
        "fine": checkin.fine(call, "noon"),
        "fine, and nothing planned": checkin.fine(call, None),
        "a machine": checkin.message(call, peer),
        "perhaps a machine": checkin.listening(call),
        "check-in over": checkin.ending("checkin_over", call),
    }


def _to_the_team(call: Call, tries: int) -> dict[str, Document]:
    live, language, leg = LiveSettings(), call.language, Leg(token="leg")
    return {
        "the volunteer waits": callback.ringing(leg, language, tries),
        "still ringing": callback.ringing(leg, language, 5),
        "rung by hand": callback.ringing(leg, language, tries, "Mika"),
        "offer": volunteer.screening(leg, say("offer_checkin", language, name="Mika"), live, tries),
        "offer over": volunteer.ending("offer_taken", language),
        "volunteer joins": volunteer.join(leg, call),
        "joins while somebody is rung": caller.join(call, third_is_rung=True),
        "stepped out": volunteer.step_out(leg, language, ["nobody_came", "step_out_bring"], tries),
        "bring whom": volunteer.bring_whom(leg, language, tries),
        "asked to join": handover.screening(leg, language, live, tries),
        "third party joins": handover.join(leg, call, language),
        "third party waits": handover.hold(leg, language),
        "outcome": volunteer.outcome(leg, language, tries),
    }


def _when_we_fail() -> dict[str, Document]:
    live = LiveSettings()
    return {
        "safe": safe.for_caller(live, None),
        "safe, somebody to ring": safe.for_caller(WITH_FALLBACK, CALLER),
        "crisis numbers": safe.crisis_numbers(live, None),
        "back to the caller": safe.back_to_caller("room", "/webhooks/offers/leg/stepped-out/room", "en"),
        "another leg failed": safe.for_other_legs("en"),
    }


EVERY = pytest.mark.parametrize(
    ("language", "number", "tries"),
    list(product(LANGUAGES, (CALLER, WITHHELD), (1, 2))),
    ids=lambda value: "withheld" if value is WITHHELD else str(value).replace(CALLER, "known"),
)


@EVERY
def test_every_document_is_valid_and_leads_on(language: str, number: str | None, tries: int) -> None:
    for name, document in documents(language, number, tries).items():
        assert isinstance(document[-1], HangUp | Go | Join), name
        rendered = Twiml(render(document, SETTINGS))
        assert rendered.leads_on, name
        assert len(rendered.verbs) == len(document)
        assert all(address.startswith(f"{SETTINGS.public_url}/webhooks/") for address in rendered.addresses), name


@EVERY
def test_nothing_in_a_document_comes_after_its_end(language: str, number: str | None, tries: int) -> None:
    for name, document in documents(language, number, tries).items():
        assert not [step for step in document[:-1] if isinstance(step, HangUp | Go | Join)], name


@pytest.mark.parametrize("languages", LINES, ids=",".join)
def test_before_the_first_offer_a_caller_hears_at_most_ten_seconds(languages: tuple[str, ...]) -> None:
    live = LiveSettings(languages=languages)
    document = caller.greeting(a_call(languages[0], WITHHELD), live, knows_language=False)
    assert longest(document) <= BEFORE_FIRST_OFFER_SECONDS
    for own, known in product((PEER, BOTH, caller.OwnKeys(something_on=True)), (True, False)):
        with_keys = caller.greeting(a_call(languages[0]), live, knows_language=known, own=own)
        assert longest(with_keys) <= BEFORE_FIRST_OFFER_SECONDS
        asked = with_keys[0]
        assert isinstance(asked, Ask)
        assert asked.silence_seconds >= 2, "to find the key"
        assert len(asked.prompts) > 1 or not known
    first = document[0]
    assert isinstance(first, Ask)
    assert [prompt.language for prompt in first.prompts] == list(languages)


@pytest.mark.parametrize("languages", LINES, ids=",".join)
def test_the_keys_spoken_for_the_other_languages_are_those_that_choose_them(languages: tuple[str, ...]) -> None:
    live = LiveSettings(languages=languages)
    keys = caller.language_keys(live)
    assert keys == dict(zip(("8", "7"), languages[1:], strict=False))
    first = caller.greeting(a_call(languages[0]), live, knows_language=False)[0]
    assert isinstance(first, Ask)
    assert {language: key for key, language in keys.items()} == {
        prompt.language: key for prompt in first.prompts[1:] for key in ("8", "7") if key in prompt.text
    }


@EVERY
def test_outside_the_hours_at_most_four_choices_are_spoken(language: str, number: str | None, tries: int) -> None:
    first = closed.choices(a_call(language, number), WITH_FALLBACK, tries)[0]
    assert isinstance(first, Ask)
    assert len(first.prompts) == 4, "the crisis numbers, and a choice in each other prompt"


def test_a_known_caller_is_offered_no_other_language() -> None:
    first = caller.greeting(a_call("fr"), LiveSettings(), knows_language=True)[0]
    assert isinstance(first, Ask)
    assert [prompt.language for prompt in first.prompts] == ["fr"]


turns = st.integers(1, 40)
caps = st.integers(1, 600)


@given(
    turns, caps, st.floats(0, 700), st.sampled_from(LANGUAGES), st.sampled_from([CALLER, WITHHELD]), st.integers(1, 3)
)
def test_a_wait_turn_lasts_no_longer_than_what_is_left_of_the_cap(
    turn: int, cap: int, waited: float, language: str, number: str | None, wait_round: int
) -> None:
    live = LiveSettings(wait_cap_seconds=cap)
    document = caller.waiting(a_call(language, number, waited, wait_round), turn, live, NOW)
    left = max(0.0, cap - waited)
    assert longest(document) <= left + 1
    first = document[0]
    assert isinstance(first, Ask)
    assert first.silence_seconds >= 1, "no time for a key"
    assert document[1] == Go(f"/webhooks/calls/token/wait/{turn + 1}")


@given(turns, st.sampled_from(LANGUAGES), st.sampled_from([CALLER, WITHHELD]))
def test_the_ways_out_are_named_soon_and_again(turn: int, language: str, number: str | None) -> None:
    """In any three turns one after another a caller hears how to leave a message."""
    live = LiveSettings(wait_cap_seconds=7 * 24 * 3600)
    spoken = [
        prompt.text
        for one in range(turn, turn + 3)
        for step in caller.waiting(a_call(language, number), one, live, NOW)
        if isinstance(step, Ask)
        for prompt in step.prompts
    ]
    assert catalogue(language)["wait_ways"] in spoken


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_withholds_their_number_keys_in_one_and_is_not_told_that_we_see_it(language: str) -> None:
    asked = Twiml(render(documents(language, WITHHELD, 1)["where to call back"], SETTINGS))
    gather = asked.root.find("Gather")
    assert gather is not None
    assert (gather.get("numDigits"), gather.get("finishOnKey")) == (None, "#")
    promised = [Twiml(render(documents(language, one, 1)["call-back"], SETTINGS)).said for one in (CALLER, WITHHELD)]
    assert promised == [catalogue(language)[key] for key in ("callback_promised", "callback_promised_keyed")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_key_takes_a_call(language: str) -> None:
    """Silence, a machine's greeting or an error fall through to the end of the leg, never into the room."""
    for tries in (1, 2):
        document = volunteer.screening(Leg(token="leg"), say("offer", language), LiveSettings(), tries)
        assert [type(step) for step in document] == [Ask, HangUp]


def test_the_callers_leg_ends_the_room_and_the_volunteers_leaves_it_by_star() -> None:
    (theirs,) = caller.join(a_call())
    (ours,) = volunteer.join(Leg(token="leg"), a_call())
    assert isinstance(theirs, Join)
    assert isinstance(ours, Join)
    assert (theirs.room, theirs.ends_room, theirs.star_leaves) == ("room", True, False)
    assert (ours.room, ours.ends_room, ours.star_leaves) == ("room", False, True)


def test_nobody_is_sent_into_a_room_that_is_not_there() -> None:
    call = Call(token="token", language="en")
    with pytest.raises(ValueError, match="doesn't have"):
        caller.join(call)
    with pytest.raises(ValueError, match="doesn't have"):
        volunteer.join(Leg(token="leg"), call)


def test_a_message_is_recorded_as_the_interface_says() -> None:
    record = Twiml(render(caller.tone(a_call(), LiveSettings()), SETTINGS)).root.find("Record")
    assert record is not None
    wanted = {"finishOnKey": "#", "timeout": "10", "maxLength": "180", "playBeep": "true", "trim": "do-not-trim"}
    assert wanted.items() <= record.attrib.items()


def test_the_safe_document_rings_and_its_last_words_are_the_crisis_numbers() -> None:
    for number, live in ((None, LiveSettings()), ("+14165550142", WITH_FALLBACK)):
        document = safe.for_caller(live, CALLER)
        said = [step.text for step in document if isinstance(step, Say)]
        assert said[-1] == heard("crisis_numbers")
        assert [step.number for step in document if isinstance(step, Ring)] == ([number] if number else [])


def test_the_fallback_number_sees_the_line_and_not_the_caller() -> None:
    dial = Twiml(render(safe.for_caller(WITH_FALLBACK, CALLER), SETTINGS)).root.find("Dial")
    assert dial is not None
    assert dial.get("callerId") == SETTINGS.line_number


def test_a_recorder_that_hears_nothing_ends_kindly() -> None:
    document = caller.tone(a_call(), LiveSettings())
    assert [type(step) for step in document] == [Record, Go]
    assert document[-1] == Go("/webhooks/calls/token/recorded")
