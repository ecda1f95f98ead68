"""The pages in the viewer's language: sentences from the catalogues in `locale/`, which `make words` keeps in step.

English is written in the code. Outside a request everything is English, so that pure views can be tried by themselves.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from babel import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request

FOLDER = Path(__file__).parent / "locale"
LANGUAGES: Mapping[str, str] = {"en": "English", "fr": "Français", "es": "Español"}
"""Each in its own words: whoever looks for theirs can't read the others."""
Key = TypeVar("Key")
NBSP = "\N{NO-BREAK SPACE}"


def _read(language: str) -> NullTranslations:
    """The catalogue as gettext wants it. The file is small and read once a process."""
    written = FOLDER / f"{language}.po"
    if not written.is_file():
        return NullTranslations()
    packed = BytesIO()
    with written.open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in catalogue:
        message.string = _set(message.string)
    write_mo(packed, catalogue)
    packed.seek(0)
    return Translations(fp=packed)


def _set(said: str | list[str] | tuple[str, ...] | None) -> str | tuple[str, ...]:
    """As it is set in French: no line begins with a colon or ends with an opening quotation mark."""
    if not isinstance(said, str):
        return tuple(str(_set(one)) for one in said or ())
    return said.replace(" :", f"{NBSP}:").replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")


CATALOGUES: dict[str, NullTranslations] = {language: _read(language) for language in LANGUAGES}


def language() -> str:
    """The viewer's: what was chosen, else the first that their browser asks for and we speak, else English."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        choose(None)
    found: str = g.language
    return found


def choose(wanted: str | None) -> None:
    """Speak this language in the request at hand; None: whichever the browser asks for."""
    g.language = wanted or negotiate_locale(request.accept_languages.values(), LANGUAGES, sep="-") or "en"


def gettext(message: str, /, **values: object) -> str:
    """The sentence in the viewer's language, with `%(name)s` filled in; `%%` is a percent sign."""
    return _one(message) % values


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """As `gettext`, of the two sentences that which fits `count`."""
    return _many(one, many, count) % values


def pgettext(context: str, message: str, /, **values: object) -> str:
    """As `gettext`, for a word that means several things: `context` says which."""
    said: str = CATALOGUES[language()].pgettext(context, message)  # type: ignore[assignment]  # bytes only if asked for
    return said % values


def N_(message: str, /) -> str:  # noqa: N802 - gettext's own name for it, which the extraction looks for
    """Mark a sentence for the catalogues that is translated where it is used."""
    return message


class Phrases(Mapping[Key, str]):
    """A table of marked words, each in the viewer's language as it is read."""

    def __init__(self, marked: Mapping[Key, str]) -> None:
        self._marked = dict(marked)

    def __getitem__(self, key: Key) -> str:
        return gettext(self._marked[key])

    def __iter__(self) -> Iterator[Key]:
        return iter(self._marked)

    def __len__(self) -> int:
        return len(self._marked)


def register(app: Flask) -> None:
    """Let templates say `_("…")`, `ngettext` and `{% trans %}`, and know the `language` of the page."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    install = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]  # the extension puts it there
    install(_one, _many, newstyle=True)
    app.add_template_global(language, "language")


def _one(message: str) -> str:
    return CATALOGUES[language()].gettext(message)


def _many(one: str, many: str, count: int) -> str:
    return CATALOGUES[language()].ngettext(one, many, count)
