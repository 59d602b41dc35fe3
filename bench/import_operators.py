"""A file of operators taken in with validation against a COPY of the same rows: `python -m bench.import_operators`.

Target (architecture.md, section 5): at most 15 times the COPY, with flat memory. Two COPYs are printed: of the csv
as it is into a table of text columns, and of the finished rows into a table like `operator`; neither table has an index.
"""

import argparse
import base64
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.launcher.environment import OWNER, SERVING, make_roles_and_database
from registry.launcher.postgres import EmbeddedPostgres
from registry.rules import uscc

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "registry_bench"
PASSWORDS = {"OWNER_PASSWORD": "owner-of-the-bench", "SERVING_PASSWORD": "serving-of-the-bench"}
HEADER = (
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "法人代表",
    "注册资金",
    "经营范围",
    "所在省份",
    "地区",
    "注册地址",
)
DISTRICTS = (
    "长安区",
    "桥西区",
    "新华区",
    "裕华区",
    "藁城区",
    "鹿泉区",
    "栾城区",
    "正定县",
    "无极县",
    "赵县",
    "晋州市",
    "新乐市",
)
TRADES = (
    "商贸",
    "电子商务",
    "网络科技",
    "食品",
    "建材",
    "医药科技",
    "农业科技",
    "物流",
    "服装",
    "餐饮管理",
    "家具",
    "广告",
)
CHARACTERS = "瑞祥恒达鑫盛华泰宏远博雅嘉诚永兴顺通利丰金辉德隆康宁安信和润佳美天成元亨昌茂源泉旺福荣光明辰星"


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Companies of the registration layout, the same for the same count."""
    chance = random.Random(130100)
    for number in range(count):
        district = chance.choice(DISTRICTS)
        trade = chance.choice(TRADES)
        subject = f"MA{number:06d}"
        body = f"91130102{subject}{uscc.organisation_check_character(subject)}"
        own = "".join(chance.choices(CHARACTERS, k=3))
        yield (
            f"石家庄{own}{trade}有限公司",
            body + uscc.check_character(body),
            f"20{number % 24:02d}-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
            "有限责任公司(自然人投资或控股)",
            "".join(chance.choices(CHARACTERS, k=3)),
            f"{chance.choice((10, 50, 100, 500))}万元人民币",
            f"{trade}的研发、销售；互联网销售（除销售需要许可的商品）；货物进出口",
            "河北省",
            f"石家庄市{district}",
            f"石家庄市{district}中山路{number % 400 + 1}号",
        )


def main() -> None:
    """Make the file, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000 * int(os.environ.get("SCALE", "1")))
    count = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as folder, _server(Path(folder)) as postgres:
        path = Path(folder) / "operators.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(rows(count))
        environment = _environment(postgres, Path(folder))
        subprocess.run([*_flask(), "db-prepare"], env=environment, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        ours, peak = _import(path, environment)
        raw, finished = _copies(path, postgres)
    print(f"{count:,} operators")
    print(f"COPY of the csv            {raw:8.1f} s")
    print(f"COPY of the finished rows  {finished:8.1f} s")
    print(f"import                     {ours:8.1f} s   {count / ours:,.0f} rows a second, peak {peak:,.0f} MB")
    print(
        f"ratio                      {ours / finished:8.1f} to the finished rows (target 15), {ours / raw:.1f} to csv"
    )


@contextmanager
def _server(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A durable server of its own, with the roles and an empty database."""
    folder.chmod(0o755)  # the server runs under another account
    postgres = EmbeddedPostgres(folder / "postgres", "superuser-of-the-bench")
    postgres.prepare()
    process = subprocess.Popen(postgres.command(), cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        postgres.wait_until_ready(lambda: process.poll() is None)
        with postgres.connect() as connection:
            make_roles_and_database(connection, PASSWORDS, DATABASE)
        yield postgres
    finally:
        process.terminate()
        process.wait(60)


def _environment(postgres: EmbeddedPostgres, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "REGISTRY_ENV": "test",
        "REGISTRY_DATA_DIR": str(folder / "node"),
        "DATABASE_URL": postgres.url(SERVING, PASSWORDS["SERVING_PASSWORD"], DATABASE),
        "DATABASE_OWNER_URL": postgres.url(OWNER, PASSWORDS["OWNER_PASSWORD"], DATABASE),
        "REGISTRY_SECRET_KEY": "k2v8-for-measuring-this-tree-only-0f3b",
        "REGISTRY_PERSONAL_DATA_KEY": base64.b64encode(bytes(range(32))).decode(),
        "REGISTRY_SITE_URL": "http://127.0.0.1:8000",
    }


def _flask() -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi"]


def _import(path: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds of the whole command, and the highest memory of it and its helper together in MB."""
    start = time.monotonic()
    command = subprocess.Popen([*_flask(), "import", "operators", str(path)], env=environment, cwd=ROOT)
    peak = 0.0
    while command.poll() is None:
        peak = max(peak, sum(_proportional(process) for process in _family(command.pid)))
        time.sleep(0.25)
    assert command.returncode == 0
    return time.monotonic() - start, peak


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))
    except OSError:
        return


def _proportional(pid: int) -> float:
    """Memory of a process in MB, what it shares counted in part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def _copies(path: Path, postgres: EmbeddedPostgres) -> tuple[float, float]:
    with postgres.connect(DATABASE) as connection, connection.transaction():
        columns = ", ".join(f"c{number} text" for number in range(len(HEADER)))
        connection.execute(f"CREATE TABLE plain_text ({columns})")
        connection.execute("CREATE TABLE plain_rows (LIKE operator)")
        start = time.monotonic()
        with (
            path.open("rb") as file,
            connection.cursor().copy("COPY plain_text FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while chunk := file.read(1 << 18):
                copy.write(chunk)
        raw = time.monotonic() - start
        finished = Path(f"{path}.rows")
        with finished.open("wb") as file, connection.cursor().copy("COPY operator TO STDOUT") as copy:
            for piece in copy:
                file.write(piece)
        start = time.monotonic()
        with finished.open("rb") as file, connection.cursor().copy("COPY plain_rows FROM STDIN") as copy:
            while block := file.read(1 << 18):
                copy.write(block)
        return raw, time.monotonic() - start


if __name__ == "__main__":
    main()
