"""The commands: each reads its options, calls a service, and returns JSON values."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import given_files, notations
from kcdesk.bounded import limits
from kcdesk.bounded.json_text import parsed
from kcdesk.cli.terminal import is_terminal
from kcdesk.cli.text_output import CommandResult
from kcdesk.cli.window import store_folder
from kcdesk.demo.demo_command import run_demo
from kcdesk.errors import KnownError, UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import load
from kcdesk.progress import ignore_progress
from kcdesk.services.attachments import photos
from kcdesk.services.deadlines import clock_check
from kcdesk.services.handover.packages import sending
from kcdesk.services.lifecycle import missing, return_requests, steps
from kcdesk.services.maintenance import key_seal, opening, relocation, salvaging, soundness
from kcdesk.services.maintenance.secret_strength import refuse_weak
from kcdesk.services.overview import history_lines, record_json, rules_panel
from kcdesk.services.papers import printing
from kcdesk.services.records import changing, copies, table_offers
from kcdesk.services.rulebook import installed
from kcdesk.services.rules import earlier_support, norm_lookup
from kcdesk.services.workspace import Workspace

_PASSPHRASE = "KCDESK_PASSPHRASE"  # environment variable

Command = Callable[[Namespace], CommandResult]

PACKAGE_PASSWORD = "KCDESK_PACKAGE_PASSWORD"


def with_workspace(command: Callable[[Workspace, Namespace], CommandResult]) -> Command:
    """Open the store for one command and close it afterwards, also after an error."""

    def run(options: Namespace) -> CommandResult:
        key_seal.refuse_lent(store_folder(options))
        workspace = opening.open_workspace(store_folder(options), passphrase(options))
        try:
            _warn(clock_check.doubt(workspace))
            _warn(salvaging.trouble(workspace))
            _warn(_settled_place(workspace, options))
            _warn(" ".join(workspace.store.repairs))
            return command(workspace, options)
        finally:
            workspace.close()

    return run


def _settled_place(workspace: Workspace, options: Namespace) -> str:
    """Take a store at another place for a copy, which is always safe, unless the option says what it is."""
    suspicion = relocation.doubt(workspace)
    if not suspicion:
        return ""
    reason = relocation.reason(suspicion, workspace.store.loss)
    done = relocation.settle(workspace, suspicion, options.place or "copied")
    advice = "" if options.place else " Nếu không phải bản sao, hãy cho biết bằng --place."
    return f"{reason} {done}{advice}"


def _warn(sentence: str) -> None:
    """Print a sentence beside the result, which stays readable for a script."""
    if sentence:
        print(sentence, file=sys.stderr)


# -- without an open store ---------------------------------------------------------------------------------------


def demo(options: Namespace) -> int:
    """Play the practice journey and print each file it makes."""
    return run_demo(Path(options.out), window=not options.no_window)


def init(options: Namespace) -> CommandResult:
    """Create a store."""
    passphrase = "" if options.practice else secret(_PASSPHRASE, "Mật khẩu mới: ")
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


def inspect_package(options: Namespace) -> CommandResult:
    """Check a package; without a store no sender is known."""
    if not opening.is_store(store_folder(options)):
        return _inspected(None, options)
    return with_workspace(_inspected)(options)


def _inspected(workspace: Workspace | None, options: Namespace) -> CommandResult:
    inspection = sending.inspect(workspace, Path(options.file), os.environ.get(PACKAGE_PASSWORD, ""))
    if inspection["status"] == "locked" and (password := secret(PACKAGE_PASSWORD, "Mật khẩu của gói: ")):
        inspection = sending.inspect(workspace, Path(options.file), password)
    return inspection | {"sentence": sending.describe(inspection)}


# -- reading -----------------------------------------------------------------------------------------------------


def show(workspace: Workspace, options: Namespace) -> CommandResult:
    """Return a record: as JSON with field names, as text with labels."""
    return (
        record_json.record_as_json(workspace, options.id)
        if options.json
        else record_json.record_as_text(workspace, options.id)
    )


def show_history(workspace: Workspace, options: Namespace) -> CommandResult:
    """Return the changes of a record."""
    result = history_lines.history_as_json(workspace, options.id)
    if options.pdf:
        history_lines.print_history(workspace, options.id, Path(options.pdf))
    if options.xlsx:
        history_lines.write_history(workspace, options.id, Path(options.xlsx))
    return result


def helped(workspace: Workspace, options: Namespace) -> CommandResult:
    """Return the earlier support of an establishment."""
    answer = earlier_support.answer_to(workspace, options.text)
    if not answer.supports and not options.json:
        return earlier_support.none_in_words(workspace, options.text)
    _warn(answer.note)
    return [support.as_json() for support in answer.supports]


def what_is_missing(workspace: Workspace, options: Namespace) -> CommandResult:
    """Return what a dossier is missing for its next step."""
    outlook = missing.outlook_of(workspace, workspace.store.record(options.id))
    result = missing.as_json(outlook)
    return result if options.json else {**result, "notes": missing.sentences(outlook)}


def rules_for(workspace: Workspace, options: Namespace) -> CommandResult:
    """Return the rules that apply to a dossier, with the same lines as the window's rules panel."""
    groups = rules_panel.beside(workspace, workspace.store.record(options.id))
    return rules_panel.groups_as_json(workspace, groups)


def check_store(workspace: Workspace, _options: Namespace) -> CommandResult:
    """Check that the store is sound; a fault is an error, so that scripts see the exit code 1."""
    report = soundness.check(workspace)
    if report["sound"]:
        return report
    message = f"Kho dữ liệu có {len(report['problems'])} lỗi; hãy khôi phục từ bản sao lưu gần nhất."
    if report["problems"] == report["repaired"]:
        message = " ".join(report["repaired"])
    return report | {"error": {"code": "unsound", "message": message, "field": ""}}


def find_ceiling(options: Namespace) -> CommandResult:
    """Return the maximum support of a dossier, or of typed values; for the province of the store unless it is given."""
    if options.id:
        return with_workspace(lambda workspace, _: norm_lookup.norm_of_record(workspace, options.id))(options)
    if missing_options := [name for name in ("programme", "activity", "on") if not getattr(options, name)]:
        raise UserError(
            f"Thiếu {', '.join(f'--{name}' for name in missing_options)}.",
            code="missing_option",
            hint="Hãy ghi mã của một đề án, hoặc đủ --programme, --activity và --on.",
            field=missing_options[0],
        )
    if options.programme == "local" and not options.province and opening.is_store(store_folder(options)):
        opened = with_workspace(lambda workspace, _: (workspace.forms, workspace.identity.unit.province))
        forms, province = opened(options)
    else:
        forms, province = forms_in_force(options), options.province
    return norm_lookup.norm_for_words(
        forms,
        programme=options.programme,
        activity=options.activity,
        on=options.on,
        province=province,
        cost=options.cost,
        facts=_values(options.facts, files=False),
    )


# -- changing ----------------------------------------------------------------------------------------------------


def add_record(workspace: Workspace, options: Namespace) -> CommandResult:
    """Create a record."""
    return record_json.changes_as_json(changing.add(workspace, options.kind, _values(options.values)))


def set_(workspace: Workspace, options: Namespace) -> CommandResult:
    """Change fields of a record."""
    changes = changing.set_values(workspace, options.id, _values(options.values), as_written=options.as_written)
    return record_json.changes_as_json(changes, options.id)


def take_step(workspace: Workspace, options: Namespace) -> CommandResult:
    """Take a workflow step of a record."""
    remarks = list(_values(options.remarks, files=False).items())
    day, wrong = return_requests.typed_day(workspace, options.answer_by)
    if wrong:
        raise UserError(wrong, code="wrong_day", field="answer_by")
    _warn("\n".join(missing.advice_before(workspace, options.id, options.transition)))
    changes = steps.take_step(workspace, options.id, options.transition, options.reason, remarks, answer_by=day)
    return record_json.changes_as_json(changes, options.id)


def suggest(workspace: Workspace, options: Namespace) -> CommandResult:
    """Fill in what is offered for the tables of a record: usual rows, amounts as contracted, failed items."""
    tables = (options.table,) if options.table else ()
    return record_json.changes_as_json(table_offers.fill_tables(workspace, options.id, tables), options.id)


def delete(workspace: Workspace, options: Namespace) -> CommandResult:
    """Mark a record as deleted."""
    return record_json.changes_as_json(changing.delete(workspace, options.id), options.id)


def copy(workspace: Workspace, options: Namespace) -> CommandResult:
    """Make a record from an earlier one; the answer names the new record."""
    changes = copies.copy(workspace, options.id)
    return record_json.changes_as_json(changes, changes.items[0].id)


def undo_changes(workspace: Workspace, options: Namespace) -> CommandResult:
    """Undo the last changes."""
    return record_json.changes_as_json(changing.undo_acts(workspace, options.steps))


def attach(workspace: Workspace, options: Namespace) -> CommandResult:
    """Attach files to a record; photos are shrunk, may show a row, and those that are refused are named."""
    files = [Path(file) for file in options.files]
    if not photos.takes_photos(workspace, options.id, options.field):
        changes = changing.attach(workspace, options.id, options.field, files)
        return record_json.changes_as_json(changes, options.id)
    intake = photos.add_photos(workspace, options.id, options.field, files, ignore_progress, options.row)
    refused = [{"name": name, "reason": reason} for name, reason in intake.refused]
    if not intake.added:
        reasons = "; ".join(f"«{each['name']}»: {each['reason']}" for each in refused)
        raise UserError(f"Không nhận ảnh nào. {reasons}", code="no_photos", hint="Hãy chọn ảnh JPEG hoặc PNG khác.")
    return record_json.changes_as_json(intake.changes, options.id) | {"refused": refused}


# -- papers and packages -----------------------------------------------------------------------------------------


def print_(workspace: Workspace, options: Namespace) -> CommandResult:
    """Print a paper of a record as PDF, and for Word if asked."""
    docx = Path(options.docx) if options.docx else None
    return printing.print_record(
        workspace,
        options.id,
        options.document,
        Path(options.pdf),
        blank=options.blank,
        docx=docx,
        revision=options.revision,
        archive=options.archive,
    )


def export(workspace: Workspace, options: Namespace) -> CommandResult:
    """Make a package."""
    order = sending.HandoverOrder(
        path=Path(options.file),
        receiver=options.to,
        period=options.period,
        full=options.full,
        password=package_password(workspace),
        include_sensitive=options.sensitive,
        purpose=options.purpose,
    )
    return sending.make(workspace, order)


def package_password(workspace: Workspace) -> str:
    """Return the password of a new package, "" for an unlocked one; for real data, that must be chosen explicitly.

    UserError `password_missing`; `weak_passphrase` as in the window, since the file travels on a stick.
    """
    password = secret(PACKAGE_PASSWORD, "Mật khẩu của gói (để trống: không khoá): ")
    if password is None and not workspace.identity.practice:
        raise UserError(
            "Chưa có mật khẩu để khoá gói.",
            code="password_missing",
            hint=f"Hãy đặt biến {PACKAGE_PASSWORD}; để rỗng nếu không khoá.",
        )
    if password:
        refuse_weak(password)
    return password or ""


# -- reading options -------------------------------------------------------------------------------------------


def forms_in_force(options: Namespace) -> Forms:
    """Return the definitions, with the register of law as the store has it if it opens without asking anybody."""
    folder = store_folder(options)
    if opening.is_store(folder) and (_PASSPHRASE in os.environ or not opening.needs_passphrase(folder)):
        with suppress(KnownError):  # another program has it open: what the files say is known all the same
            workspace = opening.open_workspace(folder, passphrase(options))
            workspace.close()
            return workspace.forms
    return load(installed.folder_in_force(folder))


def passphrase(options: Namespace) -> str:
    """Return the passphrase of the store, "" when it needs none."""
    if not opening.needs_passphrase(store_folder(options)):
        return ""
    return secret(_PASSPHRASE, "Mật khẩu kho dữ liệu: ") or ""


def secret(variable: str, prompt: str) -> str | None:
    """Return a password from the environment, else typed on a terminal, else None."""
    return os.environ[variable] if variable in os.environ else asked(prompt)


def asked(prompt: str) -> str | None:
    """Return a password typed on a terminal; None without a terminal."""
    return getpass.getpass(prompt) if is_terminal(sys.stdin) else None


def optional_day(typed: str, option: str = "") -> date | None:
    """Return the day that an option gives, None for ""; raises UserError `bad_date`."""
    return day(typed, option) if typed else None


def day(typed: str, option: str = "", *, code: str = "bad_date") -> date:
    """Return a day from its usual notation; raises UserError with the code."""
    try:
        return notations.parse_date(typed)
    except ValueError as error:
        raise UserError(str(error), code=code, hint="Ví dụ: 30/6/2026.", field=option) from error


def pairs_of(pairs: Sequence[str]) -> dict[str, str]:
    """Return `FIELD=VALUE` pairs as texts; UserError `bad_pair`."""
    return _values(pairs, files=False)


def _values(pairs: Sequence[str], *, files: bool = True) -> dict[str, Any]:
    """Parse `FIELD=VALUE` pairs; `FIELD=@file.json` reads rows from a file, `FIELD=@@text` begins with @."""
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
        return parsed(given_files.given_text_of(path, limits.TEXT))
    except UserError as error:
        raise UserError(error.message, code="bad_file", hint=error.hint, field=name) from error
    except OSError as error:
        raise UserError(
            f"Không đọc được tệp {path} cho trường {name}.", code="bad_file", hint="Hãy xem lại đường dẫn.", field=name
        ) from error
    except ValueError as error:
        raise UserError(
            f"Tệp {path} cho trường {name} không phải là JSON: {error}.",
            code="bad_file",
            hint="Tệp phải là JSON, mã UTF-8.",
            field=name,
        ) from error
