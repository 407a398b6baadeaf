"""The dossier of a visit (acceptance, inspection): at the desk like every other, on site in field mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kcdesk.ui.context import Context
from kcdesk.ui.dossier_page import DossierPage
from kcdesk.ui.page import Command

if TYPE_CHECKING:
    from kcdesk.ui.field_page import FieldPage

_FORM_PLACE = 1  # between the table of contents and the side panel


class VisitPage(DossierPage):
    """A dossier with field mode, which is built when it is first wanted."""

    def __init__(self, context: Context, record_id: str) -> None:
        self._field: FieldPage | None = None
        super().__init__(context, record_id)

    # -- what the window asks ------------------------------------------------------------------------------------

    @property
    def alone(self) -> bool:
        """Field mode takes the whole window."""
        return self._field is not None and not self._field.isHidden()

    def commands(self) -> Mapping[str, Command]:
        """Field mode beside what every dossier offers; on site, the ways from step to step."""
        offered = dict(super().commands())
        if self._is_open():
            label = "Về bàn làm việc" if self.alone else "Chế độ hiện trường"
            offered = {"field_mode": Command(label, self.toggle_field_mode), **offered}
        if self.alone:
            offered["next_open"] = Command("Câu chưa trả lời", self._field.go_to_next_open)
            offered["step_before"] = Command("Bước trước", lambda: self._field.turn(-1))
            offered["step_after"] = Command("Bước sau", lambda: self._field.turn(1))
        return offered

    def step_back(self) -> bool:
        """Esc leaves field mode before it leaves the dossier."""
        if not self.alone:
            return False
        self.leave_field_mode()
        return True

    def on_show(self) -> None:
        """On site the keyboard stays where it was."""
        if not self.alone:
            super().on_show()

    def place(self) -> dict[str, str]:
        """On site, the step as well."""
        step = {"step": self._field.step_id} if self.alone else {}
        return {**super().place(), **step}

    def return_to(self, place: Mapping[str, str]) -> None:
        """Back on site, at the step and the field."""
        if "step" in place and self._is_open():
            self.enter_field_mode(place.get("field", ""))
            self._field.return_to(place["step"], place.get("field", ""))
        else:
            super().return_to(place)

    # -- field mode ----------------------------------------------------------------------------------------------

    def toggle_field_mode(self) -> None:
        """F9: from the desk to the site and back."""
        if self.alone:
            self.leave_field_mode()
        else:
            self.enter_field_mode(self._form.focused_path())

    def enter_field_mode(self, path: str = "") -> None:
        """One step at a time, from a field or from the first question without an answer."""
        self._form.flush()
        if self._field is None:
            self._field = self._make_field_page()
        self._desk.hide()
        self._field.show()
        self._field.enter(self.title, path)
        self.title_changed.emit()

    def leave_field_mode(self) -> None:
        """All sections again, at the field where the keyboard was."""
        path = self._form.focused_path()
        self._form.flush()
        self._body.insertWidget(_FORM_PLACE, self._field.give_back(), 1)
        self._field.hide()
        self._desk.show()
        self.title_changed.emit()
        self._form.focus_path(path) if path else self._form.setFocus()

    @property
    def field_page(self) -> FieldPage:
        """The page of field mode; AttributeError before it was first entered."""
        if self._field is None:
            raise AttributeError("field_page")
        return self._field

    def _make_field_page(self) -> FieldPage:
        from kcdesk.ui.field_page import FieldPage

        page = FieldPage(self._form, self._form.may_edit)
        page.left.connect(self.leave_field_mode)
        self.layout().addWidget(page)
        return page

    def _show_beside(self) -> None:
        super()._show_beside()
        if self.alone and self._is_open():
            self._field.show_progress(self.title)
        elif self.alone:  # it has been made final
            self.leave_field_mode()
