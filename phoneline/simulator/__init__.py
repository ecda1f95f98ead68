"""A simulated telephone network that stands in for Twilio: handsets, REST, and really signed webhooks.

It knows nothing of the product but Twilio's REST, TwiML and webhooks.
"""

from phoneline.simulator.behaviour import Behaviour, Press
from phoneline.simulator.faults import CreateFault, Faults, PlannedFault, PlannedTextFault, TextFault
from phoneline.simulator.handset import Handset, HandsetError
from phoneline.simulator.journal import Event, Journal
from phoneline.simulator.kinds import KINDS
from phoneline.simulator.leg import Heard, Leg
from phoneline.simulator.network import Network, serve
from phoneline.simulator.pace import Pace
from phoneline.simulator.texts import Text

__all__ = [
    "KINDS",
    "Behaviour",
    "CreateFault",
    "Event",
    "Faults",
    "Handset",
    "HandsetError",
    "Heard",
    "Journal",
    "Leg",
    "Network",
    "Pace",
    "PlannedFault",
    "PlannedTextFault",
    "Press",
    "Text",
    "TextFault",
    "serve",
]
