"""The look of the program: colours of the themes, fonts, spacing, and the style sheet in resources/style.

A widget sets what it is, not how it looks: `label.setProperty("role", "help")`, or the helpers below.
Roles of labels: page_title, section, label, help, muted, problem, strong; of buttons: main, quiet, chip; of
frames: card, line. A label's `tone` is one of the four meanings: neutral, waiting, good, wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QPlainTextEdit, QWidget

from kcdesk import paths
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.ui.toolkit import sizes

FIELD_GAP = 8  # pixels between fields; groups and sections are further apart
GROUP_GAP = 16
SECTION_GAP = 24
PAGE_MARGIN = 24
ROW_HEIGHT = 32
ICON_SIZE = 20
TOUCH = 44  # smallest height in pixels of buttons in field mode, pressed by finger
FORM_WIDTH = 720  # widest column of fields, in pixels, that is still easy to read


class Colours(Value):
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


# For weak eyes and projectors: nothing is grey, every edge is drawn, text has a contrast of at least 7.
LIGHT_CONTRAST = Colours(
    window="#ffffff",
    surface="#ffffff",
    raised="#dcdcdc",
    text="#000000",
    muted="#262626",
    line="#000000",
    edge="#000000",
    accent="#00257a",
    on_accent="#ffffff",
    accent_soft="#ffe680",
    neutral="#1a1a1a",
    waiting="#5c3700",
    good="#004d1f",
    wrong="#8a0000",
)
DARK_CONTRAST = Colours(
    window="#000000",
    surface="#000000",
    raised="#333333",
    text="#ffffff",
    muted="#e0e0e0",
    line="#ffffff",
    edge="#ffffff",
    accent="#ffe14d",
    on_accent="#000000",
    accent_soft="#00468c",
    neutral="#f0f0f0",
    waiting="#ffd27a",
    good="#9ff5b8",
    wrong="#ffb3ad",
)
# Widgets for which a system may have fonts of their own.
_OWN_FONTS = (
    *("QMenu", "QMenuBar", "QStatusBar", "QTipLabel", "QAbstractItemView", "QListView", "QHeaderView"),
    *("QToolButton", "QMessageBox", "QPushButton", "QLabel", "QComboBox", "QComboMenuItem", "QDockWidgetTitle"),
)
_SYSTEM_FAMILY, _OWN_FAMILY = "Segoe UI", "Noto Sans"
CONTRASTS: Mapping[str, Colours] = {"contrast_light": LIGHT_CONTRAST, "contrast_dark": DARK_CONTRAST}


class Theme(QObject):
    """The look of the application; `changed` is emitted after colours or letters have changed."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: str = "system", letters: str = sizes.NORMAL) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self.colours = LIGHT
        application.setStyle("Fusion")
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow_system)
        sizes.set_letters(letters)
        self._apply()

    def choose(self, choice: str) -> None:
        """Switch to "system", "light", "dark", "contrast_light" or "contrast_dark" at once."""
        self._choice = choice
        self._apply()
        self.changed.emit()

    def choose_letters(self, letters: str) -> None:
        """Switch to another size of letters at once: every window that is open follows."""
        sizes.set_letters(letters)
        self._apply()
        sizes.follow(self._application.allWidgets())
        self.changed.emit()

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self.colours in (DARK, DARK_CONTRAST)

    def _follow_system(self) -> None:
        if self._choice == "system":
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        self.colours = CONTRASTS.get(self._choice) or self._ordinary()
        sheet = _style_sheet(self.colours)
        self._application.setPalette(_palette(self.colours))
        if self._application.font() != (font := _body_font()):
            self._application.setFont(font)
        if sheet != self._application.styleSheet():  # setting the same sheet would style every widget again
            self._application.setStyleSheet(sheet)
        # The first sheet brings back the system's fonts of menus, lists, status bar and tool tips, which are smaller.
        fonts = (QApplication.font(kind) for kind in _OWN_FONTS)  # type: ignore[call-overload]  # the stub asks for bytes
        if any(own != font for own in fonts):
            self._application.setFont(font)

    def _ordinary(self) -> Colours:
        """Return the light or the dark colours, those of high contrast if the system asks for them."""
        hints = self._application.styleHints()
        follows = self._choice == "system"
        is_dark = self._choice == "dark" or (follows and hints.colorScheme() == Qt.ColorScheme.Dark)
        if follows and hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
            return DARK_CONTRAST if is_dark else LIGHT_CONTRAST
        return DARK if is_dark else LIGHT


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


@cache
def _family() -> str:
    """The family of letters: that of Windows where it is installed, else the one shipped with the program."""
    if QFontDatabase.hasFamily(_SYSTEM_FAMILY):
        return _SYSTEM_FAMILY
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(paths.resources() / "fonts" / name))
    return _OWN_FAMILY


def _body_font() -> QFont:
    """Return the letters of the window in the size that the officer has chosen."""
    return QFont(_family(), sizes.points())


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
    check = drawings / ("check-dark.svg" if colours in (DARK, DARK_CONTRAST) else "check-light.svg")
    chevron = drawings / "chevron-down.svg"
    filled = _sheet().substitute(asdict(colours), chevron=chevron.as_posix(), check=check.as_posix())
    return sizes.scaled_sheet(filled)


@cache
def _sheet() -> Template:
    return Template((paths.resources() / "style" / "window.qss").read_text(encoding="utf-8"))


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
