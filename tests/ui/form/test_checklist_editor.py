"""The checklist of an acceptance: one key an item, nothing answered that nobody answered."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kcdesk.formdef.new_record import new_record
from kcdesk.runtime.frozen import replace
from tests.ui.form_support import sentences, type_text

DAY = date(2026, 3, 5)
Key = Qt.Key


@pytest.fixture
def form_view(shared_form_view):
    return shared_form_view


@pytest.fixture(autouse=True)
def acceptance(form_view, form_definitions, new_id):
    record = new_record(form_definitions, "acceptance", new_id, DAY)
    for row in form_definitions.checklist_items({"activity": "machinery"}, DAY):
        record.add_row("checklist", row)
    form_view.set_record(record, form_definitions.workflow("acceptance"), "lower")
    form_view.editor("checklist").show_group("")
    form_view.focus_path("checklist")
    return record


@pytest.fixture
def checklist(form_view):
    return form_view.editor("checklist")


def results(record):
    return [row.get("result") for row in record.rows("checklist")]


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def row_with_keyboard(checklist):
    return next(place for place, row in enumerate(checklist.rows) if row.isAncestorOf(QApplication.focusWidget()))


def test_it_begins_empty(acceptance, checklist):
    assert set(results(acceptance)) == {None}
    assert checklist.progress.text() == f"0/{len(checklist.rows)}"
    assert all(row.finding is None for row in checklist.rows)


def test_digits_answer_and_go_to_the_next_open_item(qtbot, form_view, acceptance, checklist):
    with qtbot.waitSignal(form_view.edited, timeout=100) as kept:
        press(qtbot, Key.Key_1)
    assert list(kept.args[0].values()) == ["pass"]
    press(qtbot, Key.Key_3)
    press(qtbot, Key.Key_2)
    assert results(acceptance)[:4] == ["pass", "not_applicable", "fail", None]
    assert checklist.rows[2].finding.hasFocus()
    press(qtbot, Key.Key_Return)
    assert row_with_keyboard(checklist) == 3
    assert checklist.progress.text().startswith("3/")


def test_letters_answer_too(qtbot, acceptance):
    for letter in "đaK":
        type_text(letter)
        qtbot.wait(60)
    assert results(acceptance)[:4] == ["pass", "not_applicable", "fail", None]


def test_the_burst_of_a_typing_program_is_one_answer(acceptance):
    type_text("dd")
    assert results(acceptance)[:2] == ["pass", None]


def test_going_on_finds_what_was_left_above(qtbot, checklist):
    last = len(checklist.rows) - 1
    checklist.rows[last].answers.focus_button().setFocus()
    press(qtbot, Key.Key_1)
    assert row_with_keyboard(checklist) == 0


def test_arrows_only_move(qtbot, acceptance, checklist):
    press(qtbot, Key.Key_Down)
    assert row_with_keyboard(checklist) == 1
    press(qtbot, Key.Key_Right)
    press(qtbot, Key.Key_Right)
    assert set(results(acceptance)) == {None}
    press(qtbot, Key.Key_Space)
    assert results(acceptance)[1] == "not_applicable"
    press(qtbot, Key.Key_Up)
    assert row_with_keyboard(checklist) == 0


@pytest.mark.parametrize("key", [Key.Key_0, Key.Key_Delete])
def test_an_answer_is_taken_back(qtbot, acceptance, checklist, key):
    press(qtbot, Key.Key_1)
    press(qtbot, Key.Key_Up)
    press(qtbot, key)
    assert results(acceptance)[0] is None
    assert row_with_keyboard(checklist) == 0
    assert checklist.progress.text().startswith("0/")


def test_a_failed_item_asks_what_was_found(qtbot, form_view, acceptance, checklist):
    press(qtbot, Key.Key_2)
    row = checklist.rows[0]
    assert row.finding.isVisible()
    assert row.finding.hasFocus()
    with qtbot.waitSignal(form_view.edited, timeout=900):
        type_text("Thiếu chữ ký")
    type_text(" của bên bán")
    press(qtbot, Key.Key_Return)
    assert acceptance.rows("checklist")[0]["finding"] == "Thiếu chữ ký của bên bán"
    assert row_with_keyboard(checklist) == 1


def test_a_click_on_fail_goes_to_the_finding(qtbot, acceptance, checklist):
    row = checklist.rows[2]
    qtbot.mouseClick(row.answers.buttons[1], Qt.MouseButton.LeftButton)
    assert results(acceptance)[2] == "fail"
    assert row.finding.hasFocus()
    qtbot.mouseClick(checklist.rows[3].answers.buttons[0], Qt.MouseButton.LeftButton)
    assert results(acceptance)[3] == "pass"


def test_a_finding_stays_when_the_answer_changes(qtbot, acceptance, checklist):
    path = f"checklist/{checklist.rows[0].id}"
    acceptance.set(f"{path}/result", "fail")
    acceptance.set(f"{path}/finding", "Máy cũ")
    checklist.refresh()
    checklist.focus_row(checklist.rows[0].id, "result")
    press(qtbot, Key.Key_1)
    assert checklist.rows[0].finding.isVisible()
    assert acceptance.rows("checklist")[0]["finding"] == "Máy cũ"


def test_an_answered_item_says_so_in_more_than_colour(qtbot, checklist):
    press(qtbot, Key.Key_1)
    button = checklist.rows[0].answers.buttons[0]
    assert button.isChecked()
    assert not button.icon().isNull()
    assert button.accessibleName().startswith("Đạt: ")


def test_problems_stand_at_their_items(form_view, acceptance, checklist):
    form_view.show_problems(acceptance.problems(final=True))
    assert "Kết quả: chưa nhập." in sentences(checklist.rows[0])
    form_view.focus_path(f"checklist/{checklist.rows[4].id}/result")
    assert row_with_keyboard(checklist) == 4


def test_a_closed_checklist_cannot_be_answered(qtbot, form_view, form_definitions, acceptance):
    final = next(s.name for s in form_definitions.workflow("acceptance").states if not s.editable)
    acceptance.set("state", final)
    form_view.set_record(acceptance, form_definitions.workflow("acceptance"), "lower")
    checklist = form_view.editor("checklist")
    qtbot.mouseClick(checklist.rows[0].answers.buttons[0], Qt.MouseButton.LeftButton)
    assert results(acceptance)[0] is None


def test_without_items_it_says_where_they_come_from(form_view, form_definitions):
    record = new_record(form_definitions, "acceptance", "a2", DAY)
    form_view.set_record(record, form_definitions.workflow("acceptance"), "lower")
    assert any("chọn đề án" in said for said in sentences(form_view.editor("checklist")))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"proposal": "p1"}, "Nội dung của đề án này không có danh mục"),
        ({"proposal": "p1", "previous": "p1"}, "Lần trước không còn mục kiểm tra nào"),
    ],
)
def test_an_empty_checklist_of_a_known_proposal_says_why(form_view, form_definitions, values, said):
    record = new_record(form_definitions, "acceptance", "a3", DAY)
    record.apply(values)
    form_view.set_record(record, form_definitions.workflow("acceptance"), "lower")
    spoken = " ".join(sentences(form_view.editor("checklist")))
    assert said in spoken
    assert "chọn đề án" not in spoken


def test_a_letter_says_whether_a_paper_is_the_original(qtbot, acceptance, checklist):
    assert acceptance.rows("checklist")[0]["group"] == "paper"
    press(qtbot, Key.Key_S)
    assert acceptance.rows("checklist")[0]["paper_form"] == "valid_copy"
    assert row_with_keyboard(checklist) == 0  # the answer is still to be given
    assert "Bản sao hợp lệ" in sentences(checklist.rows[0])


def test_a_fact_has_no_original(qtbot, acceptance, checklist):
    place = next(n for n, row in enumerate(acceptance.rows("checklist")) if row["group"] == "fact")
    checklist.focus_row(acceptance.rows("checklist")[place]["id"], "")
    press(qtbot, Key.Key_C)
    assert "paper_form" not in acceptance.rows("checklist")[place]


def test_every_item_takes_a_note(qtbot, form_view, acceptance, checklist):
    press(qtbot, Key.Key_G)
    type_text("Chờ bản gốc")
    assert QApplication.focusWidget() is checklist.rows[0].lines["note"]
    form_view.flush()
    assert acceptance.rows("checklist")[0]["note"] == "Chờ bản gốc"


def test_the_menu_of_an_item_offers_what_the_letters_do(checklist):
    menu = checklist.rows[0].more.menu()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == [
        "Bản chính\tC",
        "Bản sao hợp lệ\tS",
        "Thiếu\tT",
        "Ghi chú\tG",
        "Thêm ảnh…\tH",
    ]


def test_one_group_at_a_time_counts_its_own_items(qtbot, form_view, acceptance, checklist):
    papers = [row for row in acceptance.rows("checklist") if row["group"] == "paper"]
    checklist.show_group("paper")
    assert checklist.progress.text() == f"0/{len(papers)}"
    with qtbot.waitSignal(form_view.seeking) as sought:
        for _ in papers:
            press(qtbot, Key.Key_1)
    assert acceptance.value(f"{sought.args[0]}/group") == "fact"


def test_an_item_of_a_form_without_findings_is_only_answered(form_view, form_definitions):
    form = form_definitions.current("acceptance", DAY)
    record = new_record(form_definitions, "acceptance", "a2", DAY)
    record.form = replace(form, sections=tuple(map(without_findings, form.sections)))
    for row in form_definitions.checklist_items({"activity": "machinery"}, DAY):
        record.add_row("checklist", row)
    form_view.set_record(record, form_definitions.workflow("acceptance"), "lower")
    first = form_view.editor("checklist").rows[0]

    first.answers.buttons[1].click()

    assert results(record)[0] == "fail"
    assert first.finding is None


def without_findings(section):
    """The section with checklists whose items are only answered."""
    fields = tuple(
        replace(field, columns=tuple(column for column in field.columns if column.name != "finding"))
        if field.type == "checklist"
        else field
        for field in section.fields
    )
    return replace(section, fields=fields)


def marked(checklist):
    """The numbers of the items that are marked as the one that the keys answer."""
    return [row.number for row in checklist.rows if row.is_current]


def test_exactly_one_item_is_current_and_is_named(qtbot, acceptance, checklist):
    assert marked(checklist) == [1]
    press(qtbot, Key.Key_1)
    assert marked(checklist) == [2]
    row = checklist.rows[6]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)  # beside its buttons
    assert marked(checklist) == [7]
    assert "Đang trả lời câu 7" in sentences(checklist)
    press(qtbot, Key.Key_3)
    assert results(acceptance)[6] == "not_applicable"


def test_a_key_beside_the_answers_still_answers_the_current_item(qtbot, acceptance, checklist):
    row = checklist.rows[4]
    row.reach()
    row.more.setFocus()
    press(qtbot, Key.Key_1)
    assert results(acceptance)[4] == "pass"


def colour(widget, x):
    return widget.grab().toImage().pixelColor(x, widget.height() // 2)


def test_the_current_item_is_tinted_and_has_a_bar(theme, checklist):
    row, other = checklist.rows[:2]
    assert colour(row, 1).name() == theme.colours.accent
    assert colour(row, 12).name() == theme.colours.accent_soft
    assert colour(other, 1) == colour(other, 12)


def test_the_finding_of_a_failed_item_becomes_what_must_be_put_right(qtbot, form_view, acceptance, checklist):
    acceptance.set("beneficiary", "b1")
    press(qtbot, Key.Key_2)
    row = checklist.rows[0]
    assert row.remedy_box.isChecked()
    type_text("Máy chấn tôn chưa chạy thử có tải.")
    press(qtbot, Key.Key_Return)
    [remedy] = acceptance.rows("remedies")
    assert remedy["remedy"] == "Máy chấn tôn chưa chạy thử có tải."
    assert remedy["responsible"] == "Công ty TNHH Mẫu Một"
    row.finding.setFocus()
    type_text(" Hẹn lại.")
    form_view.flush()
    assert acceptance.rows("remedies")[0]["remedy"] == acceptance.rows("checklist")[0]["finding"]


def test_the_tick_takes_a_remedy_out_and_brings_it_back(qtbot, acceptance, checklist):
    press(qtbot, Key.Key_2)
    type_text("Thiếu hóa đơn")
    press(qtbot, Key.Key_Tab)
    assert QApplication.focusWidget() is checklist.rows[0].remedy_box
    press(qtbot, Key.Key_Space)
    assert acceptance.rows("remedies") == []
    press(qtbot, Key.Key_Space)
    assert [row["remedy"] for row in acceptance.rows("remedies")] == ["Thiếu hóa đơn"]
    checklist.rows[0].reach()
    press(qtbot, Key.Key_1)
    assert acceptance.rows("remedies") == []


def test_words_of_the_officer_in_a_remedy_stay(qtbot, form_view, acceptance, checklist):
    press(qtbot, Key.Key_2)
    type_text("Thiếu hóa đơn")
    press(qtbot, Key.Key_Return)
    acceptance.set(f"remedies/{acceptance.rows('remedies')[0]['id']}/remedy", "Gửi hóa đơn về trung tâm")
    checklist.rows[0].finding.setFocus()
    type_text(" đỏ")
    form_view.flush()
    checklist.rows[0].reach()
    press(qtbot, Key.Key_1)
    assert [row["remedy"] for row in acceptance.rows("remedies")] == ["Gửi hóa đơn về trung tâm"]


def test_without_the_tick_nothing_is_demanded(qtbot, form_view, acceptance, checklist):
    press(qtbot, Key.Key_2)
    checklist.rows[0].remedy_box.click()
    checklist.rows[0].finding.setFocus()
    type_text("Thiếu hóa đơn")
    form_view.flush()
    assert acceptance.rows("remedies") == []


def test_a_failed_item_that_needs_a_photo_has_a_button_until_there_is_one(qtbot, form_view, checklist):
    row, host = checklist.rows[0], checklist.around.host
    host.wanting.append(f"checklist/{row.id}")
    press(qtbot, Key.Key_2)
    assert row.photo_button.isVisibleTo(form_view)
    assert "Không đạt thì cần ảnh chụp tại chỗ." in sentences(checklist)
    host.wanting.clear()
    checklist.refresh()
    assert not row.photo_button.isVisibleTo(form_view)
