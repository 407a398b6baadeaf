"""What each command does: reads its options, calls a service, returns JSON values."""

from __future__ import annotations

import getpass
import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.cli.window import store_folder
from kcdesk.demo.command import play
from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.services.handover.packages import sending
from kcdesk.services.lifecycle import missing as lifecycle_missing
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening, soundness
from kcdesk.services.overview import record_json, rules_panel
from kcdesk.services.papers import printing
from kcdesk.services.proposals import suggested_rows
from kcdesk.services.records import changing, reading
from kcdesk.services.rulebook import installed
from kcdesk.services.rules import ceilings, earlier_support
from kcdesk.services.workspace import Workspace

Result = Any  # whatever a command gives: JSON values, or the exit code of a window
Command = Callable[[Namespace], Result]

PACKAGE_PASSWORD = "KCDESK_PACKAGE_PASSWORD"


def with_workspace(command: Callable[[Workspace, Namespace], Result]) -> Command:
    """Open the store for one command and close it whatever happens."""

    def run(options: Namespace) -> Result:
        workspace = opening.open_workspace(store_folder(options), passphrase(options))
        try:
            return command(workspace, options)
        finally:
            workspace.close()

    return run


# -- without an open store ---------------------------------------------------------------------------------------


def demo(options: Namespace) -> int:
    """Play the journey; prints each file it makes."""
    return play(Path(options.out), window=not options.no_window)


def init(options: Namespace) -> Result:
    """Make a store."""
    passphrase = "" if options.practice else secret("KCDESK_PASSPHRASE", "Mật khẩu mới: ")
    return opening.create(
        store_folder(options),
        opening.NewStore(
            unit=options.unit,
            code=options.code,
            level=options.level,
            province=options.province,
            parent=options.parent,
            officer=options.officer,
            officer_title=options.officer_title,
            practice=options.practice,
            passphrase=passphrase or "",
        ),
    )


def inspect(options: Namespace) -> Result:
    """Judge a package; with no store at hand no sender is known."""
    if not opening.is_store(store_folder(options)):
        return _inspected(None, options)
    return with_workspace(_inspected)(options)


def _inspected(workspace: Workspace | None, options: Namespace) -> Result:
    found = sending.inspect(workspace, Path(options.file), os.environ.get(PACKAGE_PASSWORD, ""))
    if found["status"] == "locked" and (password := secret(PACKAGE_PASSWORD, "Mật khẩu của gói: ")):
        found = sending.inspect(workspace, Path(options.file), password)
    return found | {"sentence": sending.describe(found)}


# -- reading -----------------------------------------------------------------------------------------------------


def show(workspace: Workspace, options: Namespace) -> Result:
    """One record; for people with labels instead of names."""
    return record_json.shown(workspace, options.id) if options.json else record_json.described(workspace, options.id)


def list_(workspace: Workspace, options: Namespace) -> Result:
    """Records of a kind."""
    return record_json.listed(
        workspace,
        options.kind,
        search=options.search,
        where=_values(options.where, files=False),
        handover=options.handover,
        limit=options.limit,
        full=options.full,
    )


def history(workspace: Workspace, options: Namespace) -> Result:
    """What was done to a record."""
    return reading.history(workspace, options.id)


def helped(workspace: Workspace, options: Namespace) -> Result:
    """What an establishment has had before."""
    return [found.as_json() for found in earlier_support.search(workspace, options.text)]


def missing(workspace: Workspace, options: Namespace) -> Result:
    """What a dossier still lacks for its next step."""
    return lifecycle_missing.as_json(lifecycle_missing.outlook_of(workspace, workspace.store.record(options.id)))


def rules_for(workspace: Workspace, options: Namespace) -> Result:
    """What the rules say of a dossier, line by line, as the window says it beside the dossier."""
    return [asdict(group) for group in rules_panel.beside(workspace, workspace.store.record(options.id))]


def check(workspace: Workspace, _options: Namespace) -> Result:
    """Whether the store is sound; a fault is a refusal, so that a script notices."""
    found = soundness.check(workspace)
    if found["sound"]:
        return found
    message = f"Kho dữ liệu có {len(found['problems'])} lỗi; hãy khôi phục từ bản sao lưu gần nhất."
    return found | {"error": {"code": "unsound", "message": message, "field": ""}}


def ceiling(options: Namespace) -> Result:
    """What may be given at most; without a province, the one of the store."""
    province = options.province
    if options.programme == "local" and not province and opening.is_store(store_folder(options)):
        province = with_workspace(lambda workspace, _: workspace.identity.unit.province)(options)
    return ceilings.norm_for_words(
        load(installed.in_force(store_folder(options))),
        programme=options.programme,
        activity=options.activity,
        on=options.on,
        province=province,
        cost=options.cost,
        facts=_values(options.facts, files=False),
    )


# -- changing ----------------------------------------------------------------------------------------------------


def add(workspace: Workspace, options: Namespace) -> Result:
    """Make a record."""
    return record_json.changes_as_json(changing.add(workspace, options.kind, _values(options.values)))


def set_(workspace: Workspace, options: Namespace) -> Result:
    """Change fields of a record."""
    return record_json.changes_as_json(changing.set_values(workspace, options.id, _values(options.values)), options.id)


def move(workspace: Workspace, options: Namespace) -> Result:
    """Take a step of a record's life."""
    remarks = list(_values(options.remarks, files=False).items())
    changes = steps.take_step(workspace, options.id, options.transition, options.reason, remarks)
    return record_json.changes_as_json(changes, options.id)


def suggest(workspace: Workspace, options: Namespace) -> Result:
    """Add the rows that the activity of a proposal usually has."""
    tables = (options.table,) if options.table else suggested_rows.TABLES
    return record_json.changes_as_json(suggested_rows.add_suggested_rows(workspace, options.id, tables), options.id)


def delete(workspace: Workspace, options: Namespace) -> Result:
    """Mark a record as deleted."""
    return record_json.changes_as_json(changing.delete(workspace, options.id), options.id)


def undo(workspace: Workspace, options: Namespace) -> Result:
    """Take back the last acts."""
    return record_json.changes_as_json(changing.undo_acts(workspace, options.steps))


def attach(workspace: Workspace, options: Namespace) -> Result:
    """Keep files with a record."""
    files = [Path(file) for file in options.files]
    return record_json.changes_as_json(changing.attach(workspace, options.id, options.field, files), options.id)


# -- papers and packages -----------------------------------------------------------------------------------------


def print_(workspace: Workspace, options: Namespace) -> Result:
    """One paper of a record as PDF, and for Word if asked."""
    docx = Path(options.docx) if options.docx else None
    return printing.print_record(
        workspace, options.id, options.document, Path(options.pdf), blank=options.blank, docx=docx
    )


def export(workspace: Workspace, options: Namespace) -> Result:
    """A package."""
    order = sending.Order(
        path=Path(options.file),
        receiver=options.to,
        period=options.period,
        full=options.full,
        password=package_password(workspace),
        include_sensitive=options.sensitive,
    )
    return sending.make(workspace, order)


def package_password(workspace: Workspace) -> str:
    """What the package is locked with; "" for not at all, which for real data has to be said."""
    password = secret(PACKAGE_PASSWORD, "Mật khẩu của gói (để trống: không khoá): ")
    if password is None and not workspace.identity.practice:
        raise UserError(
            "Chưa có mật khẩu để khoá gói.",
            code="password_missing",
            hint=f"Hãy đặt biến {PACKAGE_PASSWORD}; để rỗng nếu không khoá.",
        )
    return password or ""


# -- what the options say ----------------------------------------------------------------------------------------


def passphrase(options: Namespace) -> str:
    if not opening.needs_passphrase(store_folder(options)):
        return ""
    return secret("KCDESK_PASSPHRASE", "Mật khẩu kho dữ liệu: ") or ""


def secret(variable: str, prompt: str) -> str | None:
    """A password from the environment, else asked for on a terminal, else None."""
    return os.environ[variable] if variable in os.environ else asked(prompt)


def asked(prompt: str) -> str | None:
    """A password typed at a terminal; None where there is none."""
    if not sys.stdin.isatty():
        return None
    return getpass.getpass(prompt)


def day(typed: str) -> date:
    """A day as officers write it; UserError `bad_value`."""
    try:
        return text.parse_date(typed)
    except ValueError as error:
        raise UserError(str(error), code="bad_value") from error


def _values(pairs: Sequence[str], *, files: bool = True) -> dict[str, Any]:
    """`FIELD=VALUE` pairs; `FIELD=@file.json` takes rows from a file, `FIELD=@@text` is a text that begins with @."""
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UserError(f"«{pair}» không phải là TRƯỜNG=GIÁ_TRỊ.", code="bad_pair", hint="Ví dụ: title=Tên đề án.")
        from_file = files and value.startswith("@") and not value.startswith("@@")
        values[name] = _from_file(name, Path(value[1:])) if from_file else value.removeprefix("@" if files else "")
    return values


def _from_file(name: str, path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UserError(
            f"Không đọc được tệp {path} cho trường {name}.", code="bad_file", hint="Hãy xem lại đường dẫn.", field=name
        ) from error
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"Tệp {path} cho trường {name} không phải là JSON: {error}.",
            code="bad_file",
            hint="Tệp phải là JSON, mã UTF-8.",
            field=name,
        ) from error
