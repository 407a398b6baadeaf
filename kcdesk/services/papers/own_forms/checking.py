"""Checking an office's Word file for a paper: every fault with its place and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn
from rapidfuzz import fuzz, process

from kcdesk.documents.own_forms.placeholders import MOST, NUMBER_OF_ROW, FormTag, tags_in
from kcdesk.documents.own_forms.trial import try_opening
from kcdesk.documents.own_forms.word_file import FormFault, FormFaultsError, opened
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers.own_forms import kept_forms, placeholders
from kcdesk.services.papers.own_forms.placeholders import PaperPlaceholders, Placeholder
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.documents.layouts.layout import Layout

_NEAR = 60  # of 100: names less alike are not suggested
_COPY = "Hãy chép tên từ «Chèn trường»."


class CheckedForm(Value):
    """What a check has brought out: the cleaned file, its placeholders, faults, and what was removed."""

    content: bytes
    used: tuple[Placeholder, ...]
    faults: tuple[FormFault, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """{"usable", "placeholders", "faults": [{"place", "message", "hint", "sentence"}], "notes"}."""
        return {
            "usable": not self.faults,
            "placeholders": [placeholder.name for placeholder in self.used],
            "faults": [
                {"place": f.place, "message": f.message, "hint": f.hint, "sentence": f.sentence()} for f in self.faults
            ],
            "notes": list(self.notes),
        }


def checked(workspace: Workspace, layout: Layout, content: bytes) -> CheckedForm:
    """Check a Word file for a paper; UserError `no_word_form` for a paper that belongs to no record."""
    refuse_without_record(workspace, layout)
    offered = placeholders.placeholders_of(workspace, layout)
    try:
        try_opening(content)
        parts = opened(content)
    except FormFaultsError as error:
        return CheckedForm(content, (), error.faults, ())
    except UserError as error:  # beyond a limit
        return CheckedForm(content, (), (FormFault("", error.message, error.hint),), ())
    tags = tags_in(parts)
    faults = list(dict.fromkeys(_faults(workspace, offered, tags)))
    used = {tag.name: known for tag in tags if tag.name and (known := offered.resolve(tag.name))}
    return CheckedForm(parts.packed(), tuple(used.values()), tuple(faults), tuple(parts.notes))


def refuse_without_record(workspace: Workspace, layout: Layout) -> None:
    """UserError `no_word_form` for a sheet that belongs to no record, or is a sheet of labels."""
    if not kept_forms.can_have_form(workspace, layout):
        raise UserError(
            f"«{layout.label}» không phải giấy có lời của một hồ sơ nên không dùng mẫu Word.",
            code="no_word_form",
            hint="Mẫu Word dùng cho các giấy in từ hồ sơ, trừ tờ nhãn.",
        )


def used_by(workspace: Workspace, layout: Layout, content: bytes) -> tuple[Placeholder, ...]:
    """The placeholders of a file that was checked before; those that the paper no longer offers are left out."""
    offered = placeholders.placeholders_of(workspace, layout)
    return tuple(known for name in _names_in(content) if (known := offered.resolve(name)))


@lru_cache(maxsize=64)
def _names_in(content: bytes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.name for tag in tags_in(opened(content)) if tag.name))


def wrong_forms(workspace: Workspace) -> Iterator[str]:
    """Yield a sentence for every fault of the Word files among the rules, which came from another office."""
    folder = workspace.forms.folder / kept_forms.FOLDER
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        name = f"{kept_forms.FOLDER}/{path.name}"
        try:
            form = kept_forms.of_toml(path.read_text("utf-8"), name)
            layout = workspace.layouts.get(form.layout)
            if layout is None:
                yield f"{name}: không có giấy «{form.layout}»."
                continue
            yield from (f"{name}: {fault.sentence()}" for fault in checked(workspace, layout, form.content).faults)
        except (UserError, UnicodeDecodeError) as error:
            yield error.sentence() if isinstance(error, UserError) else f"{name}: không phải văn bản UTF-8."


def _faults(workspace: Workspace, offered: PaperPlaceholders, tags: list[FormTag]) -> Iterator[FormFault]:
    if not any(tag.name for tag in tags) and not any(tag.fault for tag in tags):
        hint = "Hãy chép tên từ «Chèn trường», ví dụ {{ don_vi.ten }}, vào chỗ cần điền."
        yield FormFault("", "mẫu chưa có chỗ điền nào", hint)
    if len(tags) > MOST:
        yield FormFault("", f"mẫu có {len(tags)} chỗ điền, nhiều hơn {MOST}", "Hãy chia thành nhiều giấy.")
        return
    lists = _Lists(offered, tags)
    for tag in tags:
        if tag.fault:
            yield tag.fault
        elif (placeholder := offered.resolve(tag.name)) is None:
            yield _unknown(workspace, offered, tag)
        elif fault := _misplaced(lists, tag, placeholder):
            yield fault


def _unknown(workspace: Workspace, offered: PaperPlaceholders, tag: FormTag) -> FormFault:
    """An unknown name: of a record that this paper may not name, of a whole table, or written wrongly."""
    first = tag.name.partition(".")[0]
    if first not in offered.sources and (whose := _elsewhere(workspace, first)):
        known = ", ".join(f"«{source.label}»" for source in offered.sources.values())
        message = f"«{tag.name}» là của «{whose}», giấy này không được lấy từ đó"
        return FormFault(tag.place, message, f"Giấy này lấy từ: {known}.")
    names = [placeholder.name for placeholder in offered.every()]
    if columns := [name for name in names if name.startswith(f"{tag.name}.")]:
        message = f"«{tag.name}» chưa chỉ rõ lấy ô nào"
        return FormFault(tag.place, message, f"Có lẽ định viết «{{{{ {columns[min(1, len(columns) - 1)]} }}}}».")
    hint = f"Có lẽ định viết «{{{{ {meant} }}}}»." if (meant := _meant(tag.name, names)) else _COPY
    return FormFault(tag.place, f"không có chỗ điền «{tag.name}»", hint)


def _meant(written: str, names: list[str]) -> str:
    """The name that was probably meant: one that begins like it, else the most alike; "" if none is near."""
    if longer := [name for name in names if name.startswith(written)]:
        return min(longer, key=len)
    near = [name for name, _score, _place in process.extract(written, names, scorer=fuzz.WRatio, limit=30)]
    alike = [name for name in near if fuzz.ratio(written, name) >= _NEAR]
    return max(alike, key=lambda name: fuzz.ratio(written, name), default="")


def _elsewhere(workspace: Workspace, first: str) -> str:
    """What another paper calls the record or the value with this name; "" if nothing has it."""
    names = placeholders.names_of(workspace)
    kinds = {names.kind(kind): kind for kind in workspace.forms.kinds}
    if first in kinds:
        return workspace.forms.newest(kinds[first]).label
    return next((source.label for source in names.sources if source.placeholder == first), "")


class _Lists:
    """Which lists the placeholders of each row or paragraph name."""

    def __init__(self, offered: PaperPlaceholders, tags: list[FormTag]) -> None:
        self._by_holder: dict[Any, dict[str, None]] = {}
        self._faulty: set[Any] = set()
        for tag in tags:
            placeholder = offered.resolve(tag.name) if tag.name else None
            if placeholder is None:
                self._faulty.add(tag.holder)
            elif placeholder.list not in ("", NUMBER_OF_ROW):
                self._by_holder.setdefault(tag.holder, {})[placeholder.list] = None

    def is_faulty(self, holder: Any) -> bool:
        """Whether a placeholder beside is wrong, so that nothing else can be said of the row."""
        return holder in self._faulty

    def of(self, holder: Any) -> list[str]:
        """The lists that are named in a row or paragraph."""
        return list(self._by_holder.get(holder, ()))


def _misplaced(lists: _Lists, tag: FormTag, placeholder: Placeholder) -> FormFault | None:
    """A placeholder of a list in a row of another list, or in a row inside a repeating row; a number outside of one."""
    if not placeholder.repeats:
        return None
    beside = lists.of(tag.holder)
    if not beside and lists.is_faulty(tag.holder):
        return None
    if not beside:
        hint = "«{{ stt }}» đứng cùng dòng với chỗ điền của một danh sách."
        return FormFault(tag.place, "số thứ tự đứng ngoài dòng lặp", hint)
    if len(beside) > 1:
        message = f"một dòng không lặp theo hai danh sách «{beside[0]}» và «{beside[1]}»"
        return FormFault(
            tag.place, message, "Hãy để mỗi danh sách một dòng, hoặc viết «.dau_tien», «.liet_ke» sau tên."
        )
    if any(lists.of(row) for row in tag.holder.iterancestors(qn("w:tr"))):
        return FormFault(tag.place, "dòng lặp nằm trong một dòng lặp khác", "Hãy đưa bảng ấy ra ngoài dòng lặp.")
    return None
