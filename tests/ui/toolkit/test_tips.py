"""A tip shows the letters that stand in a record: a name from a package is no page that loads pictures."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QListWidgetItem, QToolTip

from kcdesk.ui.shell.small_dialogs import AskedField, FieldsQuestion
from kcdesk.ui.toolkit.fitting.cut_label import CutLabel

# Windows signs in at the server of such a picture with the officer's name and a hash of the password.
NAMES = [
    '<img src="file://203.0.113.9/share/x.png">Xưởng mộc',
    "<b>Xưởng</b> mộc",
    "<a href='file:///x'>Xưởng</a>",
    "a &lt; b",
]


@pytest.fixture(params=["label", "list"])
def hovered(request, qtbot, theme):
    """Hovers over a name: in a cut label, in a list; returns the label of the tip."""
    assert theme.colours, "the program's own style"
    shown = []

    def over(name):
        if request.param == "label":
            widget = target = CutLabel()
            widget.show_text(name)
        else:
            widget = QListWidget()
            item = QListWidgetItem("Xưởng mộc")
            item.setToolTip(name)
            widget.addItem(item)
            target = widget.viewport()
        shown.append(widget)
        qtbot.addWidget(widget)
        widget.show()
        place = QPoint(4, 4)
        QApplication.sendEvent(target, QHelpEvent(QEvent.Type.ToolTip, place, target.mapToGlobal(place)))
        (tip,) = (each for each in QApplication.topLevelWidgets() if each.inherits("QTipLabel") and each.isVisible())
        return tip

    yield over
    QToolTip.hideText()


@pytest.mark.parametrize("name", NAMES)
def test_a_tip_is_no_page(hovered, name):
    tip = hovered(name)
    assert tip.text() == name
    assert tip.textFormat() == Qt.TextFormat.PlainText


def test_what_a_question_asks_for_is_no_page(qtbot):
    question = FieldsQuestion("Phiếu", [AskedField("judge", NAMES[0])], "Ghi", "Giữ")
    qtbot.addWidget(question)
    (label,) = (each for each in question.findChildren(QLabel) if each.text() == NAMES[0])
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.buddy().accessibleName() == NAMES[0]
