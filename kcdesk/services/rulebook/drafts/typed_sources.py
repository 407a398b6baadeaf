"""The legal source that an officer types for a rule: a text that the register knows and that is still in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kcdesk.errors import Problem
from kcdesk.formdef.law.citation_checks import is_local
from kcdesk.formdef.law.citations import citations
from kcdesk.services.law import own_instruments
from kcdesk.services.workspace import Workspace


def problems_of_source(workspace: Workspace, document: str, article: str, first: date) -> Iterator[Problem]:
    """A missing text, one that nobody knows, or one that another text has ended by the first day."""
    if not document.strip():
        yield Problem("document", "Chưa ghi văn bản quy định: số, ngày, cơ quan ban hành.")
    law, source = workspace.forms.law, f"{article} {document}".strip()
    if ended := own_instruments.ended_on(law.declared, source, first):
        yield Problem("document", f"{ended}. Hãy ghi văn bản mới, hoặc ngày áp dụng trước ngày đó.")
    for cited in citations(source):
        if law.get(cited.instrument) is None and not is_local(cited.instrument):
            add = "«Cài đặt», «Căn cứ pháp lý…», «Thêm văn bản…»"
            yield Problem("document", f"Danh mục căn cứ pháp lý chưa có {cited.instrument}; thêm văn bản ấy ở {add}.")
