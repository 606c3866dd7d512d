"""A company's articles of the last days as a line as small as a word: SVG for pages and mails, blocks for text."""

from __future__ import annotations

from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"
_WIDTH, _HEIGHT, _MARGIN = 84, 20, 2


def blocks(values: Sequence[int]) -> str:
    """A block for each value, as high as its share of the highest."""
    top = max(values, default=0)
    return "".join(_BLOCKS[round(value / top * (len(_BLOCKS) - 1))] if top else _BLOCKS[0] for value in values)


def svg_points(values: Sequence[int]) -> str:
    """The points of a polyline in a box of 84 by 20 pixels, the oldest value at the left."""
    top = max((*values, 1))
    step = (_WIDTH - 2 * _MARGIN) / max(1, len(values) - 1)
    room = _HEIGHT - 2 * _MARGIN
    points = ((_MARGIN + place * step, _HEIGHT - _MARGIN - value / top * room) for place, value in enumerate(values))
    return " ".join(f"{across:.1f},{down:.1f}" for across, down in points)
