"""Which stored record a row means: by the groups of fields that tell records of its kind apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.new_record import needs_parent
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.matching.column_words import column_words
from kcdesk.store.similar_names import bare_name
from kcdesk.text import fold

_Key = tuple[Any, ...]  # the number of a group, then its values for comparing
_FORMER_AT_ONCE = 300
_BLANK = "–"  # stands for a part of an identity that is left open
_SHORT_FORMS = (
    (r"\b(?:cty|c ty|ct)\b", "cong ty"),
    (r"\btnhh\b", "trach nhiem huu han"),
    (r"\bmtv\b", "mot thanh vien"),
    (r"\bcp\b", "co phan"),
    (r"\bdntn\b", "doanh nghiep tu nhan"),
    (r"\bhtx\b", "hop tac xa"),
    (r"\bhkd\b", "ho kinh doanh"),
    (r"\bsxkd\b", "san xuat kinh doanh"),
    (r"\bsx\b", "san xuat"),
    (r"\btmdv\b", "thuong mai dich vu"),
    (r"\btm\b", "thuong mai"),
    (r"\bdv\b", "dich vu"),
)
_EXPANDED = tuple((re.compile(pattern), words) for pattern, words in _SHORT_FORMS)
_NO_WORDS = re.compile(r"[^\w]+")


class KnownMatch(Value):
    """A record that a row means, and why; `question` if that is only likely."""

    id: str
    why: str
    question: str = ""


class KnownRecords:
    """The records of one kind, stored ones and those of this act, by the values that tell them apart."""

    def __init__(self, workspace: Workspace, kind: str) -> None:
        self._workspace, self._kind = workspace, kind
        self.form: Form = workspace.forms.current(kind, workspace.today())
        words = column_words(workspace.forms).of_kind(kind)
        groups = words.identity or (self.form.title,)
        self._may_be_blank = frozenset(words.may_be_blank)
        self._groups = [group for group in groups if all(name in self.form.by_name for name in group)]
        self._alone = {group[0] for group in self._groups if len(group) == 1} - {self.form.title[0]}
        self._telling = self._alone | {item.name for item in self.form.fields if type_of(item).is_place}
        grouped = {name for group in self._groups for name in group}
        self._strict = {name for name in grouped if _divides(self.form.by_name[name])}
        self.telling_names = grouped | self._telling | {self.form.title[0]}  # by which records are told apart
        self._data: dict[str, Mapping[str, Any]] = {}
        self._by_key: dict[_Key, tuple[str, ...]] = {}  # the records that have the values of a group
        self._likely: dict[str, tuple[str, ...]] = {}
        self._name = self.form.title[0]
        for stored in workspace.store.page(kind, limit=-1):
            self.add(stored.id, stored.data)

    def add(self, id_: str, data: Mapping[str, Any]) -> None:
        """Know a record, or what has been added to one."""
        self._data[id_] = {**self._data.get(id_, {}), **data}
        texts: dict[tuple[str, bool], str] = {}
        for key in self._keys(self._data[id_], texts):
            _note(self._by_key, key, id_)
        if isinstance(name := self._data[id_].get(self._name), str):
            _note(self._likely, texts.get((self._name, False)) or bare_name(name), id_)

    def data(self, id_: str) -> Mapping[str, Any]:
        """What is known of a record."""
        return self._data[id_]

    def __contains__(self, id_: str) -> bool:
        return id_ in self._data

    def match(self, values: Mapping[str, Any]) -> KnownMatch | None:
        """The record that a row means: by the first group of values that one record has and nothing contradicts."""
        for key in self._keys(values, {}):
            place = key[0]
            ids = [id_ for id_ in self._by_key.get(key, ()) if not self._contradicts(id_, values, place)]
            if len(ids) == 1:
                return KnownMatch(ids[0], self._reason(self._groups[place]))
        return self._likely_match(values)

    def named(self, values: Mapping[str, Any]) -> KnownMatch | None:
        """The record that a reference means: as `match`, and by its whole name alone if only one has that name."""
        match = self.match(values)
        if match is None or not match.question or set(values) != {self._name}:
            return match
        given, known = (
            self._key(self._name, data.get(self._name), whole=True) for data in (values, self._data[match.id])
        )
        return KnownMatch(match.id, self._reason([self._name])) if given == known else match

    def tells(self, values: Mapping[str, Any]) -> bool:
        """Whether values say which record they are of: its name, or for one that belongs to another a whole group."""
        if values.get(self._name) not in (None, "") or type_of(self.form.by_name[self._name]).names_records:
            return True
        groups = self._groups if needs_parent(self.form) else ()
        return any(all(values.get(name) not in (None, "") for name in group) for group in groups)

    def _keys(self, values: Mapping[str, Any], texts: dict[tuple[str, bool], str]) -> Iterable[_Key]:
        """The values of each group that is filled; `texts` keeps those for comparing, which several groups share."""
        for place, group in enumerate(self._groups):
            whole = len(group) == 1
            for name in group:
                if (name, whole) not in texts:
                    texts[name, whole] = self._key(name, values.get(name), whole=whole)
            key = tuple(texts[name, whole] for name in group)
            if all(key):
                yield (place, *key)

    def _key(self, name: str, value: Any, *, whole: bool) -> str:
        """A value for comparing; "" for none. The legal form of a name counts only where the name stands alone."""
        if value in (None, "", [], {}):
            return _BLANK if name in self._may_be_blank else ""
        if name == self._name and isinstance(value, str):
            return expanded(value) if whole else bare_name(value)
        return comparable(value)

    def _contradicts(self, id_: str, values: Mapping[str, Any], place: int) -> bool:
        """Whether a record has another number, or lies elsewhere, so that it cannot be meant."""
        known, group = self._data[id_], self._groups[place] if place >= 0 else ()
        if len(group) == 1 and any(
            comparable(known.get(name)) != comparable(values.get(name)) for name in self._strict
        ):
            return True  # known by its name alone: of the same year and the same others, or of none
        return any(
            name not in group
            and known.get(name)
            and values.get(name)
            and comparable(known[name]) != comparable(values[name])
            for name in self._telling | self._strict
        )

    def _likely_match(self, values: Mapping[str, Any]) -> KnownMatch | None:
        """A record with the same name but for its legal form, about which somebody should be asked."""
        if (self._name,) not in self._groups or not isinstance(name := values.get(self._name), str):
            return None
        ids = [id_ for id_ in self._likely.get(bare_name(name), ()) if not self._contradicts(id_, values, -1)]
        if len(ids) != 1:
            return None
        title = str(self._data[ids[0]].get(self._name))
        return KnownMatch(ids[0], "tên gần giống", f"Có phải là «{title}» đã có trong sổ không?")

    def _reason(self, group: Sequence[str]) -> str:
        return "cùng " + ", ".join(self.form.by_name[name].heading.lower() for name in group)

    def add_former(self, rows: Collection[Mapping[str, Any]]) -> None:
        """Know records also by the numbers and names that they had before, where rows ask for them."""
        for name in (*sorted(self._alone), self._name):
            field_type = type_of(self.form.by_name[name])
            if not field_type.is_text:
                continue
            wanted = sorted({str(row[name]) for row in rows if row.get(name)})
            for start in range(0, len(wanted), _FORMER_AT_ONCE):
                renamed = self._workspace.store.find_former(self._kind, name, wanted[start : start + _FORMER_AT_ONCE])
                for stored, former in renamed:
                    self._add_key(stored.id, name, former.value)

    def _add_key(self, id_: str, name: str, value: Any) -> None:
        for place, group in enumerate(self._groups):
            if name in group and id_ in self._data:
                former = {**self._data[id_], name: value}
                key = tuple(self._key(each, former.get(each), whole=len(group) == 1) for each in group)
                if all(key):
                    _note(self._by_key, (place, *key), id_)


def _note(known: dict[Any, tuple[str, ...]], key: object, id_: str) -> None:
    ids = known.get(key, ())
    if id_ not in ids:
        known[key] = (*ids, id_)


def _divides(item: Field) -> bool:
    """Whether records of one name differ by a field: of another year, of another establishment."""
    return type_of(item).is_year or type_of(item).names_records or type_of(item).is_date


def comparable(value: Any) -> str:
    """A value for comparing: texts without accents, capitals and signs; lists in any order."""
    if isinstance(value, str):
        return " ".join(_NO_WORDS.sub(" ", fold(value)).split()) or value
    if isinstance(value, Mapping):
        return "|".join(f"{key}={comparable(value[key])}" for key in sorted(value) if value[key] not in (None, ""))
    if isinstance(value, list | tuple):
        return "|".join(sorted(map(comparable, value)))
    return str(value)


def expanded(name: str) -> str:
    """A folded name with its short forms written out: «Cty TNHH» as «công ty trách nhiệm hữu hạn»."""
    folded = " ".join(_NO_WORDS.sub(" ", fold(name)).split())
    for pattern, words in _EXPANDED:
        folded = pattern.sub(words, folded)
    return folded
