"""The line's own number, as the IncomingPhoneNumbers resource holds it."""

from dataclasses import dataclass, fields

from phoneline.simulator.poster import Hook


@dataclass
class LineNumber:
    """A number and where its calls and texts go. Field names are those of the REST resource."""

    sid: str
    phone_number: str
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"

    def point_at(self, public_url: str) -> None:
        """Send everything to a product that is reached at ``public_url``."""
        base = public_url.rstrip("/")
        self.voice_url = f"{base}/webhooks/voice"
        self.voice_fallback_url = f"{base}/webhooks/voice/fallback"
        self.status_callback = f"{base}/webhooks/voice/status"
        self.sms_url = f"{base}/webhooks/sms"

    def voice(self) -> Hook:
        """The voice URL."""
        return Hook(self.voice_url, self.voice_method)

    def fallback(self) -> Hook:
        """The voice fallback URL, empty when there is none."""
        return Hook(self.voice_fallback_url, self.voice_fallback_method)

    def status(self) -> Hook:
        """Where the end of an inbound call is told."""
        return Hook(self.status_callback, self.status_callback_method)

    def sms(self) -> Hook:
        """Where a text is told."""
        return Hook(self.sms_url, self.sms_method)


CHANGEABLE = frozenset(item.name for item in fields(LineNumber)) - {"sid", "phone_number"}
"""What a REST update may set."""
