"""Taking values out of JSON: emptied at their places, and every occurrence of their texts blotted out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kcdesk.letters import normalized
from kcdesk.store.database.db import canonical

MARK = "[đã xoá]"
_SHORTEST = 4  # letters of a text that is looked for inside other texts


class Blotter:
    """Blots out texts wherever they stand, whatever their spaces, capitals and form of Unicode."""

    def __init__(self, texts: Iterable[str]) -> None:
        wanted = {normalized("NFC", text).strip() for text in texts}
        long = sorted((text for text in wanted if len(text) >= _SHORTEST and text != MARK), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_pattern, long)), re.IGNORECASE) if long else None

    def text(self, text: str) -> str:
        """The text with every occurrence replaced by the mark."""
        if self._pattern is None:
            return text
        composed = normalized("NFC", text)
        blotted = self._pattern.sub(MARK, composed)
        return text if blotted == composed else blotted

    def value(self, value: Any) -> Any:
        """A value of JSON, blotted in all its texts."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {name: self.value(item) for name, item in value.items()}
        return value

    def json(self, content: str | None) -> str | None:
        """JSON text, blotted."""
        return content if content is None else canonical(self.value(json.loads(content)))


def _pattern(text: str) -> str:
    if text.isdigit():
        return r"(?<!\d)" + r"[ .-]?".join(text) + r"(?!\d)"
    return r"(?<!\w)" + r"\s+".join(map(re.escape, text.split())) + r"(?!\w)"


def value_in(content: Mapping[str, Any], path: str) -> Any:
    """What stands at a path, in a record or in a line of the history."""
    if path in content:
        return content[path]
    table, _, rest = path.partition("/")
    row, _, column = rest.partition("/")
    held = [_cell(content.get(f"{table}/{row}"), column)]
    rows = content.get(table)
    if isinstance(rows, list):
        held += [_cell(each, column) for each in rows if isinstance(each, dict) and each.get("id") == row]
    return held


def _cell(row: Any, column: str) -> Any:
    return row.get(column) if isinstance(row, dict) else None


def texts_of(value: Any) -> Iterable[str]:
    """The texts of a value; of files only their names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for name in ("name", "caption") for text in texts_of(value.get(name)))
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)


def wiped_json(content: str | None, paths: Sequence[str], blotter: Blotter) -> str | None:
    """JSON of a record or of a line with the paths emptied and every text blotted; unchanged if nothing of it goes."""
    if content is None:
        return None
    data = json.loads(content)
    wiped = blotter.value(wipe(data, paths))
    return content if wiped == data else canonical(wiped)


def renamed_json(content: str | None, names: Mapping[str, str]) -> str | None:
    """JSON in which every text that is a key of `names` is replaced by its value."""
    if content is None or not any(name in content for name in names):
        return content
    return canonical(_renamed(json.loads(content), names))


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def wiped_state(content: str | None, paths: Sequence[str], blotter: Blotter) -> str | None:
    """A received state in JSON, whose values stand below `data`; wiped as by `wiped_json`."""
    if content is None:
        return None
    state = json.loads(content)
    if isinstance(state.get("data"), dict):
        state["data"] = emptied(state["data"], paths)
    return canonical(blotter.value(state))


def wipe(data: dict[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """A copy of a record's content, or of a history line, with these paths emptied; names keep a mark."""
    wiped = {name: erased(value) if name in paths else value for name, value in data.items()}
    for path in paths:
        table, _, rest = path.partition("/")
        row, _, column = rest.partition("/")
        if not column:
            continue
        if isinstance(wiped.get(f"{table}/{row}"), dict):
            wiped[f"{table}/{row}"] = _without(wiped[f"{table}/{row}"], column)
        if isinstance(wiped.get(table), list):
            wiped[table] = [
                _without(each, column) if isinstance(each, dict) and each.get("id") == row else each
                for each in wiped[table]
            ]
    return wiped


def emptied(data: dict[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """As `wipe`, without the fields that are empty then: the content of a record has none."""
    return {name: value for name, value in wipe(data, paths).items() if value is not None}


def _without(row: dict[str, Any], column: str) -> dict[str, Any]:
    return {name: erased(value) if name == column else value for name, value in row.items()}


def erased(value: Any) -> Any:
    """What takes the place of a value: a mark for a name, nothing for a number, an address of email, a code, a file."""
    if value == MARK:  # erased before
        return MARK
    is_name = isinstance(value, str) and value.lower() != value and not any(c.isdigit() or c in "@_" for c in value)
    return MARK if is_name else None
