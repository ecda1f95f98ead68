"""The line's settings from the environment: one frozen object, or one message that names every wrong variable.

Read in this order, the first that names a variable wins: the process's environment, `.env` in the working directory,
`instance/generated.env` (what `phoneline run` made because it was missing). A variable set to nothing is missing.
"""

import base64
import ipaddress
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import phonenumbers
from dotenv import dotenv_values

from phoneline.clock import SIMULATED_TIME

INSTANCE = Path("instance")
GENERATED = INSTANCE / "generated.env"
DEFAULT_DATABASE_URL = f"sqlite:///{INSTANCE / 'phoneline.sqlite3'}"
TWILIO_URL = "https://api.twilio.com"
SIMULATED_ACCOUNT = "AC" + "51" * 16
"""The account of the simulated carrier; no real account has it."""


class SettingsError(Exception):
    """Variables are missing or malformed. `problems` has a line for each, which says how to mend it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The settings need mending:\n" + "\n".join(f"  {line}" for line in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """See `docs/settings.md` for each variable."""

    database_url: str
    keys: tuple[str, ...] = field(repr=False)
    redis_url: str | None
    account_sid: str
    auth_token: str = field(repr=False)
    auth_token_next: str | None = field(repr=False)
    api_url: str
    line_number: str
    public_url: str
    secret_key: str = field(repr=False)
    timezone: ZoneInfo
    fallback_number: str | None
    port: int
    metrics_token: str | None = field(repr=False)

    @property
    def carrier_is_simulated(self) -> bool:
        return self.account_sid == SIMULATED_ACCOUNT and _is_loopback(urlsplit(self.api_url).hostname or "")

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        return tuple(token for token in (self.auth_token, self.auth_token_next) if token)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def database_url(value: str) -> str:
    """A SQLAlchemy URL for SQLite or for PostgreSQL through psycopg 3. ValueError says what is accepted."""
    for prefix in ("postgres://", "postgresql://"):
        if value.startswith(prefix):
            return "postgresql+psycopg://" + value.removeprefix(prefix)
    if value.startswith(("postgresql+psycopg://", "sqlite:///")):
        return value
    message = "must begin with sqlite:/// or postgresql:// (an SQLAlchemy URL)"
    raise ValueError(message)


def _keys(value: str) -> tuple[str, ...]:
    keys = tuple(part.strip() for part in value.split(",") if part.strip())
    hint = "must be comma-separated keys, each 32 random bytes in URL-safe base64 (44 characters)"
    if not keys:
        raise ValueError(hint)
    for key in keys:
        try:
            length = len(base64.urlsafe_b64decode(key))
        except ValueError as error:
            raise ValueError(hint) from error
        if length != 32:  # noqa: PLR2004 - Fernet's key length, said in the hint
            raise ValueError(hint)
    return keys


def e164(value: str) -> str:
    """The number as it was, if it is E.164. ValueError otherwise."""
    message = "must be a phone number in E.164, such as +14165550100"
    try:
        parsed = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException as error:
        raise ValueError(message) from error
    if phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) != value:
        raise ValueError(message)
    if not has_all_its_digits(parsed):
        raise ValueError(message)
    return value


def has_all_its_digits(number: phonenumbers.PhoneNumber) -> bool:
    """As long as numbers of its country are, with the area code."""
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    loopback = parts.scheme == "http" and _is_loopback(parts.hostname or "")
    if "_" in (parts.hostname or ""):
        raise ValueError("must have a host name without underscore: the carrier sends no status callbacks to others")
    if parts.hostname and not parts.query and not parts.fragment and (parts.scheme == "https" or loopback):
        return value.rstrip("/")
    message = "must be an https address without query (http only on a loopback host such as http://127.0.0.1:8000)"
    raise ValueError(message)


def _api_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme in {"http", "https"} and parts.hostname:
        return value.rstrip("/")
    message = "must be an http or https address without /2010-04-01"
    raise ValueError(message)


def _redis_url(value: str) -> str:
    if value.startswith(("redis://", "rediss://", "unix://")):
        return value
    message = "must begin with redis://, rediss:// or unix://"
    raise ValueError(message)


def _timezone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        message = "must be a time zone's name, such as America/Toronto"
        raise ValueError(message) from error


def _port(value: str) -> int:
    if value.isdecimal() and 0 < int(value) < 2**16:
        return int(value)
    message = "must be a port number from 1 to 65535"
    raise ValueError(message)


@dataclass(frozen=True)
class Variable:
    """One variable of the environment: its field in `Settings`, how it is read, and what to do when it is missing."""

    name: str
    field: str
    parse: Callable[[str], Any]
    default: str | None = None
    mend: str = ""
    optional: bool = False


_CONSOLE = "find it in the carrier's console"
VARIABLES = (
    Variable("DATABASE_URL", "database_url", database_url, default=DEFAULT_DATABASE_URL),
    Variable("PHONELINE_KEYS", "keys", _keys, mend="run `phoneline run` once, or set 32 random bytes in base64"),
    Variable("REDIS_URL", "redis_url", _redis_url, mend="set the queue server's URL, such as redis://localhost:6379/0"),
    Variable("TWILIO_ACCOUNT_SID", "account_sid", str, mend=_CONSOLE),
    Variable("TWILIO_AUTH_TOKEN", "auth_token", str, mend=_CONSOLE),
    Variable("TWILIO_AUTH_TOKEN_NEXT", "auth_token_next", str, optional=True),
    Variable("TWILIO_API_URL", "api_url", _api_url, default=TWILIO_URL),
    Variable("LINE_NUMBER", "line_number", e164, mend="set the line's own number in E.164"),
    Variable("PUBLIC_URL", "public_url", _public_url, mend="set the address under which the carrier reaches this line"),
    Variable("SECRET_KEY", "secret_key", str, mend="set a long random string, or use `phoneline run`"),
    Variable("LINE_TIMEZONE", "timezone", _timezone, default="America/Toronto"),
    Variable("FALLBACK_NUMBER", "fallback_number", e164, optional=True),
    Variable("PORT", "port", _port, default="8000"),
    Variable("METRICS_TOKEN", "metrics_token", str, optional=True),
)
ALL = frozenset(variable.name for variable in VARIABLES)
DATABASE_ONLY = frozenset({"DATABASE_URL", "PHONELINE_KEYS"})


def environment() -> dict[str, str]:
    """Every variable that has a value, from the environment, `.env` and `instance/generated.env`."""
    found: dict[str, str | None] = {**dotenv_values(GENERATED), **dotenv_values(".env"), **os.environ}
    return {name: value.strip() for name, value in found.items() if value and value.strip()}


def load(needed: Collection[str] = ALL, values: dict[str, str] | None = None) -> Settings:
    """The settings, when all of `needed` are there and everything that is set is well-formed.

    What is not needed may be missing and is then an empty string (or None). SettingsError names all that is wrong.
    """
    values = environment() if values is None else values
    problems: list[str] = []
    parsed: dict[str, Any] = {}
    for variable in VARIABLES:
        text = values.get(variable.name, variable.default)
        if text is None:
            parsed[variable.field] = None if variable.optional or variable.field == "redis_url" else ""
            if variable.name in needed and not variable.optional:
                problems.append(f"{variable.name} is missing: {variable.mend}")
            continue
        try:
            parsed[variable.field] = variable.parse(text)
        except ValueError as error:
            problems.append(f"{variable.name} {error}")
    if SIMULATED_TIME in values and parsed.get("account_sid") != SIMULATED_ACCOUNT:
        problems.append(f"{SIMULATED_TIME} is for the simulated carrier only: take it out")
    if problems:
        raise SettingsError(problems)
    parsed["keys"] = parsed["keys"] or ()
    return Settings(**parsed)
