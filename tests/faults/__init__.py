"""Two nodes as processes of their own, a wire that does harm, and kill -9: what must hold under faults (exchange.md 7)."""
