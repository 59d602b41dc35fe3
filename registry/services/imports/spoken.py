"""Which records earlier rows of a file were about: two rows of one file may complete each other, never contradict.

Were the later row simply to win, the same file handed in again would change the register twice each time.
"""


class Spoken:
    """A bit for each record, by table and key: a file of a million rows takes some hundred kilobytes.

    What a batch adds counts at once, is kept when the batch is committed and forgotten where a part of it is rolled back.
    """

    def __init__(self) -> None:
        self._bits: dict[str, bytearray] = {}
        self._pending: dict[tuple[str, int], None] = {}

    def has(self, table: str, key: int) -> bool:
        """Whether a row was about this record."""
        if (table, key) in self._pending:
            return True
        bits = self._bits.get(table, b"")
        return key >> 3 < len(bits) and bool(bits[key >> 3] >> (key & 7) & 1)

    def add(self, table: str, key: int) -> None:
        """Note that a row was about this record."""
        self._pending[table, key] = None

    def mark(self) -> int:
        """A point to which `forget` can go back."""
        return len(self._pending)

    def forget(self, mark: int = 0) -> None:
        """Forget what was added after the mark: it was rolled back."""
        while len(self._pending) > mark:
            self._pending.popitem()

    def keep(self) -> None:
        """What was added has been committed."""
        for table, key in self._pending:
            bits = self._bits.setdefault(table, bytearray())
            if key >> 3 >= len(bits):
                bits.extend(bytes((key >> 3) + 1024 - len(bits)))
            bits[key >> 3] |= 1 << (key & 7)
        self._pending.clear()
