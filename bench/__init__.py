"""How fast and how big, measured against what one would pick instead: `python -m bench` (architecture.md, section 5)."""
