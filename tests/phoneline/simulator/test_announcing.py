"""The line's own way to have something said in a room, on the simulated network."""

import pytest

from phoneline.carrier import NotThereError
from phoneline.carrier.twilio import TwilioCarrier
from phoneline.simulator import Network
from tests.phoneline.simulator.conftest import ACCOUNT
from tests.phoneline.simulator.product import TOKEN, Product
from tests.phoneline.simulator.test_conferences import by_caller, room, talk
from tests.webhooks.carrier import settings


def test_everybody_in_the_room_of_that_name_hears_it_and_no_other_room_is_asked(net: Network, product: Product) -> None:
    by_caller(product, room(), room())
    product.answers["/words"] = "<Say>To both of you.</Say>"
    _, sams, _, anas = talk(net)
    account = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_URL": net.api_url}
    carrier = TwilioCarrier(settings("sqlite:///nowhere.sqlite3", **account))
    with pytest.raises(NotThereError):
        carrier.announce("loud-river", f"{product.url}/words")
    carrier.announce("quiet-river", f"{product.url}/words")
    for leg in (sams, anas):
        leg.wait_heard("to both")
    assert len(product.to("/words")) == 1
    assert sams.conference_mates() == [anas]
