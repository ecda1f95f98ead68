import pytest
from twilio.rest import Client

from phoneline.simulator import Behaviour, Network
from tests.phoneline.simulator.product import Product, twiml

VOICE = "/webhooks/voice"
LINE = "+14165550100"


def test_a_live_call_goes_elsewhere_from_a_gather(net: Network, client: Client, product: Product) -> None:
    product.answers[VOICE] = '<Gather action="/menu" timeout="60"><Say>Wait.</Say></Gather><Redirect>/never</Redirect>'
    product.answers["/elsewhere"] = "<Say>Here you are.</Say>"
    leg = net.handset("+14165550101").call_line()
    leg.wait_heard("wait")
    client.calls(leg.sid).update(url=f"{product.url}/elsewhere", method="POST")
    leg.wait_heard("here you are")
    assert leg.wait_over() == "completed"
    assert product.to("/menu") == product.to("/never") == []


def test_a_document_given_inline(net: Network, client: Client, product: Product) -> None:
    product.answers[VOICE] = "<Say>Wait.</Say><Pause length='600'/>"
    leg = net.handset("+14165550101").call_line()
    leg.wait_heard("wait")
    client.calls(leg.sid).update(twiml="<Response><Say>Enough.</Say></Response>")
    leg.wait_heard("enough")
    assert leg.wait_over() == "completed"


@pytest.mark.parametrize("noun", ["<Conference>room</Conference>", "<Number>+14165550102</Number>"])
def test_mid_dial_the_old_action_is_asked_and_thrown_away(
    net: Network, client: Client, product: Product, noun: str
) -> None:
    product.answers[VOICE] = f'<Dial action="/after" callerId="{LINE}">{noun}</Dial>'
    product.answers["/after"] = "<Say>Never heard.</Say>"
    product.answers["/elsewhere"] = "<Say>Here you are.</Say>"
    other = net.handset("+14165550102", behaviour=Behaviour(answer_after=1))
    leg = net.handset("+14165550101").call_line()
    net.journal.wait(lambda event: event.kind in {"conference_joined", "bridged"})
    client.calls(leg.sid).update(url=f"{product.url}/elsewhere")
    leg.wait_heard("here you are")
    assert leg.wait_over() == "completed"
    other.wait_idle()
    assert product.to("/after")[0]["DialCallStatus"] == ("answered" if "Conference" in noun else "completed")
    assert "Never heard." not in leg.transcript
    assert [visit.path for visit in product.visits].index("/after") < [visit.path for visit in product.visits].index(
        "/elsewhere"
    )


def test_a_failing_document_is_replaced_by_the_fallback(net: Network, product: Product) -> None:
    product.answers[VOICE] = failed = twiml("")
    failed.status_code = 500
    product.answers["/webhooks/voice/fallback"] = "<Say>We are still here.</Say>"
    leg = net.handset("+14165550101").call_line()
    leg.wait_heard("still here")
    [fallback] = product.to("/webhooks/voice/fallback")
    assert (fallback["ErrorCode"], fallback["ErrorUrl"]) == ("11200", f"{product.url}{VOICE}")
    assert [event.detail["code"] for event in net.journal.of("app_error")] == [11200]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("<Say>unclosed", 12100),
        ("<Say>" + "x" * 70000 + "</Say>", 11750),
    ],
)
def test_without_a_working_fallback_the_call_ends_with_an_apology(
    net: Network, product: Product, answer: str, code: int
) -> None:
    product.answers[VOICE] = answer
    net.line.voice_fallback_url = ""
    leg = net.handset("+14165550101").call_line()
    leg.wait_heard("application error")
    assert leg.wait_over() == "completed"
    assert net.journal.of("app_error")[0].detail["code"] == code


def test_a_wrong_content_type_and_an_unreachable_product(net: Network, product: Product) -> None:
    answer = twiml("<Say>Hello.</Say>")
    answer.content_type = "application/json"
    product.answers[VOICE] = answer
    net.line.voice_fallback_url = "http://127.0.0.1:9/nobody"
    leg = net.handset("+14165550101").call_line()
    assert leg.wait_over() == "completed"
    assert [event.detail["code"] for event in net.journal.of("app_error")] == [12300, 11205]


def test_plain_text_is_read_aloud(net: Network, product: Product) -> None:
    answer = twiml("")
    answer.set_data("Traceback (most recent call last)")
    answer.content_type = "text/plain"
    product.answers[VOICE] = answer
    net.handset("+14165550101").call_line().wait_heard("traceback")
    assert net.app_errors()


def test_mistakes_that_do_not_stop_the_call_are_loud(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Say speed="2">Hello.</Say><Enqueue>q</Enqueue><Say>Still here.</Say>'
    leg = net.handset("+14165550101").call_line()
    leg.wait_heard("still here")
    assert [event.detail["code"] for event in net.journal.of("app_error")] == [12200, 12200]


def test_a_rejected_caller_is_never_answered(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Reject reason="busy"/>'
    leg = net.handset("+14165550101").call_line()
    assert leg.wait_over() == "busy"
    assert net.journal.of("leg_answered") == []


def test_double_requests_use_the_second_answer(net: Network, product: Product) -> None:
    net.faults.double_requests = True
    answers = iter(["<Say>One.</Say>", "<Say>Two.</Say>"])
    product.answers[VOICE] = lambda _form: next(answers)
    leg = net.handset("+14165550101").call_line()
    leg.wait_over()
    assert leg.transcript == ["Two."]
