"""The Word files that an office has taken in, and those that came with the rules; which of them writes a paper.

Each is a TOML file `word/<layout>-<version>.toml`, so that it travels, is compared and is kept like every other rule.
Those of this office stand beside the store in `rules/own`, those of the province in the rules in force. None is ever
changed or deleted: a new file is a new version.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import placing, text
from kcdesk.bounded.toml_text import parsed_toml
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value
from kcdesk.services.workspace import Workspace
from kcdesk.store.safety.backup import RULES

if TYPE_CHECKING:
    from kcdesk.documents.layouts.layout import Layout

FOLDER = "word"
OWN, OF_RULES, PROGRAM = "own", "rules", "program"
_OFFICE = "own"  # folder beside the store
_IN_USE = "in_use.json"
_WIDTH = 120  # letters of a line of base64
_TEXTS = ("id", "label", "unit", "unit_name", "made_on", "sha256", "file")
_ANSWERS = "nơi lập mẫu chịu trách nhiệm về lời văn"  # the program has compared an own form with no text


class KeptForm(Value):
    """One version of an office's Word file for a paper; `origin` is `own` or `rules`."""

    layout: str
    version: int
    label: str
    unit: str
    unit_name: str
    made_on: date
    origin: str
    content: bytes

    @property
    def choice(self) -> str:
        """What names it among the ways to print its paper: `own@2`."""
        return f"{self.origin}@{self.version}"

    @property
    def sentence(self) -> str:
        """«Theo mẫu Word của đơn vị, bản 2 (Trung tâm Khuyến công); nơi lập mẫu chịu trách nhiệm về lời văn»."""
        whose = "đơn vị" if self.origin == OWN else "cấp trên"
        return f"Theo mẫu Word của {whose}, bản {self.version} ({self.unit_name or self.unit}); {_ANSWERS}"

    @property
    def foot(self) -> str:
        """What the foot of the paper says in place of the name of our model."""
        return f"Mẫu của {self.unit_name or self.unit}: {self.label}, bản {self.version}; {_ANSWERS}"

    def as_json(self) -> dict[str, Any]:
        """The description for the command line, without the file."""
        return {
            "paper": self.layout,
            "version": self.version,
            "label": self.label,
            "unit": self.unit,
            "unit_name": self.unit_name,
            "made_on": self.made_on.isoformat(),
            "origin": self.origin,
        }


def can_have_form(workspace: Workspace, layout: Layout) -> bool:
    """Whether a Word file may write a paper: one of a record, and no sheet of labels."""
    return layout.kind in workspace.forms.kinds and any(spec.has_text for spec in layout.blocks)


def papers_for_forms(workspace: Workspace) -> list[Layout]:
    """The papers that a Word file of the office may write, in the order of their kinds."""
    layouts = [layout for layout in workspace.layouts.values() if can_have_form(workspace, layout)]
    kinds = {kind: place for place, kind in enumerate(workspace.forms.kinds)}
    return sorted(layouts, key=lambda layout: (kinds[layout.kind], layout.order, layout.id))


def every_form(workspace: Workspace, layout: str = "") -> list[KeptForm]:
    """All Word files for a paper, or for all papers: those of this office first, the newest first."""
    folders = ((_office_folder(workspace) / FOLDER, OWN), (workspace.forms.folder / FOLDER, OF_RULES))
    forms = [form for folder, origin in folders for form in _of_folder(folder, origin)]
    wanted = [form for form in forms if layout in ("", form.layout)]
    return sorted(wanted, key=lambda form: (form.layout, form.origin != OWN, -form.version))


def form_in_use(workspace: Workspace, layout: str) -> KeptForm | None:
    """The Word file that writes a paper now; None if our layout does: the one chosen, else the first of all."""
    forms = every_form(workspace, layout)
    if not forms:
        return None
    chosen = _choices(workspace).get(layout, "")
    if chosen == PROGRAM:
        return None
    return next((form for form in forms if form.choice == chosen), forms[0])


def take_in(workspace: Workspace, layout: Layout, label: str, content: bytes) -> KeptForm:
    """Keep a checked Word file as the next version of this office for a paper, and use it from now on."""
    mine = [form.version for form in every_form(workspace, layout.id) if form.origin == OWN]
    version = max(mine, default=0) + 1
    unit = workspace.identity.unit
    form = KeptForm(layout.id, version, " ".join(label.split()), unit.code, unit.name, workspace.today(), OWN, content)
    path = _office_folder(workspace) / rule_name(form)
    path.parent.mkdir(parents=True, exist_ok=True)
    placing.save(to_toml(form).encode(), path)
    use(workspace, layout.id, form.choice)
    return form


def use(workspace: Workspace, layout: str, choice: str) -> None:
    """Choose what writes a paper: a version (`own@2`, `rules@1`) or `program`, our layout; UserError `not_found`."""
    if choice != PROGRAM and choice not in {form.choice for form in every_form(workspace, layout)}:
        raise UserError(
            f"Không có mẫu Word «{choice}» cho giấy này.", code="not_found", hint="Xem «kcdesk word-forms»."
        )
    path = _office_folder(workspace) / _IN_USE
    path.parent.mkdir(parents=True, exist_ok=True)
    chosen = {**_choices(workspace), layout: choice}
    placing.save(json.dumps(chosen, ensure_ascii=False, indent=1, sort_keys=True).encode(), path)


def rule_name(form: KeptForm) -> str:
    """The name of the file among the rules: `word/minutes_5a-2.toml`."""
    return f"{FOLDER}/{form.layout}-{form.version}.toml"


def to_toml(form: KeptForm) -> str:
    """The file as a rule: what it is, and the Word file itself as base64."""
    packed = base64.b64encode(form.content).decode()
    lines = "\n".join(packed[at : at + _WIDTH] for at in range(0, len(packed), _WIDTH))
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in _described(form).items()}
    head = "".join(f"{name} = {value}\n" for name, value in quoted.items())
    return f'{head}version = {form.version}\nfile = """\n{lines}\n"""\n'


def _described(form: KeptForm) -> Mapping[str, str]:
    return {
        "id": form.layout,
        "label": form.label,
        "unit": form.unit,
        "unit_name": form.unit_name,
        "made_on": form.made_on.isoformat(),
        "sha256": hashlib.sha256(form.content).hexdigest(),
    }


def of_toml(content: str, name: str, origin: str = OF_RULES) -> KeptForm:
    """Read such a file; UserError `word_form` if it is another file, or damaged."""
    try:
        table = parsed_toml(content)
        texts = {key: str(table[key]) for key in _TEXTS}
        packed = base64.b64decode("".join(texts["file"].split()), validate=True)
        form = KeptForm(
            texts["id"],
            int(table["version"]),
            text.clean(texts["label"]),
            texts["unit"],
            text.clean(texts["unit_name"]),
            date.fromisoformat(texts["made_on"]),
            origin,
            packed,
        )
    except (KeyError, ValueError, TypeError, binascii.Error) as error:
        raise _damaged(name) from error
    if hashlib.sha256(packed).hexdigest() != texts["sha256"] or rule_name(form) != name:
        raise _damaged(name)
    return form


def _damaged(name: str) -> UserError:
    return UserError(
        f"Mẫu Word {name} bị hỏng hoặc bị sửa.", code="word_form", hint="Hãy xin lại tệp quy định, hoặc nhận lại mẫu."
    )


def _of_folder(folder: Path, origin: str) -> Iterator[KeptForm]:
    """The readable files of a folder; a damaged one writes no paper, `kcdesk check` names it."""
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
        status = path.stat()
        form = _read(path, status.st_mtime_ns, status.st_size, origin)
        if form is not None:
            yield form


@lru_cache(maxsize=128)
def _read(path: Path, _changed: int, _size: int, origin: str) -> KeptForm | None:
    try:
        return of_toml(path.read_text("utf-8"), f"{FOLDER}/{path.name}", origin)
    except (UserError, UnicodeDecodeError):
        return None


def _office_folder(workspace: Workspace) -> Path:
    return workspace.store.folder / RULES / _OFFICE


def _choices(workspace: Workspace) -> Mapping[str, str]:
    path = _office_folder(workspace) / _IN_USE
    try:
        chosen = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in chosen.items()} if isinstance(chosen, dict) else {}
