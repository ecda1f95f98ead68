"""The words of what is changed about logins."""

from enum import StrEnum


class LoginChange(StrEnum):
    INVITED = "invited"
    LINK_MADE = "link_made"
    MADE_ADMIN = "made_admin"
    MADE_COORDINATOR = "made_coordinator"
    MADE_VOLUNTEER = "made_volunteer"
    ENDED = "ended"
    BROUGHT_BACK = "brought_back"
    FACTORS_RESET = "factors_reset"
