"""Names the files that differ between two built folders: `python .ci/bundle/compare.py FIRST SECOND`; 1 if any does."""

from __future__ import annotations

import sys
from pathlib import Path

from build import digest


def main(arguments: list[str]) -> int:
    """Print the files that only one folder has, and those that differ."""
    first, second = (digests(Path(folder)) for folder in arguments)
    differing = sorted(name for name in {*first, *second} if first.get(name) != second.get(name))
    print("\n".join(differing) or f"All {len(first)} files are the same.")
    return int(bool(differing))


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by name."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): digest(path) for path in files}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
