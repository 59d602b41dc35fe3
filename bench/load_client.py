"""A small load generator, for machines without wrk: `python -m bench.load_client CONNECTIONS SECONDS [HEADER …]`.

What to ask comes in the variables that keys.lua reads too, with BENCH_URL; the last line printed is the same JSON.
"""

import asyncio
import json
import os
import random
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from bench.figures import percentile


async def main(connections: int, seconds: float, headers: list[str]) -> None:
    """Ask over all connections at once and print the figures."""
    keys = Path(os.environ["BENCH_KEYS"]).read_text(encoding="utf-8").split()
    address = urlsplit(os.environ["BENCH_URL"])
    tail = "".join(f"{line}\r\n" for line in (f"Host: {address.netloc}", *headers)) + "\r\n"
    prefix, suffix = os.environ["BENCH_PREFIX"], os.environ["BENCH_SUFFIX"]
    start = time.perf_counter()

    async def ask_on_one_connection() -> tuple[list[float], int]:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        took, errors = [], 0
        while (asked := time.perf_counter()) < start + seconds:
            writer.write(f"GET {prefix}{random.choice(keys)}{suffix} HTTP/1.1\r\n{tail}".encode())
            errors += not await _succeeded(reader)
            took.append(time.perf_counter() - asked)
        writer.close()
        return took, errors

    done = await asyncio.gather(*(ask_on_one_connection() for _ in range(connections)))
    took = [each * 1000 for one, _ in done for each in one]
    told = {"requests": len(took), "seconds": time.perf_counter() - start, "errors": sum(errors for _, errors in done)}
    print(json.dumps(told | {"p50": percentile(took, 0.5), "p99": percentile(took, 0.99)}))


async def _succeeded(reader: asyncio.StreamReader) -> bool:
    """Read one answer to its end; whether its status was below 400."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    fields = dict(line.split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    if b"content-length" in fields:
        await reader.readexactly(int(fields[b"content-length"]))
    elif fields.get(b"transfer-encoding", b"").strip() == b"chunked":
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    return int(head.split(b" ", 2)[1]) < 400


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
