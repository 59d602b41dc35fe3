"""A platform's key for the benchmarks, with a limit that no benchmark reaches: the limit is kept, nobody is refused."""

from bench.database import Bench

CLIENT = "bench"
_LIMIT = 100_000_000  # requests a minute


def access(bench: Bench) -> dict[str, str]:
    """The headers of a client that may check, made anew by the program's own command."""
    with bench.connect() as connection:
        connection.execute("UPDATE api_client SET name = name || '-' || id WHERE name = %s", [CLIENT])
    printed = bench.flask("api-client", "create", CLIENT, "--scope", "check")
    with bench.connect() as connection:
        connection.execute("UPDATE api_client SET requests_per_minute = %s WHERE name = %s", [_LIMIT, CLIENT])
    return {"Authorization": f"Bearer {printed.split()[-1]}"}
