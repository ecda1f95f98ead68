"""Brings dashboard/locale/*.po in step with the code: new sentences are added, empty; what nothing says is dropped.

`make words` calls it. What is empty afterwards is for whoever wrote the sentence to translate: tests refuse to land it.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent.parent / "dashboard"
PLURALS = "nplurals=2; plural=(n != 1);"
"""In French too, where zero would be singular: of nobody we speak in a sentence of its own."""
KINDS = [("**.py", "python"), ("templates/**.html", "jinja2")]
SAYS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def spoken() -> Catalog:
    """Every sentence of the pages."""
    catalogue = Catalog(charset="utf-8", fuzzy=False)
    found = extract_from_dir(HERE, KINDS, options_map={"templates/**.html": {"silent": "false"}}, keywords=SAYS)
    for _file, _line, message, _comments, context in found:
        catalogue.add(message, context=context)
    return catalogue


def in_step(language: str) -> bytes:
    """The catalogue of this language with exactly the sentences of the pages, as it is to be written."""
    written = HERE / "locale" / f"{language}.po"
    known = read_po(BytesIO(written.read_bytes())) if written.is_file() else Catalog()
    fresh = Catalog(locale=language, charset="utf-8", fuzzy=False, header_comment="")
    for message in spoken():
        if message.id:
            before = known.get(message.id, message.context)
            fresh.add(message.id, before.string if before else "", context=message.context)
    text = BytesIO()
    write_po(text, fresh, no_location=True, omit_header=True, sort_output=True, width=0)
    head = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return f'{head}"Plural-Forms: {PLURALS}\\n"\n\n'.encode() + text.getvalue()


def main() -> None:
    """Write them, and say what is still to be translated."""
    for language in ("fr", "es"):
        (HERE / "locale" / f"{language}.po").write_bytes(in_step(language))
        catalogue = read_po(BytesIO(in_step(language)))
        empty = [one.id for one in catalogue if one.id and not all(texts(one.string))]
        print(f"{language}: {len(catalogue)} sentences, {len(empty)} to translate")
        for one in empty:
            print(f"  {texts(one)[0]}")


def texts(string: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """A translation's forms, or a sentence's: one, or one for each plural."""
    return [string] if isinstance(string, str) else list(string or ("",))


if __name__ == "__main__":
    main()
