"""What a list or a dossier page offers for records that are a register of units: merging, changes, earlier support."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from kcdesk import notations
from kcdesk.formdef.model import Field
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.beneficiaries import merging, unit_changes
from kcdesk.services.records import copies
from kcdesk.services.records.changing import Changes
from kcdesk.services.rules import unit_matches
from kcdesk.ui.dossier.units.merge_dialog import MergeDialog
from kcdesk.ui.dossier.units.support_dialog import SupportDialog
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.shell.small_dialogs import AskedField, FieldsQuestion, refusal

_MERGE, _CHANGE, _HELPED = "Gộp với đơn vị trùng…", "Đổi tên, loại hình, mã số thuế, chủ…", "Đã được hỗ trợ?…"
_ON, _REASON = "on", "reason"


class UnitActs:
    """Commands of one page; `ids` names its chosen records, `go_to` shows the one that is left of two."""

    def __init__(
        self,
        page: Page,
        kind: str,
        ids: Callable[[], Sequence[str]],
        copy: Callable[[], object],
        go_to: Callable[[str], object] = lambda _id: None,
    ) -> None:
        self._page, self._kind, self._ids, self._copy, self._go_to = page, kind, ids, copy, go_to

    def commands(self) -> Mapping[str, PageCommand]:
        """Return «Lập từ hồ sơ này», and for a register of units what is done with its units."""
        workspace = self._page.context.workspace
        offered: dict[str, PageCommand] = {}
        form = workspace.forms.current(self._kind)
        if self._ids() and copies.can_be_copied(form):
            offered["copy"] = PageCommand(copies.label_of(form), self._copy)
        if not merging.can_be_merged(workspace, self._kind):
            return offered
        if self._ids():
            offered["merge"] = PageCommand(_MERGE, self.merge, "hai hồ sơ của một đơn vị")
            offered["change_unit"] = PageCommand(_CHANGE, self.change)
        return {**offered, "helped": PageCommand(_HELPED, self.ask_support)}

    def of_rows(self) -> list[PageCommand]:
        """Return the commands of the menu of a row, also before one is chosen."""
        workspace = self._page.context.workspace
        form = workspace.forms.current(self._kind)
        copied = [PageCommand(copies.label_of(form), self._copy)] if copies.can_be_copied(form) else []
        if not merging.can_be_merged(workspace, self._kind):
            return copied
        acts = ((_MERGE, self.merge), (_CHANGE, self.change), (_HELPED, self.ask_support))
        return [*copied, *(PageCommand(label, act) for label, act in acts)]

    def merge(self) -> None:
        """Merge the two marked records; of a single one, a duplicate is chosen first."""
        ids = [*self._ids()][:2]
        if len(ids) == 1:
            ids += self._chosen_duplicate(ids[0])
        if len(ids) == 2 and (dialog := self.merge_dialog(*ids)).exec():
            self._go_to(dialog.survivor)
            self._page.context.messages.notice("Đã gộp hai hồ sơ.", lambda: undoing.undo(self._page.context))

    def merge_dialog(self, survivor: str, other: str) -> MergeDialog:
        """Return the dialog with two records side by side."""
        return MergeDialog(self._page.context, survivor, other, self._page)

    def _chosen_duplicate(self, id_: str) -> list[str]:
        """Ask which of the possible duplicates is meant; [] when there is none or the officer keeps things."""
        context = self._page.context
        matches = unit_matches.of_unit(context.workspace, context.workspace.store.get(id_))
        forms = context.workspace.forms
        choices = tuple((key, f"{s.title(forms)} ({why})") for key, (s, why) in matches.items() if key != id_)
        if not choices:
            context.messages.notice("Không thấy đơn vị nào trùng. Trong danh sách, chọn hai dòng rồi gộp.")
            return []
        field = AskedField("other", "Gộp với", choices[0][0], choices)
        return (
            FieldsQuestion("Gộp với đơn vị trùng", [field], "Xem hai bên", "Thôi", self._page).perform(
                lambda answers: [answers["other"]]
            )
            or []
        )

    def change(self) -> None:
        """Change what the unit is known by; what it was is kept with its days."""
        context, id_ = self._page.context, next(iter(self._ids()), "")
        if not id_:
            return
        if (changes := self.change_dialog(id_).perform(lambda answers: self.write_change(id_, answers))) is not None:
            context.announce(changes)
            context.messages.notice("Đã đổi; thông tin trước đây được giữ kèm ngày.", lambda: undoing.undo(context))

    def change_dialog(self, id_: str) -> FieldsQuestion:
        """Return the question for the new values, their day and the reason."""
        workspace = self._page.context.workspace
        record = workspace.store.record(id_)
        fields = [self._asked(record, field) for field in unit_changes.changeable(workspace, record)]
        fields += [
            AskedField(_ON, "Có hiệu lực từ ngày", hint="05/3/2026; bỏ trống là hôm nay", required=False),
            AskedField(_REASON, "Lý do, giấy tờ", hint="Đăng ký thay đổi lần 2…", required=False),
        ]

        def wrong(answers: Mapping[str, str]) -> str:
            return refusal(notations.parse_date, answers[_ON]) if answers[_ON] else ""

        title = "Đổi tên, loại hình, mã số thuế, chủ"
        detail = f"«{record.title()}»: sửa ô nào đã đổi. Thông tin trước đây được giữ kèm ngày."
        question = FieldsQuestion(title, fields, "Ghi thay đổi", "Thôi", self._page, detail=detail, check=wrong)
        question.begin_at(fields[0].name)  # the name is what changes most often; day and reason come last
        return question

    def _asked(self, record: Record, field: Field) -> AskedField:
        value = str(record.data.get(field.name) or "")
        if not type_of(field).is_choice:
            return AskedField(field.name, field.label, value, required=False)
        listed = self._page.context.workspace.forms.choices(field)
        choices = tuple((choice.value, choice.label) for choice in listed if not choice.retired)
        return AskedField(field.name, field.label, value, choices, required=False)

    def write_change(self, id_: str, answers: Mapping[str, str]) -> Changes:
        """Write what was answered, only what differs from what stands there."""
        workspace = self._page.context.workspace
        record = workspace.store.record(id_)
        known = {field.name for field in unit_changes.changeable(workspace, record)}
        values = {name: text for name, text in answers.items() if name in known}
        values = {name: text for name, text in values.items() if text != str(record.data.get(name) or "")}
        on: date | None = notations.parse_date(answers[_ON]) if answers[_ON] else None
        return unit_changes.change_unit(workspace, id_, values, on, answers[_REASON])

    def support_dialog(self) -> SupportDialog:
        """Return «Đã được hỗ trợ?», asked for the unit that is open or chosen."""
        context, ids = self._page.context, self._ids()
        about = context.workspace.store.record(ids[0]).title() if len(ids) == 1 else ""
        return SupportDialog(context, self._page, about)

    def ask_support(self) -> None:
        """Ask «Đã được hỗ trợ?», and open the chosen proposal."""
        dialog = self.support_dialog()
        if dialog.exec() and dialog.chosen:
            self._page.open_requested.emit(dialog.chosen)
