"""The tab «Quy định» beside a dossier: ceilings, eligibility, earlier support; and the hint beside an amount."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from kcdesk.services.records import changing
from tests.examples import chosen
from tests.services.samples import approved, beneficiary, proposal
from tests.ui.form_support import type_text


@pytest.fixture
def window(open_window, workspace):
    return open_window(workspace)


@pytest.fixture
def helped(workspace):
    """A supported proposal of 2018 of the beneficiary that the dossiers of these tests have."""
    return approved(workspace, beneficiaries=[beneficiary(workspace, territory="city_ward")])


@pytest.fixture
def page(window, workspace, helped):
    """A national proposal of 2026 that asks for 350 triệu, open, with its rules in front."""
    owner = workspace.store.record(helped).value("beneficiaries")
    line = {"item": "Máy", "cost": 900_000_000, "national": 350_000_000, "counterpart": 550_000_000}
    page = window.open_record(proposal(workspace, programme="national", year=2026, budget=[line], beneficiaries=owner))
    _turn_to(page, "Quy định")
    return page


def _tabs(page):
    side = page.side
    return {side.tabText(number): number for number in range(side.count()) if side.isTabVisible(number)}


def _turn_to(page, tab):
    page.side.setCurrentIndex(_tabs(page)[tab])


def _said(page):
    return [label.text() for label in page.side.rules.widget().findChildren(QLabel)]


def _button(page, name):
    buttons = page.side.rules.widget().findChildren(QPushButton)
    return next(button for button in buttons if button.accessibleName().startswith(name))


def test_the_ceiling_is_told_with_its_article_and_what_goes_beyond_it(page):
    said = _said(page)
    assert any(text.startswith("Tối đa 300.000.000 đồng vì 50% của 900.000.000 đồng") for text in said)
    assert "Khoản 4 Điều 8 TT 28/2018/TT-BTC, có hiệu lực từ ngày 11/5/2018" in said
    assert "Vượt mức tối đa" in said
    assert any("vượt mức tối đa 300.000.000 đồng là 50.000.000 đồng" in text for text in said)


def test_what_nobody_has_checked_says_so(page):
    said = _said(page)
    assert "Chưa đối chiếu" in said
    assert "Theo TT 28/2018/TT-BTC; TT 64/2024/TT-BTC đã ban hành, chưa đối chiếu." in said


def test_eligibility_is_told_line_by_line(page):
    said = _said(page)
    assert {"Địa bàn: không phù hợp", "Đối tượng: phù hợp", "Không trùng hỗ trợ: chưa rõ"} <= set(said)
    assert "Khoản 1 Điều 1 NĐ 235/2025/NĐ-CP" in said


def test_earlier_support_is_told_and_leads_to_its_dossier(page, window, helped):
    said = _said(page)
    assert "2018 · được duyệt 200.000.000 đồng" in said
    assert "Quyết định 01/QĐ-MẪU ngày 15/02/2018" in said
    _button(page, "Mở hồ sơ: Ứng dụng máy móc").click()
    assert window.page.record_id == helped


def test_the_excess_leads_to_its_field(page):
    _button(page, "Đến ô này").click()
    assert page.form.focused_path().startswith("budget")


def test_the_lines_follow_what_is_typed(page, workspace, window):
    line = page.record.rows("budget")[0]["id"]
    values = {f"budget/{line}/national": 300_000_000, f"budget/{line}/counterpart": 600_000_000}
    window.context.announce(changing.set_values(workspace, page.record_id, values))
    assert "Vượt mức tối đa" not in _said(page)


def test_the_hint_stands_beside_the_amount_while_it_is_typed(page):
    editor = page.form.editor("requested_support")
    row = page.record.rows("budget")[0]["id"]
    page.focus_field(f"budget/{row}/national")
    type_text("300000000")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    hint = editor.note_text("hint")
    assert hint.startswith("Tối đa 300.000.000 đồng vì")
    assert "Vượt" not in hint


def test_a_beneficiary_has_its_rules_too_and_an_inspection_none(window, workspace, helped):
    (owner,) = workspace.store.record(helped).value("beneficiaries")
    page = window.open_record(owner)
    _turn_to(page, "Quy định")
    assert "2018 · được duyệt 200.000.000 đồng" in _said(page)
    inspection = changing.add(workspace, "inspection", {"proposal": helped}).items[0].id
    assert "Quy định" not in _tabs(window.open_record(inspection))


def test_nothing_is_asked_before_the_tab_is_in_front(window, helped):
    page = window.open_record(helped)
    assert page.side.rules.widget() is None


def test_every_tab_is_seen_at_once(page):
    bar = page.side.tabBar()
    assert max(bar.tabRect(number).right() for number in range(bar.count())) <= page.side.width()


# -- every line names its text and its day, or says that nobody has checked it -----------------------------------------

_OWN_TEXT = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")  # NĐ 45/2012/NĐ-CP, NQ năm 2025
_ITS_DAY = re.compile(r"có hiệu lực từ ngày \d\d/\d{1,2}/\d{4}")
_ACTIVITIES = (
    "machinery",
    "demonstration_model",
    "brand",
    "association",
    "fair_participation",
    "digital_transformation",
)
_DAYS = ("2014-05-01", "2018-05-10", "2018-05-11", "2019-06-01", "2025-10-15", None)


def _lines(page):
    """The lines as they stand in the panel: (heading of the group, all words of the line)."""
    column = page.side.rules.widget().layout()
    widgets = [column.itemAt(number).widget() for number in range(column.count()) if column.itemAt(number).widget()]
    group = ""
    for widget in widgets:
        labels = [label.text() for label in widget.findChildren(QLabel)]
        if isinstance(widget, QLabel):
            group = widget.text()
        elif labels:
            yield group, " ".join(labels)


def _is_sound(group, said):
    if said.lower().find("chưa đối chiếu") >= 0:
        return True
    return bool(_ITS_DAY.search(said) if group == "Mức hỗ trợ tối đa" else _OWN_TEXT.search(said))


@pytest.mark.parametrize("programme", chosen(("local",), ["national", "local"]))
def test_every_line_of_a_rule_that_is_shown_names_its_text_or_says_unchecked(window, workspace, programme):
    budget = [{"item": "Máy", "cost": 900_000_000, programme: 700_000_000, "counterpart": 200_000_000}]
    id_ = proposal(workspace, programme=programme, year=2026, budget=budget, ceiling_override_reason=None)
    page = window.open_record(id_)
    _turn_to(page, "Quy định")
    seen = 0
    for activity in _ACTIVITIES:
        for day in _DAYS:
            with workspace.store.act("Ngày khác") as act:
                act.update(id_, {"activity": activity, "decision_date": day})
            window.context.announce(act.changes)
            told = [line for line in _lines(page) if line[0].startswith(("Mức hỗ trợ tối đa", "Điều kiện ngày"))]
            assert not [line for line in told if not _is_sound(*line)], (activity, day)
            assert any(group == "Mức hỗ trợ tối đa" for group, _said in told)
            seen += len(told)
    assert seen > 200


def test_several_activities_and_a_missing_norm_name_theirs_too(window, workspace):
    mixed = {"scheme": "flagship", "other_activities": ["brand", "association", "digital_transformation"]}
    budget = [{"item": "Máy", "activity": "machinery", "cost": 900_000_000, "national": 700_000_000}]
    page = window.open_record(proposal(workspace, programme="national", year=2019, budget=budget, **mixed))
    _turn_to(page, "Quy định")
    told = [line for line in _lines(page) if line[0] == "Mức hỗ trợ tối đa"]
    assert len(told) > 6
    wrong = [line for line in told if not _is_sound(*line)]
    assert all("chưa có dòng dự toán" in said and _OWN_TEXT.search(said) for _group, said in wrong)
