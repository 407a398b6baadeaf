"""Which field each column of a sheet means: by its heading, by the words of the kind, by what stands in its cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import islice

from rapidfuzz import fuzz, process

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.types.registry import type_of
from kcdesk.letters import normalized
from kcdesk.runtime.frozen import Value, field
from kcdesk.sheets.layout.headings import HeadedColumn, HeadingBlock
from kcdesk.sheets.layout.row_signs import is_numbering
from kcdesk.sheets.layout.sheet_words import SheetWords
from kcdesk.sheets.matching.column_words import column_words
from kcdesk.sheets.matching.kind_words import KindWords
from kcdesk.sheets.matching.targets import Target, targets_of
from kcdesk.sheets.matching.unmatched_columns import are_years
from kcdesk.sheets.values.marks import is_blank_mark
from kcdesk.text import SMALL_LETTERS, fold

_BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]")
_SEPARATORS = re.compile(r"[_\-./\\:;,*'\"«»]+|\s+")
_SHARE = re.compile(r"%|\bty le\b|\bphan tram\b")  # of a heading whose cells are no amounts
_WORD = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(f"(?<=[{SMALL_LETTERS}])(?=[{SMALL_LETTERS.upper()}])")
_UNIT_END = re.compile(r"\s(?:trieu dong|nghin dong|dong|vnd|trd|ty dong|ha|m2|nguoi)$")
_LEAST = 0.78  # score of a match
_LINKED = 0.03  # less for a field of another record
_WORD_ORDER = 0.002  # less for each word further down the list
_SAME_SECTION = 0.05  # more when other columns mean the same table or section
_WRONG_CONTENT = 0.4  # less when the cells hold something else
_SAMPLE = 40
_FEW = 3  # cells, too few to say what a column holds
_SHORT, _NEAR_SHORT, _NEAR_LONG = 12, 0.9, 0.8  # letters; likeness of words that may mean the same
_TITLE = 0.06  # more for what a record is called: without it a row is none
_SHOWN = 0.6  # score of a field that is considered at all
_LEAST_LETTERS = 4  # of a word that may be misspelt
_RARELY = 0.06  # less for a field that only some records show


class MatchedColumn(Value):
    """A column with the field that it means; no target: it is left out."""

    column: HeadedColumn
    target: Target | None
    score: float = 0.0


class SheetMatch(Value):
    """The match of all columns of a heading, with values for all rows and units that somebody has named."""

    columns: Sequence[MatchedColumn]
    values: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)

    @property
    def targets(self) -> list[Target]:
        """The fields that are filled."""
        return [each.target for each in self.columns if each.target]


class _Content(Value):
    """How many cells of a column are filled, hold a number, and have any digit."""

    filled: int
    numbers: int
    figures: int


class HeadingWords:
    """The words for every target of one kind."""

    def __init__(self, forms: Forms, kind: str) -> None:
        self.kind_words = column_words(forms).of_kind(kind)
        self._ignored = {heading_key(word) for word in column_words(forms).ignored}
        self._short = column_words(forms).short
        self._meant: dict[str, list[tuple[Target, float]]] = {}  # by word: what it means, and what its place costs
        for target in targets_of(forms, kind):
            for place, word in enumerate(_words(forms, self.kind_words, target)):
                cost = _LINKED * target.is_linked + _WORD_ORDER * place + _RARELY * target.is_rare
                self._meant.setdefault(word, []).append((target, cost))
        self._several = [word for word in self._meant if " " in word]
        self._known: dict[str, list[tuple[float, Target]]] = {}

    @classmethod
    def named_anywhere(cls, forms: Forms, heading: str) -> bool:
        """Whether a text is a name of any field of any kind, or a column that no kind takes."""
        every = forms.once("every heading word", lambda: _every_word(forms))
        return is_numbering(heading) or heading_key(heading) in every

    @classmethod
    def of(cls, forms: Forms, kind: str) -> HeadingWords:
        """The words of a kind, made once."""
        return forms.once(("heading words", kind), lambda: cls(forms, kind))

    def score(self, heading: str) -> float:
        """How well a text names any field of the kind, from 0 to 1."""
        ranked = self.ranked(heading)
        return min(1.0, ranked[0][0]) if ranked else 0.0

    def ranked(self, heading: str) -> list[tuple[float, Target]]:
        """The fields that a heading may mean, the likeliest first."""
        keys = tuple(dict.fromkeys([*_keys(heading), *_keys(self._spelled(heading))]))
        cached = "|".join(keys)
        if cached not in self._known:
            best: dict[str, tuple[float, Target]] = {}
            for word, likeness in self._like(keys).items():
                for target, cost in self._meant[word]:
                    if likeness - cost > max(_SHOWN, best.get(target.path, (0.0,))[0]):
                        best[target.path] = (likeness - cost, target)
            self._known[cached] = sorted(best.values(), key=lambda pair: -pair[0])
        return self._known[cached]

    def _spelled(self, heading: str) -> str:
        """A heading with its short forms in full: «mã số DN» as «mã số doanh nghiệp», but «Đã» is no «DA»."""
        composed = normalized("NFC", heading)
        return _WORD.sub(
            lambda word: self._short.get(fold(word[0]), word[0]) if _is_bare(word[0]) else word[0], composed
        )

    def _like(self, keys: Sequence[str]) -> dict[str, float]:
        """The words that are like one of the readings of a heading, with how much they are, from 0 to 1."""
        like: dict[str, float] = {}
        for key in keys:
            if key in self._meant:
                like[key] = 1.0
            if len(key) < _LEAST_LETTERS:
                continue
            for scorer in (fuzz.ratio, fuzz.token_sort_ratio):
                for word, ratio, _ in process.extract(
                    key, self._meant.keys(), scorer=scorer, score_cutoff=80, limit=20
                ):
                    least = _NEAR_SHORT if len(word) < _SHORT else _NEAR_LONG
                    if len(word) >= _LEAST_LETTERS and ratio >= 100 * least:
                        like[word] = max(like.get(word, 0.0), 0.97 * ratio / 100)
            for word in self._several:
                if len(word) < len(key) and f" {word} " in f" {key} ":
                    like[word] = max(like.get(word, 0.0), 0.78 + 0.1 * len(word) / len(key))
        return like

    def is_ignored(self, heading: str) -> bool:
        """Whether a heading is that of no field."""
        return is_numbering(heading) or heading_key(heading) in self._ignored


def _every_word(forms: Forms) -> frozenset[str]:
    """The words for every target of every kind, and those of columns that are left out."""
    words = column_words(forms)
    named = ((kind, target) for kind in forms.kinds for target in targets_of(forms, kind) if not target.choice)
    of_kinds = (word for kind, target in named for word in _words(forms, words.of_kind(kind), target))
    return frozenset(of_kinds) | frozenset(map(heading_key, words.ignored))


def _is_bare(word: str) -> bool:
    """Whether no letter of a word has a mark, as in short forms: «LĐ», «DN»."""
    return not any(map(unicodedata.combining, normalized("NFD", word)))


def _words(forms: Forms, kind_words: KindWords, target: Target) -> list[str]:
    """The folded words for a target: those of the file, then its labels and its name."""
    named = list(kind_words.words_of(target.path))
    if target.choice:
        choice = next(each for each in forms.choices(target.outer.columns[0]) if each.value == target.choice)  # type: ignore[union-attr]  # a table
        named += [choice.label, choice.short, choice.value]
    elif not target.of:
        named += [target.field.label, target.field.heading, target.path]
        if target.outer is None:
            named.append(target.field.name)
    if target.is_linked and target.outer is not None:
        named += column_words(forms).of_kind(target.outer.target).words_of(target.field.name)
    return list(dict.fromkeys(filter(None, map(heading_key, named))))


def heading_key(heading: str) -> str:
    """A heading for comparing: folded, without brackets, signs and units."""
    plain = _BRACKETED.sub(" ", heading)
    folded = fold(_SEPARATORS.sub(" ", _CAMEL.sub(" ", plain if plain.strip() else heading)))
    return _UNIT_END.sub("", " ".join(_SEPARATORS.sub(" ", folded).split()))


def _keys(heading: str) -> list[str]:
    """The ways to read a heading of several storeys: its lowest, the lowest with each above, all together."""
    storeys = heading.split(" / ")
    leaf = storeys[-1]
    readings = [heading, leaf, *(f"{upper} {leaf}" for upper in storeys[:-1])]
    if len(storeys) > 1 and len(heading_key(leaf).split()) < 2:
        readings.append(" ".join(storeys))
    return [key for key in map(heading_key, readings) if key]


class ColumnMatching:
    """Matches the columns of one heading."""

    def __init__(self, forms: Forms, kind: str, words: SheetWords, block: HeadingBlock, rows: Sequence[int]) -> None:
        self._words = HeadingWords.of(forms, kind)
        self._sheet, self._block, self._rows = words, block, rows

    def suggested(self) -> SheetMatch:
        """The likeliest match: each field is meant by at most one column; a heading that comes again means none."""
        repeated = self._block.repeated
        scored = [
            (score, column, target)
            for column in self._block.columns
            if not self._words.is_ignored(column.leaf) and column not in repeated
            for score, target in self._scored(column)
        ]
        sections = self._sections(scored)
        ranked = sorted(
            ((score + self._bonus(target, sections), column, target) for score, column, target in scored),
            key=lambda each: -each[0],
        )
        anchored = {target.section for score, _, target in ranked if score >= _LEAST and _anchors(target)}
        chosen: dict[int, MatchedColumn] = {}
        taken: set[str] = set()
        for score, column, target in ranked:
            is_free = column.number not in chosen and target.path not in taken
            if score >= _LEAST and is_free and self._is_possible(target, anchored):
                chosen[column.number] = MatchedColumn(column, target, min(score, 1.0))
                taken.add(target.path)
        return SheetMatch([chosen.get(column.number, MatchedColumn(column, None)) for column in self._block.columns])

    def _is_possible(self, target: Target, anchored: Collection[str]) -> bool:
        """Whether a field of a table or of another record may be meant: by words, or because those are named too."""
        is_named = bool(self._words.kind_words.words_of(target.path)) or bool(target.choice)
        return target.outer is None or is_named or target.section in anchored

    def _bonus(self, target: Target, sections: Mapping[str, int]) -> float:
        has_neighbours = sections.get(target.section, 0) > 1 and not target.is_linked
        return _SAME_SECTION * has_neighbours + _TITLE * target.is_title

    def _scored(self, column: HeadedColumn) -> list[tuple[float, Target]]:
        scored = []
        for score, target in self._words.ranked(column.heading)[:8]:
            is_wrong = not _suits(target, self._content(column.number)) or (
                _is_no_year(target) and self._has_years(column.number)
            )
            is_wrong = is_wrong or (type_of(target.field).is_money and _SHARE.search(fold(column.leaf)) is not None)
            scored.append((score - _WRONG_CONTENT * is_wrong, target))
        return scored

    def _sections(self, scored: Sequence[tuple[float, HeadedColumn, Target]]) -> dict[str, int]:
        """How many columns may mean a field of each table or section, among their best."""
        best: dict[int, float] = {}
        for score, column, _ in scored:
            best[column.number] = max(score, best.get(column.number, 0))
        counts: dict[str, set[int]] = {}
        for score, column, target in scored:
            if score >= max(_LEAST, best[column.number] - 0.1):
                counts.setdefault(target.section, set()).add(column.number)
        return {section: len(columns) for section, columns in counts.items()}

    @cached_property
    def _contents(self) -> dict[int, _Content]:
        return {}

    def _has_years(self, column: int) -> bool:
        """Whether the cells of a column hold years, which are no days."""
        return are_years([text for row in self._rows[:_SAMPLE] if (text := self._sheet.text(row, column))])

    def _content(self, column: int) -> _Content:
        if column not in self._contents:
            texts = ((row, self._sheet.text(row, column)) for row in self._rows)
            filled = list(islice(((row, text) for row, text in texts if text and not is_blank_mark(text)), _SAMPLE))
            numbers = sum(self._sheet.is_number(row, column) for row, _ in filled)
            figures = sum(any(map(str.isdigit, text)) for _, text in filled)
            self._contents[column] = _Content(len(filled), numbers, figures)
        return self._contents[column]


def _is_no_year(target: Target) -> bool:
    """Whether a year alone is no value of a field."""
    return type_of(target.field).is_date or type_of(target.field).is_choice


def _anchors(target: Target) -> bool:
    """Whether a column says what the rows of a table, or the records that a reference names, are called."""
    return target.outer is not None and target.field.required and type_of(target.field).is_plain_text


def _suits(target: Target, content: _Content) -> bool:
    """Whether cells may be values of a field."""
    field_type = type_of(target.field)
    is_of_words = (
        field_type.is_plain_text or field_type.is_paragraph or field_type.is_place
    ) and target.field.max_length != 50
    if content.filled < _FEW:
        return not (is_of_words and target.is_title and 0 < content.filled == content.numbers)
    if field_type.is_money or field_type.is_decimal:
        return content.figures > 0.1 * content.filled
    if is_of_words:
        return content.numbers < 0.9 * content.filled
    return True
