"""The look of the program: colours of the light and the dark theme, fonts, spacing, and the style sheet.

A widget sets what it is, not how it looks: `label.setProperty("role", "help")`, or the helpers below.
Roles of labels: page_title, section, label, help, muted, problem, strong; of buttons: main, quiet, chip; of
frames: card, line. A label's `tone` is one of the four meanings: neutral, waiting, good, wrong.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QPlainTextEdit, QWidget

from kcdesk import paths

FIELD_GAP = 8  # pixels between fields; groups and sections are further apart
GROUP_GAP = 16
SECTION_GAP = 24
PAGE_MARGIN = 24
ROW_HEIGHT = 32
ICON_SIZE = 20
TOUCH = 44  # smallest height in pixels of buttons in field mode, pressed by finger
FORM_WIDTH = 720  # widest column of fields, in pixels, that is still easy to read


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme as #rrggbb; text colours have a contrast of at least 4.5 on window and surface."""

    window: str
    surface: str
    raised: str
    text: str
    muted: str
    line: str
    edge: str
    accent: str
    on_accent: str
    accent_soft: str
    neutral: str
    waiting: str
    good: str
    wrong: str

    def tone(self, name: str) -> QColor:
        """Return the colour of one of the four meanings; an unknown name gives the neutral colour."""
        return QColor(getattr(self, name) if name in ("waiting", "good", "wrong") else self.neutral)


LIGHT = Colours(
    window="#f4f6f9",
    surface="#ffffff",
    raised="#e9edf3",
    text="#1a1f26",
    muted="#58626f",
    line="#dfe4ea",
    edge="#8f9aa8",
    accent="#1d4e89",
    on_accent="#ffffff",
    accent_soft="#dfe9f5",
    neutral="#4a5462",
    waiting="#875000",
    good="#1b6b3a",
    wrong="#b3261e",
)
DARK = Colours(
    window="#1a1d22",
    surface="#22262c",
    raised="#2d323a",
    text="#e7e9ec",
    muted="#a3abb6",
    line="#363c45",
    edge="#727c8a",
    accent="#8fb8ee",
    on_accent="#0e1c2f",
    accent_soft="#2a3b52",
    neutral="#b9c0ca",
    waiting="#e6b866",
    good="#80cf9c",
    wrong="#f3968f",
)


class Theme(QObject):
    """The look of the application; `changed` is emitted after the colours have changed."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: str = "system") -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self.colours = LIGHT
        application.setStyle("Fusion")
        application.setFont(_body_font())
        application.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    def choose(self, choice: str) -> None:
        """Switch to "system", "light" or "dark" at once."""
        self._choice = choice
        self._apply()
        self.changed.emit()

    @property
    def dark(self) -> bool:
        """Whether the dark colours are shown."""
        return self.colours is DARK

    def _follow_system(self) -> None:
        if self._choice == "system":
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        scheme = self._application.styleHints().colorScheme()
        wanted_dark = self._choice == "dark" or (self._choice == "system" and scheme == Qt.ColorScheme.Dark)
        self.colours = DARK if wanted_dark else LIGHT
        sheet = _style_sheet(self.colours)
        self._application.setPalette(_palette(self.colours))
        if sheet != self._application.styleSheet():  # setting the same sheet would style every widget again
            self._application.setStyleSheet(sheet)


def labelled(text: str = "", role: str = "", tone: str = "", *, wrap: bool = False) -> QLabel:
    """Return a plain-text label with its role and tone set."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    if tone:
        label.setProperty("tone", tone)
    return label


def set_tone(widget: QWidget, tone: str) -> None:
    """Change the tone of a widget and redraw it."""
    widget.setProperty("tone", tone)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def set_read_only(widget: QLineEdit | QPlainTextEdit, read_only: bool) -> None:
    """Allow or forbid typing, and draw the text so: a style sheet colours a text only when it is applied."""
    if widget.isReadOnly() != read_only:
        widget.setReadOnly(read_only)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def hairline() -> QFrame:
    """Return a horizontal line, 1 pixel high."""
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line


def _body_font() -> QFont:
    """Return Segoe UI if installed (Windows), else the Noto Sans shipped with the program."""
    if sys.platform == "win32":
        return QFont("Segoe UI", 10)
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(paths.resources() / "fonts" / name))
    return QFont("Noto Sans", 10)


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    for role, colour in _roles(colours).items():
        palette.setColor(role, QColor(colour))
    faint = QColor(colours.muted)  # disabled fields must stay readable
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    return palette


def _roles(colours: Colours) -> dict[QPalette.ColorRole, str]:
    role = QPalette.ColorRole
    return {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.window,
        role.Text: colours.text,
        role.PlaceholderText: colours.muted,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.BrightText: colours.wrong,
        role.ToolTipBase: colours.surface,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent_soft,
        role.HighlightedText: colours.text,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.Light: colours.surface,
        role.Midlight: colours.raised,
        role.Mid: colours.line,
        role.Dark: colours.edge,
        role.Shadow: colours.edge,
    }


def _style_sheet(colours: Colours) -> str:
    drawings = paths.resources() / "icons" / "style"
    check = drawings / ("check-dark.svg" if colours is DARK else "check-light.svg")
    chevron = drawings / "chevron-down.svg"
    return _STYLE.substitute(asdict(colours), chevron=chevron.as_posix(), check=check.as_posix())


# Sizes of field mode; the colours are those of the theme. A button's border and padding add to its height.
TOUCH_STYLE = f"""
QPushButton {{ min-height: {TOUCH - 12}px; }}
QToolButton[role="chip"] {{ min-height: {TOUCH - 8}px; border-radius: {TOUCH // 2}px; }}
QToolButton[role="more"] {{ min-width: {TOUCH - 10}px; min-height: {TOUCH - 10}px; }}
QLineEdit, QComboBox, QAbstractSpinBox {{ min-height: {TOUCH - 10}px; }}
QTableView QLineEdit, QTableView QComboBox {{ min-height: 0; }}
QTableView QHeaderView::section:vertical {{ min-height: {TOUCH}px; }}
QRadioButton, QCheckBox {{ min-height: {TOUCH}px; spacing: 12px; }}
"""

_STYLE = Template("""
QLabel[role="page_title"] { font-size: 16pt; font-weight: 600; }
QLabel[role="section"] { font-size: 12pt; font-weight: 600; }
QLabel[role="strong"], QLabel[role="label"] { font-weight: 600; }
QLabel[role="help"], QLabel[role="muted"] { color: $muted; }
QLabel[role="problem"] { color: $wrong; }
QLabel[tone="neutral"] { color: $neutral; }
QLabel[tone="waiting"] { color: $waiting; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="wrong"] { color: $wrong; }
QFrame[role="line"] { background: $line; border: none; }
QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: 6px; }
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: 4px; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
  background: $surface; border: 1px solid $edge; border-radius: 6px; padding: 4px 8px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QComboBox, QAbstractSpinBox { min-height: 22px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
  border: 2px solid $accent; padding: 3px 7px;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled, QLineEdit:read-only {
  background: $window; border-color: $line; color: $muted;
}
QPlainTextEdit[readOnly="true"] { background: $window; border-color: $line; color: $muted; }
QLineEdit[tone="wrong"], QPlainTextEdit[tone="wrong"], QComboBox[tone="wrong"] { border-color: $wrong; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url($chevron); width: 14px; height: 14px; }
QTableView QLineEdit, QTableView QComboBox { border-radius: 0; padding: 0 6px; min-height: 0; }

QPushButton {
  background: $surface; border: 1px solid $edge; border-radius: 6px; padding: 5px 14px; min-height: 20px;
}
QPushButton:hover { background: $raised; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 13px; }
QPushButton:disabled { color: $muted; border-color: $line; }
QPushButton[role="main"] { background: $accent; border-color: $accent; color: $on_accent; font-weight: 600; }
QPushButton[role="main"]:hover { border-color: $text; }
QPushButton[role="main"]:focus { border: 2px solid $text; }
QPushButton[role="main"]:disabled { background: $raised; border-color: $raised; color: $muted; }
QPushButton[role="quiet"] {
  background: transparent; border-color: transparent; color: $accent; padding: 5px 8px;
}
QPushButton[role="quiet"]:hover { background: $raised; }
QPushButton[role="quiet"]:focus { border: 2px solid $accent; padding: 4px 7px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover { background: $raised; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton[role="chip"] { border: 1px solid $edge; border-radius: 13px; padding: 3px 12px; }
QToolButton[role="chip"][active="true"] { background: $accent_soft; border-color: $accent; }
QToolButton[role="step"] { background: $surface; border: 1px solid $edge; font-weight: 600; }
QToolButton[role="step"][active="true"] { background: $accent; border-color: $accent; color: $on_accent; }
QProgressBar[role="bar"] { background: $line; border: none; border-radius: 3px; }
QProgressBar[role="bar"]::chunk { background: $accent; border-radius: 3px; }
QToolButton::menu-indicator { image: none; }

QTableView, QListView, QTreeView {
  background: $surface; border: 1px solid $line; border-radius: 6px; gridline-color: $line;
  selection-background-color: $accent_soft; selection-color: $text;
}
QTableView::item, QListView::item { padding: 0 8px; }
QTableView::item { border-bottom: 1px solid $line; }
QTableView::item:selected, QListView::item:selected { background: $accent_soft; }
QHeaderView { background: $surface; }
QHeaderView::section {
  background: $surface; color: $muted; border: none; border-bottom: 1px solid $line; padding: 6px 8px;
}
QTableView[role="list"] QHeaderView::section { padding: 6px 11px; }
QTableCornerButton::section { background: $surface; border: none; border-bottom: 1px solid $line; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar { background: transparent; border: none; margin: 2px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: $edge; border-radius: 4px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {
  width: 14px; height: 14px; border: 1px solid $edge; background: $surface;
}
QCheckBox::indicator, QAbstractItemView::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {
  background: $accent; border-color: $accent; image: url($check);
}
QRadioButton::indicator:checked { width: 6px; height: 6px; border: 5px solid $accent; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $raised; border-color: $line; }
QCheckBox::indicator:checked:disabled { background: $muted; border-color: $muted; }
QRadioButton::indicator:checked:disabled { background: $surface; border-color: $muted; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
ItemRow QToolButton[role="chip"] { background: $surface; }
ItemRow QToolButton[role="chip"][active="true"] { background: $accent_soft; }

QTabBar::tab { background: transparent; border: none; border-bottom: 2px solid $line; padding: 6px 12px; }
QTabBar::tab:selected { border-bottom-color: $accent; color: $accent; }
QTabWidget::pane { border: none; }

QMenuBar { background: $window; border-bottom: 1px solid $line; }
QMenuBar::item { padding: 4px 10px; background: transparent; }
QMenuBar::item:selected { background: $raised; }
QStatusBar { background: $window; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QStatusBar QLabel { padding: 0 8px; }
QWidget#navigation { background: $surface; border-right: 1px solid $line; }
QToolButton[role="navigation"] { text-align: left; padding: 8px; border-radius: 6px; }
QToolButton[role="navigation"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QFrame#notice { background: $surface; border: 1px solid $edge; border-radius: 6px; }
QFrame#popup { background: $surface; border: 1px solid $edge; border-radius: 6px; }
QFrame#popup QListView { border: none; background: $surface; }
""")
