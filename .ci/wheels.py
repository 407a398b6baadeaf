"""Whether every locked package has a wheel for each Python and system on which kcdesk runs: nothing is ever compiled.

    python .ci/wheels.py [locked.txt …]     asks the package index; exit code 1 if a wheel is missing

A wheel counts only if its hash stands in the locked file, so that what is installed is what was locked. Without a
network it says that it could not ask, and the exit code is 0.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ADDRESS = "https://pypi.org/simple/{}/"
_FORM = "application/vnd.pypi.simple.v1+json"  # PEP 691; older indexes answer with a page
_LINK = re.compile(r"<a\b[^>]*href=\"[^\"#]*#sha256=([0-9a-f]{64})\"[^>]*>\s*([^<\s]+)\s*</a>", re.IGNORECASE)
_PATIENCE = 20  # seconds
PYTHONS = (11, 12, 13)  # of CPython 3
# System: what the last part of a wheel's name is there.
SYSTEMS = {
    "Windows x86_64": re.compile(r"win_amd64|any"),
    "macOS arm64": re.compile(r"macosx_\d+_\d+_(arm64|universal2)|any"),
    "macOS x86_64": re.compile(r"macosx_\d+_\d+_(x86_64|universal2|intel)|any"),
    "Linux x86_64": re.compile(r"manylinux\w*_x86_64|any"),
}
# Package and system without a wheel that is lived with, and why.
ACCEPTED = {
    (
        "cryptography",
        "macOS x86_64",
    ): "its authors build none any more; it is compiled there, by Rust",
}
_MARKED = {"win32": "Windows", "darwin": "macOS", "linux": "Linux"}
_HEAD = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)\s*(?:;\s*([^\\\n]*))?", re.MULTILINE)
_HASH = re.compile(r"sha256:([0-9a-f]{64})")


class LockedPackage(NamedTuple):
    """A locked package; `marker` says where it is wanted, "" for everywhere."""

    name: str
    version: str
    marker: str
    hashes: frozenset[str]


class WheelTags(NamedTuple):
    """The tags of a wheel's name, each with its alternatives."""

    pythons: tuple[str, ...]
    interfaces: tuple[str, ...]
    platforms: tuple[str, ...]

    def fits(self, python: int, system: str) -> bool:
        """Whether CPython 3.`python` installs it on a system."""
        if not any(SYSTEMS[system].fullmatch(platform) for platform in self.platforms):
            return False
        return any(_suits(tag, interface, python) for tag in self.pythons for interface in self.interfaces)


def main(arguments: list[str]) -> int:
    """Print what is missing."""
    files = [Path(name) for name in arguments] or [HERE / "locked.txt"]
    packages = [package for file in files for package in locked_packages(file.read_text("utf-8"))]
    missing, unasked, asked = [], [], 0
    for package in packages:
        try:
            missing += lacking(package, wheels_of(package))
            asked += 1
        except (OSError, ValueError) as error:
            unasked.append(f"{package.name}: {error}")
            if len(unasked) == 3:  # there is no network, or no such service
                break
    right = f"{asked} packages have wheels for each of {len(PYTHONS)} Pythons on {len(SYSTEMS)} systems."
    print("\n".join(missing) or right)
    print(*(f"Accepted: {name} on {system}: {why}." for (name, system), why in ACCEPTED.items()), sep="\n")
    if unasked:
        print(f"NOT ASKED: {len(packages) - asked} packages ({unasked[0]}).")
    return bool(missing)


def locked_packages(text: str) -> Iterator[LockedPackage]:
    """The packages of a locked file."""
    heads = list(_HEAD.finditer(text))
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        hashes = _HASH.findall(text[head.end() : after.start() if after else None])
        yield LockedPackage(head[1], head[2], (head[3] or "").strip(), frozenset(hashes))


def wheels_of(package: LockedPackage) -> list[WheelTags]:
    """The wheels of a package that the index has and that are locked."""
    request = urllib.request.Request(ADDRESS.format(package.name), headers={"Accept": f"{_FORM}, text/html;q=0.5"})
    with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
        content = answer.read().decode("utf-8")
    return [tags_of(name) for name, digest in listed(content) if name.endswith(".whl") and digest in package.hashes]


def listed(content: str) -> list[tuple[str, str]]:
    """The files of an answer of the index, JSON or a page, with their SHA-256."""
    if content.lstrip().startswith("{"):
        return [(file["filename"], file["hashes"].get("sha256", "")) for file in json.loads(content)["files"]]
    return [(name, digest) for digest, name in _LINK.findall(content)]


def tags_of(name: str) -> WheelTags:
    """The tags of a wheel by its name."""
    *_, pythons, interfaces, platforms = name.removesuffix(".whl").split("-")
    return WheelTags(*(tuple(tags.split(".")) for tags in (pythons, interfaces, platforms)))


def lacking(package: LockedPackage, wheels: list[WheelTags]) -> list[str]:
    """Sentences about Pythons and systems for which no wheel fits, of those where the package is wanted."""
    return [
        f"{package.name} {package.version}: no wheel for Python 3.{python} on {system}"
        for python in PYTHONS
        for system in SYSTEMS
        if (package.name, system) not in ACCEPTED
        if _is_wanted(package.marker, system) and not any(wheel.fits(python, system) for wheel in wheels)
    ]


def _is_wanted(marker: str, system: str) -> bool:
    """Whether a marker of the locked file asks for a package on a system; other markers ask for it everywhere."""
    named = re.fullmatch(r"sys_platform == '(\w+)'", marker)
    return named is None or system.startswith(_MARKED[named[1]])


def _suits(tag: str, interface: str, python: int) -> bool:
    """Whether CPython 3.`python` takes a wheel with this pair of tags."""
    if tag.startswith("py3"):
        return interface == "none" and int(tag.removeprefix("py3") or 0) <= python
    if not tag.startswith("cp3"):
        return False
    built = int(tag.removeprefix("cp3"))
    return built == python if interface == tag else interface in ("abi3", "none") and built <= python


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
