"""A Word file to begin with: our own layout of a paper, with placeholders where its values stand.

The layout is filled with stand-ins: a text prints as a mark, a number or a date as one that occurs nowhere else. What
then stands on the paper says which value it was and how it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from kcdesk.documents import blank_marks
from kcdesk.documents.blocks import Block, Document, Paragraph, Table, Tick
from kcdesk.documents.layouts.specs import Counters, Filling
from kcdesk.documents.paper import PaperOption
from kcdesk.documents.paper_values import Missing, PaperValue, stored
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, names, replace
from kcdesk.services.papers.own_forms import placeholders
from kcdesk.services.papers.own_forms.checking import refuse_without_record
from kcdesk.services.papers.own_forms.placeholders import FIRST, TOTAL, PaperPlaceholders, Placeholder
from kcdesk.services.papers.own_forms.values import Names
from kcdesk.services.workspace import Workspace
from kcdesk.text import date_in_words, format_date, format_integer, money_in_words

if TYPE_CHECKING:
    from kcdesk.documents.layouts.layout import Layout
    from kcdesk.formdef.loading.placeholder_names import PlaceholderSource

_UNFILLABLE = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
_FIRST_NUMBER = 7_100_000_000_000  # no amount of a paper is so large
_BETWEEN = 1000
_FIRST_DAY = date(2190, 1, 1)
_MARK = re.compile("\ue000([aA])([0-9]+)\ue001")
_NUMBER = re.compile(r"7\.1[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.000( đồng)?")
_ALONE = re.compile(r"1\.? ?")
_OPTION = "\ue002"  # before the label of a choice: its box is a placeholder too


def starting_form(workspace: Workspace, layout: Layout, example: Names | None = None) -> Document:
    """Our layout of a paper with placeholders, to be written for Word; UserError `no_word_form` if it can have none.

    `example` has the values of a record of the office: its choices, such as the programme and the activity, decide
    which parts of the layout the file has.
    """
    refuse_without_record(workspace, layout)
    marks = _Marks(placeholders.placeholders_of(workspace, layout), layout, example or {})
    filling = Filling(layout.templates, marks.names(layout.uses), blank=False)
    filled = [marks.settled(block) for block in _blocks(layout, filling)]
    return Document(title=layout.label, blocks=tuple(filled), page=layout.page, furniture=False)


def _blocks(layout: Layout, filling: Filling) -> Iterator[Block]:
    """The blocks of a layout; one that asks more of its values than stand-ins have is left out."""
    for spec in layout.blocks:
        try:
            if filling.holds(spec.when):
                yield from list(spec.fill(filling))
        except _UNFILLABLE:
            continue


class _Marks:
    """Stand-ins for the values of one paper, and the placeholders that they stand for."""

    def __init__(self, offered: PaperPlaceholders, layout: Layout, example: Names) -> None:
        self.offered = offered
        self._example = example
        self._layout = layout
        self._known: list[Placeholder] = []
        self._written: dict[str, str] = {}  # what a number or date looks like on paper, to its tag

    def names(self, uses: tuple[str, ...]) -> dict[str, Any]:
        """A stand-in for every name of the layout."""
        by_name = {source.name: source for source in self.offered.sources.values()}
        names: dict[str, Any] = {name: Missing() for name in uses}
        for name in uses:
            if name in by_name:
                names[name] = self._source(by_name[name])
        names["replaced"] = names["judge"] = Missing()
        code = blank_marks.blank(6)
        return names | {
            "practice": False, "blank": False, "count": Counters(), "record": names[self._layout.kind],
            "code": {"short": code},
        }  # fmt: skip

    def _source(self, source: PlaceholderSource) -> object:
        if source.rows:
            return _MarkedRows(self, source.placeholder)
        is_single = not source.kind and not source.values
        return self.value(source.placeholder) if is_single else _MarkedObject(self, source.placeholder)

    def value(self, name: str) -> Any:
        """A stand-in for one value."""
        placeholder = self.offered.resolve(name)
        if placeholder is None or placeholder.field is None:
            return Missing()
        index = len(self._known)
        self._known.append(placeholder)
        return _MarkedValue(self._stored(placeholder, index), placeholder.field, f"\ue000a{index}\ue001")

    def every_choice(self, name: str) -> Any:
        """A stand-in for a choice that holds all of them."""
        value = self.value(name)
        field = self._known[-1].field
        if field is None or isinstance(value, Missing):
            return value
        known = self._chosen(self._known[-1])
        every = [choice.value for choice in self.offered.choices_of(field)]
        return _MarkedValue(known if isinstance(known, list) else [known] if known else every, field, str(value))

    def _stored(self, placeholder: Placeholder, index: int) -> object:
        """A value that occurs once, noted with each way in which a paper may write it."""
        name, field = placeholder.name, placeholder.field
        assert field is not None, "a value has a field"
        kind, number = type_of(field), _FIRST_NUMBER + index * _BETWEEN
        if kind.is_money or kind.groups_digits or kind.sql == "REAL":
            self._written[money_in_words(number)] = f"{name}.{placeholders.WORDS}"
            has_number = self.offered.resolve(f"{name}.{placeholders.NUMBER}") is not None
            self._written[format_integer(number)] = f"{name}.{placeholders.NUMBER}" if has_number else name
            return number if kind.sql == "INTEGER" else str(number)
        if kind.is_date:
            day = _FIRST_DAY + timedelta(days=index)
            self._written[date_in_words(day)] = f"{name}.{placeholders.WORDS}"
            self._written[format_date(day)] = name
            return day.isoformat()
        if kind.offers_choices:
            return self._chosen(placeholder) or self._answer(field)
        return True if kind.is_yes_no else f"\ue000a{index}\ue001"

    def _chosen(self, placeholder: Placeholder) -> object:
        """The choice of the example; None without an example or in a row, of which others may have other choices."""
        if placeholder.source not in self._example or placeholder.list:
            return None
        value = self._example[placeholder.source]
        value = getattr(value, placeholder.path) if placeholder.path else value
        return None if isinstance(value, Missing) else stored(value)

    def _answer(self, field: Field) -> object:
        wanted = self._layout.when.get(field.name)
        values = [choice.value for choice in self.offered.choices_of(field)]
        if type_of(field).is_list:
            return values
        return wanted if isinstance(wanted, str) else values[0] if values else ""

    # ---- from what stands on the paper to placeholders

    def settled(self, value: Any) -> Any:
        """Blocks with placeholders in place of stand-ins."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, tuple):
            pieces = tuple(self.settled(item) for item in value)
            return _with_boxes(pieces) if any(isinstance(piece, Tick) for piece in pieces) else pieces
        if isinstance(value, Tick) or not isinstance(value, Value):
            return value
        settled = replace(value, **{name: self.settled(getattr(value, name)) for name in names(value)})
        return self._numbered(settled)

    def _text(self, text: str) -> str:
        text = _MARK.sub(self._tag_of_mark, text)
        text = _NUMBER.sub(self._tag_of_number, text)
        for words in [words for words in self._written if words in text]:
            text = text.replace(words, f"{{{{ {self._written[words]} }}}}")
        return text

    def _tag_of_mark(self, mark: re.Match[str]) -> str:
        placeholder = self._known[int(mark[2])]
        capitals = f"{placeholder.name}.{placeholders.CAPITALS}"
        return f"{{{{ {capitals} }}}}" if mark[1] == "A" and self.offered.resolve(capitals) else placeholder.tag

    def _tag_of_number(self, number: re.Match[str]) -> str:
        name = self._written.get(number[0].removesuffix(" đồng"))
        if name is None:
            return number[0]
        usual = name.removesuffix(f".{placeholders.NUMBER}")
        return f"{{{{ {usual} }}}}" if number[1] else f"{{{{ {name} }}}}"

    def _numbered(self, block: Any) -> Any:
        """A row that will repeat with «stt» where its number 1 stands."""
        if isinstance(block, Table):
            rows = tuple(self._numbered_row(row) for row in block.rows)
            return replace(block, rows=rows)
        if isinstance(block, Paragraph) and block.text and self._repeats(block.text) and isinstance(block.text[0], str):
            first = re.sub(r"^1(?=\. )", "{{ stt }}", block.text[0])
            return replace(block, text=(first, *block.text[1:]))
        return block

    def _numbered_row(self, row: Any) -> Any:
        if not any(self._repeats(cell) for cell in row.cells):
            return row
        return replace(row, cells=tuple(("{{ stt }}",) if cell in (("1",), ("01",)) else cell for cell in row.cells))

    def _repeats(self, cell: tuple[Any, ...]) -> bool:
        names = re.findall(r"\{\{ ([a-z0-9_.]+) \}\}", "".join(piece for piece in cell if isinstance(piece, str)))
        return any((known := self.offered.resolve(name)) is not None and known.repeats for name in names)


def _with_boxes(pieces: tuple[Any, ...]) -> tuple[Any, ...]:
    """A box before the label of a choice as the placeholder of that choice."""
    made: list[Any] = []
    for piece in pieces:
        if isinstance(piece, str) and _OPTION in piece and made and isinstance(made[-1], Tick):
            before, _, rest = piece.partition(_OPTION)
            tag, _, label = rest.partition(_OPTION)
            made[-1] = f"{tag}{before}{label}"
        else:
            made.append(piece)
    return tuple(made)


class _MarkedValue(PaperValue):
    """A stand-in: prints as its mark, compares as what it holds."""

    __slots__ = ("_mark",)

    def __init__(self, stored: object, field: Field, mark: str) -> None:
        super().__init__(stored, field, None)
        self._mark = mark

    def __str__(self) -> str:
        return self._mark

    def __iter__(self) -> Iterator[object]:
        return iter(())

    @property
    def pictures(self) -> list[object]:
        """No pictures: where they stand in an own form, the officer says."""
        return []


class _MarkedObject:
    """A stand-in for a record, the office, the officer and the like."""

    id, revision, state = "", 1, ""
    own_sections: tuple[object, ...] = ()

    def __init__(self, marks: _Marks, name: str) -> None:
        self._marks, self._name = marks, name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        offered = self._marks.offered
        name = offered.child(self._name, attribute)
        if not name:
            return Missing()
        return _MarkedRows(self._marks, name) if offered.table(name) else self._marks.value(name)

    @property
    def activities(self) -> Any:
        """The activity, which counts as every one, so that the parts of all are there to be edited."""
        return self._marks.every_choice(self._marks.offered.child(self._name, "activity"))

    def options(self, attribute: str) -> list[PaperOption]:
        """Each choice, with the placeholder of its box before its label."""
        ticks = self._marks.offered.ticks(self._marks.offered.child(self._name, attribute))
        return [PaperOption(f"{_OPTION}{{{{ {name} }}}}{_OPTION}{choice.label}", False) for name, choice in ticks]


class _MarkedRows(list[Any]):
    """A stand-in for the rows of a table or list: one row, which will repeat."""

    def __init__(self, marks: _Marks, name: str) -> None:
        super().__init__([_MarkedRow(marks, name, "")])
        self._marks, self._name = marks, name
        self.empty = Missing()

    @property
    def first(self) -> Any:
        """The first row, whose values stand by themselves."""
        return _MarkedRow(self._marks, self._name, FIRST)

    def where(self, **wanted: object) -> _MarkedRows:
        """The rows with one choice; other conditions are the officer's."""
        for column, value in wanted.items():
            if isinstance(value, str) and (name := self._marks.offered.only(self._name, column, value)):
                return _MarkedRows(self._marks, name)
        return self

    def either(self, **_wanted: object) -> _MarkedRows:
        """All rows."""
        return self

    def filled(self, _column: str) -> _MarkedRows:
        """All rows."""
        return self

    def total(self, column: str) -> Any:
        """The sum of a column."""
        return getattr(_MarkedRow(self._marks, self._name, TOTAL), column)


class _MarkedRow:
    """A stand-in for a row; `together` makes its values stand by themselves."""

    position, id, name_on_paper = 1, "", ""

    def __init__(self, marks: _Marks, name: str, together: str) -> None:
        self._marks, self._name, self._together = marks, name, together

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        name = self._marks.offered.child(self._name, attribute)
        if not name:
            return Missing()
        return self._marks.value(f"{name}.{self._together}" if self._together else name)

    def is_empty(self) -> bool:
        """A row that repeats is never empty."""
        return False
