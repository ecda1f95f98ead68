"""What all REST requests to the carrier have in common: how they can fail, and dates."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException

from phoneline.carrier import BusyError, CarrierError, NotThereError, RefusedError, UnknownError

_NOT_THERE = 404
_TOO_MANY = 429
_SERVER_ERROR = 500
_TIMEOUTS = frozenset({408, 425})


@contextmanager
def errors_told_apart() -> Iterator[None]:
    """Twilio's and requests' exceptions as ours. Their own texts hold phone numbers and go no further."""
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise error_of(error.status, f"the carrier answered {error.status}, code {error.code}", error.code) from None
    except requests.exceptions.ConnectTimeout:
        message = "the carrier couldn't be reached in time"
        raise BusyError(message) from None
    except requests.exceptions.ConnectionError as error:
        if _never_connected(error):
            message = "the carrier couldn't be reached"
            raise BusyError(message) from None
        message = "the connection to the carrier broke"
        raise UnknownError(message) from None
    except (requests.exceptions.RequestException, TwilioException, ValueError) as error:
        message = f"the carrier's answer could not be had or read ({type(error).__name__})"
        raise UnknownError(message) from None


def error_of(status: int, message: str, code: int | None = None) -> CarrierError:
    """What an answer with this HTTP status means for us."""
    if status == _TOO_MANY:
        return BusyError(message)
    if status >= _SERVER_ERROR or status in _TIMEOUTS:
        return UnknownError(message)
    return NotThereError(message, code) if status == _NOT_THERE else RefusedError(message, code)


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """Whether the request certainly never left: urllib3 says so by the reason it gives up with."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


def utc(value: datetime | str | None) -> datetime | None:
    """A date of the carrier's as ours; None where it gives none."""
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
