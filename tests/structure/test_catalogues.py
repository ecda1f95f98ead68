"""What the pages say, they say in every language."""

import re
from io import BytesIO

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from scripts import catalogues

PLACEHOLDER = re.compile(r"%(?:\((\w+)\)s|.)")


def messages(language: str) -> list[Message]:
    return [one for one in read_po(BytesIO(catalogues.in_step(language))) if one.id]


def placeholders(text: str) -> set[str]:
    return {one.group() for one in PLACEHOLDER.finditer(text) if one.group() != "%%"}


@pytest.mark.parametrize("language", ["fr", "es"])
def test_the_catalogues_hold_what_the_pages_say_and_nothing_else(language: str) -> None:
    written = (catalogues.HERE / "locale" / f"{language}.po").read_bytes()
    assert catalogues.in_step(language) == written, "make words brings them in step"
    untold = [one.id for one in messages(language) if not all(catalogues.texts(one.string))]
    assert untold == []


@pytest.mark.parametrize("language", ["fr", "es"])
def test_a_translation_fills_in_what_the_sentence_fills_in(language: str) -> None:
    for message in messages(language):
        english, told = catalogues.texts(message.id), catalogues.texts(message.string)
        assert placeholders(told[-1]) == placeholders(english[-1]), message.id
        assert placeholders(told[0]) <= placeholders(english[0]) | placeholders(english[-1]), message.id
        assert all(one.startswith("%(") for one in placeholders("".join(english))), message.id
