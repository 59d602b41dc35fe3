"""How batches reach a peer and answers come back (exchange.md 8): the wire, files, or a table in the partner's database.

`choice` picks the carrier of a peer; each carrier is a module with `push` and, where it reads anything, `pull`.
"""
