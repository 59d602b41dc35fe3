"""A worker, or another command, as a process of its own, as it runs beside the web server."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from registry.config import Settings
from registry.launcher.privileges import die_with_parent

ROOT = Path(__file__).resolve().parents[1]


def start_worker(settings: Settings, *words: str) -> subprocess.Popen[str]:
    """Start a worker on the node of these settings; its log can be read from `stderr`."""
    return start_command(settings, "worker", *words)


def start_command(settings: Settings, *words: str) -> subprocess.Popen[str]:
    """Start any command of the program on the node of these settings."""
    environ = {
        **os.environ,
        "REGISTRY_ENV": "test",
        "REGISTRY_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "DATABASE_OWNER_URL": settings.database_owner_url.replace("+psycopg", ""),
        "REGISTRY_SECRET_KEY": settings.secret_key,
        "REGISTRY_PERSONAL_DATA_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "REGISTRY_SITE_URL": settings.site_url,
    }
    command = [str(Path(sys.executable).parent / "flask"), "--app", "wsgi", *words]
    return subprocess.Popen(
        command,
        env=environ,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
