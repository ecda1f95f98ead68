"""The tables. Import models from here: then all of them are known to the metadata."""

from phoneline.models.account import Account
from phoneline.models.activity import (
    Activity,
    ActivityChange,
    ActivityOff,
    ActivitySignup,
    ActivityWords,
    ProgrammeVisit,
)
from phoneline.models.alarm import ALARM_IS_OPEN, ALARM_STANDS, Alarm, AlarmTelling
from phoneline.models.apart import Apart, ApartDecision
from phoneline.models.audit import AccessLog
from phoneline.models.base import Base
from phoneline.models.block import Block
from phoneline.models.call import CALL_IS_LIVE, LEG_IS_LIVE, LEG_IS_PENDING, Call, Leg, Offer
from phoneline.models.callback import CALLBACK_WAITS, TRY_IS_LIVE, Callback, CallbackTry
from phoneline.models.charge import Charge
from phoneline.models.checkin import CHECKIN_WAITS, PLAN_STANDS, Attempt, Checkin, CheckinPlan
from phoneline.models.checkin_try import CHECKIN_TRY_IS_LIVE, CheckinTry
from phoneline.models.contact import Contact, FollowUpEnd, FollowUpMove
from phoneline.models.cover import CoverNeed
from phoneline.models.cover_request import COVER_IS_OPEN, SWAP_IS_OPEN, CoverAsked, CoverRequest, SwapOffer, Waiting
from phoneline.models.daily_limit import DailyLimit
from phoneline.models.escalation import ESCALATION_STANDS, AgreedContact, Escalation, EscalationTelling
from phoneline.models.hand_contact import HandContact, HandSettled
from phoneline.models.handover import Handover
from phoneline.models.holiday import Holiday
from phoneline.models.line import LiveSetting, Pace, Pulse, Secret
from phoneline.models.login import AccountChange, LoginLink, LoginSession, RecoveryCode
from phoneline.models.menu import KnownTelephone, MenuVisit, PinLock, PinTry
from phoneline.models.own_page import DEBRIEF_IS_OPEN, Debrief, Practice
from phoneline.models.own_plans import PlanVisit
from phoneline.models.pause import Pause
from phoneline.models.person import MISSED_SEVERAL, Consent, Person, PersonRole, PhoneNumber
from phoneline.models.person_change import PersonChange, PersonNote
from phoneline.models.person_merge import PersonMerge
from phoneline.models.prompt_words import PromptWords
from phoneline.models.recording import PromptRecording, PromptTake
from phoneline.models.rights import KeptRefusal, RightsRequest
from phoneline.models.roster import DutyHours, Shift, ShiftHours
from phoneline.models.roster_change import RosterChange
from phoneline.models.roster_feed import RosterFeed
from phoneline.models.setting_change import SettingChange
from phoneline.models.shift_reminder import ReminderCall, ShiftCallStop, ShiftReminder
from phoneline.models.team_letter import LetterText, Proposal, Thanks, Vote
from phoneline.models.text import TEXT_IS_UNSETTLED, TextIn, TextOptOut, TextOut
from phoneline.models.time_warning import TimeWarning
from phoneline.models.voicemail import Voicemail, VoicemailTicket
from phoneline.models.work_limit import Unavailable, WorkLimit

__all__ = [
    "ALARM_IS_OPEN",
    "ALARM_STANDS",
    "CALLBACK_WAITS",
    "CALL_IS_LIVE",
    "CHECKIN_TRY_IS_LIVE",
    "CHECKIN_WAITS",
    "COVER_IS_OPEN",
    "DEBRIEF_IS_OPEN",
    "ESCALATION_STANDS",
    "LEG_IS_LIVE",
    "LEG_IS_PENDING",
    "MISSED_SEVERAL",
    "PLAN_STANDS",
    "SWAP_IS_OPEN",
    "TEXT_IS_UNSETTLED",
    "TRY_IS_LIVE",
    "AccessLog",
    "Account",
    "AccountChange",
    "Activity",
    "ActivityChange",
    "ActivityOff",
    "ActivitySignup",
    "ActivityWords",
    "AgreedContact",
    "Alarm",
    "AlarmTelling",
    "Apart",
    "ApartDecision",
    "Attempt",
    "Base",
    "Block",
    "Call",
    "Callback",
    "CallbackTry",
    "Charge",
    "Checkin",
    "CheckinPlan",
    "CheckinTry",
    "Consent",
    "Contact",
    "CoverAsked",
    "CoverNeed",
    "CoverRequest",
    "DailyLimit",
    "Debrief",
    "DutyHours",
    "Escalation",
    "EscalationTelling",
    "FollowUpEnd",
    "FollowUpMove",
    "HandContact",
    "HandSettled",
    "Handover",
    "Holiday",
    "KeptRefusal",
    "KnownTelephone",
    "Leg",
    "LetterText",
    "LiveSetting",
    "LoginLink",
    "LoginSession",
    "MenuVisit",
    "Offer",
    "Pace",
    "Pause",
    "Person",
    "PersonChange",
    "PersonMerge",
    "PersonNote",
    "PersonRole",
    "PhoneNumber",
    "PinLock",
    "PinTry",
    "PlanVisit",
    "Practice",
    "ProgrammeVisit",
    "PromptRecording",
    "PromptTake",
    "PromptWords",
    "Proposal",
    "Pulse",
    "RecoveryCode",
    "ReminderCall",
    "RightsRequest",
    "RosterChange",
    "RosterFeed",
    "Secret",
    "SettingChange",
    "Shift",
    "ShiftCallStop",
    "ShiftHours",
    "ShiftReminder",
    "SwapOffer",
    "TextIn",
    "TextOptOut",
    "TextOut",
    "Thanks",
    "TimeWarning",
    "Unavailable",
    "Voicemail",
    "VoicemailTicket",
    "Vote",
    "Waiting",
    "WorkLimit",
]
