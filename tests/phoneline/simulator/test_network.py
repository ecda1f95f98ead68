import subprocess
import sys
import threading

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from phoneline.simulator import Behaviour, HandsetError, Network, PlannedTextFault
from tests.phoneline.simulator.product import Product

VOICE = "/webhooks/voice"
LINE = "+14165550100"


def test_the_number_goes_where_rest_says(net: Network, client: Client, product: Product) -> None:
    [number] = client.incoming_phone_numbers.list(phone_number=LINE)
    assert number.voice_url == f"{product.url}{VOICE}"
    assert number.sid
    changed = client.incoming_phone_numbers(number.sid).update(
        voice_url=f"{product.url}/other", status_callback=f"{product.url}/ended"
    )
    assert changed.status_callback == f"{product.url}/ended"
    leg = net.handset("+14165550101").call_line()
    leg.wait_over()
    product.wait("/ended")
    assert product.to(VOICE) == []
    assert len(product.to("/other")) == 1


def test_texts_go_both_ways_and_stop_is_kept(net: Network, client: Client, product: Product) -> None:
    phone = net.handset("+14165550101")
    client.messages.create(to=phone.number, from_=LINE, body="Thinking of you.", status_callback=f"{product.url}/sms")
    assert [text.body for text in phone.inbox] == ["Thinking of you."]
    assert [form["MessageStatus"] for form in product.wait("/sms", 2)] == ["sent", "delivered"]
    sid = phone.text_line("Stop")
    [told] = product.wait("/webhooks/sms")
    assert (told["MessageSid"], told["Body"], told["From"]) == (sid, "Stop", phone.number)
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=phone.number, from_=LINE, body="Again.")
    assert refused.value.code == 21610
    phone.text_line("START")
    assert client.messages.create(to=phone.number, from_=LINE, body="Again.").sid
    assert len(client.messages.list(to=phone.number)) == 4


def test_a_telephone_does_only_what_it_can(net: Network, product: Product) -> None:
    product.answers[VOICE] = "<Pause length='600'/>"
    phone = net.handset("+14165550101", "Sam")
    for impossible in (phone.answer, phone.reject, phone.hang_up, lambda: phone.press("1"), lambda: phone.press("x")):
        with pytest.raises(HandsetError):
            impossible()
    phone.call_line()
    with pytest.raises(HandsetError):
        phone.call_line()
    with pytest.raises(ValueError, match="taken"):
        net.handset("+14165550101")


def test_stopping_leaves_nothing_behind(product: Product) -> None:
    before = set(threading.enumerate())
    product.answers[VOICE] = '<Gather timeout="600"><Say>Hello.</Say></Gather>'
    net = Network(account_sid="AC1", auth_token="t", line_number=LINE, public_url=product.url, speed=40).start()
    for n in range(20):
        net.handset(f"+141655501{n + 10}", behaviour=Behaviour(hang_up_after=500)).call_line()
    requests.get(f"{net.api_url}/simulator/state", timeout=5)
    net.stop()
    net.stop()
    ours = {thread for thread in threading.enumerate() if thread.name.startswith("simulator")}
    assert ours <= before
    product.forged.clear()  # this network's token isn't the product's


def test_many_calls_at_once(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Gather numDigits="1" action="/menu" timeout="3600"><Say>Press.</Say></Gather>'
    legs = [net.handset(f"+1416555{n:04d}").call_line() for n in range(150, 300)]
    for leg in legs:
        leg.wait_listening(timeout=60)
    for leg in legs:
        leg.press("1")
    assert {leg.wait_over(timeout=60) for leg in legs} == {"completed"}
    assert len(product.to("/menu")) == len(legs)
    assert net.app_errors() == []


def test_the_page_sees_and_works_the_phones(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Gather numDigits="1" timeout="60" action="/m"><Say language="es-ES">Hola.</Say></Gather>'
    product.answers["/m"] = "<Dial><Conference>r</Conference></Dial>"
    net.handset("+14165550101", "Sam")
    net.handset("+14165550102", "Ana", kind="volunteer")
    base = f"{net.api_url}/simulator"
    seen = requests.get(f"{base}/state", timeout=5).json()
    assert [(one["label"], one["kind"], one["state"], one["can"]) for one in seen["handsets"]] == [
        ("Sam", "peer", "idle", ["call"]),
        ("Ana", "volunteer", "idle", ["call"]),
    ]
    for one in seen["handsets"]:
        assert requests.post(f"{base}/handsets/{one['id']}/call", timeout=5).status_code == 204
        net.legs[-1].wait_listening()
        assert requests.post(f"{base}/handsets/{one['id']}/press", {"key": "1"}, timeout=5).status_code == 204
    net.legs[0].wait_in_conference(mates=1)
    news = requests.get(f"{base}/state?since={seen['version']}", timeout=5).json()
    assert news["version"] > seen["version"]
    assert [one["in_conference_with"] for one in news["handsets"]] == [["Ana"], ["Sam"]]
    assert (news["handsets"][0]["heard"][0]["text"], news["handsets"][0]["heard"][0]["language"]) == ("Hola.", "es-ES")
    busy = requests.post(f"{base}/handsets/phone-1/call", timeout=5)
    assert (busy.status_code, busy.text) == (409, "This phone is already on a call.")
    assert requests.post(f"{base}/handsets/phone-9/call", timeout=5).status_code == 404
    rebound = requests.get(f"{base}/state", headers={"Host": "elsewhere.example"}, timeout=5)
    assert rebound.status_code == 403


def test_the_page_waits_for_news(net: Network) -> None:
    phone = net.handset("+14165550101")
    version = len(net.journal)
    answers: list[int] = []
    url = f"{net.api_url}/simulator/state?since={version}"
    waiting = threading.Thread(target=lambda: answers.append(requests.get(url, timeout=10).json()["version"]))
    waiting.start()
    phone.text_line("hello")
    waiting.join()
    assert answers[0] > version


def test_a_process_of_its_own_ends_when_told() -> None:
    program = (
        "from phoneline.simulator import Network, serve\n"
        "net = Network(account_sid='AC1', auth_token='t', line_number='+14165550100', public_url='http://127.0.0.1:9')\n"
        "print(net.start().api_url, flush=True)\n"
        "serve(net)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        api_url = process.stdout.readline().strip()
        assert requests.get(f"{api_url}/simulator/state", timeout=5).json()["line_number"] == LINE
        process.terminate()
        assert process.wait(5) == 0


def test_the_timeline_is_readable(net: Network, product: Product) -> None:
    product.answers[VOICE] = "<Say>Hello.</Say>"
    net.handset("+14165550101").call_line().wait_over()
    text = net.journal_text()
    assert "said" in text
    assert "text='Hello.'" in text


def test_texts_fail_as_planned(net: Network, client: Client, product: Product) -> None:
    phone = net.handset("+14165550101")
    net.faults.text_faults = [PlannedTextFault("landline"), PlannedTextFault("lost"), PlannedTextFault("refuse")]
    for _ in range(2):
        client.messages.create(to=phone.number, from_=LINE, body="Hello.", status_callback=f"{product.url}/sms")
    told = product.wait("/sms", 3)
    assert sorted((form["MessageStatus"], form.get("ErrorCode", "")) for form in told) == [
        ("sent", ""),
        ("sent", ""),
        ("undelivered", "30006"),
    ]
    with pytest.raises(TwilioRestException):
        client.messages.create(to=phone.number, from_=LINE, body="Hello.")
    assert phone.inbox == []
    net.faults.text_faults = [PlannedTextFault("server_error_made")]
    with pytest.raises(TwilioRestException):
        client.messages.create(to=phone.number, from_=LINE, body="Hello.")
    assert len(phone.inbox) == 1


def test_advanced_opt_out_says_what_it_did(net: Network, product: Product) -> None:
    phone = net.handset("+14165550101")
    net.opt_out_handling = "advanced"
    phone.text_line("arret")
    assert product.wait("/webhooks/sms")[0]["OptOutType"] == "STOP"
    assert len(phone.inbox) == 1
    net.opt_out_handling = "off"
    phone.text_line("HELP")
    assert "OptOutType" not in product.wait("/webhooks/sms", 2)[1]
    assert len(phone.inbox) == 1
