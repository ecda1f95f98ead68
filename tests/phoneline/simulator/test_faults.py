import time

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from phoneline.simulator import Behaviour, Faults, Network, PlannedFault
from tests.phoneline.simulator.product import Product, twiml

LINE = "+14165550100"
SAM = "+14165550101"
ALL = ["initiated", "ringing", "answered", "completed"]


def create(client: Client, product: Product, to: str = SAM) -> str:
    call = client.calls.create(
        to=to,
        from_=LINE,
        url=f"{product.url}/offer",
        status_callback=f"{product.url}/progress",
        status_callback_event=ALL,
    )
    assert call.sid
    return call.sid


def test_callbacks_come_twice(net: Network, client: Client, product: Product) -> None:
    net.faults.double_callbacks = True
    net.handset(SAM, behaviour=Behaviour(answer_after=1))
    create(client, product)
    told = [form["SequenceNumber"] for form in product.wait("/progress", 8)]
    assert sorted(told) == sorted("00112233")


def test_callbacks_come_in_another_order(net: Network, client: Client, product: Product) -> None:
    net.faults = Faults(shuffle_callbacks=True, max_delay=20)
    for n in range(6):
        net.handset(f"+1416555011{n}", behaviour=Behaviour(answer_after=1))
        create(client, product, f"+1416555011{n}")
    told = product.wait("/progress", 24)
    orders = {sid: [form["SequenceNumber"] for form in told if form["CallSid"] == sid] for sid in net_sids(net)}
    assert all(sorted(order) == list("0123") for order in orders.values())
    assert any(order != list("0123") for order in orders.values())


def net_sids(net: Network) -> list[str]:
    return [leg.sid for leg in net.legs]


def test_callbacks_are_lost(net: Network, client: Client, product: Product) -> None:
    net.faults.lose_callbacks = 1.0
    net.handset(SAM, behaviour=Behaviour(answer_after=1))
    sid = create(client, product)
    assert net.leg(sid).wait_over() == "completed"
    assert len(net.journal.of("callback_lost")) == 4
    assert product.to("/progress") == []


def test_a_callback_that_fails_is_an_error_of_the_products(net: Network, client: Client, product: Product) -> None:
    failed = twiml("")
    failed.status_code = 500
    product.answers["/progress"] = failed
    net.handset(SAM, behaviour=Behaviour(busy=True))
    create(client, product)
    assert net.journal.wait(lambda event: event.kind == "app_error").detail["code"] == 15003


@pytest.mark.parametrize(("fault", "made"), [("server_error", False), ("server_error_made", True)])
def test_creates_that_fail(net: Network, client: Client, product: Product, fault: str, *, made: bool) -> None:
    net.handset(SAM)
    net.faults.create_faults = [fault]  # type: ignore[list-item] # a parameter's type is wider
    with pytest.raises(TwilioRestException) as failed:
        create(client, product)
    assert failed.value.status == 500
    assert [leg.to for leg in net.legs] == ([SAM] if made else [])
    assert create(client, product)


def test_a_create_that_is_refused_for_one_number_only(net: Network, client: Client, product: Product) -> None:
    net.handset(SAM)
    net.faults.create_faults = [PlannedFault("refuse", to="+14165550102")]
    assert create(client, product)
    with pytest.raises(TwilioRestException) as refused:
        create(client, product, "+14165550102")
    assert refused.value.code == 21211


@pytest.mark.parametrize(("fault", "made"), [("hang", False), ("hang_made", True)])
def test_creates_that_hang(net: Network, client: Client, product: Product, fault: str, *, made: bool) -> None:
    phone = net.handset(SAM)
    net.faults.create_faults = lambda _to: fault  # type: ignore[assignment,return-value] # a parameter's type is wider
    with pytest.raises(requests.ReadTimeout):
        create(client, product)
    assert len(net.legs) == (1 if made else 0)
    if made:
        phone.wait_ringing()
    began = time.monotonic()
    net.stop()
    assert time.monotonic() - began < 2


def test_rest_is_down(net: Network, client: Client, product: Product) -> None:
    net.faults.rest_down = "unavailable"
    with pytest.raises(TwilioRestException) as down:
        create(client, product)
    assert down.value.status == 503
    net.faults.rest_down = "reset"
    with pytest.raises(requests.ConnectionError):
        create(client, product)
    net.faults.rest_down = ""
    assert create(client, product)


def test_rest_is_slow(net: Network, client: Client) -> None:
    net.faults.slow_rest = 0.2
    began = time.monotonic()
    assert client.calls.list() == []
    assert time.monotonic() - began >= 0.2
