"""The script of docs/ledger.md, run as an outsider would, on proofs that a node handed out."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from registry.signing_keys import load_or_create

PAGE = Path(__file__).resolve().parent.parent.parent.parent / "docs" / "ledger.md"
ENTRIES = 11


@pytest.fixture
def proofs(own_app: Flask, grown: None) -> dict[int, dict[str, Any]]:
    """A proof for each entry of a ledger whose tree is not complete."""
    runner = own_app.test_cli_runner()
    return {seq: json.loads(runner.invoke(args=["ledger", "prove", str(seq)]).stdout) for seq in range(1, ENTRIES + 1)}


@pytest.fixture
def keys(own_app: Flask) -> dict[str, Any]:
    own = load_or_create(own_app.extensions["registry_settings"].key_dir)
    return {"keys": own.public_jwks()}


def checked(proof: dict[str, Any], keys: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    [script] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    for name, content in (("proof", proof), ("keys", keys)):
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    command = [sys.executable, "-c", script, str(folder / "proof.json"), str(folder / "keys.json")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_entry_is_found_in_the_tree(
    proofs: dict[int, dict[str, Any]], keys: dict[str, Any], tmp_path: Path
) -> None:
    for seq, proof in proofs.items():
        result = checked(proof, keys, tmp_path)
        assert result.stdout.startswith(f"entry {seq} stands in the tree of {ENTRIES} entries"), result.stderr


def test_an_altered_entry_is_not(proofs: dict[int, dict[str, Any]], keys: dict[str, Any], tmp_path: Path) -> None:
    proof = proofs[5]
    proof["leaf"]["public_digest"] = "00" * 32
    result = checked(proof, keys, tmp_path)
    assert result.returncode == 1
    assert "NOT in this tree" in result.stderr


def test_a_head_that_the_node_did_not_sign_is_refused(
    proofs: dict[int, dict[str, Any]], keys: dict[str, Any], tmp_path: Path
) -> None:
    proof = proofs[5]
    header, body, signature = proof["head"].split(".")
    proof["head"] = f"{header}.{body}.{'A' * len(signature)}"
    result = checked(proof, keys, tmp_path)
    assert result.returncode == 1
    assert "InvalidSignature" in result.stderr
