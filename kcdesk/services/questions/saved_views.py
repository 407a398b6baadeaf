"""Named views of a list: its conditions, chosen filters, search, order and columns, kept in the store.

A view holds the lines of the grammar, so that people can read it. It is written to a file and read from one: another
office takes it over from there. A file in the folder `views` of the rules is shared: the province signs it with its
rules, and every office that takes them has its views.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk import given_files, placing
from kcdesk.bounded import limits
from kcdesk.bounded.toml_text import parsed_toml
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value, asdict, field, names, replace
from kcdesk.services.questions import grammar
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.text import clean

SHARED = "views"  # the folder of the rules with shared views
_PREFIX = "view/"
_LONGEST = 100  # characters of a name
_MOST = 500  # views in one file


class SavedView(Value, kw_only=True):
    """A view of the list of a kind; `chosen` are the values of the chips by field."""

    name: str
    kind: str
    conditions: tuple[str, ...] = ()
    chosen: Mapping[str, Any] = field(default_factory=dict)
    search: str = ""
    order: str = ""
    descending: bool = False
    columns: tuple[str, ...] = ()
    is_shared: bool = False  # it came with the rules and stays with them


def views_of(workspace: Workspace, kind: str) -> list[SavedView]:
    """The views of a kind by name; an own view stands in place of a shared one of its name."""
    shared = {view.name.casefold(): view for view in shared_views(workspace) if view.kind == kind}
    kept = (_made(entry) for entry in workspace.store.settings(f"{_PREFIX}{kind}/").values())
    named = shared | {view.name.casefold(): view for view in kept}
    return [named[name] for name in sorted(named)]


def shared_views(workspace: Workspace) -> tuple[SavedView, ...]:
    """The views that came with the rules in force; UserError `bad_file` for a file of them that cannot be read."""
    folder = workspace.forms.folder / SHARED
    return workspace.forms.once("shared views", lambda: tuple(_of_folder(folder)))


def wrong_shared_views(workspace: Workspace) -> list[str]:
    """A sentence for each shared view that cannot be used; UserError for a file that cannot be read."""
    wrong = []
    for view in shared_views(workspace):
        try:
            _checked(workspace, view)
        except UserError as error:
            wrong.append(f"Cách xem «{view.name}» ({SHARED}/): {error}")
    return wrong


def _of_folder(folder: Path) -> Iterator[SavedView]:
    for path in sorted(folder.glob("*.toml")):
        yield from (replace(view, is_shared=True) for view in _in_file(path))


def view_named(workspace: Workspace, kind: str, name: str) -> SavedView:
    """The view with this name; UserError `unknown_view`."""
    known = views_of(workspace, kind)
    for view in known:
        if view.name.casefold() == name.strip().casefold():
            return view
    names = ", ".join(f"«{view.name}»" for view in known) or "chưa lưu cách xem nào"
    raise UserError(f"Không có cách xem «{name}».", code="unknown_view", hint=f"Đang có: {names}.")


def keep_view(workspace: Workspace, view: SavedView) -> SavedView:
    """Keep a view under its name, in place of an earlier one; UserError for a condition that cannot be asked."""
    checked = _checked(workspace, view)
    workspace.store.set_setting(f"{_PREFIX}{checked.kind}/{checked.name.casefold()}", asdict(checked))
    return checked


def _checked(workspace: Workspace, view: SavedView) -> SavedView:
    """The view with a clean name, if it can be kept and asked; UserError else."""
    name = clean(view.name).strip()
    if not name or len(name) > _LONGEST or "/" in name:
        raise UserError("Tên cách xem cần có chữ, không quá 100 chữ, không có dấu «/».", code="bad_name")
    reading.form_of(workspace, view.kind)
    for typed in view.conditions:
        grammar.parsed(workspace, view.kind, typed)
    return replace(view, name=name, is_shared=False)


def forget(workspace: Workspace, kind: str, name: str) -> None:
    """Forget a view; UserError `unknown_view`, `shared_view`."""
    view = view_named(workspace, kind, name)
    if view.is_shared:
        raise UserError(
            f"Cách xem «{view.name}» đến cùng quy định của cấp tỉnh nên không xoá riêng được.",
            code="shared_view",
            hint="Lưu cách xem của mình dưới cùng tên thì cách xem này không hiện nữa.",
        )
    workspace.store.forget_setting(f"{_PREFIX}{kind}/{view.name.casefold()}")


def lines_of(view: SavedView) -> list[str]:
    """The whole filter of a view as conditions: what was chosen, then what was asked."""
    return [*_chosen_lines(view), *view.conditions]


def write_file(workspace: Workspace, path: Path, kinds: Sequence[str] = ()) -> int:
    """Write the views of some kinds, or of all, to a file; returns their number. KnownError if it cannot be written."""
    views = [view for kind in kinds or workspace.forms.kinds for view in views_of(workspace, kind)]
    lines = [line for view in views for line in _lines(view)]
    placing.save(
        "\n".join(["# Cách xem danh sách của kcdesk.", 'label = "Cách xem danh sách"', *lines, ""]).encode(), path
    )
    return len(views)


def read_file(workspace: Workspace, path: Path) -> list[SavedView]:
    """Keep the views of a file, all or none; UserError `bad_file` if it is no such file or a view cannot be used."""
    views = _in_file(path)
    checked = [_checked(workspace, view) for view in views]  # all before the first is kept
    return [keep_view(workspace, view) for view in checked]


def _in_file(path: Path) -> list[SavedView]:
    """The views of a file; UserError `bad_file`."""
    try:
        table = parsed_toml(given_files.given_text_of(path, limits.TOML))
        views = [_made(entry) for entry in table.get("view", [])][:_MOST]
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UserError(f"Tệp {path.name} không phải là tệp cách xem danh sách.", code="bad_file") from error
    if not views:
        raise UserError(f"Tệp {path.name} không có cách xem nào.", code="bad_file")
    return views


def _lines(view: SavedView) -> Iterator[str]:
    yield "\n[[view]]"
    for name, value in (asdict(view) | {"chosen": _chosen_lines(view)}).items():
        if value and name != "is_shared":
            yield f"{name} = {json.dumps(value, ensure_ascii=False)}"


def _chosen_lines(view: SavedView) -> list[str]:
    return [f"{path} in {';'.join(map(str, _several(value)))}" for path, value in view.chosen.items()]


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _made(entry: Mapping[str, Any]) -> SavedView:
    """A view from the store or from a file; unknown keys are left out, as a later program may write them."""
    known = {name: entry[name] for name in names(SavedView) if name in entry}
    chosen = known.get("chosen", {})
    conditions = tuple(str(line) for line in known.get("conditions", ()))
    if not isinstance(chosen, Mapping):  # in a file they are conditions too
        conditions, chosen = (*conditions, *map(str, chosen)), {}
    texts = {name: str(known.get(name, "")) for name in ("name", "kind", "search", "order")}
    columns = tuple(str(name) for name in known.get("columns", ()))
    is_down = bool(known.get("descending", False))
    return SavedView(
        **texts, conditions=conditions, chosen=dict(chosen), descending=is_down, columns=columns, is_shared=False
    )
