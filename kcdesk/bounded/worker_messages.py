"""Messages between the program and its worker process: JSON and contents in bytes; neither side can run anything.

A process that cannot answer any more says why by its exit code.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO, NamedTuple

TOO_LONG, TOO_MUCH = 71, 72  # exit codes: the job took too much time, too much memory
_HEAD = struct.Struct(">I")
_LONGEST = 64 << 20  # bytes of the JSON
_LARGEST = 256 << 20  # bytes of all contents of a message
_MOST = 4_096  # contents


class Frame(NamedTuple):
    """One message."""

    kind: str
    values: dict[str, Any]
    contents: list[bytes]


def write_frame(stream: BinaryIO, kind: str, values: dict[str, Any], contents: Sequence[bytes] = ()) -> None:
    """Write a message and send it off; OSError if the other side is gone."""
    head = json.dumps([kind, values, [len(content) for content in contents]]).encode()
    stream.write(_HEAD.pack(len(head)) + head)
    for content in contents:
        stream.write(content)
    stream.flush()


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next message; None at the end, or if what comes is no message."""
    size = stream.read(_HEAD.size)
    if len(size) < _HEAD.size or _HEAD.unpack(size)[0] > _LONGEST:
        return None
    try:
        kind, values, sizes = json.loads(stream.read(_HEAD.unpack(size)[0]))
    except (ValueError, TypeError):
        return None
    if len(sizes) > _MOST or sum(sizes) > _LARGEST:
        return None
    contents = [stream.read(each) for each in sizes]
    return Frame(kind, values, contents) if [len(content) for content in contents] == sizes else None
