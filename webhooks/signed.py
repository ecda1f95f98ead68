"""Only the carrier gets in: a form POST, signed over PUBLIC_URL with one of our tokens, for our account."""

from flask import Blueprint, Response, request
from twilio.request_validator import RequestValidator

from phoneline.settings import Settings

FORM = "application/x-www-form-urlencoded"
SIGNATURE = "X-Twilio-Signature"


def guard(blueprint: Blueprint, settings: Settings) -> None:
    """Refuse everything else before any view of the blueprint runs: 415 for another body, 403 for another sender."""
    check = SignatureCheck(settings)

    def refuse() -> Response | None:
        if request.mimetype != FORM:
            return Response("A form is expected.\n", 415, mimetype="text/plain")
        if not check.holds():
            return Response("The signature doesn't fit.\n", 403, mimetype="text/plain")
        return None

    blueprint.before_request(refuse)


class _Fields(dict[str, list[str]]):
    """A form as Twilio's check asks for it first. To have it find out by trying takes longer than the check itself."""

    def getall(self, name: str) -> list[str]:
        return self[name]


class SignatureCheck:
    """Twilio's scheme; see its "Webhooks security" page. Both tokens hold while they are rotated."""

    def __init__(self, settings: Settings) -> None:
        self._public_url = settings.public_url
        self._account_sid = settings.account_sid
        self._validators = [RequestValidator(token) for token in settings.auth_tokens]

    def holds(self) -> bool:
        """Whether the present request is signed by our account's carrier. False without a token to check with."""
        signature = request.headers.get(SIGNATURE, "")
        if request.mimetype != FORM or not signature or request.form.get("AccountSid") != self._account_sid:
            return False
        # The address as the carrier knows it, never as a proxy or a Host header tells it.
        query = request.query_string.decode("ascii", "replace")
        url = self._public_url + request.path + (f"?{query}" if query else "")
        fields = _Fields(request.form.lists())
        return any(one.validate(url, fields, signature) for one in self._validators)
