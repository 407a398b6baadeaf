"""Small files of our own that anybody may have put there instead: read only if they are plain and small."""

from __future__ import annotations

import errno
from pathlib import Path


def small_file(path: Path, most: int) -> bytes:
    """The content of a file of at most `most` bytes; OSError, also for a larger one and for what is no plain file.

    A pipe never ends, and a link may lead to a device without an end; neither has a size.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "no plain file", str(path))
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, "too large", str(path))
    return content
