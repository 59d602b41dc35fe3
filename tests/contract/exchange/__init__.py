"""exchange.md against a running node: a second implementation, from the page alone, that shares no code with `sync/`."""
