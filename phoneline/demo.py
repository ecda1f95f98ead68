"""`phoneline demo`: the whole line on one machine, with invented people and simulated phones.

Everything it keeps lies under `instance/demo/`; no setting of a real line is read or changed.
"""

import csv
import io
import os
import secrets
import socket
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import accounts, clock, demo_day, demo_programme, live_settings, logins, people
from phoneline.crypto import open_vault
from phoneline.db import Database
from phoneline.migrate import upgrade
from phoneline.models import Account, CheckinPlan
from phoneline.queue_server import QueueServer
from phoneline.run import keep_running, make_missing
from phoneline.settings import INSTANCE, SIMULATED_ACCOUNT
from phoneline.simulator import Network, serve
from phoneline.spreadsheets import import_checkins, import_people, import_shifts
from phoneline.states import AccountRole
from phoneline.supervisor import Program

FOLDER = INSTANCE / "demo"
HOST = "127.0.0.1"
PORT = 8000
LINE_NUMBER = "+14165550100"
CRISIS_NUMBER = "+14165550131"
LOGINS = (
    ("coordinator@example.org", AccountRole.COORDINATOR),
    ("admin@example.org", AccountRole.ADMIN),
    ("volunteer@example.org", AccountRole.VOLUNTEER),
)
CHECKIN_IN = timedelta(minutes=2)


@dataclass(frozen=True)
class Phone:
    """One handset of the demo and who holds it."""

    name: str
    number: str
    role: Literal["peer", "volunteer", "coordinator"]
    language: str = "en"
    consent: str = "no"
    pin: str = ""
    on_shift: bool = True


PHONES = (
    Phone("Sam", "+14165550111", "peer"),
    Phone("Ana", "+14165550121", "volunteer", pin="2468"),
    Phone("Ravi", "+14165550122", "volunteer", pin="1357"),
    Phone("Noor", "+14165550123", "volunteer", pin="8642", on_shift=False),
    Phone("Lee", "+14165550124", "coordinator", on_shift=False),
    Phone("Mika", "+14165550112", "peer", consent="yes"),
)
_ON_DUTY = next(one for one in PHONES if one.role == "coordinator")


def run_demo(port: int | None) -> int:
    """Run until Ctrl-C; prints the address to open and the logins. The exit status."""
    values = _environment(port)
    password = _password()
    server = QueueServer(FOLDER / "queue")
    values["REDIS_URL"] = server.url
    open_vault([values["PHONELINE_KEYS"]])
    upgrade(values["DATABASE_URL"])
    _invent(values, password, clock.now())

    def started() -> None:
        sys.stdout.write(_welcome(values["PUBLIC_URL"], password))
        sys.stdout.flush()

    phones = Program("phones", [sys.executable, "-m", "phoneline.demo"], values, ready=lambda: _answers(values))
    return keep_running(values, HOST, int(values["PORT"]), server, started=started, before=[phones])


def _environment(port: int | None) -> dict[str, str]:
    generated = FOLDER / "generated.env"
    make_missing(generated, ("PHONELINE_KEYS", "SECRET_KEY", "TWILIO_AUTH_TOKEN"), {})
    kept = dict(line.split("=", 1) for line in generated.read_text("ascii").splitlines())
    web_port = port if port is not None else _free_port(PORT)
    return kept | {
        "DATABASE_URL": f"sqlite:///{FOLDER / 'phoneline.sqlite3'}",
        "TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT,
        "TWILIO_AUTH_TOKEN_NEXT": "",
        "TWILIO_API_URL": f"http://{HOST}:{_free_port(0)}",
        "LINE_NUMBER": LINE_NUMBER,
        "PUBLIC_URL": f"http://{HOST}:{web_port}",
        "LINE_TIMEZONE": "America/Toronto",
        "FALLBACK_NUMBER": CRISIS_NUMBER,
        "PORT": str(web_port),
    }


def _free_port(wanted: int) -> int:
    """`wanted` if nobody listens there, else any that is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError:
            probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _password() -> str:
    """The demo's password, the same at each start."""
    file = FOLDER / "password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text("-".join(secrets.choice(_WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}", "ascii")
    return file.read_text("ascii")


_WORDS = ("maple", "river", "lantern", "quilt", "harbour", "meadow", "kettle", "willow", "pebble", "orchard", "finch")


def _invent(values: Mapping[str, str], password: str, now: datetime) -> None:
    """The demo's people, their shifts around the clock, their check-ins, and the logins. Again: nothing new."""
    zone = ZoneInfo(values["LINE_TIMEZONE"])
    database = Database(values["DATABASE_URL"])
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    import_people(database, _people(), zone, now)
    volunteers = [phone for phone in PHONES if phone.role == "volunteer" and phone.on_shift]
    with database.transaction() as session:
        # Invented people don't mind a call at night.
        live_settings.write(session, "quiet_weekday", "00:00-00:00", now)
        live_settings.write(session, "quiet_weekend", "00:00-00:00", now)
        have_plan = session.scalars(select(CheckinPlan.id).limit(1)).first() is not None
        if session.scalars(select(Account.id).limit(1)).first() is None:
            for email, role in LOGINS:
                made = accounts.create(session, email, role, password, now)
                if role is AccountRole.VOLUNTEER:
                    logins.tie_by_number(session, made, volunteers[0].number)
                elif role is AccountRole.COORDINATOR:
                    logins.tie_by_number(session, made, _ON_DUTY.number)
        for phone in PHONES:
            if phone.consent == "yes":
                _agree_again(session, database.lookup_hash(phone.number), now)
    if not have_plan:
        shifts: list[list[object]] = [
            [one.number, today, today + timedelta(days=1), "FREQ=DAILY", 1, ""] for one in volunteers
        ]
        on_duty = [one for one in PHONES if one.role == "coordinator"]
        shifts += [[one.number, today, today + timedelta(days=1), "FREQ=DAILY", 1, "coordinator"] for one in on_duty]
        # One that anybody may take.
        evening = today + timedelta(days=1, hours=18)
        shifts.append(["", evening, evening + timedelta(hours=3), "FREQ=DAILY", 2, ""])
        import_shifts(database, _table(["phone", "starts_at", "ends_at", "rrule", "tier", "duty"], shifts), zone, now)
        with database.transaction() as session:
            demo_day.invent(session, zone, now)
            demo_programme.invent(session, zone, now)
    soon = (now + CHECKIN_IN).astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)
    plans: list[list[object]] = [[one.number, soon, "automated", "social"] for one in PHONES if one.consent == "yes"]
    import_checkins(database, _table(["phone", "starts_at", "kind", "purpose"], plans), zone, now)
    database.close()


def _agree_again(session: Session, number_hash: str, now: datetime) -> None:
    """Whoever stopped the calls by a key or a text in an earlier demo is called in this one too."""
    caller = people.calling_from(session, number_hash)
    if caller is not None:
        people.give_consent(session, caller.person_id, "demo", now)


def _people() -> bytes:
    rows: list[list[object]] = [[one.name, one.number, one.role, one.language, one.consent, one.pin] for one in PHONES]
    rows += [[one.name, one.number, "peer", "en", "yes", ""] for one in demo_day.NEW_PEOPLE]
    return _table(["name", "phone", "roles", "language", "checkin_consent", "pin"], rows)


def _table(header: list[str], rows: Iterable[list[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow([cell.isoformat() if isinstance(cell, datetime) else cell for cell in row])
    return text.getvalue().encode()


def _answers(values: Mapping[str, str]) -> bool:
    port = int(values["TWILIO_API_URL"].rsplit(":", 1)[1])
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _welcome(address: str, password: str) -> str:
    logins = "\n".join(f"    {email}  ({role})" for email, role in LOGINS)
    pins = ", ".join(f"{phone.name} {phone.pin}" for phone in PHONES if phone.pin)
    return f"""
  The line runs, with invented people and simulated phones. Open

    {address}/phones

  and log in with the password  {password}  as
{logins}

  Sam's phone calls the line; Ana or Ravi take the call; Mika is rung for a check-in in about two minutes.
  Key 2, right after the first words, tells Sam what is on today.
  Lee (coordinator@example.org) is on duty; in a conversation, * and 2 bring in Lee or the crisis line.
  Volunteers call the line and press * for their own menu; the PINs: {pins}.
  Ctrl-C ends it all. What was said and done lies in {FOLDER}.

"""


def _telephones(values: Mapping[str, str]) -> Network:
    network = Network(
        account_sid=values["TWILIO_ACCOUNT_SID"],
        auth_token=values["TWILIO_AUTH_TOKEN"],
        line_number=values["LINE_NUMBER"],
        public_url=values["PUBLIC_URL"],
        port=int(values["TWILIO_API_URL"].rsplit(":", 1)[1]),
        # As with a real carrier no id comes twice: the database knows the calls of earlier demos.
        seed=secrets.randbits(64),
    )
    for phone in PHONES:
        network.handset(phone.number, phone.name, kind=phone.role)
    network.handset(CRISIS_NUMBER, "Crisis line", kind="outside")
    return network


if __name__ == "__main__":
    serve(_telephones(os.environ).start())
