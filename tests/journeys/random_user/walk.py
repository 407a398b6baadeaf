"""A walk: acts chosen by a seed, or replayed from a record, each followed by the invariants.

A dialog that waits runs an event loop inside the act that opened it. The walk goes on in there: before every turn a
timer is started, which takes the next turn if such a loop is running.
"""

from __future__ import annotations

import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from kcdesk.runtime.frozen import Value
from tests.journeys.random_user import acts, invariants
from tests.journeys.random_user.acts import Act
from tests.journeys.random_user.controls import (
    BUTTON,
    ENTRY,
    INPUTS,
    MENU,
    OTHER,
    ROW,
    Control,
    front,
    offered,
    place_of,
)
from tests.journeys.random_user.desk import Desk
from tests.journeys.random_user.invariants import Finding, StoredNow
from tests.journeys.random_user.reactions import Reactions

FILE = "tệp"  # the role of an answer to a file picker
_EVERY = 50  # acts between the dear invariants
_PATIENCE_IN_DIALOG = 14  # acts in one dialog before the user looks for a way out
_TRAPPED = 40  # acts in one dialog, of which many were Esc: it does not let go
_SOON = 5  # milliseconds between two looks whether an act has opened a dialog
_UNDOES = 0.15  # how often a change is taken back at once
_EDIT_MENU = "Sửa"
_LIKING = {BUTTON: 3.0, ENTRY: 3.0, MENU: 0.6, ROW: 0.7, OTHER: 0.6}


class Fault(Value):
    """A finding, and the acts that led to it."""

    finding: Finding
    acts: tuple[Act, ...]


@dataclass(slots=True)
class Seen:
    """What the walk has met: how often each kind of control, and every place."""

    controls: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    places: set[str] = field(default_factory=set)


Note = Callable[[Act], None]


class Walk:
    """One user at one desk; `faults` holds each kind of finding once, with the acts before it."""

    def __init__(self, desk: Desk, seed: int, *, note: Note = lambda _act: None, first_only: bool = False) -> None:
        self.desk = desk
        self.done: list[Act] = []
        self.faults: dict[str, Fault] = {}
        self.seen = Seen()
        self._chance = random.Random(seed)
        self._note = note
        self._first_only = first_only
        self._script: list[Act] | None = None
        self._wanted = 0
        self._acting_at = -1  # depth of the event loop in which an act is under way, -1 for none
        self._in_dialog: Counter[tuple[int, str]] = Counter()  # acts by depth of the event loop and place
        self._sentences: list[str] = []
        self._undo = invariants.UndoMemory()
        self._wish = ""  # the menu entry that the user looks for: «Hoàn tác» after a change, «Làm lại» after that
        self._reactions = Reactions(desk)
        self._pulse = QTimer(singleShot=True)
        self._pulse.timeout.connect(self._go_on_inside)
        self._memory = invariants.StoreMemory()
        desk.choose = self._choose_file

    # -- running -----------------------------------------------------------------------------------------------------

    def wander(self, number: int) -> None:
        """Do `number` acts by chance."""
        self._run(number)

    def replay(self, script: Sequence[Act]) -> None:
        """Do these acts, leaving out those whose control is not there."""
        self._script = list(script)
        self._run(len(self._script))

    def _run(self, number: int) -> None:
        self._wanted = number
        while self._goes_on() and self.desk.window is not None:
            before = self._memory.stored_now(self.desk.workspace)
            self._sentences.clear()
            self._turn()
            self._look_after(before)
        if self.desk.window is not None:
            self._keep(invariants.now_and_then(self.desk)) if self._is_calm() else None
            self._keep(invariants.at_end(self.desk))

    def _goes_on(self) -> bool:
        if self._first_only and self.faults:
            return False
        return bool(self._script) if self._script is not None else len(self.done) < self._wanted

    def _look_after(self, before: StoredNow) -> None:
        desk = self.desk
        if desk.window is not None and not desk.window.isVisible():
            desk.reopen()
            desk.settle()
        if desk.window is None:
            return
        after = self._memory.stored_now(desk.workspace)
        self._keep(invariants.after_outer_act(desk, before, after, self._sentences))
        last = self.done[-1] if self.done else None
        undoes = last is not None and (last.text == "Ctrl+Z" or last.name.startswith("Hoàn tác"))
        self._keep(self._undo.follow(before, after, undoes=undoes))
        self._wish = self._next_wish(before, after)
        if len(self.done) % _EVERY == 0 and self._is_calm():
            self._keep(invariants.now_and_then(desk))

    def _next_wish(self, before: StoredNow, after: StoredNow) -> str:
        if self._script is not None or after.steps == before.steps:
            return ""
        was_undone = len(after.steps) < len(before.steps)
        return ("Làm lại" if was_undone else "Hoàn tác") if self._chance.random() < _UNDOES else ""

    def _is_calm(self) -> bool:
        """Whether counters and saving have caught up: the user has just waited."""
        return bool(self.done) and self.done[-1].verb == acts.WAIT

    def _turn(self) -> None:
        """One act; while it is under way, turns go on in the dialogs that it opens."""
        depth = invariants.loop_depth()
        outer, self._acting_at = self._acting_at, depth
        self._pulse.start(0)
        try:
            self._act()
        finally:
            self._acting_at = outer

    def _go_on_inside(self) -> None:
        depth = invariants.loop_depth()
        if self._acting_at == depth:  # the act has let events happen in between
            self._pulse.start(_SOON)
        elif depth == 0:
            return
        elif self._goes_on():
            self._caught(self.desk.settle)
            self._turn()
            self._pulse.start(0)
        else:
            self._leave_dialogs()

    def _leave_dialogs(self) -> None:
        """At the end, close what is open, so that the acts that wait for it can end."""
        self._pulse.start(_SOON)
        window = front()
        if isinstance(window, QDialog):
            window.reject()
            if window.isVisible():
                window.done(0)
        elif isinstance(window, QMenu) or (window is not None and window is not self.desk.window):
            window.close()

    # -- one act -------------------------------------------------------------------------------------------------------

    def _act(self) -> None:
        window = front()
        if window is None:
            self.desk.settle()
            return
        self.seen.places.add(place_of(window))
        self._sentences += invariants.sentences_of(window) if isinstance(window, QDialog) else []
        act, control = self._next(window)
        if act is None:
            return
        after_haste = bool(self.done) and self.done[-1].hasty  # then the keyboard may still be where it was
        self._reactions.before(act, None if after_haste else control)
        self._record(act)
        reached = self._caught(lambda: acts.perform(act, control))
        if act.hasty:
            return
        self._caught(lambda: self.desk.settle(long_pauses=act.verb == acts.WAIT))
        self._keep(self._reactions.after(act, window) if reached else ())
        self._sentences += self.desk.toasts
        self._keep(invariants.after_act(self.desk))

    def _caught(self, act: Callable[[], bool | None]) -> bool:
        """Do it; an error of one of our event handlers comes back from Qt to here, past the catcher of the program."""
        try:
            return bool(act())
        except Exception as error:  # whatever it is, it is a finding
            self.desk.watch.heard.append("".join(traceback.format_exception(error)))
            return False

    def _record(self, act: Act) -> None:
        self._note(act)
        self.done.append(act)

    def _next(self, window: QWidget) -> tuple[Act | None, Control | None]:
        controls = offered(window)
        if self._script is not None:
            act = self._script.pop(0)
            if act.role in (acts.KEYBOARD, FILE):
                return (act if act.role == acts.KEYBOARD else None), None
            control = _same(controls, act)
            return (act, control) if control is not None else (None, None)
        return self._chosen(window, controls)

    def _chosen(self, window: QWidget, controls: list[Control]) -> tuple[Act, Control | None]:
        place, chance = place_of(window), self._chance
        is_above, there = window is not self.desk.window, (invariants.loop_depth(), place)
        self._in_dialog[there] += 1
        if is_above and self._in_dialog[there] > _PATIENCE_IN_DIALOG and chance.random() < 0.5:
            return self._way_out(window, place), None
        if not is_above:
            self._in_dialog.clear()
        wished = self._wished(controls)
        if wished is not None:
            return Act(*wished.key, acts.PRESS), wished
        if (len(self.done) + 1) % _EVERY == 0:
            return acts.waiting(place), None
        if not controls or chance.random() < 0.16:
            return acts.key_press(place, _shortcuts(window), chance), None
        control = chance.choices(controls, [self._liking(control) for control in controls])[0]
        self.seen.controls[control.wide_key()] += 1
        return acts.on(control, chance), control

    def _wished(self, controls: list[Control]) -> Control | None:
        """The way to the entry that the user looks for: its menu, then the entry."""
        if not self._wish:
            return None
        entry = next((c for c in controls if c.role == ENTRY and c.name.startswith(self._wish)), None)
        return entry or next((c for c in controls if c.role == MENU and c.name == _EDIT_MENU), None)

    def _way_out(self, window: QWidget, place: str) -> Act:
        if self._in_dialog[invariants.loop_depth(), place] > _TRAPPED:
            self._keep([Finding(f"không có đường ra: {place}", place)])
            QTimer.singleShot(0, window, window.close)
        return Act(place, acts.KEYBOARD, "", 0, acts.KEY, "Esc")

    def _liking(self, control: Control) -> float:
        """What was not used yet is liked best; of the rows of a table only a few."""
        known = self.seen.controls[control.wide_key()]
        liking = _LIKING.get(control.role, 1.5 if control.role in INPUTS else 1.0)
        return liking * (0.5 if control.in_frame else 1.0) / float((1 + known) ** 1.3)

    def _choose_file(self, asked: str) -> Path | None:
        """Answer a file picker of the system."""
        if self._script is not None:
            given = self._script and self._script[0]
            name = self._script.pop(0).text if given and given.role == FILE else ""
        else:
            name = self._file_by_chance(asked)
        self._record(Act("hệ thống", FILE, asked, 0, "chọn", name))
        folder = self.desk.saved if asked.startswith(("lưu", "in")) else self.desk.tray
        return folder / name if name else None

    def _file_by_chance(self, asked: str) -> str:
        if self._chance.random() < (0.8 if asked == "in" else 0.3):
            return ""
        if asked.startswith("lưu"):
            return asked.removeprefix("lưu tệp ")
        if asked == "in":
            return "in.pdf"
        wants_folder = asked == "thư mục"
        return self._chance.choice(sorted(p.name for p in self.desk.tray.iterdir() if p.is_dir() == wants_folder))

    def _keep(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.faults.setdefault(finding.kind, Fault(finding, tuple(self.done)))


def _same(controls: Sequence[Control], act: Act) -> Control | None:
    """The control of a recorded act, else the first of the same name, else of the same kind with another number."""
    exact = next((control for control in controls if control.key == act.key), None)
    return exact or next((c for c in controls if (c.place, c.role, c.name) == act.key[:3]), None)


def _shortcuts(window: QWidget) -> list[str]:
    """The keys that menus and shortcuts of a window offer now."""
    keys = [action.shortcut().toString() for action in window.actions() if action.isEnabled()]
    menus = window.findChildren(QMenu)
    keys += [act.shortcut().toString() for menu in menus for act in menu.actions() if act.isEnabled()]
    keys += [short.key().toString() for short in window.findChildren(QShortcut) if short.isEnabled()]
    return sorted({key for key in keys if key})
