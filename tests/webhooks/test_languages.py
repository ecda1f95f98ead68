"""Who hears which language."""

from phoneline import clock, live_settings
from phoneline.db import Database
from phoneline.models import Offer, Person
from phoneline.prompts import catalogue
from phoneline.states import CallState
from tests.webhooks.carrier import Carrier
from tests.webhooks.scenes import Scene


def test_a_volunteer_hears_their_own_language_or_else_the_lines(
    carrier: Carrier, scene: Scene, database: Database
) -> None:
    with database.transaction() as session:
        live_settings.write(session, "languages", "fr,en,es", clock.now())
    for own, spoken in ((None, "fr"), ("en", "en"), ("es", "es")):
        call = scene.waiting_call()
        ringing = scene.ringing(call)
        scene.change(Person, ringing.volunteer_id, language=own)
        words = catalogue(spoken)
        assert carrier.ask(ringing.leg("answered"), ringing.sid).said == words["offer"]
        assert carrier.ask(ringing.at("key/1"), ringing.sid, Digits="2").said == words["offer_passed"]
        assert carrier.ask(ringing.leg("answered"), ringing.sid).said == words["offer_over"]


def test_a_language_chosen_in_the_first_words_is_answered_briefly_and_somebody_is_rung(
    carrier: Carrier, scene: Scene
) -> None:
    """Within ten seconds of the first word, also for whoever takes five of them to choose."""
    scene.volunteer()
    call = scene.waiting_call(state=CallState.GREETING)
    for _ in range(2):
        document = carrier.ask(call.at("menu/1"), call.sid, Digits="8")
        assert document.said == catalogue("fr")["wait_again"]
        assert len(document.said.split()) < 6
        assert "Gather" in document.verbs, "the keys of the first menu still count"
    carrier.ask(call.at("wait/1"), call.sid)
    assert scene.count(Offer) == 1


def test_who_is_slow_with_the_key_for_a_language_still_gets_it(carrier: Carrier, scene: Scene) -> None:
    scene.volunteer()
    call = scene.waiting_call()
    first = carrier.ask(call.at("wait-key/2"), call.sid, Digits="8").said
    assert catalogue("fr")["wait_first"][:30] in first
    assert scene.call(call.id).language == "fr"
    assert carrier.ask(call.at("wait-key/2"), call.sid, Digits="8").said == first, "the same request again"


def test_whose_language_is_known_keeps_it_whatever_they_press(carrier: Carrier, scene: Scene) -> None:
    scene.volunteer()
    call = scene.waiting_call()
    person_id = scene.call(call.id).person_id
    assert person_id is not None
    scene.change(Person, person_id, language="en")
    said = carrier.ask(call.at("wait-key/2"), call.sid, Digits="8").said
    assert said == catalogue("en")["wait_ways"], "a wrong key"
    assert scene.call(call.id).language == "en"


def test_the_choices_can_be_heard_in_another_language(carrier: Carrier, scene: Scene) -> None:
    call = scene.waiting_call()
    carrier.ask(call.at("wait/2"), call.sid)
    said = carrier.ask(call.at("choice/1"), call.sid, Digits="7").said
    assert said.startswith(catalogue("es")["choices_nobody"][:30])
    carrier.ask(call.at("message"), call.sid)
    carrier.ask(call.at("choice/1"), call.sid, Digits="8")
    assert scene.call(call.id).language == "es", "the recorder has begun"
