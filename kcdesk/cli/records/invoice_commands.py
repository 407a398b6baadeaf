"""The command `invoice`: an electronic invoice read, verified, held against a dossier, taken in by chosen rows."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.cli.given_paths import FILE
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.errors import UserError
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.invoices import opened_files, taking_in
from kcdesk.services.invoices.offered_rows import OfferedRow
from kcdesk.services.invoices.taking_in import ReadInvoice
from kcdesk.services.overview import record_json
from kcdesk.services.workspace import Workspace

_ALL, _FILE = "all", "none"  # of --take: every row; only the file


def add_commands(add: Callable[..., None]) -> None:
    """Add the command with `add` of the parser."""
    add(
        "invoice",
        with_workspace(invoice),
        invoice_in_lines,
        "đọc hóa đơn điện tử (XML, ZIP, PDF), kiểm tra chữ ký, đối chiếu với hồ sơ, lấy vào từng dòng",
        ("file", FILE | {"help": "tệp .xml của hóa đơn, .zip có tệp ấy, hoặc .pdf"}),
        ("--into", {"default": "", "metavar": "MÃ_HỒ_SƠ", "help": "nghiệm thu, quyết toán hoặc tạm ứng, thanh toán"}),
        (
            "--take",
            {
                "default": "",
                "metavar": "DÒNG",
                "help": "lấy vào: all, hoặc các dòng cách nhau dấu phẩy (1,2,voucher); none: chỉ giữ tệp",
            },
        ),
        ("--invoice", {"default": "", "metavar": "SỐ", "help": "tệp có nhiều hóa đơn thì lấy hóa đơn này"}),
        ("--with-tax", {"action": "store_true", "help": "giá trị máy móc ghi cả thuế"}),
    )


def invoice(workspace: Workspace, options: Namespace) -> CommandResult:
    """Read a file; {"invoices": […], "taken": null or the changes}. Nothing is written without --take."""
    files = opened_files.opened(Path(options.file))
    read = taking_in.beside(workspace, files, options.into, with_tax=options.with_tax)
    taken = None
    if options.take:
        if not options.into:
            raise UserError("--take cần --into.", code="missing_option", hint="Ví dụ: --into MÃ_HỒ_SƠ --take all")
        chosen = _chosen(read, options.invoice)
        changes = taking_in.take_in(workspace, options.into, chosen, _keys(chosen, options.take))
        taken = record_json.changes_as_json(changes, options.into)
        read = [chosen]
    shown = _Words(workspace, options.into) if options.into else None
    return {
        "invoices": [taking_in.read_as_json(each) | {"shown": shown.of(each) if shown else []} for each in read],
        "taken": taken,
    }


def _chosen(read: list[ReadInvoice], number: str) -> ReadInvoice:
    """The invoice to take in: the only one, or the one that is named by its number."""
    wanted = [each for each in read if not number or (each.invoice and text.fold(number) in _names(each))]
    if len(wanted) == 1:
        return wanted[0]
    known = ", ".join(each.invoice.identity.written for each in read if each.invoice)
    if not wanted:
        raise UserError(f"Tệp không có hóa đơn «{number}».", code="unknown_invoice", hint=f"Tệp có: {known}.")
    raise UserError(
        f"Tệp có {len(wanted)} hóa đơn.", code="several_invoices", hint=f"Hãy chọn bằng --invoice: {known}."
    )


def _names(read: ReadInvoice) -> set[str]:
    identity = read.invoice.identity if read.invoice else None
    return {text.fold(identity.written), identity.number} if identity else set()


def _keys(read: ReadInvoice, typed: str) -> list[str]:
    if typed == _ALL:
        return [row.key for row in read.rows]
    return [] if typed == _FILE else [key.strip() for key in typed.split(",") if key.strip()]


class _Words:
    """The offered rows in words, for the output as text."""

    def __init__(self, workspace: Workspace, record_id: str) -> None:
        record = taking_in.taking_record(workspace, record_id)
        self._lookups = record.lookups
        self._columns = {table.name: {column.name: column for column in table.columns} for table in record.form.tables}

    def of(self, read: ReadInvoice) -> list[list[str]]:
        """For each row its title, then a line for each cell that would change."""
        return [
            [
                f"{row.key}. {row.title}{'' if row.row else ' (dòng mới)'}",
                *(self._cell(row, name, value) for name, value in row.changes.items()),
            ]
            for row in read.rows
        ]

    def _cell(self, row: OfferedRow, name: str, value: Any) -> str:
        column, present = self._columns[row.table][name], row.present.get(name)
        before = f"«{self._text(column, present)}» → " if present not in (None, "") else ""
        return f"{column.label}: {before}{self._text(column, value)}"

    def _text(self, column: Field, value: Any) -> str:
        return type_of(column).text(value, column, self._lookups)


def invoice_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield each invoice with its signature, what to look at, and the rows that it offers."""
    for invoice in result["invoices"]:
        yield from _head(invoice)
        yield from (f"  ! {finding['message']}" for finding in invoice["findings"])
        for title, *lines in invoice["shown"]:
            yield f"  {title}"
            yield from (f"      {line}" for line in lines)
    if result["taken"]:
        yield result["taken"]["action"]
    elif any(invoice["rows"] for invoice in result["invoices"]):
        yield "Chưa ghi gì: thêm --take all, hoặc các dòng muốn lấy."


def _head(invoice: dict[str, Any]) -> Iterator[str]:
    if "identity" not in invoice:
        yield f"{invoice['file']}: PDF"
        return
    identity, total = invoice["identity"], invoice["total"]
    amount = "" if total is None else f", {text.format_decimal(str(total))} {invoice['currency']}"
    yield (
        f"{invoice['file']}: hóa đơn {identity['form']}{identity['symbol']}-{identity['number']}"
        f" ngày {_day(invoice['date'])}, {invoice['seller']['name']} ({identity['tax_code']}){amount}"
    )
    yield f"  {invoice['signature']['sentence']}"


def _day(iso: str) -> str:
    return text.format_date(date.fromisoformat(iso)) if iso else "không rõ"
