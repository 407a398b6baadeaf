"""A Word file of a stranger is first tried in the worker process: taken apart, looked through, filled with samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.documents import block_json
from kcdesk.documents.blocks import Document
from kcdesk.documents.own_forms.placeholders import tags_in
from kcdesk.documents.own_forms.word_file import FormFaultsError, opened

_FILLING = 4.0  # seconds of the processor more than for looking through


def try_opening(file: bytes) -> None:
    """Take a file apart and find its placeholders; UserError if there are too many, or if it takes too much."""
    if len(file) > limits.WORD_FORM.bytes:
        return  # `opened` refuses it before it is read
    tried = run_bounded(BoundedJob(__name__, "opening_job"), limits.WORD_FORM, {}, [file])
    if tried.values > limits.WORD_FORM.count:
        raise limits.WORD_FORM.refusal("count")


def try_filling(sample: Document) -> None:
    """Fill the file of a paper with samples; UserError as of `filling.to_own_docx`, or if it takes too much."""
    run_bounded(BoundedJob(__name__, "filling_job"), limits.WORD_FORM, {}, [block_json.to_json(sample)])


def opening_job(_given: Mapping[str, Any], contents: Sequence[bytes], _step: NextStep) -> tuple[int, list[bytes]]:
    """The number of placeholders; -1 for a file with faults, which whoever asked finds again and names."""
    try:
        return len(tags_in(opened(contents[0]))), []
    except FormFaultsError:
        return -1, []


def filling_job(_given: Mapping[str, Any], contents: Sequence[bytes], step: NextStep) -> tuple[None, list[bytes]]:
    """Fill a paper; the result is thrown away."""
    from kcdesk.documents.own_forms.filling import to_own_docx  # docxtpl takes 200 ms

    step(0, 0, _FILLING)
    to_own_docx(block_json.from_json(contents[0]))
    return None, []
