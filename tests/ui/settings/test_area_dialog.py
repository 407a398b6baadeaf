"""«Danh mục địa bàn ưu tiên» in the window: communes from Excel and typed ones, taken out again one by one."""

import pytest
from openpyxl import Workbook
from PySide6.QtWidgets import QPushButton

from kcdesk.ui.settings.area_dialog import AreaDialog

COMMUNE = 2  # column


@pytest.fixture
def dialog(open_window, province):
    window = open_window(province)
    dialog = AreaDialog(window.context, lambda _files, _note: True, window)
    dialog.lines["first"].setText("23/6/2026")
    return dialog


@pytest.fixture
def names(province):
    """The addresses of three communes of the province."""
    communes = map(province.places.commune, province.places.communes)
    return [place.address for place in communes if place.province_code == province.identity.unit.province][:3]


def _press(dialog, name):
    dialog.findChild(QPushButton, name).click()


def _shown(dialog):
    return [line.cells[COMMUNE] for line in dialog.table.lines_model.lines]


def test_a_typed_commune_is_taken_out_without_those_of_the_workbook(dialog, names, messages, tmp_path):
    book = Workbook()
    for row in (("Danh mục (mẫu)",), ("Xã", "Địa bàn"), (names[0], "difficult"), (names[1], "difficult")):
        book.active.append(row)
    book.save(tmp_path / "danh-muc.xlsx")
    messages.files.append(tmp_path / "danh-muc.xlsx")
    _press(dialog, "areas.file")
    _press(dialog, "areas.add")
    assert "chưa ghi xã, phường" in dialog.problem.text()
    assert dialog.focusWidget() is dialog.commune
    dialog.commune.setText(names[2])
    _press(dialog, "areas.add")
    assert (_shown(dialog), dialog.problem.text()) == (names, "")
    for place, left in ((2, names[:2]), (0, names[1:2])):
        dialog.table.go_to(dialog.table.lines_model.lines[place].key)
        _press(dialog, "areas.remove")
        assert _shown(dialog) == left


def test_a_commune_and_a_workbook_wait_for_the_first_day(dialog, names, messages, tmp_path):
    dialog.lines["first"].setText("")
    dialog.commune.setText(names[0])
    _press(dialog, "areas.add")
    assert "Áp dụng từ ngày" in dialog.problem.text()
    assert dialog.focusWidget() is dialog.lines["first"], "where it is to be put right"
    assert _shown(dialog) == []
    dialog.problem.clear()
    messages.files.append(tmp_path / "danh-muc.xlsx")
    _press(dialog, "areas.file")
    assert "Áp dụng từ ngày" in dialog.problem.text()
    assert messages.files.pop().name == "danh-muc.xlsx", "no file is asked for that cannot be read yet"


def test_a_row_can_be_taken_out_only_where_there_is_one(dialog, names):
    remove, refused = (dialog.findChild(QPushButton, f"areas.{name}") for name in ("remove", "remove_refused"))
    assert not dialog.table.key()
    assert (remove.isEnabled(), refused.isEnabled()) == (False, False), "nothing to take out"
    dialog.commune.setText(names[0])
    _press(dialog, "areas.add")
    dialog.table.go_to(dialog.table.lines_model.lines[0].key)
    assert (remove.isEnabled(), refused.isEnabled()) == (True, False)
    remove.click()
    assert (_shown(dialog), remove.isEnabled()) == ([], False)
