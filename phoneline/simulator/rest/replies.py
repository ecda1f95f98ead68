"""The shapes of Twilio's REST answers: errors, pages, dates."""

import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from werkzeug import Request, Response

from phoneline.simulator.pace import rfc2822

Json = dict[str, Any]
Item = TypeVar("Item")

LARGEST_PAGE = 1000
PAGE = 50


class ApiError(Exception):
    """A refusal in Twilio's form: HTTP status, Twilio's code, a message."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def response(self) -> Response:
        """The refusal as an answer."""
        body = {
            "code": self.code,
            "message": str(self),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
        return reply(body, self.status)


def reply(body: object, status: int = HTTPStatus.OK) -> Response:
    """JSON."""
    return Response(json.dumps(body), status, mimetype="application/json")


def gone() -> Response:
    """204: deleted."""
    return Response(status=HTTPStatus.NO_CONTENT)


def not_found(path: str) -> ApiError:
    """404 as Twilio words it."""
    return ApiError(HTTPStatus.NOT_FOUND, 20404, f"The requested resource {path} was not found")


def date(seconds: float | None) -> str | None:
    """A REST date, null while there is none."""
    return None if seconds is None else rfc2822(seconds)


def page(request: Request, key: str, items: Sequence[Item], show: Callable[[Item], Json]) -> Response:
    """One page of a list, with the links that Twilio's libraries follow (Twilio: REST paging)."""
    size = min(LARGEST_PAGE, max(1, request.args.get("PageSize", PAGE, type=int)))
    number = max(0, request.args.get("Page", 0, type=int))
    start = number * size
    shown = items[start : start + size]

    def link(wanted: int) -> str:
        filters = {name: value for name, value in request.args.items() if name not in {"Page", "PageSize"}}
        return f"{request.path}?{urlencode(filters | {'PageSize': size, 'Page': wanted})}"

    return reply(
        {
            key: [show(item) for item in shown],
            "page": number,
            "page_size": size,
            "start": start,
            "end": start + len(shown) - 1 if shown else start,
            "uri": link(number),
            "first_page_uri": link(0),
            "previous_page_uri": link(number - 1) if number else None,
            "next_page_uri": link(number + 1) if start + size < len(items) else None,
        }
    )


def truth(value: str) -> bool:
    """A boolean parameter."""
    return value.lower() == "true"
