"""«Còn thiếu»: whom the dossier waits for, what differs, what must and should be there; each line does something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kcdesk.errors import Problem
from kcdesk.services.lifecycle.missing import Outlook
from kcdesk.services.lifecycle.waiting import NextNote
from kcdesk.ui.dossier.choice_list import ChoiceLine, ChoiceList
from kcdesk.ui.toolkit.fitting.whole_or_scrolled import WholeOrScrolled
from kcdesk.ui.toolkit.theme import FIELD_GAP, Theme, labelled

_AWAITED = "Đơn vị còn phải bổ sung:"


class MissingList(QWidget):
    """What is missing for the next step, and the button of the letter that requests it.

    Signals:
        gap_chosen: put right what is missing; carries the `Problem`.
        step_chosen: take another step; carries its name.
        record_chosen: open another dossier; carries its id.
    """

    gap_chosen = Signal(object)
    step_chosen = Signal(str)
    record_chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.has_letter = False
        self._theme = theme
        self._lines: list[ChoiceLine] = []
        self._notes = WholeOrScrolled()  # where a message takes room from the page, texts scroll and never overlap
        self._shown_notes: list[NextNote] = []
        self._heading = labelled("", "muted", wrap=True)
        self._list = ChoiceList()
        self._list.setObjectName("missing")
        self._list.chosen.connect(self.gap_chosen)
        self.letter = QPushButton("Công văn bổ sung…")
        self.letter.setObjectName("supplement_letter")
        self.letter.setToolTip("Xem và in công văn đề nghị bổ sung các điểm còn thiếu")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, FIELD_GAP, 0, FIELD_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self._notes)
        column.addWidget(self._heading)
        column.addWidget(self._list, 1)
        column.addWidget(self.letter)
        column.addStretch(0)

    def show_outlook(self, outlook: Outlook, *, awaited: bool = False) -> None:
        """Show what is known about the next step; `awaited`: another office has to put it right."""
        self._show_notes(outlook.notes)
        nothing = f"Không còn thiếu gì. Có thể «{outlook.step}»." if outlook.step else ""
        own = f"Cho bước «{outlook.step}»:" if outlook.step else "Còn phải ghi:"
        heading = (_AWAITED if awaited else own) if outlook.must else ""
        lines = list(self._differences(outlook.contradictions))
        lines += _gaps(outlook.must, "Phải có" if outlook.wishes else "")
        if not outlook.must and (outlook.wishes or outlook.contradictions) and nothing:
            lines.append(ChoiceLine(nothing))
        lines += _gaps(outlook.wishes, "Nên có")
        self._show(heading, lines, nothing)
        self.letter.setVisible(self.has_letter and bool(outlook.must))

    def show_problems(self, problems: Sequence[Problem], step: str) -> None:
        """Show what stands in the way of a step that was tried."""
        self._show(f"Cho bước «{step}»:", _gaps(problems, ""), "")
        self.letter.setVisible(self.has_letter and bool(problems))

    def texts(self) -> list[str]:
        """Return everything that is shown, from top to bottom."""
        return [*(note.text for note in self._shown_notes), *(line.text for line in self._lines)]

    def _show(self, heading: str, lines: list[ChoiceLine], nothing: str) -> None:
        self._lines = lines or ([ChoiceLine(nothing)] if nothing else [])
        self._heading.setText(heading)
        self._heading.setVisible(bool(heading))
        self._list.show_choices(lines, nothing)
        self._list.setVisible(bool(self._lines))

    def _differences(self, problems: Sequence[Problem]) -> Iterable[ChoiceLine]:
        red = QBrush(self._theme.colours.tone("wrong"))
        if problems:
            yield ChoiceLine(f"Không khớp ({len(problems)})", strong=True, colour=red)
        for problem in problems:
            yield ChoiceLine(problem.message, problem, colour=red)

    def _show_notes(self, notes: Sequence[NextNote]) -> None:
        if list(notes) == self._shown_notes:
            return  # a button that has the keyboard stays
        self._shown_notes = list(notes)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for note in notes:
            if note.record or note.step:
                column.addWidget(self._link(note))
            else:
                column.addWidget(labelled(note.text, "strong", wrap=True))
            if note.hint:
                column.addWidget(labelled(note.hint, "help", wrap=True))
        self._notes.show_body(body)
        self._notes.setVisible(bool(notes))

    def _link(self, note: NextNote) -> QWidget:
        """A sentence with the button that does what it says."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(labelled(note.text, "strong", wrap=True))
        button = QPushButton("Mở hồ sơ đó" if note.record else "Làm bước này…")
        button.setObjectName(f"note.{note.step or 'record'}")
        button.setAccessibleName(note.text)
        signal, target = (self.record_chosen, note.record) if note.record else (self.step_chosen, note.step)
        button.clicked.connect(lambda: signal.emit(target))
        column.addWidget(button)
        return holder


def _gaps(problems: Sequence[Problem], heading: str) -> list[ChoiceLine]:
    lines = [ChoiceLine(problem.message, problem) for problem in problems]
    return [ChoiceLine(f"{heading} ({len(problems)})", strong=True), *lines] if lines and heading else lines
