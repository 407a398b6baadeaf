"""Administrative units: today's provinces and communes, those before 1 July 2025, and their successors.

Read from `resources/catalogues/places.tsv.gz`, whose README names the source. Names are kept as the statistics office
lists them ("Xã Hòa Tiến"); in running text the kind of unit has a small letter, as NĐ 30/2020 requires.
"""

from __future__ import annotations

import gzip
import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from kcdesk import paths
from kcdesk.addresses import REFORM_DAY, WordBeginnings, WrittenAddress, plain, plain_words
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value

_KINDS = ("xa ", "phuong ", "thi tran ", "dac khu ", "huien ", "quan ", "thi xa ", "thanh pho ", "tinh ")
_NUMBERED = re.compile(r"\w+ [0-9]+")
_SHOWN_PARTS = 3  # number of old communes in the label of a merged commune
_ALIKE = 75  # of 100: how much a name that is not there resembles one that is offered for it


class Province(Value):
    """A present-day province or city of the same rank."""

    code: str
    name: str


class Commune(Value):
    """A present-day xã, phường or đặc khu."""

    code: str
    name: str
    province_code: str
    province_name: str

    @property
    def kind(self) -> str:
        """The kind of unit: "xã", "phường" or "đặc khu"."""
        return "đặc khu" if self.name.startswith("Đặc khu ") else self.name.split()[0].lower()

    @property
    def address(self) -> str:
        """The address, as in "xã A, tỉnh B"."""
        return _address(self.name, self.province_name)


class OldCommune(Value):
    """A xã, phường or thị trấn of 30 June 2025; `name` is "" for an island district without communes."""

    code: str
    name: str
    district: str
    province: str
    new_codes: tuple[str, ...]  # the present-day communes that contain a part of it

    @property
    def address(self) -> str:
        """The address, as in "xã C, huyện D, tỉnh E"."""
        return _address(self.name, self.district, self.province)


class PlaceMatch(Value):
    """A result of a search: the present-day commune and, if it was found by its old name, the old commune."""

    commune: str
    old_commune: str
    label: str


class _Entry(NamedTuple):
    """An entry of the search index, in plain letters: a present-day commune, or an old one with its successor."""

    haystack: str  # begins with a space, so that " hoa" matches words that begin with "hoa"
    name: str
    bare: str  # the name without its kind, between spaces
    addresses: tuple[str, ...]
    order: int
    commune: str
    old_commune: str
    own: str  # the name with its kind
    above: tuple[str, ...]  # the units that an address may name beside it: district and provinces, old and new


class Places:
    """The catalogue of administrative units."""

    def __init__(self, lines: Iterable[str]) -> None:
        tables: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for line in lines:
            table, code, *row = line.split("\t")
            tables[table][code] = row
        self._provinces = tables["province"]
        self._communes = tables["commune"]
        self._old_provinces = tables["old_province"]
        self._old_districts = tables["old_district"]
        self._old_communes = tables["old_commune"]
        self._refused: dict[str, list[tuple[str, float, int]]] = {}

    @classmethod
    def load(cls, path: Path | None = None) -> Places:
        """Load the catalogue at `path`, by default the shipped one."""
        packed = (path or paths.resources() / "catalogues" / "places.tsv.gz").read_bytes()
        return cls(gzip.decompress(packed).decode().splitlines())

    @classmethod
    @cache
    def shipped(cls) -> Places:
        """The shipped catalogue: read once, so that a store that is opened again finds its search index made."""
        return cls.load()

    @cached_property
    def provinces(self) -> tuple[Province, ...]:
        """Today's provinces by name."""
        return tuple(Province(code, name) for code, (name,) in self._provinces.items())

    def province_name(self, code: str) -> str:
        """The name of today's province with this code; "" for an unknown one."""
        return next(iter(self._provinces.get(code, ())), "")

    @property
    def communes(self) -> Iterable[str]:
        """The codes of today's communes by name."""
        return self._communes.keys()

    @property
    def old_communes(self) -> Iterable[str]:
        """The codes of the communes of 30 June 2025 by name."""
        return self._old_communes.keys()

    def commune(self, code: str) -> Commune:
        """The present-day commune with this code; UserError `unknown_place`."""
        if code not in self._communes:
            raise _unknown_place(code)
        name, province = self._communes[code]
        return Commune(code, name, province, self._provinces[province][0])

    def old(self, code: str) -> OldCommune:
        """The commune of 30 June 2025 with this code; UserError `unknown_place`."""
        if code not in self._old_communes:
            raise _unknown_place(code)
        name, district, became = self._old_communes[code]
        district_name, province = self._old_districts[district]
        province_name = self._old_provinces[province][0]
        return OldCommune(code, name, district_name, province_name, tuple(became.split()))

    @cached_property
    def old_provinces(self) -> tuple[Province, ...]:
        """The provinces of 30 June 2025 by name."""
        return tuple(Province(code, name) for code, (name,) in self._old_provinces.items())

    def old_province_of(self, code: str) -> str:
        """The code of the province of a commune of 30 June 2025; "" for an unknown commune."""
        if code not in self._old_communes:
            return ""
        return self._old_districts[self._old_communes[code][1]][1]

    def predecessors(self, code: str) -> list[OldCommune]:
        """The communes of 30 June 2025 of which a part is in a commune of today; [] for an unknown one."""
        return [self.old(old) for old, row in self._old_communes.items() if code and code in row[2].split()]

    def successors(self, code: str) -> tuple[str, ...]:
        """The codes of the communes of today that contain a part of one of 30 June 2025; () for an unknown one."""
        return self.old(code).new_codes if code in self._old_communes else ()

    def provinces_of(self, place: Mapping[str, str]) -> frozenset[str]:
        """The codes of the provinces of today in which a stored place lies; empty for an unknown one."""
        new = place.get("commune", "")
        codes = (new,) if new else self.successors(place.get("old_commune", ""))
        return frozenset(self._communes[code][1] for code in codes if code in self._communes)

    def successor_of(self, old_province: str) -> str:
        """The code of the province of today that contains most communes of a province of 30 June 2025; "" for none."""
        successors: Counter[str] = Counter()
        for _name, district, became in self._old_communes.values():
            if self._old_districts[district][1] == old_province:
                successors.update(self._communes[code][1] for code in became.split() if code in self._communes)
        return next((code for code, _count in successors.most_common(1)), "")

    def has(self, value: Mapping[str, str]) -> bool:
        """Whether the catalogue has all codes of a stored place."""
        new, old = value.get("commune", ""), value.get("old_commune", "")
        return bool(new or old) and (not new or new in self._communes) and (not old or old in self._old_communes)

    def text(self, value: Mapping[str, str]) -> str:
        """The text of a stored place: "xã A, tỉnh B (trước 01/7/2025: xã C, huyện D, tỉnh E)"; never raises."""
        new, old = value.get("commune", ""), value.get("old_commune", "")
        today = self._address_of(new, self._communes)
        before = self._address_of(old, self._old_communes)
        if today and before:
            return f"{today} (trước {REFORM_DAY}: {before})"
        return today or (before and f"{before} (trước {REFORM_DAY})")

    def _address_of(self, code: str, table: Mapping[str, list[str]]) -> str:
        if code not in table:
            return _unknown(code) if code else ""
        return self.commune(code).address if table is self._communes else self.old(code).address

    def search(self, text: str, limit: int = 20, *, near: str = "") -> list[PlaceMatch]:
        """The places whose old or new names contain the beginning of every typed word, likeliest first.

        `near`: the code of a province whose places come first among those that fit as well. Accents, capitals and word
        order do not matter. A whole address, as `text` writes it, gives only the place
        with this address.
        """
        written = WrittenAddress(text)
        words, query = written.words, " ".join(written.words)
        matches = self._with_words(words)
        named = _named(matches, written)
        likely = [entry for entry in matches if f" {query}" in entry.bare]  # avoids ranking thousands of places for "h"
        candidates = named or (likely if len(likely) >= limit else matches)
        nearby = {code for code, row in self._communes.items() if row[1] == near} if near else frozenset()
        best = heapq.nsmallest(limit, candidates, key=lambda entry: _rank(entry, words, query, nearby))
        return [self._match(entry) for entry in best]

    def named(self, text: str) -> list[PlaceMatch]:
        """The places whose whole name stands in the text, with its accents if the text has any; nothing is guessed.

        A text without commas may leave out kinds, districts and provinces.
        """
        written = WrittenAddress(text)
        matches = self._with_words(written.words)
        entries = _named(matches, written) or ([] if len(written.parts) > 1 else matches)
        return [self._match(entry) for entry in entries if self._agrees(written, entry)]

    def nearest(self, text: str, count: int = 3) -> list[str]:
        """The addresses of the places whose own names are most like the one that begins a refused address."""
        from rapidfuzz import fuzz, process  # only an address that is refused pays for it

        written = WrittenAddress(text)
        if not written.parts:
            return []
        bare = f" {_without_kind(written.parts[0])} "
        names = self._by_bare_name.keys()
        if (best := self._refused.get(bare)) is None:  # a sheet may refuse the same hamlet in a thousand rows
            best = process.extract(bare, names, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=10 * count)
            self._refused[bare] = best
        alike = [(score, entry) for name, score, _ in best for entry in self._by_bare_name[name]]
        alike.sort(key=lambda pair: (-sum(part in pair[1].haystack for part in written.parts[1:]), -pair[0]))
        return list(dict.fromkeys(self._address_of_entry(entry) for _, entry in alike))[:count]

    @cached_property
    def _by_bare_name(self) -> Mapping[str, list[_Entry]]:
        entries: dict[str, list[_Entry]] = defaultdict(list)
        for entry in self._index:
            entries[entry.bare].append(entry)
        return entries

    def _address_of_entry(self, entry: _Entry) -> str:
        return self.old(entry.old_commune).address if entry.old_commune else self.commune(entry.commune).address

    def _with_words(self, words: list[str]) -> list[_Entry]:
        places = set.intersection(*map(self._beginnings.places, words)) if words else ()
        return [self._index[place] for place in sorted(places)]

    @cached_property
    def _beginnings(self) -> WordBeginnings:
        return WordBeginnings(entry.haystack for entry in self._index)

    def _agrees(self, written: WrittenAddress, entry: _Entry) -> bool:
        if not entry.old_commune:
            return written.agrees(_bare(self._communes[entry.commune][0]))
        name, district, _ = self._old_communes[entry.old_commune]
        return written.agrees(_bare(name or self._old_districts[district][0]))

    def _match(self, entry: _Entry) -> PlaceMatch:
        value = {"commune": entry.commune, "old_commune": entry.old_commune}
        label = self.text(value) if entry.old_commune else self._merged_label(entry.commune)
        return PlaceMatch(entry.commune, entry.old_commune, label)

    def _merged_label(self, code: str) -> str:
        """The label of a commune: "xã A, tỉnh B (trước 01/7/2025: xã C, xã D, xã E và 2 nơi khác)"."""
        parts = [_address(old.name or old.district) for old in map(self.old, self._origins[code])]
        more = len(parts) - _SHOWN_PARTS
        shown = ", ".join(parts[:_SHOWN_PARTS]) + (f" và {more} nơi khác" if more > 0 else "")
        return f"{self.commune(code).address} (trước {REFORM_DAY}: {shown})"

    @cached_property
    def _origins(self) -> Mapping[str, list[str]]:
        """The old communes of which each present-day commune contains a part."""
        origins: dict[str, list[str]] = defaultdict(list)
        for code, (_, _, became) in self._old_communes.items():
            for new in became.split():
                origins[new].append(code)
        return origins

    @cached_property
    def _index(self) -> list[_Entry]:
        """The search index: present-day communes by name, then old communes by name, each with each successor."""
        plain = self._plain_names()
        new_addresses = {
            code: f"{plain[name]} {plain[self._provinces[province][0]]}"
            for code, (name, province) in self._communes.items()
        }
        province_of = {code: plain[self._provinces[province][0]] for code, (_, province) in self._communes.items()}
        entries = [
            _entry(plain[self._communes[code][0]], (address,), order, code, "", (province_of[code],))
            for order, (code, address) in enumerate(new_addresses.items())
        ]
        for code, (name, district, became) in self._old_communes.items():
            district_name, province = self._old_districts[district]
            above = (plain[district_name], plain[self._old_provinces[province][0]])
            before = " ".join((plain[name], *above)).strip()
            for new in became.split():
                addresses = (before, f"{new_addresses[new]} {before}")
                around = (*above, province_of[new])
                entries.append(_entry(plain[name or district_name], addresses, len(entries), new, code, around))
        return entries

    def _plain_names(self) -> dict[str, str]:
        """Every name in plain letters; folded as one text, which is ten times faster than name by name."""
        tables = (self._provinces, self._communes, self._old_provinces, self._old_districts, self._old_communes)
        names = [row[0] for table in tables for row in table.values()]
        folded = map(plain_words, plain("|".join(names)).split("|"))
        return dict(zip(names, map(" ".join, folded), strict=True))


def _entry(
    name: str, addresses: tuple[str, ...], order: int, commune: str, old_commune: str, above: tuple[str, ...]
) -> _Entry:
    bare = _without_kind(name)
    return _Entry(
        f" {addresses[-1]}", f" {name}", f" {bare} ", addresses, order, commune, old_commune, name, tuple(above)
    )


def _without_kind(plain_name: str) -> str:
    return next((plain_name.removeprefix(kind) for kind in _KINDS if plain_name.startswith(kind)), plain_name)


def _bare(name: str) -> str:
    """A name as the catalogue lists it, without its kind."""
    return next((name[len(kind) :] for kind in _KINDS if plain(name).startswith(kind)), name)


def _named(entries: list[_Entry], written: WrittenAddress) -> list[_Entry]:
    """The entries with this whole address; its parts between commas may stand in any order and without their kinds."""
    query = " ".join(written.words)
    whole = [entry for entry in entries if query in entry.addresses]
    return whole or ([entry for entry in entries if _has_parts(entry, written.parts)] if len(written.parts) > 1 else [])


def _has_parts(entry: _Entry, parts: tuple[str, ...]) -> bool:
    own = {entry.own, entry.bare.strip()}
    above = {*entry.above, *map(_without_kind, entry.above)}
    return any(part in own for part in parts) and all(part in own or part in above for part in parts)


def _rank(entry: _Entry, words: list[str], query: str, nearby: Collection[str]) -> tuple[bool, int, bool, int, int]:
    """A sort key, lower is likelier.

    In this order: words adjacent, more words in the place's own name, one of the communes `nearby`, name complete or
    begun.
    """
    apart = f" {query}" not in entry.haystack
    elsewhere = sum(f" {word}" not in entry.name for word in words)
    far = entry.commune not in nearby
    if f" {query} ".startswith((entry.bare, f"{entry.name} ")):
        return apart, elsewhere, far, 0, entry.order
    return apart, elsewhere, far, 1 if entry.bare.startswith(f" {query}") else 2, entry.order


def bare_name(province: str) -> str:
    """The name of a province without «Tỉnh» or «Thành phố»."""
    return province.removeprefix("Tỉnh ").removeprefix("Thành phố ")


def _address(*names: str) -> str:
    return ", ".join(_in_running_text(name) for name in names if name)


def _in_running_text(name: str) -> str:
    """A name in running text: the kind of unit has a small letter (NĐ 30/2020, Phụ lục II, III).

    Exceptions: units with a number as name, and Thành phố Hồ Chí Minh.
    """
    if _NUMBERED.fullmatch(name) or name == "Thành phố Hồ Chí Minh":
        return name
    return name[0].lower() + name[1:]


def _unknown_place(code: str) -> UserError:
    sentence = _unknown(code)
    message = f"{sentence[0].upper()}{sentence[1:]}."
    return UserError(message, code="unknown_place", hint="Hãy chọn lại xã, phường theo tên.")


def _unknown(code: str) -> str:
    return f"đơn vị hành chính mã “{code}” không có trong danh mục"
