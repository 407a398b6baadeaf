"""Asks whether a fault is known of a locked package, and says so where nobody can be asked; it never fails offline.

    python .ci/audit.py

It sends names and versions of locked.txt, which are public, to pypi.org, which knows the advisories of the Python
Packaging Authority. Exit code 1 only if a fault is known and is not in ACCEPTED with a reason.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

LOCKED = Path(__file__).with_name("locked.txt")
ADDRESS = "https://pypi.org/pypi/{}/{}/json"
ACCEPTED: dict[str, str] = {}  # id of a fault: why the program is not touched by it
_NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", re.MULTILINE)
_PATIENCE = 10  # seconds


def main() -> int:
    """Print what is known."""
    packages = _NAME.findall(LOCKED.read_text("utf-8"))
    known, unasked = [], []
    for name, version in packages:
        try:
            known += [f"{name} {version}: {fault}" for fault in faults(name, version)]
        except (OSError, ValueError) as error:
            unasked.append(f"{name}: {error}")
            if len(unasked) == 2:  # there is no network, or no such service
                break
    print("\n".join(known) if known else f"No fault is known of {len(packages) - len(unasked)} packages.")
    if unasked:
        print(f"NOT ASKED: {len(unasked)} packages ({unasked[0]}). Ask again where pypi.org can be reached.")
    return bool(known)


def faults(name: str, version: str) -> list[str]:
    """The known faults of a version; OSError if nobody can be asked."""
    with urllib.request.urlopen(ADDRESS.format(name, version), timeout=_PATIENCE) as answer:
        content: dict[str, Any] = json.load(answer)
    listed = content.get("vulnerabilities")
    if listed is None:
        raise ValueError("the answer has no list of faults")
    return [f"{item['id']} {item.get('summary') or ''}".strip() for item in listed if item["id"] not in ACCEPTED]


if __name__ == "__main__":
    sys.exit(main())
