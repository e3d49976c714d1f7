# noqa: INP001  # a script of its own, in no package
"""Draws color.png (192x192) and outline.png (32x32) beside this file: two discs that overlap.

Run it again after a change; nothing but the standard library is needed.
"""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Pixel = tuple[int, int, int, int]
Point = tuple[float, float]

PAPER: Pixel = (245, 244, 250, 255)
LEFT: Pixel = (11, 112, 117, 255)
RIGHT: Pixel = (162, 68, 127, 255)
BOTH: Pixel = (47, 52, 136, 255)
WHITE: Pixel = (255, 255, 255, 255)
NOTHING: Pixel = (255, 255, 255, 0)
FINE = 6  # samples along each side of a pixel
RADIUS, APART = 0.23, 0.135  # of the whole width: a disc, and its centre from the middle


def inside(point: Point, side: int, radius: float) -> bool:
    """Whether a point (0 to 1) lies in the disc on one side (-1 or 1)."""
    x, y = point
    return (x - 0.5 - side * APART) ** 2 + (y - 0.5) ** 2 <= radius**2


def coloured(point: Point) -> Pixel:
    """The icon in colour: teal and magenta discs, and the time that they share."""
    left, right = inside(point, -1, RADIUS), inside(point, 1, RADIUS)
    if left and right:
        return BOTH
    return LEFT if left else RIGHT if right else PAPER


def outlined(point: Point) -> Pixel:
    """The icon as a white line: two rings over the whole width."""
    x, y = point
    near = (0.5 + (x - 0.5) * 0.78, 0.5 + (y - 0.5) * 0.78)
    rings = [
        inside(near, side, RADIUS + 0.02) and not inside(near, side, RADIUS - 0.035)
        for side in (-1, 1)
    ]
    return WHITE if any(rings) else NOTHING


def pixel(draw: Callable[[Point], Pixel], column: int, row: int, size: int) -> Pixel:
    """The mean of the samples in one pixel; clear ones give no colour."""
    samples = [
        draw(((column + (i + 0.5) / FINE) / size, (row + (j + 0.5) / FINE) / size))
        for i in range(FINE)
        for j in range(FINE)
    ]
    weight = sum(sample[3] for sample in samples)
    if not weight:
        return NOTHING
    red, green, blue = (round(sum(s[n] * s[3] for s in samples) / weight) for n in range(3))
    return red, green, blue, round(weight / len(samples))


def png(draw: Callable[[Point], Pixel], size: int) -> bytes:
    """A PNG file (W3C PNG 5.3: chunks; 9.2: each row begins with its filter, here none)."""
    rows = (
        b"\x00" + b"".join(bytes(pixel(draw, column, row, size)) for column in range(size))
        for row in range(size)
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def main(folder: Path) -> None:
    """Write both files."""
    (folder / "color.png").write_bytes(png(coloured, 192))
    (folder / "outline.png").write_bytes(png(outlined, 32))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
