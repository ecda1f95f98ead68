import io
import wave

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from phoneline.simulator import Behaviour, Network
from tests.phoneline.simulator.product import TOKEN, Product

VOICE = "/webhooks/voice"
RECORD = '<Record action="/done" recordingStatusCallback="/kept" finishOnKey="#" trim="do-not-trim" {}/>'


def test_a_caller_who_hangs_up_still_leaves_a_message(net: Network, client: Client, product: Product) -> None:
    product.answers[VOICE] = RECORD.format('timeout="10"')
    leg = net.handset("+14165550101", behaviour=Behaviour(message_seconds=25)).call_line()
    [done] = product.wait("/done")
    assert done["Digits"] == "hangup"
    assert done["CallStatus"] == "completed"
    [kept] = product.wait("/kept")
    assert (kept["RecordingStatus"], kept["CallSid"]) == ("completed", leg.sid)
    assert 24 <= int(kept["RecordingDuration"]) <= 28
    sound = requests.get(kept["RecordingUrl"] + ".wav", auth=(net.account_sid, TOKEN), timeout=5)
    with wave.open(io.BytesIO(sound.content)) as file:
        assert file.getnframes() == file.getframerate() * int(kept["RecordingDuration"])
    assert requests.get(kept["RecordingUrl"] + ".mp3", timeout=5).headers["Content-Type"] == "audio/mpeg"
    assert [recording.sid for recording in client.recordings.list(call_sid=leg.sid)] == [kept["RecordingSid"]]
    client.recordings(kept["RecordingSid"]).delete()
    with pytest.raises(TwilioRestException) as gone:
        client.recordings(kept["RecordingSid"]).fetch()
    assert gone.value.status == 404
    assert net.app_errors() == []


def test_the_finishing_key_ends_it_and_others_do_not(net: Network, product: Product) -> None:
    product.answers[VOICE] = RECORD.format("")
    phone = net.handset("+14165550101")
    leg = phone.call_line()
    net.journal.wait(lambda event: event.kind == "recording_started")
    phone.press("1#")
    assert product.wait("/done")[0]["Digits"] == "#"
    assert leg.wait_over() == "completed"


def test_silence_ends_it_and_speech_delays_that(net: Network, product: Product) -> None:
    product.answers[VOICE] = RECORD.format('timeout="4"')
    phone = net.handset("+14165550101")
    phone.call_line()
    net.journal.wait(lambda event: event.kind == "recording_started")
    phone.speak(20)
    done = product.wait("/done")[0]
    assert done["Digits"] == ""
    assert 23 <= int(done["RecordingDuration"]) <= 30


def test_the_longest_time_ends_it(net: Network, product: Product) -> None:
    product.answers[VOICE] = RECORD.format('timeout="60" maxLength="5"')
    net.handset("+14165550101").call_line()
    assert 5 <= int(product.wait("/done")[0]["RecordingDuration"]) <= 8


def test_a_recording_is_told_later_than_its_action(net: Network, product: Product) -> None:
    product.answers[VOICE] = RECORD.format('maxLength="2" recordingStatusCallbackEvent="in-progress completed"')
    net.handset("+14165550101").call_line()
    assert [form["RecordingStatus"] for form in product.wait("/kept", 2)] == ["in-progress", "completed"]
    paths = [visit.path for visit in product.visits]
    assert paths.index("/done") < len(paths) - 1 - paths[::-1].index("/kept")


def test_redirected_away_from_a_recorder(net: Network, client: Client, product: Product) -> None:
    product.answers[VOICE] = RECORD.format('timeout="0" recordingStatusCallbackEvent="completed absent"')
    product.answers["/elsewhere"] = "<Say>Somebody is here after all.</Say>"
    leg = net.handset("+14165550101").call_line()
    net.journal.wait(lambda event: event.kind == "recording_started")
    client.calls(leg.sid).update(url=f"{product.url}/elsewhere")
    leg.wait_heard("after all")
    product.wait("/kept")
    assert product.to("/done") == []
