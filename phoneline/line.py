"""One process's line: its settings, database, carrier and queue put together."""

from dataclasses import dataclass, replace
from datetime import datetime

from phoneline import clock
from phoneline.carrier import Carrier
from phoneline.carrier.twilio import TwilioCarrier
from phoneline.crypto import open_vault
from phoneline.db import Database
from phoneline.home import Home
from phoneline.live_settings import LiveSettings, LiveSettingsCache
from phoneline.settings import Settings


@dataclass(frozen=True)
class Line:
    settings: Settings
    database: Database
    carrier: Carrier
    live_cache: LiveSettingsCache

    @property
    def live(self) -> LiveSettings:
        return replace(self.live_cache.current(), home=self.home)

    @property
    def home(self) -> Home:
        return Home(self.settings.timezone, self.settings.line_number, self.settings.fallback_number)

    @property
    def last_live(self) -> LiveSettings:
        """As last known, or else the defaults: never asks the database."""
        return replace(self.live_cache.last_known(), home=self.home)

    @property
    def safe_language(self) -> str:
        """The line's own language, as last known."""
        return self.last_live.languages[0]

    @property
    def now(self) -> datetime:
        return clock.now()

    def close(self) -> None:
        self.database.close()


def open_line(settings: Settings) -> Line:
    """The line for this process. Nothing is connected yet: each part connects when it is first used."""
    open_vault(settings.keys)
    database = Database(settings.database_url)
    return Line(settings, database, TwilioCarrier(settings), LiveSettingsCache(database))
