"""The wire of exchange.md 3 as a carrier."""

from sync.outbound import push
from sync.pulling import pull

__all__ = ["pull", "push"]
