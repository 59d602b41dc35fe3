"""Words of the exchange: states, runs, chains, resources, incidents, codes of rejections."""

from flask_babel import lazy_gettext as _

from models import Carrier, Chain, Direction, MessageState, PeerState, ProblemState, RunKind, SentState
from sync.received import MISSING

STATES = {
    PeerState.ACTIVE: _("Exchange runs"),
    PeerState.PAUSED: _("Paused by an officer"),
    PeerState.STOPPED: _("Stopped by an incident"),
}
CARRIERS = {
    Carrier.HTTP: _("Exchange interface"),
    Carrier.FILE: _("Files"),
    Carrier.FRONT_DATABASE: _("Front database"),
}
FOLDERS = {
    "outbox": _("Outbox, for the peer to fetch"),
    "inbox": _("Inbox, not taken in yet"),
    "bad": _("Could not be used"),
}
FILES = {
    "batches": _("Batches of messages"),
    "receipts": _("Receipts"),
    "refusals": _("Refusals of whole batches"),
    "signatures": _("Signatures"),
    "error_files": _("Error files of a portal"),
    "templates": _("Upload templates"),
    "others": _("Other files"),
}
LOST = {
    "front_database_unreachable": _("The front database could not be reached or did not answer in time."),
    "front_database_refused": _(
        "The front database refused: its account, a right, a table or a column is not as agreed."
    ),
    "folder_unusable": _("The folder could not be read or written."),
}
CHAINS = {Chain.URGENT: _("Ends of publicity and withdrawals"), Chain.BULK: _("All other changes")}
RUNS = {
    RunKind.PUSH: _("Sending"),
    RunKind.PULL: _("Fetching"),
    RunKind.RECONCILE: _("Reconciliation"),
    RunKind.RECOVER: _("Recovery after a restore"),
}
OUTCOMES = {
    "done": _("Completed"),
    "no_answer": _("No answer; it is tried again"),
    "stopped": _("Stopped by an incident"),
    "failed": _("Failed on our side"),
    "recovering": _("Waits until this node has its own records back"),
}
SENT = {
    SentState.FROZEN: _("Waits for its receipt"),
    SentState.RECEIPTED: _("Receipt received"),
    SentState.SET_ASIDE: _("Set aside"),
}
DIRECTIONS = {Direction.OUT: _("Ours, refused by the peer"), Direction.IN: _("Theirs, not taken here")}
PROBLEMS = {
    ProblemState.OPEN: _("To be settled"),
    ProblemState.RESENT: _("Corrected and sent again"),
    ProblemState.SET_ASIDE: _("Set aside with a reason"),
}
RESOURCES = {
    "operator": _("Operators"),
    "administrative_penalty": _("Penalties"),
    "administrative_licence": _("Licences"),
    "abnormal_listing": _("Abnormal list"),
    "household_mark": _("Household marks"),
    "violation_listing": _("Violation list"),
    "inspection_result": _("Results of inspections"),
    "commitment": _("Commitments"),
    "feedback": _("Feedback"),
}
COUNTS = {
    "scopes": _("compared by resource and origin"),
    "differences": _("different"),
    "explained": _("explained by the problem queue"),
    "staying": _("still different"),
    "taken_back": _("taken back once more"),
    "fetched": _("fetched one by one"),
    "sent": _("sent"),
    "accepted": _("accepted"),
    "duplicate": _("had already"),
    "superseded": _("overtaken by a newer one"),
    "rejected": _("refused"),
    "received": _("received"),
    "batches": _("batches"),
    "gaps": _("gaps filled"),
    "set_aside": _("batches set aside"),
    "receipts": _("receipts read back"),
    "batches_read": _("batches taken in"),
    "refused_batches": _("batches refused"),
    "snapshots": _("snapshots"),
    "read": _("read"),
    "same": _("the same on both sides"),
    "newer_here": _("newer here"),
    "changed": _("taken over from the peer"),
    "entered": _("entered again"),
    "kept": _("kept as the peer holds them"),
    "raised": _("raised above the peer's revision"),
    "unclear": _("for a person to settle"),
}
INCIDENTS = {
    "peer_knows_more": _("The peer holds of our records what we cannot have sent"),
    "difference_stays": _("A difference stayed although it was repaired"),
    "head_inconsistent": _("A ledger contradicts what it showed before"),
    "batch_gap": _("The peer lacks a batch that it cannot lack"),
    "batch_conflict": _("A batch number stands for another batch"),
    "batch_incomplete": _("A batch does not hold what its manifest counts"),
    "malformed": _("What came is not of the agreed form"),
    "too_large": _("What came is larger than agreed"),
    "signature_invalid": _("A signature is not valid"),
    "key_unknown": _("A key has signed that is not trusted here"),
    "digest_mismatch": _("What came is not what its digest says"),
    "wrong_receiver": _("A request was meant for another node"),
    "created_out_of_window": _("A signature is too old or of the future: compare the clocks"),
    "nonce_replayed": _("A request was sent a second time"),
    "nonce_mismatch": _("An answer was one to another request"),
    "node_mismatch": _("A node asked for what is another's"),
    "receipt_unsound": _("A receipt contradicts itself or its batch"),
    "receipt_stands": _("An error file came after its batch was completed"),
    "page_unsound": _("A page of the peer contradicts itself"),
    "record_unsound": _("The peer gave another record than was asked for"),
    "digests_unsound": _("Digests of the peer are none"),
    "front_database_refused": _("The front database refused an account, a right, a table or a column"),
    "front_rows_missing": _("Rows were deleted before their answer was read"),
    "front_status_unknown": _("Rows have a status that was not agreed"),
    "folder_unusable": _("A folder cannot be read or written"),
    "folder_unwritable": _("A folder cannot be written"),
    "unknown_file": _("A file has no name of the exchange"),
    "file_unreadable": _("A file may not be read"),
    "workbook_unreadable": _("An error file cannot be read"),
    "row_unmatched": _("An error file names what is not in its batch"),
    "not_found": _("A file is about a batch that was never sent"),
}
OPERATIONS = {
    "publish": _("Published"),
    "hold": _("Shared, not public"),
    "end_publicity": _("Publicity ended"),
    "withdraw": _("Withdrawn"),
}
FAULTS = {
    "schema": _("The message is not of the agreed form"),
    "digest": _("Its digest is not that of its members"),
    "origin_mismatch": _("It comes from a node that does not own the record"),
    "revision_conflict": _("Another message of the same revision stands"),
    "field_missing": _("A field that must be filled is empty"),
    "field_unknown_value": _("A value is not one of the agreed ones"),
    "field_format": _("A value is not of the agreed form"),
    "uscc_check": _("The unified social credit code does not pass its check"),
    "category_identity": _("Category and identity of the party do not agree"),
    "placeholder_without_registration_no": _("A placeholder code stands without a registration number"),
    "amount_missing": _("An amount is missing"),
    "amount_without_kind": _("An amount stands without its kind of penalty"),
    "amount_format": _("An amount is not of the agreed form"),
    "date_future": _("A date lies in the future"),
    "date_order": _("Dates contradict each other"),
    "publicity_too_long": _("Publicity lasts longer than the rules allow"),
    "not_a_penalty": _("The decision is no penalty"),
    "duplicate_decision": _("Another record says the same decision"),
    "person_data_public": _("Personal data would be public"),
    "other": _("Something else"),
}
MESSAGES = {
    MessageState.UNCLEAR.value: _("To be settled by a person"),
    MessageState.APPLIED.value: _("Taken into the register"),
    MessageState.LINKED.value: _("Linked to a record that says the same"),
    MessageState.KEPT.value: _("Kept as a message only"),
    MISSING: _("Missing at the peer that brought it"),
}
REASONS = {
    "several_operators": _("Several operators of this register answer to what it says of its subject."),
    "natural_key_stands": _("A record of this register has the same authority, document number and party."),
    "open_stay_stands": _("The operator stands on this list already by another decision."),
    "authority_unknown": _("Its authority is not entered here."),
    "not_in_register": _("It ends what never stood in this register."),
    "no_table": _("This register keeps no records of this kind."),
    "party_unnamed": _("It names nobody that could be found again."),
    "authority_missing": _("It does not say which authority decided."),
    "day_missing": _("It does not say of which day it is."),
    "kind_unknown": _("It does not say of what kind the inspection was."),
    "result_unknown": _("Its result is not one that this register knows."),
    "reason_unknown": _("Its reason is not one that this register knows."),
    "value_refused": _("The register cannot hold one of its values."),
}
