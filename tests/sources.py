"""The modules of the program for tests that look at its source: only those are parsed that hold what is looked for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import kcdesk

PACKAGE = Path(kcdesk.__file__).parent


def modules_with(pattern: str) -> Iterator[tuple[Path, ast.Module]]:
    """The modules in whose text a regular expression is found, with their trees: to parse them all takes two seconds.

    What a test refuses must not be writable without the pattern.
    """
    wanted = re.compile(pattern, re.MULTILINE)
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if wanted.search(source):
            yield path, ast.parse(source)
