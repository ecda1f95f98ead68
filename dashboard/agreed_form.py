"""What was filled in to put somebody on a peer's list. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from phoneline.agreed_contacts import Draft

LONGEST = 300


@dataclass(frozen=True)
class AgreedForm:
    """As filled in; `problem` says what to mend, in the field `wrong`."""

    draft: Draft = field(default_factory=Draft)
    problem: str = ""
    wrong: str = ""


def read(form: Mapping[str, str]) -> Draft:
    def cell(name: str) -> str:
        return " ".join(form.get(name, "").split())[:LONGEST]

    number = cell("number")
    return Draft(
        name=cell("name"),
        # As people write numbers: the country's + stays.
        number="".join(one for one in number if one not in " -()./"),
        how=cell("how"),
        language=cell("language"),
        words=cell("words"),
        texts_ok=form.get("texts_ok") == "yes",
    )
