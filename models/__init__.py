"""Tables and constraints. Importing this package loads every model."""

from models.announcement import Announcement
from models.authority import Authority
from models.base import Model, db, violated_constraint
from models.calendar_day import CalendarDay
from models.client import AccessLog, ApiClient, CheckRequest, ClientReading, RateWindow
from models.credit_report import CreditReport, ReportKind
from models.document import DocumentCounter, DocumentFile, IssuedDocument
from models.exchange_message import (
    Direction,
    ExchangeMessage,
    ExchangeProblem,
    MessageState,
    ProblemState,
    ReceivedBatch,
    SentBatch,
    SentState,
    UpstreamRecord,
)
from models.exchange_peer import (
    BatchNumber,
    Carrier,
    Chain,
    ExchangeIncident,
    ExchangeNode,
    ExchangeNonce,
    ExchangeRun,
    NodeRole,
    Peer,
    PeerChain,
    PeerCursor,
    PeerHead,
    PeerKey,
    PeerState,
    RunKind,
)
from models.import_file import FileState, ImportFile
from models.import_run import ImportKind, ImportRow, ImportRun, ImportState
from models.inspection_result import InspectionResult
from models.ledger import LedgerEntry, LedgerHead, LedgerNode, PersonalValue
from models.licence import Licence
from models.listing import AbnormalListing, HouseholdMark, ViolationListing
from models.listing_batch import BatchKind, BatchState, ItemOutcome, ListingBatch, ListingBatchItem
from models.matter import Matter, MatterStep
from models.notice import Channel, Notice, NoticeState, Reminder, ReminderKind
from models.officer import Officer, OfficerPassword, OfficerSession
from models.operator import FormerName, OnlinePresence, Operator
from models.operator_contact import OperatorContact
from models.penalty import Penalty
from models.proceeding import Evidence, Proceeding
from models.public_figures import PublicFigures
from models.public_finding import PublicFinding
from models.query_certificate import AskedFor, CertificatePrint, QueryCertificate

__all__ = [
    "AbnormalListing",
    "AccessLog",
    "Announcement",
    "ApiClient",
    "AskedFor",
    "Authority",
    "BatchKind",
    "BatchNumber",
    "BatchState",
    "CalendarDay",
    "Carrier",
    "CertificatePrint",
    "Chain",
    "Channel",
    "CheckRequest",
    "ClientReading",
    "CreditReport",
    "Direction",
    "DocumentCounter",
    "DocumentFile",
    "Evidence",
    "ExchangeIncident",
    "ExchangeMessage",
    "ExchangeNode",
    "ExchangeNonce",
    "ExchangeProblem",
    "ExchangeRun",
    "FileState",
    "FormerName",
    "HouseholdMark",
    "ImportFile",
    "ImportKind",
    "ImportRow",
    "ImportRun",
    "ImportState",
    "InspectionResult",
    "IssuedDocument",
    "ItemOutcome",
    "LedgerEntry",
    "LedgerHead",
    "LedgerNode",
    "Licence",
    "ListingBatch",
    "ListingBatchItem",
    "Matter",
    "MatterStep",
    "MessageState",
    "Model",
    "NodeRole",
    "Notice",
    "NoticeState",
    "Officer",
    "OfficerPassword",
    "OfficerSession",
    "OnlinePresence",
    "Operator",
    "OperatorContact",
    "Peer",
    "PeerChain",
    "PeerCursor",
    "PeerHead",
    "PeerKey",
    "PeerState",
    "Penalty",
    "PersonalValue",
    "ProblemState",
    "Proceeding",
    "PublicFigures",
    "PublicFinding",
    "QueryCertificate",
    "RateWindow",
    "ReceivedBatch",
    "Reminder",
    "ReminderKind",
    "ReportKind",
    "RunKind",
    "SentBatch",
    "SentState",
    "UpstreamRecord",
    "ViolationListing",
    "db",
    "violated_constraint",
]
