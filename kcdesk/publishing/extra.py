"""The libraries of the extra `kcdesk[publish]`, which a laptop's bundle does not have."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kcdesk.errors import UserError


def extra_library(name: str) -> Any:
    """A library of the extra; UserError `no_publish_extra` if it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        raise UserError(
            f"Bản kcdesk trên máy này không có phần công bố số liệu (thiếu thư viện {name.partition('.')[0]}).",
            code="no_publish_extra",
            hint="Hãy cài trên máy có Python: pip install 'kcdesk[publish]'; bản cho máy tính xách tay không có.",
        ) from None
