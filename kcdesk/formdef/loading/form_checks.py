"""Checks of a form: every name that it uses must exist and fit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from string import Formatter

from kcdesk.formdef import activities
from kcdesk.formdef.computing import COMPUTATIONS
from kcdesk.formdef.conditions import COMPARISONS
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.parts import PartFile
from kcdesk.formdef.loading.row_link_checks import ROW_NAMING, check_row_links
from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.formdef.model import OF_EVERY_RECORD, RESERVED_NAMES, Check, Choice, Condition, Field, Form, Section
from kcdesk.formdef.rules import CHECKS, PLACEHOLDERS
from kcdesk.formdef.searched_fields import LEFT_OUT, is_searched_by_itself
from kcdesk.formdef.types.date_types import DateType, stored_date
from kcdesk.formdef.types.number_types import NumberType
from kcdesk.formdef.types.registry import TYPES
from kcdesk.formdef.types.text_types import TextType

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CHOICE_VALUE = re.compile(r"[^\s;]+")
_TABLES = ("table", "checklist")
_CHOICES = ("choice", "choices")
_REFERENCES = ("reference", "references")
_FILTERS = ("choice", "choices", "yes_no", "year")
# Attribute, key in TOML, and the types that need it and alone may have it.
_COMPANIONS = (
    *(("columns", "column", _TABLES), ("row", "row", _TABLES)),
    *(("target", "target", _REFERENCES), ("rows_from", "rows_from", ROW_NAMING)),
)


class FormChecker:
    """Collects the faults of one form."""

    def __init__(self, form: Form, file: str, forms: Forms, faults: Faults, parts: Sequence[PartFile] = ()) -> None:
        self.form = form
        self.file = file
        self.forms = forms
        self.faults = faults
        self.names: dict[str, Field] = {field.name: field for field in form.fields}
        # the file of a section or check that is in a part of the form
        self.elsewhere = {id(entry): p.file for p in parts for entry in (*p.part.sections, *p.part.checks)}

    def check(self) -> None:
        """Check the whole form."""
        self._head()
        self._distinct("", "mã phần", (section.id for section in self.form.sections))
        self._distinct("", "tên ô", (field.name for field in self.form.fields))
        self._distinct("", "tên dòng (row)", (field.row for field in self.form.tables if field.row))
        home = self.file
        for section in self.form.sections:
            self.file = self.elsewhere.get(id(section), home)
            self._section(section)
        for check in self.form.checks:
            self.file = self.elsewhere.get(id(check), home)
            self._check(check)
        self.file = home
        self._cycles()
        check_row_links(self.form, self.file, self.forms, self.faults)

    # ---- the form itself

    def _head(self) -> None:
        form = self.form
        self._name("", form.id)
        if form.version < 1:
            self._fault("", "“version” phải từ 1 trở lên")
        if form.effective_to and form.effective_to < form.effective_from:
            self._fault("", "“effective_to” đứng trước “effective_from”")
        for key in ("title", "list", "filters"):
            for name in getattr(form, key):
                self._listed(key, name)
        for entry in form.search:
            self._searched(entry)
        for entry in form.copied:
            self._copied(entry)
        if form.sort:
            self._listed("sort", form.sort)
        for key, names in (("parent", (form.parent,) if form.parent else ()), ("listed_under", form.listed_under)):
            for name in names:
                self._tie(key, name)

    def _tie(self, key: str, name: str) -> None:
        """Check a field that names the record to which records of this form belong."""
        if self._known("", f"{key}: ô", name, self.names):
            self._fits("", key, self.names[name], ("reference",))

    def _copied(self, path: str) -> None:
        """Check an entry of `copied`: a typed field, or a typed column of a table; files stay with their record."""
        field = self._dotted("", "copied: ô", path, self.names)
        if field is None:
            return
        if field.computed or field.is_decision or field.type == "files":
            self._fault("", f"copied: “{path}” không được chép sang hồ sơ mới")

    def _listed(self, key: str, name: str) -> None:
        allowed = {**self.names, **(OF_EVERY_RECORD if key in ("list", "filters") else {})}
        if not self._known("", f"{key}: ô", name, allowed):
            return
        if key == "filters" and name in self.names:
            self._fits("", key, self.names[name], _FILTERS)
        if key in ("title", "sort") and self.names[name].type in (*_TABLES, *_REFERENCES, "files"):
            self._fault("", f"{key}: “{name}” không phải là một giá trị có tên riêng")

    def _searched(self, entry: str) -> None:
        """Check an entry of `search`: an additional field or, with a minus, a text that is not searched."""
        path = entry.removeprefix(LEFT_OUT)
        field = self._dotted("", "search: ô", path, self.names)
        if field is None or any(item.type not in TYPES for item in (field, *field.columns)):
            return
        if path == entry and field.sensitive:
            self._fault("", f"search: “{path}” là dữ liệu nhạy cảm, không được tìm kiếm")
        if path != entry and not any(map(is_searched_by_itself, field.columns or (field,))):
            self._fault("", f"search: “{path}” vốn không được tìm kiếm, không cần bỏ ra")

    def _section(self, section: Section) -> None:
        self._name(section.id, section.id)
        self._condition(section.id, section.visible_when, self.names)
        for field in section.fields:
            place = f"{section.id}/{field.name}"
            self._field(place, field, self.names)
            if field.type in _TABLES:
                self._table(place, field)

    # ---- fields

    def _field(self, place: str, field: Field, scope: Mapping[str, Field]) -> None:
        self._name(place, field.name)
        if field.name in RESERVED_NAMES:
            self._fault(place, f"“{field.name}” là tên dành riêng của chương trình")
        if not self._known(place, "loại", field.type, TYPES):
            return
        self._known(place, "owner: cấp", field.owner, self.forms.levels.names)
        self._companions(place, field)
        self._choices(place, field)
        self._limits(place, field)
        self._condition(place, field.visible_when, scope)
        self._condition(place, field.required_when, scope)
        if field.target:
            self._known(place, "target: loại hồ sơ", field.target, self.forms.kinds)
        if field.computed or field.computed_from:
            self._computed(place, field, scope)
        if field.default is not None:
            self._default(place, field)

    def _companions(self, place: str, field: Field) -> None:
        """Check the keys that certain types require and others must not have."""
        for attribute, key, types in _COMPANIONS:
            given = bool(getattr(field, attribute))
            if given and field.type not in types:
                self._fault(place, f"“{key}” chỉ dùng cho loại {', '.join(types)}")
            if not given and field.type in types:
                self._fault(place, f"loại {field.type} phải có “{key}”")
        if field.photos and field.type != "files":
            self._fault(place, "“photos” chỉ dùng cho loại files")
        if field.max_length and not isinstance(TYPES[field.type], TextType):
            self._fault(place, "“max_length” chỉ dùng cho chữ")

    def _table(self, place: str, field: Field) -> None:
        self._distinct(place, "tên cột", (column.name for column in field.columns))
        if field.row:
            self._name(place, field.row)
        columns = {column.name: column for column in field.columns}
        scope = self.names | columns
        for column in field.columns:
            self._field(f"{place}/{column.name}", column, scope)
            if column.type in _TABLES:
                self._fault(f"{place}/{column.name}", "một cột không thể là bảng")
        for name in field.totals:
            if self._known(place, "totals: cột", name, columns):
                self._number(place, f"totals: “{name}”", columns[name])

    def _choices(self, place: str, field: Field) -> None:
        if field.type not in _CHOICES:
            if field.choices or field.choices_from:
                self._fault(place, f"loại {field.type} không có danh mục")
            return
        if bool(field.choices) == bool(field.choices_from):
            self._fault(place, "phải có đúng một trong “choices” và “choices_from”")
        if field.choices_from and not self.forms.has_choices(field.choices_from):
            self.faults.unknown(self.file, place, "choices_from: danh mục", field.choices_from, self.forms.shared_names)
        check_choices(self.faults, self.file, place, field.choices)

    def _limits(self, place: str, field: Field) -> None:
        limits = [limit for limit in (field.min, field.max) if limit is not None]
        kind = TYPES[field.type]
        if limits and not isinstance(kind, NumberType | DateType):
            self._fault(place, "“min” và “max” chỉ dùng cho số và ngày")
            return
        for limit in limits:
            if not _is_limit(kind, limit):
                self._fault(place, f"giới hạn “{limit}” không hợp với loại {field.type}")

    def _default(self, place: str, field: Field) -> None:
        if field.default == "today" and field.type in ("date", "year"):
            return
        default = list(field.default) if isinstance(field.default, tuple) else field.default
        if sentence := TYPES[field.type].wrong(default, field, self.forms):
            self._fault(place, f"“default” không hợp: {sentence}")

    def _computed(self, place: str, field: Field, scope: Mapping[str, Field]) -> None:
        if not field.computed:
            self._fault(place, "“computed_from” cần có “computed”")
            return
        if not self._known(place, "computed: quy tắc", field.computed, COMPUTATIONS):
            return
        rule = COMPUTATIONS[field.computed]
        self._count(place, field.computed, len(field.computed_from), rule.least, rule.most)
        self._operand(place, "ô tính tự động", field, rule.gives)
        for name, wanted in zip_longest(field.computed_from, rule.takes, fillvalue=""):
            argument = self._dotted(place, "computed_from: ô", name, scope) if name else None
            if argument:
                self._operand(place, f"computed_from: “{name}”", argument, wanted)

    def _operand(self, place: str, what: str, field: Field, wanted: str) -> None:
        if not wanted:
            self._number(place, what, field)
        elif field.type != wanted:
            self._fault(place, f"{what} phải thuộc loại {wanted}")

    # ---- conditions and checks

    def _condition(self, place: str, condition: Condition, scope: Mapping[str, Field]) -> None:
        check_condition(self.faults, self.file, place, condition, scope, self.forms)

    def _check(self, check: Check) -> None:
        place = f"check {check.rule}"
        self._dotted(place, "field: ô", check.field, self.names)
        operands = [self._dotted(place, "fields: ô", name, self.names) for name in check.fields]
        self._condition(place, check.when, self.names)
        if not self._known(place, "quy tắc", check.rule, CHECKS):
            return
        rule = CHECKS[check.rule]
        self._count(place, check.rule, len(check.fields), rule.least, rule.most)
        if rule.counts != bool(check.counts):
            self._fault(place, f"“{check.rule}” {'cần' if rule.counts else 'không có'} “counts”")
        for name, field in zip(check.fields, operands, strict=True):
            if field and rule.numeric:
                self._number(place, f"fields: “{name}”", field)
        for placeholder in _placeholders(check.message):
            self._known(place, "message: chỗ điền", placeholder, PLACEHOLDERS)

    def _cycles(self) -> None:
        """Check that no computed value depends on itself."""
        needs = {}
        for field in self.form.fields:
            needs[field.name] = field.computed_from
            for column in field.columns:
                siblings = {item.name for item in field.columns}
                needs[f"{field.name}.{column.name}"] = tuple(
                    f"{field.name}.{name}" if name in siblings else name for name in column.computed_from
                )
        for name, computed_from in needs.items():
            if computed_from and name in _reachable(name, needs):
                self._fault(name.replace(".", "/"), "ô tính tự động phụ thuộc vào chính nó")

    # ---- helpers

    def _dotted(self, place: str, what: str, name: str, scope: Mapping[str, Field]) -> Field | None:
        """The field or "table.column" with this name; None, with a fault, if there is none."""
        known = self._columns if "." in name else scope
        return known[name] if self._known(place, what, name, known) else None

    @cached_property
    def _columns(self) -> Mapping[str, Field]:
        """The columns of all tables, as "table.column"."""
        return {f"{item.name}.{inner.name}": inner for item in self.names.values() for inner in item.columns}

    def _fault(self, place: str, message: str) -> None:
        self.faults.add(self.file, place, message)

    def _known(self, place: str, what: str, name: str, known: Iterable[str]) -> bool:
        if name in known:
            return True
        self.faults.unknown(self.file, place, what, name, known)
        return False

    def _name(self, place: str, name: str) -> None:
        check_name(self.faults, self.file, place, name)

    def _distinct(self, place: str, what: str, names: Iterable[str]) -> None:
        check_distinct(self.faults, self.file, place, what, names)

    def _fits(self, place: str, what: str, field: Field, types: tuple[str, ...]) -> None:
        if field.type not in types:
            self._fault(place, f"{what}: “{field.name}” phải thuộc loại {', '.join(types)}")

    def _number(self, place: str, what: str, field: Field) -> None:
        if not isinstance(TYPES.get(field.type), NumberType):
            self._fault(place, f"{what} phải là số")

    def _count(self, place: str, rule: str, count: int, least: int, most: int | None) -> None:
        if count < least or (most is not None and count > most):
            wanted = f"{least}" if least == most else f"từ {least}" + (f" đến {most}" if most else "")
            self._fault(place, f"quy tắc “{rule}” cần {wanted} ô, ở đây có {count}")


# ---- checks shared with other definitions


def check_name(faults: Faults, file: str, place: str, name: str) -> None:
    """Check a name: it becomes a name of columns, sheets and paths."""
    if name and not _NAME.fullmatch(name):
        faults.add(file, place, f"“{name}” chỉ được gồm chữ thường không dấu, chữ số và gạch dưới")


def check_distinct(faults: Faults, file: str, place: str, what: str, names: Iterable[str]) -> None:
    """Check that no name occurs twice."""
    given = tuple(names)
    repeated = Counter(given) if len(set(given)) < len(given) else {}
    for name, count in repeated.items():
        if count > 1 and name:
            faults.add(file, place, f"{what} “{name}” bị trùng")


def check_choices(faults: Faults, file: str, place: str, choices: tuple[Choice, ...]) -> None:
    """Check that choices have valid values, and different values and labels."""
    check_distinct(faults, file, place, "giá trị", (choice.value for choice in choices))
    check_distinct(faults, file, place, "nhãn", (choice.label for choice in choices))
    check_distinct(faults, file, place, "nhãn ngắn", (choice.short for choice in choices))
    for choice in choices:
        if not _CHOICE_VALUE.fullmatch(choice.value):
            faults.add(file, f"{place}/{choice.value}", "giá trị không được chứa khoảng trắng hoặc dấu “;”")


def check_condition(
    faults: Faults, file: str, place: str, condition: Condition, scope: Mapping[str, Field], forms: Forms
) -> None:
    """Check the names, comparisons and values of a condition."""
    if not condition:
        return
    known = {**OF_EVERY_RECORD, **scope, **({activities.NAME: activities.FIELD} if "activity" in scope else {})}
    for name, wanted in condition.items():
        if name not in known:
            faults.unknown(file, place, "điều kiện: ô", name, known)
            continue
        parts = wanted.items() if isinstance(wanted, Mapping) else (("is", wanted),)
        for word, value in parts:
            if word not in COMPARISONS:
                faults.unknown(file, place, "điều kiện: phép so sánh", word, COMPARISONS)
            elif fault := _operand_fault(word, value, known[name], forms):
                faults.add(file, place, f"điều kiện trên “{name}”: {fault}")


def _operand_fault(word: str, value: object, field: Field, forms: Forms) -> str:
    if field.type not in TYPES:
        return ""
    if word == "filled":
        return "" if isinstance(value, bool) else "“filled” phải là true hoặc false"
    if word in ("contains", "within", "not_within"):
        wanted = value if isinstance(value, tuple) else [value]
        return "" if field.type != "choices" else _values_fault(wanted, field, forms)
    if word in ("is", "is_not"):
        if field.type in ("choices", "references", "files", *_TABLES):
            return "ô có nhiều giá trị; hãy dùng “contains” hoặc “filled”"
        return _values_fault(value if isinstance(value, tuple) else [value], field, forms)
    return "" if isinstance(value, int | str) and not isinstance(value, bool) else f"“{word}” cần một số hoặc ngày"


def _values_fault(values: Iterable[object], field: Field, forms: Forms) -> str:
    for value in values:
        single = value if field.type != "choices" else [value]
        if sentence := TYPES[field.type].wrong(single, field, forms):
            return f"giá trị “{value}”: {sentence}"
    return ""


def _is_limit(kind: object, limit: int | str) -> bool:
    if limit == "today":
        return isinstance(kind, DateType) or kind is TYPES["year"]
    if isinstance(kind, DateType):
        return stored_date(limit) is not None
    return isinstance(limit, int) or TYPES["decimal"].wrong(limit, Field(name="", type="decimal", label="")) == ""


def _placeholders(message: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(message) if name is not None}
    except ValueError:
        return {message}


def _reachable(start: str, needs: Mapping[str, tuple[str, ...]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(needs.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(needs.get(name, ()))
    return seen
