"""Calls made by REST, through Twilio's own client."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from phoneline.simulator import Behaviour, Network
from tests.phoneline.simulator.product import Product

LINE = "+14165550100"
SAM = "+14165550101"
ALL = ["initiated", "ringing", "answered", "completed"]


def create(client: Client, product: Product, to: str = SAM, **extra: object) -> str:
    options = {
        "url": f"{product.url}/offer",
        "status_callback": f"{product.url}/progress",
        "status_callback_event": ALL,
    } | extra
    call = client.calls.create(to=to, from_=LINE, **options)
    assert call.sid
    assert str(call.status) == "queued"
    return call.sid


def test_an_answered_call_tells_its_progress(net: Network, client: Client, product: Product) -> None:
    product.answers["/offer"] = "<Say>Hello.</Say>"
    phone = net.handset(SAM, behaviour=Behaviour(answer_after=2))
    sid = create(client, product)
    told = product.wait("/progress", 4)
    assert [form["CallStatus"] for form in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in told] == ["0", "1", "2", "3"]
    assert told[3]["Direction"] == "outbound-api"
    assert phone.legs[0].transcript == ["Hello."]
    call = client.calls(sid).fetch()
    assert (str(call.status), call.to, call.direction) == ("completed", SAM, "outbound-api")
    assert call.start_time is not None
    assert net.app_errors() == []


def test_nobody_answers(net: Network, client: Client, product: Product) -> None:
    phone = net.handset(SAM)
    create(client, product, timeout=20)
    leg = phone.wait_ringing()
    assert leg.wait_over() == "no-answer"
    ended = net.journal.of("leg_ended")[0].at
    assert 20 <= ended - net.journal.of("leg_ringing")[0].at < 30
    assert product.to("/offer") == []


@pytest.mark.parametrize(
    ("behaviour", "status"), [(Behaviour(busy=True), "busy"), (Behaviour(dead="failed"), "failed")]
)
def test_how_a_call_may_fail(net: Network, client: Client, product: Product, behaviour: Behaviour, status: str) -> None:
    net.handset(SAM, behaviour=behaviour)
    create(client, product)
    assert [form["CallStatus"] for form in product.wait("/progress", 2)] == ["initiated", status]


def test_a_phone_in_use_is_busy_and_a_rejected_call_too(net: Network, client: Client, product: Product) -> None:
    product.answers["/offer"] = "<Pause length='60'/>"
    phone = net.handset(SAM)
    first = create(client, product)
    phone.wait_ringing()
    phone.answer()
    second = create(client, product)
    assert net.leg(second).wait_over() == "busy"
    phone.hang_up()
    assert net.leg(first).wait_over() == "completed"
    third = create(client, product)
    phone.wait_ringing()
    phone.reject()
    assert net.leg(third).wait_over() == "busy"


def test_a_dead_number_is_refused(net: Network, client: Client, product: Product) -> None:
    net.handset(SAM, behaviour=Behaviour(dead="refused"))
    with pytest.raises(TwilioRestException) as refused:
        create(client, product)
    assert (refused.value.status, refused.value.code) == (400, 21211)
    assert net.legs == []


def test_what_twilio_refuses(client: Client, product: Product) -> None:
    for to, from_, code in [(LINE, LINE, 21211), ("12", LINE, 21211), (SAM, SAM, 21210)]:
        with pytest.raises(TwilioRestException) as refused:
            client.calls.create(to=to, from_=from_, url=product.url)
        assert refused.value.code == code
    with pytest.raises(TwilioRestException) as refused:
        client.calls("CA" + "0" * 32).fetch()
    assert refused.value.code == 20404


def test_a_wrong_token_is_refused(net: Network, client: Client) -> None:
    client.password = "wrong"
    client.auth = ("AC" + "0" * 32, "wrong")
    with pytest.raises(TwilioRestException) as refused:
        client.calls("CA" + "0" * 32).fetch()
    assert refused.value.status == 401
    assert net.journal.of("rest_refused")[0].detail["code"] == 20003


def test_cancelling_while_queued_gives_no_callback(net: Network, client: Client, product: Product) -> None:
    net.calls_per_second = 0.001
    net.handset(SAM, behaviour=Behaviour(busy=True))
    net.handset("+14165550102")
    create(client, product)
    queued = create(client, product, to="+14165550102")
    assert str(client.calls(queued).update(status="canceled").status) == "canceled"
    product.wait("/progress", 2)
    assert queued not in {form["CallSid"] for form in product.to("/progress")}
    assert net.journal.of("leg_ringing") == []


def test_cancelling_while_ringing(net: Network, client: Client, product: Product) -> None:
    phone = net.handset(SAM)
    sid = create(client, product)
    phone.wait_ringing()
    assert str(client.calls(sid).update(status="canceled").status) == "canceled"
    phone.wait_idle()
    assert product.wait("/progress", 3)[2]["CallStatus"] == "canceled"
    for change in ({"status": "completed"}, {"status": "canceled"}, {"url": product.url}):
        with pytest.raises(TwilioRestException) as refused:
            client.calls(sid).update(**change)
        assert refused.value.code == 21220


def test_canceled_does_nothing_to_a_call_in_progress_and_completed_ends_it(
    net: Network, client: Client, product: Product
) -> None:
    product.answers["/offer"] = "<Say>Hello.</Say><Pause length='600'/>"
    phone = net.handset(SAM)
    sid = create(client, product)
    leg = phone.wait_ringing()
    phone.answer()
    leg.wait_heard("hello")
    assert str(client.calls(sid).update(status="canceled").status) == "in-progress"
    assert str(client.calls(sid).update(status="completed").status) == "completed"


def test_events_in_one_string_are_accepted_and_never_told(net: Network, client: Client, product: Product) -> None:
    net.handset(SAM, behaviour=Behaviour(answer_after=1))
    sid = create(client, product, status_callback_event="initiated completed")
    assert net.leg(sid).wait_over() == "completed"
    assert product.to("/progress") == []
    assert net.journal.of("app_error")[0].detail["code"] == 21626


def test_a_mailbox_is_found_before_the_document_is_asked(net: Network, client: Client, product: Product) -> None:
    product.answers["/offer"] = "<Pause length='60'/>"
    net.handset(SAM, behaviour=Behaviour.voicemail(answer_after=1, hang_up_after=20))
    create(client, product, machine_detection="DetectMessageEnd")
    assert product.wait("/offer")[0]["AnsweredBy"] == "machine_end_beep"
    product.wait("/progress", 4)
    answered, ended = net.journal.of("leg_answered", "leg_ended")
    assert 19 <= ended.at - answered.at < 25


def test_detection_in_the_background(net: Network, client: Client, product: Product) -> None:
    product.answers["/offer"] = "<Pause length='60'/>"
    net.handset(SAM, behaviour=Behaviour(answer_after=1))
    create(
        client,
        product,
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=f"{product.url}/verdict",
    )
    assert product.wait("/verdict")[0]["AnsweredBy"] == "human"
    assert "AnsweredBy" not in product.to("/offer")[0]


def test_sent_elsewhere_while_detection_listens(net: Network, client: Client, product: Product) -> None:
    product.answers["/elsewhere"] = "<Say>Here you are.</Say>"
    net.handset(SAM, behaviour=Behaviour(answer_after=1))
    sid = create(client, product, machine_detection="Enable")
    net.leg(sid).wait_status("in-progress")
    client.calls(sid).update(url=f"{product.url}/elsewhere")
    net.leg(sid).wait_heard("here you are")
    assert product.to("/offer") == []


def test_lists_are_filtered_and_paged(net: Network, client: Client, product: Product) -> None:
    for n in range(5):
        net.handset(f"+1416555011{n}", behaviour=Behaviour(busy=True))
        sid = create(client, product, to=f"+1416555011{n}")
        net.leg(sid).wait_over()
    assert len(client.calls.list(page_size=2)) == 5
    assert [call.to for call in client.calls.list(to="+14165550112", status="busy")] == ["+14165550112"]
    assert client.calls.list(status="queued") == []
    assert str(client.api.v2010.account.fetch().status) == "active"
