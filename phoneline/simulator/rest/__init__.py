"""The network's HTTP side: the part of Twilio's REST API that the product may use, and the handsets' remote control."""
