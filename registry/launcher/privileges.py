"""What a child of the launcher may do, and with whom it dies."""

import ctypes
import os
import pwd
import shutil
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ACCOUNT = "nobody"
PR_SET_PDEATHSIG = 1
REACH = "dac_override"  # lets the server enter a folder below one that only root may enter
ASKING = "no_setuid_fixup"  # and be told so when it asks beforehand, by access(2): initdb looks for postgres that way


class PrivilegeError(Exception):
    """The account or the program that gives root's rights away is missing."""


def unprivileged(command: Sequence[str], *needed: Path, stop_signal: str | None = None) -> list[str]:
    """The command as it has to be started: under another account when we are root, which PostgreSQL refuses to be.

    `needed` are the paths that it must reach. Where one lies below a folder that only root may enter, such as /root,
    the process keeps the one capability that opens it. `stop_signal` reaches the process when its parent dies.
    """
    if os.geteuid() != 0:
        return list(command)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise PrivilegeError("PostgreSQL refuses to run as root, and setpriv (package util-linux) is missing.")
    uid, gid = account_ids()
    wrapper = [setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    if not all(_reachable(path, uid) for path in needed):
        wrapper += [f"--securebits=+{ASKING}", f"--inh-caps=+{REACH}", f"--ambient-caps=+{REACH}"]
    if stop_signal is not None:
        wrapper += ["--pdeathsig", stop_signal]
    return [*wrapper, *command]


def give_away(*paths: Path) -> None:
    """Let the account own what it has to write; nothing to do when we are not root."""
    if os.geteuid() == 0:
        uid, gid = account_ids()
        for path in paths:
            os.chown(path, uid, gid, follow_symlinks=False)


def account_ids() -> tuple[int, int]:
    """User and group number of the account that PostgreSQL runs under when we are root."""
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError as error:
        raise PrivilegeError(f"PostgreSQL refuses to run as root, and there is no account {ACCOUNT!r}.") from error
    return account.pw_uid, account.pw_gid


def die_with_parent(number: int) -> Callable[[], None]:
    """To be run in a new child: asks the kernel for this signal when the parent dies, also by kill -9."""
    if sys.platform != "linux":
        return lambda: None
    libc = ctypes.CDLL(None)  # loaded before the fork: the child should only call

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)

    return ask


def _reachable(path: Path, uid: int) -> bool:
    """Whether the account may enter every folder above the path, and read the path itself."""
    for place in (path, *path.parents):
        status = place.stat()
        mine = status.st_uid == uid
        if not status.st_mode & (stat.S_IXUSR if mine else stat.S_IXOTH):
            return False
    return True
