"""When our own code or database fails, the carrier still gets a document, and the call's row learns of it later."""

import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from phoneline import calls, what_failed
from phoneline.documents import safe
from phoneline.identity import caller_number
from phoneline.line import Line
from phoneline.live_settings import LiveSettings
from phoneline.steps import Document
from webhooks import forms
from webhooks.twiml import answer

LATER_SECONDS = (0.5, 1, 2, 4, 8, 16, 30, 60, 120)
MOST_REMEMBERED = 1000
NOTICES = ("/status", "/room", "/recording", "/machine", "/sms", "/picked-up", "/audio", "/words")
"""Ends of addresses that ask for no document, or that nobody must hear the safe one from: a conversation goes on."""
CALLERS = ("/webhooks/voice", "/webhooks/calls/", "/webhooks/menu/")

log = structlog.get_logger()


@dataclass(frozen=True)
class Served:
    """A caller was served the safe document."""

    sid: str
    number: str | None
    at: datetime
    reached: bool = False


class Trouble:
    """Answers for views that failed, and remembers the callers concerned until the database can be told."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._served: deque[Served] = deque(maxlen=MOST_REMEMBERED)
        self._telling = threading.Lock()

    def watch(self, blueprint: Blueprint) -> None:
        blueprint.register_error_handler(Exception, self._failed)

    def _failed(self, error: Exception) -> Response | HTTPException:
        if isinstance(error, HTTPException):
            return error
        # The text of an exception may hold what was in the form.
        log.error("webhook_failed", endpoint=request.endpoint, **_told(error))
        if request.path.endswith(NOTICES):
            return Response(status=503)
        if request.path.startswith(CALLERS):
            self.served()
            number = caller_number(forms.caller_id())
            return answer(safe.for_caller(self._line.last_live, number), self._line.settings)
        return answer(self._for_other_leg(), self._line.settings)

    def _for_other_leg(self) -> Document:
        room, language = (request.view_args or {}).get("room"), self._line.safe_language
        return safe.back_to_caller(room, request.path, language) if room else safe.for_other_legs(language)

    def served(self, *, reached: bool = False) -> None:
        """The present request's caller gets the safe document; its row is told as soon as that is possible."""
        # Of whom the fallback number's leg tells, it knows the call and not the number.
        sid, number = forms.parent_sid(), None
        if not sid:
            sid, number = forms.call_sid(), caller_number(forms.caller_id())
        if sid:
            self._served.append(Served(sid, number, self._line.now, reached))
            threading.Thread(target=self._tell, name="trouble", daemon=True).start()

    def _tell(self) -> None:
        # Looked at again after the release: whoever was served in between found the door closed.
        while self._served and self._telling.acquire(blocking=False):
            try:
                if not self._tell_in_time():
                    log.error("safe_documents_not_recorded", count=len(self._served))
                    return
            finally:
                self._telling.release()

    def _tell_in_time(self) -> bool:
        """Try again and again for a few minutes. False if something is left even then."""
        for pause in LATER_SECONDS:
            time.sleep(pause)
            if self._tell_now():
                return True
        return False

    def _tell_now(self) -> bool:
        """Write down all that is remembered. False if that can't be done yet."""
        try:
            live = self._line.live
            while self._served:
                self._write_down(self._served[0], live)
                self._served.popleft()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            log.warning("safe_document_not_recorded_yet", **what_failed.facts(error))
            # One that our code stumbles over must not keep the others from it.
            self._served.rotate(-1)
            return False
        return True

    def _write_down(self, one: Served, live: LiveSettings) -> None:
        try:
            with self._line.database.transaction() as session:
                calls.safe_document_served(session, one.sid, one.number, live, one.at, reached=one.reached)
        except DataError:
            # No database takes this value, however often it is offered.
            log.error("safe_document_not_recorded")  # noqa: TRY400 - the error's text repeats the value


def _told(error: Exception) -> Mapping[str, object]:
    """What failed and where; the traceback too, but for the database's errors: their texts repeat the row's values."""
    return what_failed.facts(error) | ({} if what_failed.of_database(error) else {"exc_info": error})
