"""What every rule that an officer types has in common: its fields, how they are read, the files that are made.

A subject (deadlines, advances, conditions of support) says which rules there are, which fields one has, and how a typed
entry changes the file. A new entry begins a period and ends the one before it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar, cast

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.items import AoT, Table

from kcdesk import notations, text
from kcdesk.bounded.json_text import parsed
from kcdesk.errors import UserError
from kcdesk.formdef.activities import FIELD as ACTIVITIES
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.law import own_file
from kcdesk.services.rulebook import installed, trial
from kcdesk.services.rulebook.drafts.periods import end_before
from kcdesk.services.rulebook.drafts.typed_sources import problems_of_source
from kcdesk.services.workspace import Workspace

T = TypeVar("T")
NEW = ""  # the target of a rule that there was not


class EntryField(Value, kw_only=True):
    """A field of the form: one line, several `lines`, or one of `choices` (value, label)."""

    name: str
    label: str
    hint: str = ""
    lines: bool = False
    choices: tuple[tuple[str, str], ...] = ()


DOCUMENT = EntryField(name="document", label="Văn bản (số, ngày, cơ quan)", hint="TT 66/2026/TT-BCT")
ARTICLE = EntryField(name="article", label="Điều, khoản", hint="Khoản 2 Điều 5")
FIRST = EntryField(name="first", label="Áp dụng từ ngày", hint="01/01/2027")
LAST = EntryField(name="last", label="Đến hết ngày", hint="để trống: cho đến khi có văn bản khác")
SOURCE_FIELDS = (DOCUMENT, ARTICLE, FIRST, LAST)


class RuleEntry(Value):
    """A typed entry: the rule that it changes, NEW for a new one, and the text of each field."""

    target: str
    typed: Mapping[str, str]

    def text(self, name: str) -> str:
        """The typed text of a field, "" for an empty one."""
        return text.clean(self.typed.get(name, "")).strip()

    def read(self, name: str, parse: Callable[[str], T]) -> T | None:
        """The value of a field, None for an empty one; UserError `bad_rule` for what cannot be read."""
        try:
            return parse(self.text(name)) if self.text(name) else None
        except ValueError as error:
            raise UserError(str(error), code="bad_rule", field=name) from None

    def number(self, name: str) -> int | None:
        """A whole number, not negative; None for an empty field."""
        value = self.read(name, notations.parse_integer)
        if value is not None and value < 0:
            raise refused(name, "Số này không được âm.")
        return value

    def lines(self, name: str) -> list[str]:
        """The lines of a field that are not empty."""
        return [line.strip() for line in self.text(name).splitlines() if line.strip()]

    @property
    def source(self) -> str:
        """Article and text as a rule cites them."""
        return f"{self.text('article')} {self.text('document')}".strip()

    @property
    def first(self) -> date:
        """The first day; UserError without one."""
        day = self.read("first", notations.parse_date)
        if day is None:
            raise refused("first", "Chưa ghi ngày bắt đầu áp dụng.")
        return day

    @property
    def last(self) -> date | None:
        """The last day, None until further notice; UserError if it is before the first."""
        day = self.read("last", notations.parse_date)
        if day is not None and day < self.first:
            raise refused("last", "Ngày hết hiệu lực trước ngày có hiệu lực.")
        return day


class DraftFiles:
    """The files that entries change, as they are in force, with their comments; each is read once."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._folder = installed.folder_in_force(workspace.store.folder)
        self._documents: dict[str, TOMLDocument] = {}

    def document(self, name: str) -> TOMLDocument:
        """A file of rules by its name in the folder."""
        if name not in self._documents:
            self._documents[name] = tomlkit.parse((self._folder / name).read_text("utf-8"))
        return self._documents[name]

    def document_as_is(self, name: str) -> TOMLDocument:
        """A file of rules that is only read, as it is in force."""
        return tomlkit.parse((self._folder / name).read_text("utf-8"))

    def adopt(self, name: str, document: TOMLDocument) -> TOMLDocument:
        """A file that may be new; the one that was adopted first under the name."""
        return self._documents.setdefault(name, document)

    def texts(self) -> dict[str, str]:
        """{name: TOML} of all of them."""
        return {name: tomlkit.dumps(document) for name, document in self._documents.items()}


class RuleSubject(ABC):
    """A kind of rules that an officer can type."""

    name: str
    label: str
    button: str  # the words that open the form
    about: str  # what is entered, and from what

    @abstractmethod
    def targets(self, workspace: Workspace) -> list[tuple[str, str]]:
        """The rules that can be changed, and NEW where a new one is possible: (key, label)."""

    @abstractmethod
    def fields(self, workspace: Workspace, target: str) -> tuple[EntryField, ...]:
        """The fields of a rule, in their order."""

    @abstractmethod
    def present(self, workspace: Workspace, target: str) -> str:
        """What is in force now, in words; "" for a new rule."""

    @abstractmethod
    def started(self, workspace: Workspace, target: str) -> dict[str, str]:
        """What the fields begin with: the rule in force, without its source and days."""

    @abstractmethod
    def enter(self, files: DraftFiles, entry: RuleEntry) -> None:
        """Change the files by an entry; UserError with the field for what is wrong."""

    @abstractmethod
    def described(self, workspace: Workspace, entry: RuleEntry) -> str:
        """An entry in one sentence, for the list."""

    @abstractmethod
    def check(self, would_be: Workspace, entry: RuleEntry) -> None:
        """Read the rules as they would be, and work the example of an entry; UserError if it comes out otherwise."""


def entry_files(workspace: Workspace, subject: RuleSubject, entries: Sequence[RuleEntry]) -> dict[str, str]:
    """The files of rules with the entries over those in force, {name: TOML}; nothing is written.

    UserError with the field for an entry that is wrong or contradicts what is in force.
    """
    if not entries:
        raise UserError("Chưa nhập gì.", code="nothing_entered", hint="Hãy nhập ít nhất một quy định rồi thêm vào.")
    files = DraftFiles(workspace)
    for entry in entries:
        _refuse_source(workspace, entry)
        subject.enter(files, entry)
    texts = files.texts() | own_file.law_file(workspace)
    with trial.workspace_with(workspace, texts) as would_be:
        for entry in entries:
            subject.check(would_be, entry)
    return texts


def entries_of_json(content: str) -> list[RuleEntry]:
    """Entries from an array of {"target", "typed": {field: text}}; UserError `bad_lines` for anything else."""
    try:
        return [
            RuleEntry(str(line.get("target", NEW)), {str(name): str(value) for name, value in line["typed"].items()})
            for line in parsed(content)
        ]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(
            f"Tệp quy định cần nhập viết sai: {error}.", code="bad_lines", hint="Xem «kcdesk enter-rules --help»."
        ) from None


def refused(field: str, sentence: str, hint: str = "") -> UserError:
    """The refusal of a field."""
    return UserError(sentence, code="bad_rule", field=field, hint=hint)


def table_of(before: Mapping[str, Any], changes: Mapping[str, Any]) -> Table:
    """A table with the values of another one and changes over them; None takes a value out, tables stand last."""
    values = {name: value for name, value in {**before, **changes}.items() if value is not None}
    made = tomlkit.table()
    for name in sorted(values, key=lambda name: _holds_tables(values[name])):
        value = values[name]
        made[name] = tomlkit.item(value.unwrap() if hasattr(value, "unwrap") else value)
    return made


def _holds_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def add_period(
    entries: AoT,
    entry: RuleEntry,
    what: str,
    *,
    new_id: str,
    is_same: Callable[[Mapping[str, Any]], bool],
    values: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> None:
    """Add the period of an entry behind the last one of the same rule, which it ends; a new rule stands at the end.

    `values` gets what the period begins with: the one before it, or the id of a new rule. `what` names a period.
    """
    places = [place for place, each in enumerate(entries) if is_same(each)]
    before: Any = entries[places[-1]] if places else {"id": new_id}
    if places:
        end_before(before, entry.first, what)
    entries.insert(places[-1] + 1 if places else len(entries), table_of(before, values(before)))


def activity_codes(workspace: Workspace, entry: RuleEntry) -> list[str]:
    """The codes of the typed activities; UserError for one that nobody knows."""
    try:
        codes = type_of(ACTIVITIES).parse(entry.lines(ACTIVITIES.name), ACTIVITIES, workspace.forms)
    except ValueProblem as problem:
        raise refused(ACTIVITIES.name, str(problem)) from None
    return cast("list[str]", codes or [])


def free_name(wanted: str, used: Sequence[str]) -> str:
    """A name of a new rule, made from its label."""
    base = text.slug(wanted).replace("-", "_")[:40].strip("_") or "rule"
    base = base if base[0].isalpha() else f"rule_{base}"
    return next(name for name in (base, *(f"{base}_{n}" for n in range(2, len(used) + 3))) if name not in used)


def _refuse_source(workspace: Workspace, entry: RuleEntry) -> None:
    _ = entry.last  # refuses a wrong pair of days
    for problem in problems_of_source(workspace, entry.text("document"), entry.text("article"), entry.first):
        raise refused(problem.field, problem.message)
