"""Field types of words: typed, or chosen from a list."""

from __future__ import annotations

from collections.abc import Iterator

from kcdesk import likeness, text
from kcdesk.formdef.model import Choice, Field
from kcdesk.formdef.types.base import Cell, FieldType, as_text
from kcdesk.formdef.values import Lookups, Stored


class TextType(FieldType):
    """One line of words; a text that is too long is kept and reported, so that no typed text is lost."""

    forms_groups = True
    is_text = True
    is_plain_text = True
    sorts_as_words = True

    def wrong(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Also report a text over the limit of length."""
        if isinstance(stored, str) and field.max_length and len(stored) > field.max_length:
            length, limit = text.format_integer(len(stored)), text.format_integer(field.max_length)
            return f"Dài {length} ký tự, nhiều nhất là {limit}."
        return self.refusal(stored, field, lookups)

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything but text."""
        return "" if isinstance(stored, str) and stored.strip() else "Phải là chữ."

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        return as_text(raw)


class ParagraphType(TextType):
    """Words over several lines."""

    forms_groups = False
    editor = "paragraph"
    is_plain_text = False
    is_paragraph = True

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        if not isinstance(raw, str):
            return as_text(raw)
        return "\n".join(line.rstrip() for line in text.clean(raw).split("\n")).strip()


class UnitType(TextType):
    """The name of an office or organisation."""

    editor = "unit"
    is_plain_text = False


_MOST, _ROOM = 6, 120  # choices and characters that a sentence names


class ChoiceType(FieldType):
    """One value of a list."""

    forms_groups = True
    offers_choices = True
    editor = "choice"
    is_choice = True
    is_filtered = True

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse a value that is not in the list."""
        choices = choices_of(field, lookups)
        known = isinstance(stored, str) and any(choice.value == stored for choice in choices)
        return "" if known else _strange(str(stored), choices)

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The label."""
        return label_of(stored, field, lookups)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The label, as in the drop-down list."""
        return label_of(stored, field, lookups)

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        return find_choice(as_text(raw), field, lookups)


class ChoicesType(FieldType):
    """Several values of a list, kept in the order of the list."""

    offers_choices = True
    editor = "choices"
    is_filtered = True
    is_list = True

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything but a list of different values from the list."""
        if not isinstance(stored, list) or not stored:
            return "Phải là một danh sách."
        choices = choices_of(field, lookups)
        known = {choice.value for choice in choices}
        strange = [value for value in stored if not isinstance(value, str) or value not in known]
        if strange:
            return _strange(str(strange[0]), choices)
        return "" if len(set(stored)) == len(stored) else "Có mục được chọn hai lần."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The labels."""
        return "; ".join(label_of(value, field, lookups) for value in _listed(stored))

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The values."""
        return "; ".join(str(value) for value in _listed(stored))

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The labels, one on each line, because a label may contain a semicolon."""
        return "\n".join(label_of(value, field, lookups) for value in _listed(stored))

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        entries = raw if isinstance(raw, list | tuple) else self._entries(text.clean(str(raw)), field, lookups)
        chosen = {find_choice(as_text(entry), field, lookups) for entry in entries if as_text(entry)}
        return [choice.value for choice in choices_of(field, lookups) if choice.value in chosen]

    def _entries(self, written: str, field: Field, lookups: Lookups | None) -> Iterator[str]:
        labels = {choice.label for choice in choices_of(field, lookups)}
        for line in written.split("\n"):
            yield from [line] if line in labels else line.split(";")


def choices_of(field: Field, lookups: Lookups | None) -> tuple[Choice, ...]:
    """The choices of a field, its own or those of a shared list."""
    return lookups.choices(field) if lookups else field.choices


def label_of(value: object, field: Field, lookups: Lookups | None) -> str:
    """The label of a choice; the value itself if it is not in the list."""
    return next((choice.label for choice in choices_of(field, lookups) if choice.value == value), str(value))


def find_choice(written: str, field: Field, lookups: Lookups | None) -> str:
    """The value of a choice given by value, label or short label, ignoring accents and capitals; ValueError if none."""
    choices = choices_of(field, lookups)
    for choice in choices:
        if written == choice.value:
            return choice.value
    folded = text.fold(written)
    for choice in choices:
        if folded in map(text.fold, (choice.value, choice.label, choice.short)):
            return choice.value
    raise ValueError(_strange(written, choices))


def _strange(written: str, choices: tuple[Choice, ...]) -> str:
    """Why words name no choice, with the nearest choices and as many of all as a sentence can hold."""
    alike = likeness.nearest_words(written, (choice.short for choice in choices if not choice.retired))
    offered = ", ".join(_offered(choices))
    return f"“{written}” không có trong danh mục{alike}; hãy chọn: {offered}."


def _offered(choices: tuple[Choice, ...]) -> Iterator[str]:
    """The short labels, as many as a sentence can hold."""
    labels = [choice.short for choice in choices if not choice.retired]
    room = _ROOM
    for count, label in enumerate(labels):
        room -= len(label)
        if count == _MOST or (count and room < 0):
            yield f"… ({len(labels)} mục)"
            return
        yield label


def _listed(stored: Stored) -> list[object]:
    return stored if isinstance(stored, list) else [stored]
