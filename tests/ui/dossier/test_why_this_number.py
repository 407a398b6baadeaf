"""«Vì sao có số này?» in the window: by F7, by the menu of a field or cell, beside the rules; its annex on paper."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTreeWidget

from kcdesk.documents import preview
from kcdesk.services.derivations import annex, wording
from kcdesk.services.records import changing
from kcdesk.ui.dossier.dossier_page import DossierPage
from tests.services import lives
from tests.ui.form_support import press


@pytest.fixture
def lived(context):
    """The page of an accepted proposal's minutes, and the ids of the proposal and the minutes."""
    workspace = context.workspace
    proposal = lives.write(workspace, "machinery")
    lives.approve(workspace, proposal)
    lives.sign(workspace, proposal)
    lives.pay(workspace, proposal, "advance", amount=lives.ADVANCE)
    lives.accept(workspace, proposal)
    return proposal, workspace.store.children(proposal, "acceptance")[0].id


def _rows(dialog):
    tree = dialog.findChild(QTreeWidget, "why.tree")
    root = tree.topLevelItem(0)
    return tree, root


def test_a_field_a_cell_and_a_figure_are_explained(context, qtbot, tmp_path, lived):
    proposal, minutes = lived
    page = DossierPage(context, minutes)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()

    assert page.commands()["why"].label == "Vì sao có số này?"
    dialog = page.numbers.dialog("recomputed_support")
    qtbot.addWidget(dialog)
    tree, root = _rows(dialog)
    assert (root.text(0), root.text(1)) == ("Kinh phí hỗ trợ tính lại", "4.000.000 đồng")
    assert root.text(2).startswith("số nhỏ nhất trong: 100.000.000; 4.000.000")
    details = dialog.findChild(QLabel, "why.details")
    assert "Giấy tờ: Biên bản nghiệm thu cơ sở" in details.text()
    approved = next(root.child(row) for row in range(root.childCount()) if "phê duyệt" in root.child(row).text(0))
    tree.setCurrentItem(approved.child(0).child(0) if approved.child(0).childCount() else approved.child(0))
    assert "01/QĐ-MẪU" in details.text()
    with qtbot.waitSignal(page.open_requested) as opened:
        qtbot.mouseClick(dialog.findChild(QPushButton, "why.open"), Qt.MouseButton.LeftButton)
    assert opened.args == [proposal]

    row = page.record.rows("budget")[0]["id"]
    cell = page.numbers.dialog(f"budget/{row}/support_limit")
    qtbot.addWidget(cell)
    assert _rows(cell)[1].childCount() == 2
    figure = page.numbers.dialog("balance.held", proposal)
    qtbot.addWidget(figure)
    assert _rows(figure)[1].text(2) == "1.000.000 − 0"
    assert page.numbers.dialog("site") is None, "a text is no number; a message says so"

    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    made = annex.print_annex(context.workspace, minutes, "recomputed_support", first)
    assert made["pages"] >= 1
    text = " ".join(preview.page_text(first, 0).split())
    assert "PHỤ LỤC GIẢI TRÌNH SỐ LIỆU" in text
    assert "Kinh phí hỗ trợ tính lại: 4.000.000 đồng" in text
    annex.print_annex(context.workspace, minutes, "recomputed_support", second)
    assert first.read_bytes() == second.read_bytes(), "the annex of closed minutes is kept"
    kept = [paper for paper in context.workspace.store.papers.of(minutes) if paper.layout == annex.LAYOUT]
    assert [paper.variant for paper in kept] == ["recomputed_support"]


def test_a_fault_is_told_in_the_dialog(context, qtbot, lived):
    proposal, _minutes = lived
    record = context.workspace.store.record(proposal)
    with context.workspace.store.act("Ghi sai") as act:
        broken = act.insert("proposal", record.form.reference, record.data | {"total_cost": 1})
    page = DossierPage(context, broken)
    qtbot.addWidget(page)
    dialog = page.numbers.dialog("total_cost")
    qtbot.addWidget(dialog)
    assert dialog.warning.text() == (
        "Số này không khớp với các phần của nó: đang ghi 1 đồng, các phần cho 100.000.000 đồng."
    )
    assert not dialog.warning.isHidden()
    total = page.numbers.dialog("approved_support")
    qtbot.addWidget(total)
    assert total.warning.text() == wording.FAULT


def test_f7_asks_about_the_cell_of_an_enlarged_table(open_window, workspace):
    """An enlarged table stands outside the form; it was taken for the field that had the keyboard before."""
    budget = [{"item": "Máy", "cost": 100_000_000}]
    values = {"title": "Đề án mẫu", "activity": "machinery", "budget": budget}
    page = open_window(workspace).open_record(changing.add(workspace, "proposal", values).items[0].id)
    page.form.focus_path("title")
    press(page.window(), "Tab")
    assert page.form.last_path() != "title"
    table = page.form.editor("budget")
    page.table_room.enlarge(table)
    cost = next(place for place, column in enumerate(table.model.columns) if column.name == "cost")
    table.view.setCurrentIndex(table.model.index(0, cost))
    assert page.form.last_path() == f"budget/{page.record.rows('budget')[0]['id']}/cost"
    page.table_room.shrink()
    page.form.focus_path("title")
    assert page.form.last_path() == "title"
