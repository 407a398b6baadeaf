"""Conditions of rules in words that an officer can read and type: «Lao động không quá 200; Loại hình là Hợp tác xã».

Parts of a condition stand on one line with «;» between them: all of them must hold. Each line is another condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kcdesk import text
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.toml_reader import nearest
from kcdesk.formdef.model import Condition, Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of

_OR = " | "
_WORDS = {  # the longer ones first: «không quá» before «không»
    "at_most": "không quá",
    "at_least": "ít nhất",
    "above": "trên",
    "below": "dưới",
    "within": "chỉ gồm",
    "not_within": "không chỉ gồm",
    "contains": "gồm",
    "is_not": "khác",
}
_LISTS = ("within", "not_within")
_YES, _NO, _FILLED, _BLANK, _IS, _AMONG = "là có", "là không", "đã ghi", "chưa ghi", "là", "là một trong"


class ConditionWords:
    """Conditions over these fields, by name; the fields have the labels that the officer sees."""

    def __init__(self, forms: Forms, fields: Mapping[str, Field]) -> None:
        self._forms, self._fields = forms, fields
        self._by_label = {text.fold(field.label): name for name, field in fields.items() if field.label}

    def in_words(self, conditions: Sequence[Condition]) -> str:
        """The conditions, a line each."""
        return "\n".join("; ".join(self._parts(condition)) for condition in conditions)

    def read(self, lines: Sequence[str]) -> list[dict[str, Any]]:
        """The conditions of typed lines; ValueError with a sentence for what cannot be read."""
        conditions = []
        for line in lines:
            condition: dict[str, Any] = {}
            for part in filter(None, map(str.strip, line.split(";"))):
                name, wanted = self._read_part(part)
                both = isinstance(condition.get(name), dict) and isinstance(wanted, dict)
                condition[name] = condition[name] | wanted if both else wanted
            conditions.append(condition)
        return conditions

    def _parts(self, condition: Condition) -> Iterator[str]:
        for name, wanted in condition.items():
            field = self._fields[name]
            if isinstance(wanted, Mapping):
                yield from (self._compared(field, word, value) for word, value in wanted.items())
            else:
                yield self._compared(field, "is", wanted)

    def _compared(self, field: Field, word: str, value: Any) -> str:
        if word == "filled":
            return f"{field.label} {_FILLED if value else _BLANK}"
        if word == "is" and isinstance(value, bool):
            return f"{field.label} {_YES if value else _NO}"
        if isinstance(value, list | tuple):
            operator = _WORDS.get(word, _AMONG)
            return f"{field.label} {operator}: {_OR.join(self._shown(field, each) for each in value)}"
        return f"{field.label} {_WORDS.get(word, _IS)} {self._shown(field, value)}"

    def _shown(self, field: Field, value: Any) -> str:
        for choice in self._choices(field):
            if choice.value == value:
                return str(choice.short)
        return text.format_integer(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)

    def _choices(self, field: Field) -> tuple[Any, ...]:
        return self._forms.choices(field) if type_of(field).offers_choices else ()

    def _read_part(self, part: str) -> tuple[str, Any]:
        name, rest = self._field_of(part)
        field = self._fields[name]
        for words, wanted in ((_YES, True), (_NO, False), (_FILLED, {"filled": True}), (_BLANK, {"filled": False})):
            if text.fold(rest) == text.fold(words):
                return name, wanted
        for word, operator in sorted(_WORDS.items(), key=lambda pair: -len(pair[1])):
            if _begins(rest, operator):
                return name, {word: self._value(field, _after(rest, operator), listed=word in _LISTS)}
        for operator in (_AMONG, _IS):
            if _begins(rest, operator):
                return name, self._value(field, _after(rest, operator), listed=operator == _AMONG)
        raise ValueError(f"Không hiểu «{part}»: sau tên ô hãy ghi «là», «không quá», «ít nhất», «gồm», «đã ghi»….")

    def _field_of(self, part: str) -> tuple[str, str]:
        """The field whose label a part begins with, the longest one, and the rest."""
        labels = sorted(self._by_label, key=len, reverse=True)
        folded = text.fold(part)
        label = next((each for each in labels if folded.startswith(f"{each} ")), None)
        if label is None:
            known = nearest(part, [field.label for field in self._fields.values()])
            raise ValueError(f"Không rõ ô nào ở «{part}». {text.upper_first(known)}".strip())
        words = len(label.split())
        return self._by_label[label], " ".join(part.split()[words:])

    def _value(self, field: Field, typed: str, *, listed: bool) -> Any:
        if listed:
            return [self._read_value(field, each.strip()) for each in typed.split(_OR.strip()) if each.strip()]
        return self._read_value(field, typed)

    def _read_value(self, field: Field, typed: str) -> Any:
        wanted = text.fold(typed)
        for choice in self._choices(field):
            if wanted in (text.fold(choice.label), text.fold(choice.short), text.fold(choice.value)):
                return choice.value
        if choices := self._choices(field):
            known = nearest(typed, [choice.short for choice in choices])
            raise ValueError(f"Ô «{field.label}» không có lựa chọn «{typed}». {text.upper_first(known)}".strip())
        try:
            return type_of(field).parse(typed, field, self._forms)
        except ValueProblem as problem:
            raise ValueError(f"Ô «{field.label}»: {problem}") from None


def _begins(rest: str, operator: str) -> bool:
    folded = text.fold(rest)
    return folded == text.fold(operator) or folded.startswith((f"{text.fold(operator)} ", f"{text.fold(operator)}:"))


def _after(rest: str, operator: str) -> str:
    """What follows an operator and its colon."""
    return " ".join(rest.split()[len(operator.split()) :]).lstrip(": ")
