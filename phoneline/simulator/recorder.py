"""Record: a beep, then whatever is said until a key, silence, the longest time or the end of the leg."""

from typing import TYPE_CHECKING

from phoneline.simulator.leg import Leg, LegOver, Redirected
from phoneline.simulator.poster import Hook
from phoneline.simulator.recordings import Recording
from phoneline.simulator.source import Source
from phoneline.simulator.twiml import Record

if TYPE_CHECKING:
    from phoneline.simulator.session import Session

BEEP_SECONDS = 1.0
READY_AFTER = 1.0
"""Virtual seconds until a recording can be fetched: the action's request comes before that (Twilio: Record docs)."""


class Take:
    """One performance of a Record verb."""

    def __init__(self, session: "Session", verb: Record) -> None:
        self._session = session
        self._verb = verb
        self._leg = session.leg
        exchange = session.exchange
        self._recording = Recording(exchange.sids.new("RE"), self._leg.sid, exchange.pace.wall())
        exchange.recordings[self._recording.sid] = self._recording
        self._began = exchange.pace.now()

    def listen(self) -> str:
        """Record until it ends; the key that ended it, or nothing. Raises LegOver, Redirected."""
        leg, verb = self._leg, self._verb
        leg.listen(verb.finish_on_key)
        with leg.changed:
            leg.recording = True
            leg.note("recording_started", recording_sid=self._recording.sid)
            self._tell("in-progress")
            if leg.script:
                leg.script.recording()
        while self._goes_on(leg.speaking_until):
            if leg.keys:
                return leg.keys.popleft()
        return ""

    def _goes_on(self, spoken: float) -> bool:
        """Wait for a key or a word; False when neither came in time. ``spoken`` is when the last word ends."""
        leg = self._leg
        return leg.sleep(self._patience(spoken), lambda: bool(leg.keys) or leg.speaking_until != spoken)

    def _patience(self, speaking_until: float) -> float:
        """Virtual seconds from now until silence or the longest time ends the recording."""
        end = self._began + self._verb.max_length
        if self._verb.timeout:
            end = min(end, max(self._began, speaking_until) + self._verb.timeout)
        return end - self._session.exchange.pace.now()

    def close(self) -> None:
        """Keep what was recorded; its callback comes a little later."""
        leg, now = self._leg, self._session.exchange.pace.now()
        leg.recording = False
        leg.listen("")
        heard_until = min(now, max(self._began, leg.speaking_until)) if self._verb.trim else now
        self._recording.duration = round(heard_until - self._began)
        # Silent recordings are kept by default, so even a trimmed one lasts a second; less than half of one isn't.
        if self._verb.trim and now - self._began >= 1:
            self._recording.duration = max(1, self._recording.duration)
        leg.note("recording_ended", recording_sid=self._recording.sid, duration=self._recording.duration)
        self._session.exchange.timers.after(READY_AFTER, self._ready)

    def _ready(self) -> None:
        exchange = self._session.exchange
        with self._leg.changed:
            self._recording.media_from = exchange.pace.now() + exchange.faults.late_media
            self._recording.status = "completed" if self._recording.duration else "absent"
            self._tell(self._recording.status)

    def _tell(self, status: str) -> None:
        """The recording's own callback (Twilio: recordingStatusCallback). Lock held."""
        if not self._verb.status_callback or status not in self._verb.status_events:
            return
        params = self._leg.params() | {
            "RecordingSid": self._recording.sid,
            "RecordingUrl": self._url(),
            "RecordingStatus": status,
            "RecordingDuration": str(self._recording.duration),
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
            "Timestamp": self._session.exchange.pace.stamp(),
        }
        hook = Hook(self._session.resolve(self._verb.status_callback), self._verb.status_method)
        self._session.exchange.callbacks.send(self._recording.sid, hook, params, self._leg.about())

    def _url(self) -> str:
        exchange = self._session.exchange
        return f"{exchange.api_url}{exchange.account_path()}/Recordings/{self._recording.sid}"

    def result(self, digits: str) -> dict[str, str]:
        """The parameters of the action's request."""
        return {
            "RecordingUrl": self._url(),
            "RecordingSid": self._recording.sid,
            "RecordingDuration": str(self._recording.duration),
            "Digits": digits,
        }


def record(session: "Session", verb: Record) -> Source:
    """Perform a Record and go on with its action. A caller who hangs up still has it requested, with Digits=hangup."""
    if verb.play_beep:
        _beep(session.leg)
    take = Take(session, verb)
    try:
        key = take.listen()
    except LegOver:
        take.close()
        session.tell(verb.action or "", verb.method, take.result("hangup"))
        raise
    except Redirected:
        take.close()
        raise
    take.close()
    return session.follow(verb.action, verb.method, take.result(key))


def _beep(leg: Leg) -> None:
    leg.note("played", beep=True)
    leg.sleep(BEEP_SECONDS)
