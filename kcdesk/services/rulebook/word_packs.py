"""The province's Word files for papers as a signed file of rules, for the units below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.services.papers.own_forms import kept_forms
from kcdesk.services.papers.own_forms.kept_forms import OWN, KeptForm
from kcdesk.services.rulebook import updates
from kcdesk.services.workspace import Workspace


def pack_forms(workspace: Workspace, papers: Sequence[str], file: Path, note: str = "") -> dict[str, Any]:
    """Sign the Word files in use of these papers, or of all papers, as one file of rules.

    UserError `no_rules` if there are none, and as of `updates.pack_texts`, whose result it returns.
    """
    forms = [form for form in _in_use(workspace) if not papers or form.layout in papers]
    if not forms:
        raise UserError(
            "Đơn vị chưa có mẫu Word nào đang dùng cho các giấy ấy.",
            code="no_rules",
            hint="Hãy nhận mẫu Word vào trước, rồi ký để gửi các đơn vị.",
        )
    texts = {kept_forms.rule_name(form): kept_forms.to_toml(form) for form in forms}
    named = note or f"Mẫu Word: {', '.join(form.label for form in forms)}"
    return updates.pack_texts(workspace, texts, file, named)


def _in_use(workspace: Workspace) -> list[KeptForm]:
    papers = dict.fromkeys(form.layout for form in kept_forms.every_form(workspace) if form.origin == OWN)
    forms = (kept_forms.form_in_use(workspace, paper) for paper in papers)
    return [form for form in forms if form is not None and form.origin == OWN]
