"""Sends signed webhooks to the product, one exchange at a time, and says how Twilio would name its failure."""

import time
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.request_validator import RequestValidator

from phoneline.simulator.journal import Journal
from phoneline.simulator.overrides import Overrides, split

HTTP_FAILURE = 11200
NO_CONNECTION = 11205
TOO_MANY_REDIRECTS = 11215
BODY_TOO_LARGE = 11750
LONGEST_BODY = 65536
MOST_REDIRECTS = 10
POOL = 64


@dataclass(frozen=True)
class Hook:
    """Where a webhook goes."""

    url: str
    method: str = "POST"
    longest: int = LONGEST_BODY
    """So many bytes the answer may have: a document's limit, unless it is audio."""

    def __bool__(self) -> bool:
        return bool(self.url)


NOWHERE = Hook("")
"""No webhook at all."""


@dataclass(frozen=True)
class About:
    """Whom a webhook is about, for the journal."""

    leg_sid: str = ""
    number: str = ""


@dataclass(frozen=True)
class Answer:
    """What the product answered, with the address that it came from."""

    status: int
    content_type: str
    body: bytes
    url: str
    kept: bool = False
    """Whether the product allows it to be kept for good."""


class WebhookError(Exception):
    """A webhook without a usable answer; ``code`` is Twilio's, ``policy`` names what retries it falls under."""

    def __init__(self, code: int, url: str, text: str, policy: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.url = url
        self.policy = policy


class Poster:
    """One pool of connections to the product. ``timeout`` (real seconds) is Twilio's ceiling of 15."""

    def __init__(self, token: str, journal: Journal, timeout: float) -> None:
        self._signer = RequestValidator(token)
        self._journal = journal
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = False
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=4, pool_maxsize=POOL))

    def close(self) -> None:
        """Let the pooled connections go."""
        self._session.close()

    def send(self, hook: Hook, params: dict[str, str], about: About, *, synchronous: bool) -> Answer:
        """The product's answer, tried again only as the URL's overrides say. Raises WebhookError."""
        url, overrides = split(hook.url, self._timeout)
        deadline = time.monotonic() + overrides.total
        attempt = 0
        while True:
            try:
                return self._follow(replace(hook, url=url), params, about, overrides, synchronous=synchronous)
            except WebhookError as error:
                attempt += 1
                if attempt > overrides.retries or error.policy not in overrides.policies:
                    raise
                if time.monotonic() >= deadline:
                    raise

    def _follow(
        self, hook: Hook, params: dict[str, str], about: About, overrides: Overrides, *, synchronous: bool
    ) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            response = self._exchange(hook, params, about, overrides, synchronous=synchronous)
            if not response.is_redirect:
                return _checked(response, hook)
            keeps = response.status_code in {HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT}
            target = urldefrag(urljoin(hook.url, response.headers["Location"])).url
            hook = replace(hook, url=target, method=hook.method if keeps else "GET")
        raise WebhookError(TOO_MANY_REDIRECTS, hook.url, "more than ten redirects")

    def _exchange(
        self, hook: Hook, params: dict[str, str], about: About, overrides: Overrides, *, synchronous: bool
    ) -> requests.Response:
        path = urlsplit(hook.url).path
        self._note("webhook_sent", about, path=path, method=hook.method, synchronous=synchronous, params=params)
        began = time.monotonic()
        try:
            response = self._request(hook, params, (overrides.connect, overrides.read))
        except (requests.ConnectTimeout, requests.ConnectionError) as error:
            # A pooled connection that the product closed at this very moment looks the same, and is retried too.
            self._note("webhook_answered", about, path=path, status=0, seconds=time.monotonic() - began)
            raise WebhookError(NO_CONNECTION, hook.url, type(error).__name__, "ct") from error
        except requests.RequestException as error:
            self._note("webhook_answered", about, path=path, status=0, seconds=time.monotonic() - began)
            raise WebhookError(HTTP_FAILURE, hook.url, type(error).__name__, "rt") from error
        seconds = round(time.monotonic() - began, 4)
        self._note("webhook_answered", about, path=path, status=response.status_code, seconds=seconds)
        return response

    def _request(self, hook: Hook, params: dict[str, str], timeout: tuple[float, float]) -> requests.Response:
        url, form = (_with_query(hook.url, params), {}) if hook.method == "GET" else (hook.url, params)
        headers = {"X-Twilio-Signature": self.signature(url, form)}
        prepared = self._session.prepare_request(requests.Request(hook.method, url, headers=headers, data=form))
        # The library would rewrite escapes such as %7E, but what is signed is the URL as the product gave it.
        prepared.url = url
        return self._session.send(prepared, timeout=timeout, allow_redirects=False)

    def signature(self, url: str, params: dict[str, str]) -> str:
        """X-Twilio-Signature over the URL and the form. Over https Twilio leaves the port out (Twilio: security)."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        if parts.scheme == "https":
            host = host.partition(":")[0]
        signed_url = urlunsplit(parts._replace(netloc=host))
        return str(self._signer.compute_signature(signed_url, params))

    def _note(self, kind: str, about: About, **detail: object) -> None:
        self._journal.add(kind, about.leg_sid, about.number, **detail)


def _with_query(url: str, params: dict[str, str]) -> str:
    if not params:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(params)}"


def _checked(response: requests.Response, hook: Hook) -> Answer:
    status, url = response.status_code, hook.url
    if status >= HTTPStatus.BAD_REQUEST:
        policy = "5xx" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "4xx"
        raise WebhookError(HTTP_FAILURE, url, f"HTTP {status}", policy)
    if len(response.content) > hook.longest:
        raise WebhookError(BODY_TOO_LARGE, url, f"{len(response.content)} bytes")
    kept = "immutable" in response.headers.get("Cache-Control", "")
    return Answer(status, response.headers.get("Content-Type", ""), response.content, url, kept)
