"""What the ledger proves, in plain words: the current signed head, and a box to check one entry."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.guards import open_to_all
from models import db
from registry.ledger import heads, proofs
from registry.ledger.canonical import canonical
from registry.ledger.tree import leaf_hash, verify_inclusion

blueprint = Blueprint("ledger_page", __name__)


@blueprint.get("/ledger")
@open_to_all
def show_ledger() -> ResponseReturnValue:
    """The newest head; with `?seq=` also where that entry stands under it."""
    connection = db.session.connection()
    head = heads.newest_head(connection)
    typed = request.args.get("seq", "").strip()
    seq = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
    proof = None
    if head is not None and seq is not None and 1 <= seq <= head.size:
        proof = proofs.inclusion_proof(connection, seq, head.size)
    return render_template(
        "public/ledger.html",
        head=head,
        typed=typed,
        seq=seq,
        proof=proof,
        agrees=proof is not None and head is not None and _leads_to(proof, head),
    )


def _leads_to(proof: proofs.InclusionProof, head: heads.Head) -> bool:
    """Whether the proof holds, checked as an outsider would: from the leaf's own members to the signed root."""
    leaf = leaf_hash(canonical(proof.leaf))
    return leaf == proof.leaf_hash and verify_inclusion(leaf, proof.seq - 1, proof.size, proof.path, head.root)
