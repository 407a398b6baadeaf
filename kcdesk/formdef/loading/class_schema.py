"""Makes JSON Schemas of the classes that the loader builds from TOML, from the loader's own table of keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from kcdesk.formdef import model
from kcdesk.formdef.computing import COMPUTATIONS
from kcdesk.formdef.conditions import COMPARISONS
from kcdesk.formdef.loading.extending import AFTER, EXTENDS, NAMED_BY, OMIT, OWN_KEYS, REPLACED
from kcdesk.formdef.loading.toml_reader import keys_of
from kcdesk.formdef.rules import CHECKS
from kcdesk.formdef.types.registry import TYPES
from kcdesk.runtime.frozen import is_value

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
NAME = "^[a-z][a-z0-9_]*$"  # names become columns, sheets and paths
# Keys of type text whose value must be a word of a table of the loader.
_WORDS: Mapping[tuple[type, str], Iterable[str]] = {
    (model.Field, "type"): TYPES,
    (model.Field, "computed"): COMPUTATIONS,
    (model.Check, "rule"): CHECKS,
}
_NAMES = {(model.Form, "id"), (model.Section, "id"), (model.Field, "name"), (model.Field, "row")}
_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    date: {"type": "string", "format": "date"},
    object: {},
}
_SINGLE: Schema = {"type": ["string", "integer", "boolean"]}
_SINGLE_OR_LIST: Schema = {"anyOf": [_SINGLE, {"type": "array", "items": _SINGLE}]}


class ClassSchemas:
    """The schemas of classes and of the classes that they contain, each once; `descriptions` explains the keys."""

    def __init__(self, descriptions: Mapping[type, Mapping[str, str]] | None = None) -> None:
        self.definitions: dict[str, Schema] = {}
        self._descriptions = descriptions or {}
        self._owners: dict[str, tuple[type, bool]] = {}

    def whole(self, cls: type) -> Schema:
        """A reference to the schema of a complete table."""
        return self._reference(cls, is_change=False)

    def version(self, cls: type) -> Schema:
        """A reference to the schema of a definition with versions, which may extend an earlier version."""
        change = self._reference(cls, is_change=True)
        return {"if": {"required": [EXTENDS]}, "then": change, "else": self.whole(cls)}

    def table(self, properties: Mapping[str, Schema], required: Sequence[str] = ()) -> Schema:
        """The schema of a table with these keys and no others."""
        return {
            "type": "object",
            "properties": dict(properties),
            "required": list(required),
            "additionalProperties": False,
        }

    def _reference(self, cls: type, *, is_change: bool) -> Schema:
        name = self._name(cls, is_change)
        if name not in self.definitions:
            self.definitions[name] = {}  # entered first, because a class may contain itself: columns are fields
            self.definitions[name] = self._change(cls) if is_change else self._class(cls)
        return {"$ref": f"#/definitions/{name}"}

    def _name(self, cls: type, is_change: bool) -> str:
        """The name of the schema: that of the class, with a number if another class has the same name."""
        plain = cls.__name__.strip("_") + ("Change" if is_change else "")
        name, number = plain, 1
        while self._owners.setdefault(name, (cls, is_change)) != (cls, is_change):
            number += 1
            name = f"{plain}{number}"
        return name

    def _class(self, cls: type) -> Schema:
        keys = keys_of(cls)
        properties = {name: self._key(cls, name, key.type) for name, key in keys.items()}
        return self.table(properties, [name for name, key in keys.items() if key.required])

    def _change(self, cls: type) -> Schema:
        """The schema of an entry that a later version changes: identifying keys are required, others are optional."""
        is_definition = "version" in keys_of(cls)
        properties = {name: self._key(cls, name, key.type, is_change=True) for name, key in keys_of(cls).items()}
        if is_definition:
            names = {"type": "array", "items": {"type": "string", "pattern": f"^({'|'.join(NAMED_BY)}):."}}
            properties |= {EXTENDS: {"type": "string", "pattern": "^[a-z][a-z0-9_]*@[1-9][0-9]*$"}, OMIT: names}
            return self.table(properties, [EXTENDS, *(name for name in OWN_KEYS if keys_of(cls)[name].required)])
        word = next(word for word, item in REPLACED.items() if item is cls)
        return self.table(properties | {AFTER: {"type": "string"}}, NAMED_BY[word])

    def _key(self, cls: type, name: str, hint: Any, *, is_change: bool = False) -> Schema:
        schema = self._words(cls, name) or self._type(hint, is_change=is_change and name in REPLACED)
        description = self._descriptions.get(cls, {}).get(name)
        if description and "$ref" in schema:  # keys beside a reference are ignored
            schema = {"allOf": [schema]}
        return schema | {"description": description} if description else schema

    def _words(self, cls: type, name: str) -> Schema:
        if (cls, name) in _WORDS:
            return {"enum": list(_WORDS[cls, name])}
        return {"type": "string", "pattern": NAME} if (cls, name) in _NAMES else {}

    def _type(self, hint: Any, *, is_change: bool = False) -> Schema:
        if hint in _PLAIN:
            return dict(_PLAIN[hint])
        origin, parts = get_origin(hint), get_args(hint)
        if origin is tuple:
            return {"type": "array", "items": self._type(parts[0], is_change=is_change)}
        if origin is Literal:
            return {"enum": list(parts)}
        if origin in (Union, UnionType):
            allowed = [self._type(part) for part in parts if part is not NoneType]
            return allowed[0] if len(allowed) == 1 else {"anyOf": allowed}
        if is_value(hint):
            return self._reference(hint, is_change=is_change)
        if get_origin(parts[1]) is not None:  # conditions by a name
            return {"type": "object", "additionalProperties": self._condition()}
        return self._condition()  # every other mapping in the definitions is a condition

    def _condition(self) -> Schema:
        compared = self.table(dict.fromkeys(COMPARISONS, _SINGLE_OR_LIST))
        self.definitions["Condition"] = {
            "type": "object",
            "additionalProperties": {"anyOf": [_SINGLE_OR_LIST, compared]},
            "description": "A field and what it must be; all of them must hold.",
        }
        return {"$ref": "#/definitions/Condition"}
