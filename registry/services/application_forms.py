"""The forms of the public: what an application, an objection and a clue consist of, read with every fault at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from registry.rules.objection_procedure import ObjectionKind
from registry.services import evidence
from registry.services.evidence import Checked, HandedIn
from registry.services.imports.faults import Fault

YES = "yes"
LONGEST = {"applicant": 100, "contact": 60, "agent": 100, "statement": 4000}
_PHONE = re.compile(r"[0-9+() -]{7,25}")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True, slots=True)
class Read:
    """A form that was read: values that may stand in the ledger, personal ones that go into the vault, checked files."""

    values: dict[str, bool] = field(default_factory=dict)
    personal: dict[str, str] = field(default_factory=dict, repr=False)
    files: list[Checked] = field(default_factory=list, repr=False)
    faults: list[Fault] = field(default_factory=list)


def read_repair(cells: Mapping[str, str], proof: Sequence[HandedIn], authorisation: Sequence[HandedIn]) -> Read:
    """An application for repair: who applies, how to reach them, what was done, proof, the public commitment."""
    through_agent = cells.get("through_agent") == YES
    found = _read(cells, ("applicant", "contact", "statement", *(("agent",) if through_agent else ())))
    found.values.update(commitment_made=cells.get("commitment") == YES, through_agent=through_agent)
    if not found.values["commitment_made"]:
        found.faults.append(Fault("commitment", "commitment_missing"))
    if not proof:
        found.faults.append(Fault("proof", "proof_missing"))
    _take_files(found, proof, "proof")
    if through_agent:
        if not authorisation:
            found.faults.append(Fault("authorisation", "authorisation_missing"))
        _take_files(found, authorisation, "authorisation")
        found.values["agent_authorised"] = bool(authorisation)
    return found


def read_objection(cells: Mapping[str, str], kinds: Sequence[ObjectionKind], proof: Sequence[HandedIn]) -> Read:
    """An objection or a question: of which kind, by whom, what is wrong, evidence where the law demands it."""
    found = _read(cells, ("applicant", "contact", "statement"))
    kind = cells.get("kind", "")
    if kind not in kinds:
        found.faults.insert(0, Fault("kind", "choice_missing"))
    if cells.get("standing") not in ("operator", "other"):
        found.faults.append(Fault("standing", "choice_missing"))
    found.values.update(by_the_operator=cells.get("standing") == "operator", evidence_given=bool(proof))
    if kind == ObjectionKind.PENALTY_DATA and not proof:
        found.faults.append(Fault("proof", "proof_missing"))
    _take_files(found, proof, "proof")
    return found


def read_clue(cells: Mapping[str, str], proof: Sequence[HandedIn]) -> Read:
    """A clue: what is the matter. Who reports it, and how to be reached, may be left open."""
    found = _read(cells, ("statement",), ("applicant", "contact"))
    found.values.update(anonymous="applicant" not in found.personal, evidence_given=bool(proof))
    _take_files(found, proof, "proof")
    return found


def read_supplement(cells: Mapping[str, str], proof: Sequence[HandedIn]) -> Read:
    """What was asked for: files, words, or both."""
    found = _read(cells, (), ("statement",))
    if not proof and not found.personal:
        found.faults.append(Fault("proof", "supplement_missing"))
    _take_files(found, proof, "proof")
    return found


def _read(cells: Mapping[str, str], required: Sequence[str], optional: Sequence[str] = ()) -> Read:
    found = Read()
    for name in (*required, *optional):
        value = cells.get(name, "").strip()
        if not value:
            if name in required:
                found.faults.append(Fault(name, f"{name}_missing"))
        elif len(value) > LONGEST[name]:
            found.faults.append(Fault(name, "text_too_long", {"longest": LONGEST[name]}))
        elif any(not each.isprintable() and each not in "\r\n\t" for each in value):
            found.faults.append(Fault(name, "text_unprintable"))
        elif name == "contact" and not (_PHONE.fullmatch(value) or _MAIL.fullmatch(value)):
            found.faults.append(Fault(name, "contact_bad"))
        else:
            found.personal[name] = value.replace("\r\n", "\n")
    return found


def _take_files(found: Read, files: Sequence[HandedIn], cell: str) -> None:
    kept, faults = evidence.check(files, cell)
    found.files.extend(kept)
    found.faults.extend(faults)
