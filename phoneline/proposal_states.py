"""What somebody may say to a proposal."""

from enum import StrEnum


class Choice(StrEnum):
    YES = "yes"
    NO = "no"
