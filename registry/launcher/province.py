"""The province beside the city that `make serve` runs: its environment, its database, and that the two trust each other."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry.config import PERSON_MATCHING_KEY, read_environment_file
from registry.launcher.environment import (
    FILE,
    HEADER,
    OWNER,
    SERVING,
    Node,
    RefusedError,
    draw_secrets,
    write_private,
)

CITY, PROVINCE = "130100", "130000"
DATABASE = "registry_province"
ISSUER = "河北省公共信用信息中心"
_OWN = ("REGISTRY_", "DATABASE_", "PROVINCE_", "PG")


@dataclass(frozen=True, slots=True)
class Province:
    """What the province runs with; `embedded` where its database stands on the city's embedded server."""

    data_dir: Path
    variables: dict[str, str]
    embedded: bool

    def environ(self, city: Mapping[str, str]) -> dict[str, str]:
        """The environment of its programs: the machine's, and nothing of the city's but the mark of the launcher."""
        marks = {name: value for name, value in city.items() if name.startswith("REGISTRY_RUN_BY")}
        rest = {name: value for name, value in city.items() if not name.startswith(_OWN)}
        return {**rest, **marks, **self.variables, "REGISTRY_DATA_DIR": str(self.data_dir)}


def describe_province(environ: Mapping[str, str], city: Node, data_dir: Path, *, site_url: str) -> Province | None:
    """Read and keep the province's environment as the city's; None where it would have no database. RefusedError.

    The key that names persons is the city's: nodes of one province name a person by the same keyed hash (exchange.md 2).
    """
    folder = data_dir / "province"
    path = folder / FILE
    kept = read_environment_file(path)
    draw_secrets(kept)
    kept |= {
        "REGISTRY_ENV": "demo",
        "REGISTRY_NODE_ROLE": "province",
        "REGISTRY_NODE_ID": PROVINCE,
        "REGISTRY_NODE_REGION": PROVINCE,
        "REGISTRY_ISSUER_NAME": ISSUER,
        "REGISTRY_SITE_URL": site_url,
        PERSON_MATCHING_KEY: city.variables.get(PERSON_MATCHING_KEY, ""),
    }
    given = environ.get("PROVINCE_DATABASE_URL")
    if given:
        owner = environ.get("PROVINCE_DATABASE_OWNER_URL")
        if not owner:
            raise RefusedError("PROVINCE_DATABASE_OWNER_URL: has to be given with PROVINCE_DATABASE_URL.")
        kept |= {"DATABASE_URL": given, "DATABASE_OWNER_URL": owner}
    elif city.postgres is not None:
        for name, role, password in (
            ("DATABASE_URL", SERVING, "SERVING_PASSWORD"),
            ("DATABASE_OWNER_URL", OWNER, "OWNER_PASSWORD"),
        ):
            kept[name] = city.postgres.url(role, city.variables[password], DATABASE)
    else:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    write_private(path, HEADER + "".join(f"{name}={value}\n" for name, value in sorted(kept.items())))
    return Province(folder, kept, embedded=not given)


def introduce(
    flask: Sequence[str], nodes: Sequence[tuple[str, str, Mapping[str, str]]], folder: Path, *, at: Path
) -> None:
    """Hand each node the other's address and public keys, as two administrators do by hand. Safe to repeat.

    `nodes` are two of (node id, address, environment); CalledProcessError where a command failed.
    """
    for (node, url, environ), (_, _, other) in (nodes, nodes[::-1]):
        shown = subprocess.run(
            [*flask, "peer", "key"], env=environ, cwd=at, stdin=subprocess.DEVNULL, check=True, stdout=subprocess.PIPE
        )
        file = folder / f"{node}.jwk"
        file.write_bytes(shown.stdout)
        subprocess.run(
            [*flask, "peer", "add", node, url, "--key", os.fspath(file)],
            env=other,
            cwd=at,
            stdin=subprocess.DEVNULL,
            check=True,
            stdout=subprocess.DEVNULL,
        )
