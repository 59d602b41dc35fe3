"""The published vectors hold under code that knows nothing of the program, and that code finds what does not hold."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "exchange-vectors"
NAMES = ("keys", "messages", "batch", "requests", "digests", "jws")


def check(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the reader's script as a reader does: without the program's folder in its path."""
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(FOLDER)!r}); sys.argv = ['check', "
               f"{str(folder)!r}]; import check; sys.exit(check.main())"]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)


def test_every_vector_holds_without_the_program() -> None:
    done = check(FOLDER)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("holds") == len(NAMES) - 1


def test_the_scripts_know_nothing_of_the_program() -> None:
    words = ("sync", "registry", "models", "blueprints", "rfc8785", "joserfc")
    for path in FOLDER.glob("*.py"):
        lines = [line for line in path.read_text("utf-8").splitlines() if line.startswith(("import ", "from "))]
        assert not [line for line in lines if line.split()[1].split(".")[0] in words], path.name


def _with(value: Any, *path: str | int, to: Any) -> Any:
    *way, last = path
    place = value
    for step in way:
        place = place[step]
    place[last] = to
    return value


@pytest.mark.parametrize(
    ("name", "path", "to"),
    [
        ("messages", ("messages", 0, "digest"), "sha256:" + "0" * 64),
        ("messages", ("messages", 1, "canonical"), "{}"),
        ("batch", ("manifest", "count"), 3),
        ("batch", ("lines", 0), "{}"),
        ("batch", ("receipt", "accepted"), 7),
        ("requests", ("requests", 0, "request", "path"), "/exchange/v1/node"),
        ("requests", ("requests", 1, "answer", "headers", "Exchange-Next"), "41"),
        ("requests", ("requests", 2, "answer", "body_base64"), ""),
        ("requests", ("requests", 2, "request", "headers", "Exchange-To"), "130200"),
        ("digests", ("records", 0, "revision"), 9),
        ("jws", ("ledger_head", "payload", "size"), 10),
        ("jws", ("detached", "content"), "{}"),
    ],
)
def test_a_vector_that_was_changed_does_not_hold(
    tmp_path: Path, name: str, path: tuple[str | int, ...], to: object
) -> None:
    for each in NAMES:
        shutil.copy(FOLDER / f"{each}.json", tmp_path)
    file = tmp_path / f"{name}.json"
    file.write_text(json.dumps(_with(json.loads(file.read_text("utf-8")), *path, to=to)), encoding="utf-8")
    done = check(tmp_path)
    assert done.returncode == 1
    assert f"{name}.json: WRONG" in done.stdout
