"""Who hears which language."""

from phoneline import clock, live_settings
from phoneline.db import Database
from phoneline.models import Person
from phoneline.prompts import catalogue
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
