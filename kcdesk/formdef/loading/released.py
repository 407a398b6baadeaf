"""Checks that released versions never change: `released.toml` keeps the SHA-256 of each released version.

    python -m kcdesk.formdef.loading.released [FOLDER]

adds the new versions of a folder (by default the shipped one) before they are released. It adds nothing if a version
that was released before has changed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import MANIFEST
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.loading.placeholder_names import note_names
from kcdesk.formdef.loading.toml_reader import Faults, read_toml
from kcdesk.runtime.frozen import Value, differing_fields

Hashes = dict[str, dict[str, str]]  # by group and reference: {"form": {"proposal@1": "9f…"}}

GROUPS = {"form": "Mẫu", "checklist": "Danh mục kiểm tra", "outline": "Đề cương", "document": "Mẫu giấy tờ"}
# Keys that may still change: the end of a version, and the look of the list page.
_FREE = frozenset(
    ("effective_to", "list", "filters", "search", "sort", "order", "group", "new_label", "empty_text", "copied")
)
_FREE_ANYWHERE = frozenset(("is_inner",))  # the same for every field: whether the screen shows it
_KEPT = 1024
_hashed: dict[int, tuple[object, str]] = {}  # by identity, with the definition, so that it stays the only one of it
_HEAD = """\
# The SHA-256 of each released version: a version listed here never changes, a change is made in a new version.
# Written by `python -m kcdesk.formdef.loading.released`. Grammar: README.md.
"""


class ChangedVersionsError(UserError):
    """Released versions have changed; `sentences` names each of them."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences), code="used_version")
        self.sentences = tuple(sentences)


def hashes(forms: Forms) -> Hashes:
    """The SHA-256 of every definition with a version; FormsError if checklists or outlines are wrong."""
    return {
        "form": {form.reference: _hash_of(form) for form in forms.all},
        "checklist": {f"{item.activity}@{item.version}": _hash_of(item) for item in forms.checklists},
        "outline": {f"{item.activity}@{item.version}": _hash_of(item) for item in forms.outlines},
        "document": {reference: _sha256(table) for reference, table in _layouts(forms.folder / "documents")},
    }


def changed(forms: Forms) -> list[str]:
    """A sentence for every released version that has changed or is missing; FormsError for a wrong manifest."""
    return list(_changed(_noted(forms.folder), hashes(forms)))


def release(folder: Path | None = None) -> list[str]:
    """Add the new versions of a folder to its manifest, and the placeholders of their fields; returns the versions.

    ChangedVersionsError, and nothing is written, if a released version has changed; FormsError if the folder is wrong.
    """
    forms = load(folder)
    noted, now = _noted(forms.folder), hashes(forms)
    if sentences := list(_changed(noted, now)):
        raise ChangedVersionsError(sentences)
    new = {group: {name: now[group][name] for name in now[group].keys() - noted[group]} for group in GROUPS}
    _write(forms.folder / MANIFEST, {group: noted[group] | new[group] for group in GROUPS})
    note_names(forms)
    return [f"{GROUPS[group]} “{name}”" for group in GROUPS for name in sorted(new[group])]


def _changed(noted: Hashes, now: Hashes) -> Iterator[str]:
    for group, called in GROUPS.items():
        for reference, sha256 in sorted(noted[group].items()):
            if reference not in now[group]:
                yield f"{called} “{reference}” đã phát hành nhưng không còn; hãy khôi phục tệp của nó."
            elif now[group][reference] != sha256:
                yield (
                    f"{called} “{reference}” đã phát hành nên không được sửa; hãy khôi phục như cũ"
                    " và ghi thay đổi vào một phiên bản mới."
                )


def _noted(folder: Path) -> Hashes:
    """The hashes in the manifest of a folder, {} for a missing group; FormsError if it is wrong."""
    faults, file = Faults(), folder / MANIFEST
    table = (read_toml(file, MANIFEST, faults) or {}) if file.exists() else {}
    for group in table.keys() - GROUPS:
        faults.unknown(MANIFEST, "", "nhóm", group, GROUPS)
    for group, entries in table.items():
        if not (isinstance(entries, dict) and all(isinstance(sha256, str) for sha256 in entries.values())):
            faults.add(MANIFEST, group, "phải là các dòng “tên@phiên bản” = “mã băm”")
    if faults.items:
        raise FormsError(faults.items)
    return {group: table.get(group, {}) for group in GROUPS}


def _write(file: Path, noted: Hashes) -> None:
    lines = [_HEAD]
    for group, entries in noted.items():
        lines += [f"[{group}]\n", *(f'"{name}" = "{entries[name]}"\n' for name in sorted(entries)), "\n"]
    file.write_text("".join(lines).rstrip() + "\n", encoding="utf-8")


def _hash_of(definition: object) -> str:
    """The hash of a definition; what was not read anew (`TomlReader.build_whole`) is not hashed anew."""
    known = _hashed.get(id(definition))
    if known is None:
        if len(_hashed) >= _KEPT:
            _hashed.clear()
        known = _hashed[id(definition)] = definition, _sha256(_content(definition))
    return known[1]


def _sha256(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _content(value: Any, *, is_head: bool = True) -> Any:
    """The content of a definition as JSON, without default values; comments and the order of keys do not matter."""
    if isinstance(value, Value):
        return {
            item.name: _content(getattr(value, item.name), is_head=False)
            for item in differing_fields(value)
            if not _is_free(item.name, is_head)
        }
    if isinstance(value, Mapping):
        return {str(key): _content(entry, is_head=False) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_content(entry, is_head=False) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


def _is_free(name: str, is_head: bool) -> bool:
    return name in _FREE_ANYWHERE or (is_head and name in _FREE)


def _layouts(folder: Path) -> Iterator[tuple[str, object]]:
    """Yield reference and content of every layout, with its included parts; faults of TOML are reported elsewhere."""
    parts = {path.stem: _table(path) for path in sorted((folder / "parts").glob("*.toml"))}
    for path in sorted(folder.glob("*.toml")):
        table = {key: value for key, value in _table(path).items() if key not in _FREE}
        included = {name: parts.get(name) for name in sorted(_included(table))}
        yield f"{table.get('id')}@{table.get('version')}", _content([table, included])


def _table(path: Path) -> dict[str, Any]:
    return read_toml(path, path.name, Faults()) or {}


def _included(value: object) -> Iterator[str]:
    """Yield the names of the parts that blocks include."""
    if isinstance(value, dict):
        if value.get("type") == "include":
            yield str(value.get("part"))
        yield from (name for entry in value.values() for name in _included(entry))
    elif isinstance(value, list):
        yield from (name for entry in value for name in _included(entry))


def main(arguments: Sequence[str]) -> int:
    """Run `release` for the folder in the arguments; returns the exit code."""
    try:
        new = release(Path(arguments[0]) if arguments else paths.forms())
    except UserError as error:
        sys.stderr.write(f"{error.sentence()}\n")
        return 1
    sys.stdout.write("".join(f"+ {name}\n" for name in new) or "Không có phiên bản mới.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
