"""Our contract with callers: what they may send, what they get. Schemas check form, services substance."""
