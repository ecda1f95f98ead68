"""The word for what the carrier wants money for."""

from enum import StrEnum


class ChargeKind(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    TEXT_IN = "text_in"
    TEXT_OUT = "text_out"
