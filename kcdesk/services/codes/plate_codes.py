"""The serial number of a machine from the code of its plate: read from a photo or a scanner, agreed to, then taken."""

from __future__ import annotations

import re
from pathlib import Path

from kcdesk import given_files
from kcdesk.bounded import limits
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.documents.paper_codes import read_qr
from kcdesk.errors import UserError
from kcdesk.formdef.model import Form
from kcdesk.formdef.record import Record
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value
from kcdesk.services.codes.citizen_cards import is_card_line
from kcdesk.services.records import changing, permissions
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

_READ = BoundedJob("kcdesk.services.codes.code_reading", "plate_job")
_TABLE, _COLUMN = "machines", "serial_number"
_LONGEST = 100  # letters of a serial number, as the forms have it
_PRODUCT = frozenset(("EAN-13", "EAN-8", "UPC-A", "UPC-E"))  # name a product, so every machine of a model has the same
# What stands before a serial number in a code with several parts; (21) is the application identifier of GS1.
_NAMED = re.compile(
    r"(?:\(21\)|(?:\b|_)(?:s/?n|serial(?:[ _-]?(?:no|number))?|số máy|so may|số sê-?ri)\.?\s*[:=#]\s*)([^\s;,|&()]+)",
    re.IGNORECASE,
)
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


class PlateCode(Value, kw_only=True):
    """A code of a plate: the serial number that it says, "" for none; `doubt` says why it may be something else."""

    text: str
    kind: str  # «Code 128», «QR Code», …; "" from a scanner
    serial: str
    doubt: str = ""


class SerialProposal(Value, kw_only=True):
    """What the row of a machine has now, for the dialog beside the codes."""

    path: str
    machine: str
    present: str


def has_machines(form: Form) -> bool:
    """Whether records of a form list machines with their serial numbers."""
    table = form.by_name.get(_TABLE)
    return table is not None and any(column.name == _COLUMN for column in table.columns)


def machine_rows(record: Record) -> list[SerialProposal]:
    """The machines of a record in their order, each with its present serial number."""
    if not has_machines(record.form):
        return []
    names = dict(record.row_names(_TABLE))
    return [
        SerialProposal(
            path=f"{_TABLE}/{row['id']}/{_COLUMN}",
            machine=f"{number}. {names.get(row['id'], '')}".strip(),
            present=str(row.get(_COLUMN) or ""),
        )
        for number, row in enumerate(record.rows(_TABLE), start=1)
    ]


def codes_in_photo(path: Path, progress: Progress = ignore_progress) -> list[PlateCode]:
    """The codes on the photo of a plate, the likeliest serial number first.

    UserError `no_plate_code` if there is none, `scan_unreadable` for a file that is no picture.
    """
    given_files.refuse_missing_file(path)
    try:
        limits.CARD_PHOTO.refuse_size(path)
        size = path.stat().st_size
    except OSError as error:
        raise given_files.explained_error(error) from error
    given = {"path": str(path.absolute())}
    seen = run_bounded(_READ, limits.CARD_PHOTO, given, size=size, progress=progress).values
    codes = [code for text, kind in seen if (code := read_plate_code(text, kind)) is not None]
    if not codes:
        raise UserError(
            "Không thấy mã vạch, mã QR nào của nhãn máy trên ảnh.",
            code="no_plate_code",
            hint="Hãy chụp gần, thẳng, đủ sáng phần mã vạch; hoặc gõ số máy.",
        )
    return sorted(codes, key=lambda code: (not code.serial, bool(code.doubt)))


def read_plate_code(text: str, kind: str = "") -> PlateCode | None:
    """What a code says of a serial number; None for a code of something else: a citizen card, a paper of ours."""
    written = text.strip()
    if not written or is_card_line(written) or read_qr(written.upper()) is not None:
        return None
    if named := _NAMED.search(written):
        return PlateCode(text=written, kind=kind, serial=named[1][:_LONGEST])
    if len(written) > _LONGEST or _ODD.search(written) or "://" in written:
        return PlateCode(text=written, kind=kind, serial="", doubt="Mã này không phải là một số máy.")
    is_product = kind in _PRODUCT
    doubt = "Mã hàng hoá: mọi máy cùng loại có một mã, thường không phải số máy." if is_product else ""
    return PlateCode(text=written, kind=kind, serial=written, doubt=doubt)


def take_serial(workspace: Workspace, id_: str, path: str, serial: str) -> Changes:
    """Write a serial number that an officer has agreed to into the row of a machine; UserError for another place."""
    record = permissions.living(workspace, id_)
    if path not in [row.path for row in machine_rows(record)]:
        raise UserError(
            f"{record.form.label} không có dòng máy này.",
            code="no_place_for_serial",
            hint="Hãy mở biên bản nghiệm thu, chọn dòng của máy rồi đọc lại.",
        )
    permissions.refuse_unless_editable(workspace, record, path)
    return changing.save(workspace, id_, record.parse(path, serial), "Nhận số máy từ nhãn").changes
