"""How webhooks travel: methods, redirects, retries, audio."""

import pytest

from phoneline.simulator import Network
from phoneline.simulator.recordings import Recording
from tests.phoneline.simulator.product import Product, twiml

VOICE = "/webhooks/voice"


def test_a_get_carries_its_parameters_in_a_signed_query(net: Network, product: Product) -> None:
    product.answers[VOICE] = '<Redirect method="GET">/next?step=2</Redirect>'
    leg = net.handset("+14165550101").call_line()
    leg.wait_over()
    visit = product.visits[1]
    assert (visit.method, visit.form["step"], visit.form["CallSid"]) == ("GET", "2", leg.sid)


def test_redirects_are_followed_with_get(net: Network, product: Product) -> None:
    moved = twiml("")
    moved.status_code = 302
    moved.headers["Location"] = "/moved?to=here"
    product.answers[VOICE] = moved
    product.answers["/moved"] = "<Say>Moved.</Say>"
    leg = net.handset("+14165550101").call_line()
    leg.wait_heard("moved")
    assert [visit.method for visit in product.visits][:2] == ["POST", "GET"]


def test_endless_redirects_end(net: Network, product: Product) -> None:
    moved = twiml("")
    moved.status_code = 307
    moved.headers["Location"] = VOICE
    product.answers[VOICE] = moved
    net.handset("+14165550101").call_line().wait_over()
    assert net.journal.of("app_error")[0].detail["code"] == 11215


def test_a_server_error_is_tried_again_only_where_the_url_says_so(net: Network, product: Product) -> None:
    failed = twiml("")
    failed.status_code = 500
    answers = iter([failed, failed, twiml("<Say>Third time lucky.</Say>")])
    product.answers[VOICE] = lambda _form: next(answers)
    net.line.voice_url += "#rc=2&rp=5xx"
    net.handset("+14165550101").call_line().wait_heard("lucky")
    assert net.app_errors() == []


def test_a_product_that_takes_too_long(product: Product) -> None:
    with Network(
        account_sid="AC1",
        auth_token="a token of the tests",
        line_number="+14165550100",
        public_url=product.url,
        speed=40,
        webhook_timeout=0.2,
    ) as net:
        product.answers[VOICE] = lambda _form: _slow(net)
        product.answers["/webhooks/voice/fallback"] = "<Say>Help is here.</Say>"
        net.handset("+14165550101").call_line().wait_heard("help is here")
        assert net.journal.of("app_error")[0].detail["code"] == 11200
        assert product.to("/webhooks/voice/fallback")[0]["ErrorCode"] == "11200"


def _slow(net: Network) -> str:
    net.journal.wait(lambda event: event.kind == "app_error", 5)
    return ""


def test_audio_of_the_product_lasts_as_long_as_it_is(net: Network, product: Product) -> None:
    audio = twiml("")
    audio.set_data(Recording("RE1", "CA1", 0.0, duration=12).wav())  # larger than any document may be
    audio.content_type = "audio/wav"
    product.answers["/hello.wav"] = audio
    product.answers[VOICE] = "<Play>/hello.wav</Play><Say>After.</Say>"
    leg = net.handset("+14165550101").call_line()
    leg.wait_heard("after")
    assert leg.transcript == ["[plays /hello.wav]", "After."]
    assert leg.heard[1].at - leg.heard[0].at >= 12


@pytest.mark.parametrize(("header", "fetches"), [("public, max-age=9, immutable", 1), ("no-store", 2)])
def test_audio_that_never_changes_is_fetched_once(net: Network, product: Product, header: str, fetches: int) -> None:
    audio = twiml("")
    audio.set_data(Recording("RE1", "CA1", 0.0, duration=2).wav())
    audio.headers["Cache-Control"] = header
    product.answers["/hello.wav"] = audio
    product.answers[VOICE] = "<Play loop='1'>/hello.wav</Play><Play>/hello.wav</Play><Say>After.</Say>"
    leg = net.handset("+14165550101").call_line()
    leg.wait_heard("after")
    assert leg.heard[2].at - leg.heard[0].at >= 4
    assert len(product.to("/hello.wav")) == fetches


def test_missing_audio_is_silence_and_told(net: Network, product: Product) -> None:
    gone = twiml("")
    gone.status_code = 404
    product.answers["/gone.wav"] = gone
    product.answers[VOICE] = "<Play>/gone.wav</Play><Say>After.</Say>"
    net.handset("+14165550101").call_line().wait_heard("after")
    assert net.journal.of("app_error")[0].detail["code"] == 11200
