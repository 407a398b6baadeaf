"""Arguments that name a file or a folder: one type each, so that all are looked at before a command runs."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from kcdesk import given_files
from kcdesk.bounded import limits
from kcdesk.errors import UserError


class GivenPath(str):
    """An argument that names a file or a folder; "" for none."""

    __slots__ = ()


FILE: dict[str, Any] = {"type": GivenPath, "metavar": "TỆP"}
WORKBOOK: dict[str, Any] = {"type": GivenPath, "metavar": "TỆP.xlsx"}
FOLDER: dict[str, Any] = {"type": GivenPath, "metavar": "THƯ_MỤC"}
MAY_BE_MISSING: dict[str, Any] = {"default": ""}


def refuse_odd_paths(options: Namespace) -> None:
    """Refuse pipes, sockets, devices, and names that no file can have; UserError `not_a_file`, `bad_name`."""
    for value in vars(options).values():
        for given in value if isinstance(value, list) else [value]:
            if isinstance(given, GivenPath) and given:
                given_files.refuse_odd_place(Path(given))


def read_text(path: Path) -> str:
    """The text of a given file in UTF-8; UserError `bad_file` if it is none, or what stands in the way of reading."""
    try:
        return given_files.given_text_of(path, limits.TEXT)
    except OSError as error:
        raise UserError(f"Không đọc được tệp {path}.", code="bad_file", hint="Hãy xem lại đường dẫn.") from error
    except UnicodeDecodeError as error:
        raise UserError(
            f"Tệp {path} không phải là văn bản UTF-8.", code="bad_file", hint="Hãy chọn tệp khác."
        ) from error
