"""The two files that travel on a stick when a unit has lost its secrets: its seal to the province, and the answer.

They are small JSON files without a signature, because a locked store can sign nothing. Neither opens anything alone:
the seal needs the province's recovery key, the answer the code that the province tells by telephone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kcdesk import given_files, placing
from kcdesk.bounded.json_text import parsed
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value
from kcdesk.store.database.sealed_key import SealedKey

REQUEST, ANSWER = "request", "answer"
_LABELS = {REQUEST: "tệp nhờ tỉnh mở kho", ANSWER: "tệp tỉnh trả để mở kho"}
_LARGEST = 16 << 10  # bytes; such a file has less than one thousand


class KeyAnswer(Value):
    """The key named `id` of the store `store`, wrapped by a code."""

    id: str
    store: str
    wrapped: dict[str, Any]


def write_request(path: Path, seal: SealedKey) -> None:
    """Write the seal of a locked store. KnownError if the disk refuses."""
    _write(path, REQUEST, seal.to_json())


def read_request(path: Path) -> SealedKey:
    """Read it; UserError `not_recovery_file`."""
    try:
        return SealedKey.from_json(_read(path, REQUEST))
    except ValueError:
        raise _other(path, REQUEST) from None


def write_answer(path: Path, answer: KeyAnswer) -> None:
    """Write the answer to such a request. KnownError if the disk refuses."""
    _write(path, ANSWER, {"id": answer.id, "store": answer.store, "wrapped": answer.wrapped})


def read_answer(path: Path) -> KeyAnswer:
    """Read it; UserError `not_recovery_file`."""
    values = _read(path, ANSWER)
    match values:
        case {"id": str(id_), "store": str(store), "wrapped": dict(wrapped), **rest} if not rest:
            return KeyAnswer(id_, store, wrapped)
    raise _other(path, ANSWER)


def _write(path: Path, kind: str, values: dict[str, Any]) -> None:
    placing.save(json.dumps({"kcdesk": kind, "values": values}, indent=1).encode(), path)


def _read(path: Path, kind: str) -> Any:
    given_files.refuse_odd_file(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise _other(path, kind)
        content = parsed(path.read_bytes())
    except FileNotFoundError:
        raise UserError(f"Không có tệp {path}.", code="no_file", hint="Hãy chọn lại tệp.") from None
    except (OSError, ValueError):
        raise _other(path, kind) from None
    if not isinstance(content, dict) or content.get("kcdesk") != kind:
        raise _other(path, kind)
    return content.get("values")


def _other(path: Path, kind: str) -> UserError:
    return UserError(
        f"Tệp {path.name} không phải {_LABELS[kind]}, hoặc đã bị sửa.",
        code="not_recovery_file",
        hint="Hãy chọn đúng tệp mà bên kia đã ghi ra thẻ nhớ.",
    )
