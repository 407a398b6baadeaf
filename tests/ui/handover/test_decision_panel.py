"""The panel of a decision: what an amount exceeds is read whole, however many lines it takes."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QRadioButton

from kcdesk.ui.handover.decision_panel import DecisionPanel

_LONG = (
    "Duyệt 900.000.000, đề nghị 200.000.000: hơn 700.000.000. "
    "Duyệt 900.000.000, tổng kinh phí 600.000.000: hơn 300.000.000."
)
_SHORT = "Duyệt 210.000.000, đề nghị 200.000.000: hơn 10.000.000."


@pytest.mark.parametrize("width", range(300, 500, 20))
def test_a_shorter_text_after_a_longer_one_is_whole_and_covers_no_field(qtbot, width):
    panel = DecisionPanel()
    qtbot.addWidget(panel)
    panel.resize(width, 530)
    panel.show()
    panel.findChild(QRadioButton, "decision.approved").setChecked(True)
    panel.show_amount("", "")
    above, total = panel.findChild(QLabel, "decision.above"), panel.findChild(QLineEdit, "decision.total")
    QApplication.processEvents()
    for text in (_LONG, _SHORT):
        panel.show_amount("210.000.000", text)
        for _ in range(5):
            QApplication.processEvents()
        assert not text or above.height() >= above.heightForWidth(above.width())
        assert total.parentWidget().rect().contains(total.geometry())
        assert total.height() >= total.sizeHint().height()
