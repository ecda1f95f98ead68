import pytest

from phoneline.simulator import Behaviour, Network, Press
from tests.phoneline.simulator.product import Product

VOICE = "/webhooks/voice"


def test_a_key_reaches_the_action_and_the_number_hears_of_the_end(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Gather numDigits="1" action="/menu?a=b&amp;c=%7E"><Say>To talk, press 1.</Say></Gather>'
    product.answers["/menu"] = '<Say language="fr-CA">Bonjour.</Say>'
    phone = net.handset("+14165550101", "Sam")
    leg = phone.call_line()
    assert leg.wait_heard("press 1") == "To talk, press 1."
    phone.press("1")
    leg.wait_heard("bonjour")
    assert leg.wait_over() == "completed"
    assert product.to("/menu")[0]["Digits"] == "1"
    first = product.to(VOICE)[0]
    assert (first["CallStatus"], first["Direction"], first["From"]) == ("ringing", "inbound", phone.number)
    [end] = product.wait("/webhooks/voice/status")
    assert (end["CallStatus"], end["CallSid"], end["SequenceNumber"]) == ("completed", leg.sid, "0")
    assert end["CallbackSource"] == "call-progress-events"
    assert int(end["CallDuration"]) >= 1
    assert net.journal.of("said")[-1].detail["language"] == "fr-CA"
    assert net.app_errors() == []


def test_silence_falls_through_without_a_request(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Gather action="/menu" timeout="2"><Say>Press.</Say></Gather><Say>Nobody pressed.</Say>'
    leg = net.handset("+14165550101").call_line()
    leg.wait_heard("nobody pressed")
    assert leg.wait_over() == "completed"
    assert product.to("/menu") == []
    opened, closed = net.journal.of("gather_opened", "gather_closed")
    assert closed.at - opened.at >= 2


def test_silence_is_told_where_the_document_wants_it(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Gather action="/menu" timeout="1" actionOnEmptyResult="true"/>'
    net.handset("+14165550101").call_line()
    assert product.wait("/menu")[0]["Digits"] == ""


@pytest.mark.parametrize(
    ("attributes", "keys", "digits"),
    [
        ('numDigits="1" finishOnKey=""', "#", "#"),
        ('numDigits="1" finishOnKey=""', "*", "*"),
        ("", "1234#", "1234"),
        ('finishOnKey="*"', "12*", "12"),
        ('numDigits="2"', "123", "12"),
        ('timeout="1"', "7", "7"),
    ],
)
def test_what_ends_a_gather(net: Network, product: Product, attributes: str, keys: str, digits: str) -> None:
    product.answers[VOICE] = f'<Gather action="/menu" {attributes}><Say>Now.</Say></Gather>'
    phone = net.handset("+14165550101")
    phone.call_line().wait_listening(keys[0])
    phone.press(keys)
    assert product.wait("/menu")[0]["Digits"] == digits


def test_the_finishing_key_alone_never_arrives(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Gather action="/menu" numDigits="1"/><Say>Fell through.</Say>'
    phone = net.handset("+14165550101")
    leg = phone.call_line()
    leg.wait_listening("#")
    phone.press("#")
    leg.wait_heard("fell through")
    assert product.to("/menu") == []


def test_a_key_cuts_the_prompt_short(net: Network, product: Product) -> None:
    long = "word " * 400
    product.answers[VOICE] = f'<Gather action="/menu" numDigits="1"><Say>{long}</Say><Say>Never said.</Say></Gather>'
    product.answers["/menu"] = "<Say>Quick.</Say>"
    phone = net.handset("+14165550101")
    leg = phone.call_line()
    leg.wait_heard("word")
    phone.press("1")
    leg.wait_heard("quick")
    assert "Never said." not in leg.transcript


def test_without_an_action_the_same_document_is_asked_again(net: Network, product: Product) -> None:
    product.answers[VOICE] = lambda form: "<Hangup/>" if form.get("Digits") == "5" else '<Gather numDigits="1"/>'
    phone = net.handset("+14165550101")
    leg = phone.call_line()
    leg.wait_listening()
    phone.press("5")
    assert leg.wait_over() == "completed"
    assert len(product.to(VOICE)) == 2


def test_a_key_that_nothing_listens_for_has_no_effect(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Say>Listen first.</Say><Pause length="2"/><Gather action="/menu" timeout="1"/>'
    phone = net.handset("+14165550101")
    leg = phone.call_line()
    leg.wait_heard("listen first")
    phone.press("1")
    assert leg.wait_over() == "completed"
    assert product.to("/menu") == []
    assert net.journal.of("digits")[0].detail["dropped"]


def test_a_script_presses_what_it_hears(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Gather action="/two" numDigits="1"><Say>First question.</Say></Gather>'
    product.answers["/two"] = '<Gather action="/three" numDigits="2"><Say>Second question.</Say></Gather>'
    product.answers["/three"] = "<Say>Thank you, goodbye.</Say><Pause length='60'/>"
    presses = (Press("1", "first"), Press("42", "second", after=2))
    phone = net.handset("+14165550101", behaviour=Behaviour(presses=presses, hang_up_on_hearing="goodbye"))
    leg = phone.call_line()
    assert leg.wait_over() == "completed"
    assert product.to("/three")[0]["Digits"] == "42"
    assert net.journal.of("leg_ended")[0].detail["by"] == "handset"


def test_impatient_caller_hangs_up_before_any_answer(net: Network, product: Product) -> None:
    product.answers[VOICE] = "<Pause length='60'/><Say>Hello.</Say>"
    leg = net.handset("+14165550101", behaviour=Behaviour(hang_up_after=1)).call_line("anonymous")
    assert leg.wait_over() == "no-answer"
    [end] = product.wait("/webhooks/voice/status")
    assert (end["CallStatus"], end["From"], end["CallDuration"]) == ("no-answer", "anonymous", "0")
    assert net.journal.of("leg_ended")[0].number == "+14165550101"
