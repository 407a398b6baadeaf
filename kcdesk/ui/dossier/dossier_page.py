"""One dossier: its workflow steps, its sections in the order of the paper, and a side panel with what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from kcdesk.errors import IncompleteError, KcdeskError
from kcdesk.formdef.model import OF_EVERY_RECORD, Transition
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import differing_names
from kcdesk.services.handover.packages import conflicts
from kcdesk.services.handover.receipts import standing
from kcdesk.services.lifecycle import missing, return_requests, steps
from kcdesk.services.overview import history_lines, rules_panel
from kcdesk.services.proposals import local_plan
from kcdesk.services.records import changing, copies, permissions, related, titles, unread_texts
from kcdesk.ui.dossier.beginning import begin_record
from kcdesk.ui.dossier.gap_mender import GapMender
from kcdesk.ui.dossier.history.history_page import history_opener
from kcdesk.ui.dossier.invoices.invoice_intake import InvoiceIntake
from kcdesk.ui.dossier.personal.code_commands import code_commands
from kcdesk.ui.dossier.personal.person_link import person_command
from kcdesk.ui.dossier.return_dialog import ReturnDialog
from kcdesk.ui.dossier.section_list import Contents
from kcdesk.ui.dossier.side_panel import WIDTH, SidePanel
from kcdesk.ui.dossier.step_bar import StepBar
from kcdesk.ui.dossier.units.unit_acts import UnitActs
from kcdesk.ui.form import record_facts
from kcdesk.ui.form.form_host import ServiceHost
from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.form.late_building import FoundWhole
from kcdesk.ui.form.tables.table_room import TableRoom
from kcdesk.ui.handover.receiving.conflicts_page import ConflictsPage
from kcdesk.ui.handover.standing_box import HandoverBox, ReturnReasons, shown_reasons
from kcdesk.ui.papers.attached.attachment_dialog import show_attachment
from kcdesk.ui.papers.number_explainer import NumberExplainer
from kcdesk.ui.papers.printable_page import PrintablePage
from kcdesk.ui.shell import step_asking, undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.deletion import delete_asked
from kcdesk.ui.shell.kept_views import EARLIER, keep_tab
from kcdesk.ui.shell.page import PageCommand
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

NOTHING_AHEAD, NOT_SENT = missing.Outlook((), None, ()), standing.Handover(standing="none", label="")


class DossierPage(FoundWhole, PrintablePage):
    """Shows and edits one record; every edit is saved at once through the services."""

    def __init__(self, context: Context, record_id: str) -> None:
        super().__init__(context)
        self.record_id = record_id
        self._offered = ""  # the label of the main action that the window shows
        self._steps, self._summary, self._contents = StepBar(context.theme), labelled(role="muted"), Contents()
        host = ServiceHost(context, self.open_requested.emit, lambda path: self.numbers.explain(path), show_attachment)
        self.form = FormView(host, lambda: not context.workspace.store.is_closed)
        self.complete = self.form.complete
        self.numbers = NumberExplainer(self, record_id, self.form)
        self._invoices = InvoiceIntake(self, record_id, self.form, host)
        self.side = SidePanel(context.theme)
        self._gaps = GapMender(self, record_id, self.form, self.side)
        self.handover = HandoverBox(WIDTH, record_id)
        self._led: bool | None = None  # whether the page went to a returned field when it was first shown
        self._stale = False  # whether other dossiers have changed while this page was hidden
        self._outlook, self._state_between = NOTHING_AHEAD, NOT_SENT
        self._lay_out()
        self._connect()
        self._load()
        keep_tab(self.side, context.settings, f"side.{self.record.kind}")
        self.form.show_unread(unread_texts.of_record(context.workspace, record_id))

    def _lay_out(self) -> None:
        self._top = QHBoxLayout()
        self._top.addWidget(self._contents.chip)
        self._top.addWidget(self._steps, 1)
        self._top.addWidget(self._summary)
        self._body = QHBoxLayout()
        self._body.setSpacing(GROUP_GAP)
        self._body.addWidget(self._contents)
        self._body.addWidget(self.form, 1)
        self._beside = QVBoxLayout()
        self._beside.addWidget(self.handover)
        self._beside.addWidget(self.side)
        self._body.addLayout(self._beside)
        self._desk = QWidget()
        self._column = QVBoxLayout(self._desk)
        self._column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, FIELD_GAP)
        self._column.setSpacing(FIELD_GAP)
        self._column.addLayout(self._top)
        self._column.addLayout(self._body, 1)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.addWidget(self._desk)
        self.table_room = TableRoom(self.form, self._desk, self._contents.fold)
        self._whole.addWidget(self.table_room)

    def _connect(self) -> None:
        self.form.edited.connect(self._save)
        self.table_room.turned.connect(self.title_changed)
        self.side.seeking.connect(self.table_room.shrink)
        self.form.unread_changed.connect(self._keep_unread)
        self._contents.follow(self.form)
        self.side.problem_chosen.connect(self.form.focus_path)
        self.side.gap_chosen.connect(self._gaps.mend)
        self.side.step_chosen.connect(lambda name: self.commands()[name].run())
        self.side.letter_requested.connect(lambda: self.supplement_letter().exec())
        self.side.related_chosen.connect(self.open_requested)
        self.side.create_requested.connect(self._begin)
        self.side.history_shown.connect(self._show_history)
        self.numbers.listen(self.side.figure_chosen, self.side.text_chosen)
        self.side.history_requested.connect(history_opener(self, self.record_id, self.form.focus_path))
        self.side.rules_shown.connect(self._show_rules)
        self.handover.field_chosen.connect(self.form.focus_path)
        self.handover.conflicts_chosen.connect(self.show_conflicts)
        self.handover.local_plan_chosen.connect(self.move_to_local_plan)
        self.handover.page_chosen.connect(self.page_requested)

    # -- called by the window --------------------------------------------------------------------------------------

    @property
    def record(self) -> Record:
        """Return the record as it is shown."""
        return self.form.record

    @property
    def alone(self) -> bool:
        """Return whether a table has the whole window."""
        return self.table_room.is_open

    def step_back(self) -> bool:
        """Put an enlarged table back before the window leaves the dossier (Alt+←)."""
        return self.table_room.shrink()

    def cancel(self) -> None:
        """Put an enlarged table back (Esc)."""
        self.table_room.shrink()

    def main_action(self) -> PageCommand | None:
        """Return the next workflow step."""
        command = self._main_command()
        self._offered = command.label if command else ""
        return command

    def _main_command(self) -> PageCommand | None:
        is_returned = self._state_between.standing == "returned"
        return self._gaps.main_command(self._outlook, is_returned, self.take_next_step, self.take_step)

    def other_steps(self) -> Sequence[PageCommand]:
        """Return the possible steps in the order of the workflow, the next one too: none ever changes its place."""
        steps_now, outcome = self._outlook.possible, partial(step_asking.outcome, self.context, self.record)
        offered = [PageCommand(step.label, partial(self.take_step, step), outcome(step)) for step in steps_now]
        return offered if any(step != self._outlook.next_step for step in steps_now) else []

    def commands(self) -> Mapping[str, PageCommand]:
        """Return printing, deleting, and every step by its name."""
        offered = {
            "why": self.numbers.command(),
            "related": PageCommand("Hồ sơ liên quan", self.side.enter_related),
            **self._invoices.commands(),
            **code_commands(self, self.record_id, self.form),
            "delete": PageCommand(f"Xoá {self.record.form.label.lower()}…", self.delete),
            **person_command(self.context.workspace, self.record, self.page_requested.emit),
            **{step.name: PageCommand(step.label, partial(self.take_step, step)) for step in self._outlook.possible},
        }
        if self.form.is_open or self._gaps.places(self._outlook):  # a locked dossier lacks what its next step asks for
            offered["next_open"] = self._gaps.command(lambda: self._outlook)
        if any(field.columns for field in self.record.form.fields):
            offered["enlarge"] = PageCommand("Mở rộng bảng", self.table_room.toggle)
        offered |= UnitActs(self, self.record.kind, lambda: [self.record_id], self.copy).commands()
        return offered | self.paper_commands()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the table of contents in a narrow window."""
        super().resizeEvent(event)
        self._contents.fit(self.width())

    def showEvent(self, event: QShowEvent) -> None:
        """Show changes made in other dossiers."""
        super().showEvent(event)
        if self._stale:
            self._show_around()

    def on_show(self) -> None:
        """Focus the first field to fill in; a returned dossier opens at the returned field."""
        self.form.setFocus()
        returned = [path for path, _, _ in self._reasons() if path] if self._led is None else []
        self._led = bool(returned) if self._led is None else self._led
        self.form.focus_path(next(iter(returned), self.form.first_path()))

    def on_leave(self) -> None:
        """Save what is being typed."""
        self.form.flush()

    def on_close(self) -> None:
        """Save nothing more: fields that lose the keyboard while they are deleted would ask a closed store."""
        self.form.abandon()

    def refresh(self, changes: changing.Changes, initiator: object) -> None:
        """Show the dossier as it is after a change by another page, an undo or a step."""
        if initiator is self:
            return
        touched = {item.id for item in changes.items}
        if self.record_id in touched and self.context.workspace.store.get(self.record_id).deleted:
            self.form.abandon()  # deleted here, or its making was undone
            self.close_requested.emit()
        elif self.record_id in touched:
            was_open = self.form.is_open
            self._load()
            if self.form.is_open and not was_open and self.isVisible():  # opened again, to be filled in
                self._led = None
                self.on_show()
        elif self.isVisible():
            self._show_around()
            self.title_changed.emit()  # another dossier may have opened the way to the next step
        else:
            self._stale = True

    def place(self) -> dict[str, str]:
        """Return the record and the focused field."""
        return {"record": self.record_id, "field": self.form.focused_path()}

    def last_place(self) -> dict[str, str]:
        """Return the field that had the keyboard last, and how far the form was scrolled."""
        return {**self.place(), "field": self.form.last_path(), "scroll": str(self.form.verticalScrollBar().value())}

    def return_to(self, place: Mapping[str, str]) -> None:
        """Go to the field, and scroll as far as before; what came back since an earlier session is more urgent."""
        if self._led and EARLIER in place:
            return
        self.form.focus_path(place.get("field", ""))
        if place.get("scroll", "").isdigit():
            self.form.scroll_to(int(place["scroll"]))

    # -- actions of the officer ------------------------------------------------------------------------------------

    def take_next_step(self) -> None:
        """Save what is being typed, then take the next step: a decision just typed may change which step is next."""
        self.form.flush()
        if (step := self._outlook.next_step) is not None:
            self.take_step(step)

    def take_step(self, step: Transition) -> None:
        """Take a workflow step; otherwise list the problems and go to the first of them."""
        self.form.flush()
        if self.form.is_open and not self._gaps.accepts_advice(self._outlook, step):
            return
        try:
            answers = self._asked(step)
            if step.needs_reason and not answers.get("reason"):
                return
            changes = steps.take_step(self.context.workspace, self.record_id, step.name, **answers)
        except IncompleteError as error:
            self._show_obstacles(error, step)
        except KcdeskError as error:
            self.context.messages.error(error)
        else:
            self.context.announce(changes)
            self.context.messages.notice(f"{step.label}: {self.title}.")

    def _asked(self, step: Transition) -> dict[str, Any]:
        """Return the reason of a step, the returned fields and their day; nothing when the officer cancels."""
        if step.remarks:
            dialog = self.return_dialog(step)
            return dialog.answers() if dialog.exec() else {}
        return {"reason": step_asking.reason(self.context, self.record, self.title, step)} if step.needs_reason else {}

    def return_dialog(self, step: Transition) -> ReturnDialog:
        """Return the dialog that asks for returned fields, each with its reason."""
        return ReturnDialog(step.label, self.context.workspace, self.record, self)

    def copy(self) -> None:
        """Make a new dossier from this one and open it."""
        self.form.flush()
        if (made := self.context.act(lambda: copies.copy(self.context.workspace, self.record_id))) is not None:
            self.open_requested.emit(made.items[0].id)

    def delete(self) -> None:
        """Ask whether to delete the dossier; its page closes when it is deleted."""
        self.form.flush()
        if delete_asked(self.context, self.record_id):
            self.close_requested.emit()

    def supplement_letter(self) -> QDialog:
        """Return the preview of the letter that requests what is missing."""
        return self.preview_dialog(missing.letter(self.context.workspace, self.record.kind))

    def show_conflicts(self) -> None:
        """Show the conflicts of this dossier: values that two offices wrote differently."""
        self.page_requested.emit(lambda context: ConflictsPage(context, self.record_id))

    def move_to_local_plan(self) -> None:
        """Create a local proposal from a national one that was not approved."""
        self.form.flush()
        if self.context.act(lambda: local_plan.move_to_local_plan(self.context.workspace, self.record_id)) is not None:
            done = "Đã chuyển sang kế hoạch khuyến công địa phương."
            self.context.messages.notice(done, partial(undoing.undo, self.context))

    def section_ids(self) -> list[str]:
        """Return the ids of the visible sections, in the order of the paper."""
        return [id_ for id_, _label, _problems in self.form.sections()]

    def focus_field(self, path: str) -> None:
        """Scroll to a field and focus it."""
        self.form.focus_path(path, replacing=True)

    def _load(self) -> None:
        workspace = self.context.workspace
        record = workspace.store.record(self.record_id)
        workflow, level = workspace.forms.workflow(record.kind), workspace.identity.unit.level
        self.form.set_record(record, workflow, level, is_own=permissions.is_own(workspace, record))
        self._steps.show_state(workflow, record.state)
        if asked := return_requests.open_problems(record):
            self.form.show_problems(asked)
        self.title = titles.title_of(workspace, record)
        self._show_around()
        self.title_changed.emit()

    def _save(self, changes: dict[str, Any]) -> None:
        workspace = self.context.workspace
        saved = self.context.attempt(lambda: changing.save(workspace, self.record_id, changes))
        if saved is None:
            return
        self.context.announce(saved.changes, self)
        others = differing_names(self.record.data, saved.record.data)
        self.record.data = saved.record.data
        if others:
            self.form.refresh(others)
        if saved.refused:
            self.context.messages.problem(saved.refusal)
        if saved.refused or not OF_EVERY_RECORD.keys().isdisjoint(others):  # another state than it was opened in
            self._load()
        before, self.title = self.title, titles.title_of(workspace, saved.record)
        self._show_beside()
        command = self._main_command()
        if self.title != before or self._offered != (command.label if command else ""):
            self.title_changed.emit()
        if any(self.record.field(path).target for path in {*changes, *others} - OF_EVERY_RECORD.keys()):
            self._show_related()

    def _keep_unread(self, texts: dict[str, str]) -> None:
        """Keep texts that cannot be read, so that they are still there after a power cut."""
        self.context.attempt(lambda: unread_texts.keep(self.context.workspace, self.record_id, texts))
        self.context.unread_changed.emit()
        self._show_beside()

    def _show_around(self) -> None:
        """Update everything beside the form, including what depends on other dossiers."""
        self._stale = False
        self._show_beside()
        self._show_related()

    def _show_related(self) -> None:
        """Update related dossiers; needed only when this dossier's references or another dossier changed."""
        self.side.show_related(related.related(self.context.workspace, self.record))

    def _show_beside(self) -> None:
        record, workspace = self.record, self.context.workspace
        self.side.offer_letter(missing.offers_letter(workspace, record))
        self._outlook = missing.outlook_of(workspace, record)
        self.side.show_outlook(self._outlook, awaited=missing.awaits_answers(workspace, record))
        self._show_handover()
        self._summary.setText(record_facts.facts(record))
        if self.side.history_is_shown:
            self._show_history()
        self.side.offer_rules(rules_panel.concerns(record.kind))
        if self.side.rules_are_shown:
            self._show_rules()

    def _show_handover(self) -> None:
        workspace, id_ = self.context.workspace, self.record_id
        self._state_between = standing.handover_state(workspace, id_)
        may_move, disagreements = local_plan.is_offered(workspace, self.record), len(conflicts.pile(workspace, id_))
        self.handover.show_state(self._state_between, self._reasons(), disagreements, may_move=may_move)

    def _reasons(self) -> ReturnReasons:
        """Return why the dossier came back: path, label of the field, sentence; nothing once it was put right."""
        return shown_reasons(self.context.workspace, self.record_id, self._state_between, is_open=self.form.is_open)

    def _show_obstacles(self, error: IncompleteError, step: Transition) -> None:
        self.form.show_problems(error.problems)
        self.side.show_problems(error.problems, step.label)
        self.side.setCurrentIndex(0)
        self._gaps.mend(error.problems[0])  # before the message: another dossier may open
        step_asking.refuse(self.context, self.record_id, step, error)

    def _show_history(self) -> None:
        self.side.show_history(history_lines.history_lines(self.context.workspace, self.record_id))

    def _show_rules(self) -> None:
        self.side.show_rules(rules_panel.beside(self.context.workspace, self.record))

    def _begin(self, kind: str) -> None:
        self.form.flush()
        begin_record(self, kind, related.tie_values(self.context.workspace, self.record, kind))
