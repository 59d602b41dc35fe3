"""Setting blocks on pages."""

from collections import deque
from collections.abc import Sequence

from registry.reports.blocks import Block
from registry.reports.page import BOTTOM, FIRST_TOP, LATER_TOP

Page = list[tuple[Block, float]]  # blocks with their upper edges, in points from the foot of the sheet


def set_pages(blocks: Sequence[Block]) -> list[Page]:
    """All blocks on as many pages as they need; the number of pages is known before any is drawn.

    A heading stays with the beginning of what it heads. What fits no page and cannot be split runs over the foot.
    """
    waiting = deque(blocks)
    pages: list[Page] = [[]]
    top = FIRST_TOP
    while waiting:
        block = waiting.popleft()
        page = pages[-1]
        upper = top - (block.space_before if page else 0)
        room = upper - BOTTOM
        follower = waiting[0] if block.keeps_with_next and waiting else None
        needed = block.height + (follower.space_before + follower.least_height if follower else 0)
        if needed <= room:
            page.append((block, upper))
            top = upper - block.height
            continue
        parts = block.split(room)
        if parts:
            page.append((parts[0], upper))
            waiting.appendleft(parts[1])
        elif not page:
            page.append((block, upper))
        else:
            waiting.appendleft(block)
        pages.append([])
        top = LATER_TOP
    return [page for page in pages if page]
