"""The dossier of a visit (acceptance, inspection): like every other at the desk, in field mode on site."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from kcdesk.services.attachments import photos
from kcdesk.services.visits import field_mode, visits
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.dossier.side_panel import WIDTH
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import PageCommand
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.visits.field_page import FieldPage
from kcdesk.ui.visits.flag_box import FlagBox
from kcdesk.ui.visits.ready_dialog import ReadyDialog

if TYPE_CHECKING:
    from kcdesk.services.workspace import Workspace
    from kcdesk.ui.visits.field_page import FieldPage
    from kcdesk.ui.visits.ready_dialog import ReadyDialog

_FORM_PLACE = 1  # between the table of contents and the side panel


class VisitPage(DossierPage):
    """A dossier with field mode, which is built when first used."""

    def __init__(self, context: Context, record_id: str) -> None:
        self._field: FieldPage | None = None
        self._question = ""  # the question that F8 has shown last
        self._flagged: tuple[str, ...] = ()  # for which values the flags were last looked up
        super().__init__(context, record_id)

    def _lay_out(self) -> None:
        super()._lay_out()
        self.field_button = QPushButton("Chế độ hiện trường (F9)")
        set_icon(self.field_button, "clipboard-check")
        self.field_button.clicked.connect(self.toggle_field_mode)
        self._top.addWidget(self.field_button)
        self.flags = FlagBox(self.context.theme, WIDTH)
        self.flags.chosen.connect(self.open_requested)
        self._beside.insertWidget(0, self.flags)

    # -- called by the window --------------------------------------------------------------------------------------

    @property
    def alone(self) -> bool:
        """Return whether field mode or a table fills the whole window."""
        return self.on_site or super().alone

    @property
    def on_site(self) -> bool:
        """Return whether field mode is shown."""
        return self._field is not None and not self._field.isHidden()

    def main_action(self) -> PageCommand | None:
        """Return the next workflow step; after conditions or a refusal, the next visit."""
        return super().main_action() or self._next_visit()

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the dossier's commands and field mode; on site also the commands between steps."""
        offered = {**self._before_and_after(), **super().commands()}
        if self.form.is_open:
            label = "Về bàn làm việc" if self.on_site else "Chế độ hiện trường"
            offered = {"field_mode": PageCommand(label, self.toggle_field_mode), **offered}
            offered["next_open"] = PageCommand("Câu chưa trả lời", self.go_to_next_open)
        if self.on_site:
            offered.pop("enlarge", None)  # tables are cards there
            offered["step_before"] = PageCommand("Bước trước", partial(self.field_page.turn, -1))
            offered["step_after"] = PageCommand("Bước sau", partial(self.field_page.turn, 1))
        return offered

    def step_back(self) -> bool:
        """Leave field mode before the window leaves the dossier (Alt+←)."""
        if not self.on_site:
            return super().step_back()
        self.leave_field_mode()
        return True

    def on_show(self) -> None:
        """Keep the focus where it was when on site."""
        if not self.on_site:
            super().on_show()

    def place(self) -> dict[str, str]:
        """Return the place, on site with the step."""
        step = {"step": self.field_page.step_id} if self.on_site else {}
        return {**super().place(), **step}

    def return_to(self, place: Mapping[str, str]) -> None:
        """Return to a place, on site with the step and the field."""
        if "step" in place and self.form.is_open:
            self.enter_field_mode(place.get("field", ""))
            self.field_page.return_to(place["step"], place.get("field", ""))
        else:
            super().return_to(place)

    # -- before and after the visit --------------------------------------------------------------------------------

    def _before_and_after(self) -> dict[str, PageCommand]:
        if self.form.is_open:
            return {"ready": PageCommand("Chuẩn bị đi nghiệm thu…", self.check_ready)}
        offered = {}
        if next_visit := self._next_visit():
            offered["next_visit"] = next_visit
        if self.record.kind == "acceptance" and self.record.value("conclusion") in ("accepted", "conditional"):
            offered["revisit"] = PageCommand(
                "Lập biên bản kiểm tra lại hiệu quả", lambda: self._begin_by(visits.begin_revisit)
            )
        return offered

    def _next_visit(self) -> PageCommand | None:
        conclusion = self.record.value("conclusion")
        open_points = self.record.kind == "acceptance" and conclusion in ("conditional", "refused")
        if self.form.is_open or not open_points:
            return None
        return PageCommand("Lập lần nghiệm thu tiếp theo", lambda: self._begin_by(visits.begin_second_visit))

    def _begin_by(self, begin: Callable[[Workspace, str], str]) -> None:
        workspace = self.context.workspace
        begun = self.context.attempt(lambda: begin(workspace, self.record_id))
        if begun is not None:
            self.open_requested.emit(begun)

    def ready_dialog(self) -> ReadyDialog:
        """Return the dialog of what is missing now."""
        self.form.flush()
        return ReadyDialog(visits.ready_to_leave(self.context.workspace, self.record_id), self)

    def check_ready(self) -> None:
        """«Chuẩn bị đi nghiệm thu»: list what is missing, and go where the officer wants to fill it in."""
        dialog = self.ready_dialog()
        dialog.exec()
        if dialog.wants_paper:
            self.preview()
        elif dialog.wanted:
            self.focus_field(dialog.wanted)

    # -- field mode ----------------------------------------------------------------------------------------------

    def toggle_field_mode(self) -> None:
        """Switch between desk and field mode (F9)."""
        if self.on_site:
            self.leave_field_mode()
        else:
            path = self.form.focused_path()
            self.enter_field_mode("" if path == self.form.first_path() else path)  # there the keyboard only began

    def go_to_next_open(self) -> None:
        """Go to the first unanswered question here (F8); pressed again at that question, go on to the next one.

        When all are answered, go to what else is missing, such as the photo of a failed item.
        """
        self.form.flush()
        steps = field_mode.steps(self.record, self.form.may_edit)
        self._question = field_mode.open_question(steps, self.record, self.form.focused_path(), self._question)
        if self._question:
            self.form.focus_path(self._question)
        else:
            self._gaps.go_on(lambda: self._outlook)

    def enter_field_mode(self, path: str = "") -> None:
        """Show one step at a time, from a field or from the first unanswered question."""
        self.table_room.shrink()
        self.form.flush()
        if self._field is None:
            self._field = self._make_field_page()
        self._desk.hide()
        self._field.show()
        self._field.enter(self.title, path)
        self.title_changed.emit()

    def leave_field_mode(self) -> None:
        """Show all sections again, at the field that had the focus."""
        path = self.form.focused_path()
        self.form.flush()
        self._body.insertWidget(_FORM_PLACE, self.field_page.give_back(), 1)
        self.field_page.hide()
        self._desk.show()
        self.title_changed.emit()
        self.form.focus_path(path) if path else self.form.setFocus()

    @property
    def field_page(self) -> FieldPage:
        """The page of field mode; AttributeError before it was first entered."""
        if self._field is None:
            raise AttributeError("field_page")
        return self._field

    def _make_field_page(self) -> FieldPage:
        page = FieldPage(self.form, self.form.may_edit)
        page.left.connect(self.leave_field_mode)
        page.next_open_wanted.connect(self.go_to_next_open)
        page.turned.connect(self.moved)
        self._whole.addWidget(page)
        return page

    def _show_beside(self) -> None:
        super()._show_beside()
        self._show_flags()
        self.field_button.setVisible(self.form.is_open)
        if self.on_site and self.form.is_open:
            self.field_page.show_progress(self.title)
        elif self.on_site:  # the dossier was made final
            self.leave_field_mode()

    def _show_flags(self) -> None:
        """Look up the machines and photos of this visit in other dossiers, if they have changed."""
        names = [field.name for field in self.record.form.fields if field.photos]
        shown = tuple(repr(self.record.value(name)) for name in ("machines", *names))
        if shown == self._flagged:
            return
        known, self._flagged = set(self.flags.sentences()), shown
        flags = self._find_flags(names)
        self.flags.show_flags(flags)
        new = [sentence for sentence, _other in flags if sentence not in known]
        if self.on_site and new:  # the box is not visible on site
            self.context.messages.problem(new[0], mended=lambda: new[0] not in self.flags.sentences())

    def _find_flags(self, names: Sequence[str]) -> list[tuple[str, str]]:
        workspace = self.context.workspace
        flags = [(flag.sentence, flag.other) for flag in visits.serial_flags(workspace, self.record)]
        for name in names:
            for double in photos.duplicates(workspace, self.record_id, name):
                flags.append((f"Ảnh «{double.name}» có cả trong «{double.title}».", double.id))
        return flags
