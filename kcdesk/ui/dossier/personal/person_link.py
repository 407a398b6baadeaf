"""«Dữ liệu về người này…»: from a record with personal values to the page about its person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from kcdesk.formdef.personal import is_personal
from kcdesk.formdef.record import Record
from kcdesk.services.personal import people
from kcdesk.services.workspace import Workspace
from kcdesk.ui.dossier.personal.person_page import PersonPage
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand

OpenPage = Callable[[Callable[[Context], Page]], object]


def person_command(workspace: Workspace, record: Record, open_page: OpenPage) -> Mapping[str, PageCommand]:
    """The command of a record that can hold personal values; {} for any other."""
    fields = [column for field in record.form.fields for column in (field, *(field.columns or ()))]
    if not any(map(is_personal, fields)):
        return {}

    def run() -> None:
        open_page(partial(PersonPage, words=people.words_of(workspace, record.id)))

    return {"person": PageCommand("Dữ liệu về người này…", run, "tìm mọi chỗ, in, chỉ lưu giữ, xoá")}
