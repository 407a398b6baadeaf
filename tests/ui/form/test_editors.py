"""Every kind of editor, by keyboard and mouse: type, refuse, take back, show again."""

from datetime import date

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton

from kcdesk.errors import Problem
from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.types.registry import TYPES
from kcdesk.text import format_integer
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.editors.calendar import CalendarPopup
from kcdesk.ui.form.editors.registry import EDITORS
from kcdesk.ui.form.editors.search_input import SearchInput
from kcdesk.ui.form.editors.sources import ChoiceSource
from kcdesk.ui.form.field_problems import show_at
from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.toolkit.amount_words import AmountWords
from tests.ui.form_support import MemoryHost, rest, sample_forms, type_text

pytestmark = pytest.mark.usefixtures("theme")

FORMS = sample_forms()
NFD = "Co\u031b\u0309 so\u031b\u0309 A\u0323"  # "Cở sở Ạ" in pieces
FILE = {"id": "f1", "name": "quyet-dinh.pdf", "sha256": "a" * 64, "size": 2_345_678, "mime": "application/pdf"}


@pytest.fixture
def host():
    host = MemoryHost(FORMS)
    host.records = {"s1": ("sample", "Cơ sở Một"), "s2": ("sample", "Hợp tác xã Đồng Hai")}
    return host


@pytest.fixture
def view(qtbot, host):
    view = FormView(host)
    qtbot.addWidget(view)
    view.resize(1000, 700)
    record = new_record(FORMS, "sample", "r1", date(2026, 3, 5))
    view.set_record(record, FORMS.workflow("sample"), "lower")
    with qtbot.waitActive(view):
        view.show()
        view.activateWindow()
    return view


def keyboard():
    return QApplication.focusWidget()


def type_into(qtbot, view, name, text):
    view.focus_path(name)
    keyboard().selectAll()
    type_text(text)
    qtbot.keyClick(keyboard(), Qt.Key.Key_Tab if name == "a_paragraph" else Qt.Key.Key_Return)


def empty(qtbot, view, name):
    view.focus_path(name)
    keyboard().selectAll()
    qtbot.keyClick(keyboard(), Qt.Key.Key_Delete)
    qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)


TYPED = [
    ("a_text", "Công ty  TNHH", "Công ty TNHH", "Công ty TNHH"),
    ("a_text", NFD, "Cở sở Ạ", "Cở sở Ạ"),
    ("a_text", "một\x07hai 🚜 <b>&", "mộthai 🚜 <b>&", "mộthai 🚜 <b>&"),
    ("a_unit", "Sở Công Thương", "Sở Công Thương", "Sở Công Thương"),
    ("a_paragraph", "Dòng một", "Dòng một", "Dòng một"),
    ("a_integer", "1234567", 1234567, "1.234.567"),
    ("a_decimal", "46,70", "46.7", "46,7"),
    ("a_money", "1,25 tỷ", 1_250_000_000, "1.250.000.000"),
    ("a_money", "300tr", 300_000_000, "300.000.000"),
    ("a_percent", "46,7%", "46.7", "46,7"),
    ("a_year", "2026", 2026, "2026"),
    ("a_date", "5/3/26", "2026-03-05", "05/3/2026"),
    ("a_date", "20260305", "2026-03-05", "05/3/2026"),
    ("a_time", "8h30", "08:30", "08:30"),
    ("a_phone", "0912345678", "0912345678", "0912 345 678"),
    ("a_email", "mau@donvi.vn", "mau@donvi.vn", "mau@donvi.vn"),
    ("a_tax_code", "0100109106", "0100109106", "0100109106"),
    ("a_citizen_id", "001090000001", "001090000001", "001090000001"),
    ("a_many", "loai so 3", "c3", "Loại số 3"),
    ("a_place", "phuong ba dinh, thanh pho ha noi", None, None),
]


@pytest.mark.parametrize(("name", "typed", "stored", "shown"), TYPED)
def test_typed_values_are_kept_shown_and_emptied(qtbot, view, name, typed, stored, shown):
    type_into(qtbot, view, name, typed)
    editor = view.editor(name)
    assert editor.problem() == ""
    if stored is not None:
        assert view.record.value(name) == stored
        text = editor.input.toPlainText() if name == "a_paragraph" else editor.input.text()
        assert text == shown
    kept = view.record.value(name)
    assert kept is not None
    empty(qtbot, view, name)
    assert view.record.value(name) is None
    editor.set_value(kept)
    assert editor.value() == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("a_integer", "ba"),
        ("a_decimal", "1,2,3"),
        ("a_money", "nhiều"),
        ("a_percent", "x"),
        ("a_year", "26"),
        ("a_date", "31/2/2026"),
        ("a_time", "25:00"),
        ("a_phone", "12"),
        ("a_email", "khong phai"),
        ("a_tax_code", "0100109107"),
        ("a_citizen_id", "123"),
        ("a_many", "không có"),
        ("a_place", "nơi không có"),
        ("a_reference", "cơ sở không có"),
    ],
)
def test_what_cannot_be_read_is_said_below_and_not_kept(qtbot, view, name, typed):
    editor = view.editor(name)
    view.focus_path(name)
    with qtbot.assertNotEmitted(view.edited):
        type_text(typed)
        qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)
    assert editor.problem().endswith((".", "…"))
    assert editor.input.property("tone") == "wrong"
    assert editor.input.text() == typed
    assert view.record.value(name) is None
    if name == "a_reference":
        assert "gần nhất là «Cơ sở Một»" in editor.problem(), "as for every refused choice"
    empty(qtbot, view, name)
    assert editor.problem() == ""
    assert editor.input.property("tone") == ""


def test_every_type_has_an_editor():
    assert {type_.editor for type_ in TYPES.values()} == set(EDITORS)


def test_six_thousand_words_survive(qtbot, view):
    text = "\n".join("khuyến công " * 30 for _ in range(100)).replace(" \n", "\n").strip()
    view.focus_path("a_paragraph")
    keyboard().insertPlainText(text)
    qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)
    assert len(view.record.value("a_paragraph").split()) == 6000
    assert view.record.value("a_paragraph") == text
    assert view.editor("a_paragraph").input.height() < view.height()


def test_a_paragraph_takes_enter_and_tab_leaves_it(qtbot, view):
    view.focus_path("a_paragraph")
    type_text("một")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Return)
    type_text("hai")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)
    assert view.record.value("a_paragraph") == "một\nhai"
    assert view.editor("a_integer").has_focus()


def test_pasted_text_is_cleaned(qtbot, view):
    QApplication.clipboard().setText(f"{NFD}\x00\x0b\u200e")
    view.focus_path("a_unit")
    qtbot.keyClick(keyboard(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(keyboard(), Qt.Key.Key_Return)
    assert view.record.value("a_unit").startswith("Cở sở Ạ")


def test_thousands_are_grouped_while_typing(qtbot, view):
    view.focus_path("a_money")
    seen = []
    for digit in "1250000":
        type_text(digit)
        seen.append(keyboard().text())
    assert seen[3:] == ["1.250", "12.500", "125.000", "1.250.000"]
    keyboard().setCursorPosition(5)  # 1.250|.000
    qtbot.keyClick(keyboard(), Qt.Key.Key_Backspace)
    assert keyboard().text() == "125.000"
    assert keyboard().cursorPosition() == 4, "before the same three digits"
    qtbot.keyClick(keyboard(), Qt.Key.Key_Delete)
    assert keyboard().text() == "12.500"
    type_text("9")
    assert keyboard().text() == "125.900"


@pytest.mark.parametrize(
    ("typed", "shown", "stored"),
    [
        ("1.25 tỷ", "1.25 tỷ", 1_250_000_000),
        ("12.5 triệu", "12.5 triệu", 12_500_000),
        ("0.5 tỷ", "0.5 tỷ", 500_000_000),
        ("2.75tr", "2.75tr", 2_750_000),
        ("1250 triệu", "1250 triệu", 1_250_000_000),
        ("1.250.000", "1.250.000", 1_250_000),
        ("1 250 000", "1 250 000", 1_250_000),
        ("05 triệu", "05 triệu", 5_000_000),
        ("300,000", "300,000", 300_000),
        ("7212\u20604", "7212\u20604", 72_124),
        ("1250.5 triệu", "1250.5 triệu", 1_250_500_000),
        ("1250000.0", "1250000.0", 1_250_000),
        ("1.2500", "1.2500", None),
        ("12.5", "12.5", None),
        ("0912345678", "0912345678", None),
    ],
)
def test_grouping_never_moves_a_dot_that_was_typed(qtbot, view, typed, shown, stored):
    view.focus_path("a_money")
    type_text(typed)
    line = keyboard()
    assert line.text() == shown
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert view.record.value("a_money") == stored
    assert line.text() == (format_integer(stored) if stored else shown)


def test_own_dots_are_moved_and_pasted_ones_stay(qtbot, view):
    view.focus_path("a_money")
    line = keyboard()
    type_text("1250000")
    line.setSelection(2, 3)  # 1.[250].000
    type_text("3")
    assert line.text() == "13.000"
    paste(qtbot, "45")
    assert line.text() == "1.345.000"
    qtbot.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    paste(qtbot, "1.5")
    assert line.text() == "1.5"
    type_text("0")
    assert line.text() == "1.50"
    line.setText("")
    type_text("1000000")
    line.setCursorPosition(0)
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    assert line.text() == "000000", "no digit is dropped"
    type_text("2")
    assert line.text() == "2.000.000"


def paste(qtbot, text):
    QApplication.clipboard().setText(text)
    qtbot.keyClick(keyboard(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def words(view):
    """The words that are seen over the page, "" for none."""
    shown = [label for label in view.findChildren(AmountWords) if label.isVisible()]
    assert len(shown) <= 1
    return shown[0].text() if shown else ""


def test_money_says_its_words_while_it_is_edited_and_the_page_stays(qtbot, view):
    view.focus_path("a_money")
    places = {editor.path: editor.geometry() for editor in view.findChildren(Editor)}
    type_text("1250000")
    assert words(view) == "Một triệu hai trăm năm mươi nghìn đồng"
    type_text(",5,")
    assert words(view) == "", "no amount"
    for _ in range(3):
        qtbot.keyClick(keyboard(), Qt.Key.Key_Backspace)
    assert words(view) == "Một triệu hai trăm năm mươi nghìn đồng"
    assert {editor.path: editor.geometry() for editor in view.findChildren(Editor)} == places
    qtbot.keyClick(keyboard(), Qt.Key.Key_Return)
    assert words(view) == ""
    view.focus_path("a_money")
    assert words(view) == "Một triệu hai trăm năm mươi nghìn đồng", "on focus already"


def test_the_words_of_an_amount_cover_no_note_that_comes_meanwhile(view):
    view.focus_path("a_money")
    type_text("1250000")
    editor = view.editor("a_money")
    editor.set_problem("Duyệt 90.000.000, đề nghị 9.000.000: hơn 81.000.000; hãy giảm hoặc ghi lý do. " * 3)
    rest()
    (shown,) = [label for label in view.findChildren(AmountWords) if label.isVisible()]
    field = QRect(editor.mapTo(shown.parentWidget(), QPoint(0, 0)), editor.size())
    assert not shown.geometry().intersects(field)


@pytest.mark.parametrize("noted", ["value", "number"])
def test_the_words_of_an_amount_stay_beside_it_where_notes_come_and_go(form_view, form_definitions, noted):
    """Notes of its own field, and of one in a section above, which moves all that is below."""
    record = new_record(form_definitions, "contract", "c1", date(2026, 3, 5))
    form_view.set_record(record, form_definitions.workflow("contract"), "lower")
    form_view.focus_path("value")
    type_text("1250000")
    rest()
    (shown,) = [label for label in form_view.findChildren(AmountWords) if label.isVisible()]
    beside = gap_below(shown, form_view.editor("value"))
    for note in ("Hãy giảm hoặc ghi lý do. " * 30, ""):
        form_view.editor(noted).set_problem(note)
        rest()
        assert gap_below(shown, form_view.editor("value")) == beside


def gap_below(shown, editor):
    return shown.y() - editor.mapTo(shown.parentWidget(), QPoint(0, editor.height())).y()


def test_what_a_problem_says_is_not_said_a_second_time_below_it(view):
    editor = view.editor("a_money")
    said = "Duyệt 90.000.000, đề nghị 9.000.000: hơn 81.000.000"
    editor.note("excess", f"{said}.")
    show_at(editor, [Problem("a_money", "Chưa ghi lý do.")])
    assert editor.note_text("excess") == f"{said}."
    show_at(editor, [Problem("a_money", f"{said}; hãy giảm hoặc ghi lý do.")])
    assert editor.note_text("excess") == ""
    assert said in editor.problem()


def test_a_date_is_picked_by_keyboard(qtbot, view):
    type_into(qtbot, view, "a_date", "5/3/2026")
    view.focus_path("a_date")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = view.editor("a_date").findChild(CalendarPopup)
    assert calendar.isVisible()
    qtbot.keyClick(calendar.month.focusWidget() or calendar.month, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.edited, timeout=100):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert view.record.value("a_date") == "2026-03-06"


def test_few_choices_are_radio_buttons(qtbot, view):
    options = view.editor("a_few").input
    red, blue = options.buttons
    with qtbot.waitSignal(view.edited, timeout=100):
        qtbot.mouseClick(blue, Qt.MouseButton.LeftButton)
    assert view.record.value("a_few") == "blue"
    qtbot.mouseClick(blue, Qt.MouseButton.LeftButton)
    assert view.record.value("a_few") == "blue", "the second half of a double click"
    view.focus_path("a_few")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Left)
    assert red.hasFocus()
    assert view.record.value("a_few") == "blue", "an arrow that was meant to scroll changes no answer"
    qtbot.keyClick(keyboard(), Qt.Key.Key_Space)
    assert view.record.value("a_few") == "red"
    qtbot.keyClick(keyboard(), Qt.Key.Key_Space)
    assert view.record.value("a_few") == "red", "one who does not see that it is chosen chooses it again"
    qtbot.keyClick(keyboard(), Qt.Key.Key_Delete)
    assert view.record.value("a_few") is None
    assert not red.isChecked()


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down])
def test_an_arrow_alone_answers_nothing(qtbot, view, key):
    options = view.editor("a_few").input
    view.focus_path("a_few")
    first = keyboard()
    qtbot.keyClick(first, key)
    assert view.record.value("a_few") is None
    assert keyboard() is next(button for button in options.buttons if button is not first)
    qtbot.keyClick(keyboard(), Qt.Key.Key_Space)
    assert view.record.value("a_few") == "blue"


def test_answers_lie_beside_each_other_only_where_none_is_cut(form_view, form_definitions):
    record = new_record(form_definitions, "acceptance", "a1", date(2026, 3, 5))
    form_view.set_record(record, form_definitions.workflow("acceptance"), "lower")
    buttons = form_view.editor("model").input.buttons
    assert len({button.y() for button in buttons}) == 1
    form_view.resize(420, 700)  # what a narrow window leaves of the desk
    QApplication.processEvents()
    assert len({button.y() for button in buttons}) == len(buttons)
    assert all(button.width() >= button.sizeHint().width() for button in buttons)


def test_a_second_click_takes_an_answer_back(qtbot, view):
    button = view.editor("a_yes_no").input.buttons[0]
    view.editor("a_yes_no").set_value(True)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert view.editor("a_yes_no").value() is None


def test_yes_and_no_begin_empty(qtbot, view):
    assert view.editor("a_yes_no").value() is None
    view.focus_path("a_yes_no")
    qtbot.keyClick(keyboard(), Qt.Key.Key_2)
    assert view.record.value("a_yes_no") is False
    qtbot.keyClick(keyboard(), Qt.Key.Key_0)
    assert view.record.value("a_yes_no") is None


def test_a_searching_box_finds_without_accents(qtbot, view):
    view.focus_path("a_many")
    qtbot.keyClicks(keyboard(), "so 5")
    box = view.editor("a_many").input
    assert [option.value for option in box.options()] == ["c5"]
    assert box.list_open()
    with qtbot.waitSignal(view.edited, timeout=100):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert view.record.value("a_many") == "c5"
    assert not box.list_open()
    assert not box.hasFocus(), "Enter goes on"


def test_a_searching_box_opens_by_arrow_and_by_click(qtbot, view):
    box = view.editor("a_many").input
    view.focus_path("a_many")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert len(box.options()) == 8
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Escape)
    assert not box.list_open()
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert box.list_open()
    popup = QApplication.activePopupWidget()
    row = popup.visualRect(popup.model().index(1, 0)).center()
    qtbot.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert view.record.value("a_many") == "c2"


def test_the_name_of_a_row_is_offered_from_the_linked_record_or_typed(qtbot, view):
    box = view.editor("a_site").input
    view.focus_path("a_site")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert not box.list_open(), "no record is chosen yet"
    view.record.set("a_reference", "s1")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert [option.label for option in box.options()] == ["Xưởng Mẫu Một", "Xưởng Mẫu Hai"]
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Escape)
    qtbot.keyClicks(box, "hai")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert view.record.value("a_site") == "Xưởng Mẫu Hai"
    type_into(qtbot, view, "a_site", "Kho trung tâm")
    assert view.record.value("a_site") == "Kho trung tâm"


def test_tab_takes_the_marked_choice(qtbot, view):
    view.focus_path("a_many")
    qtbot.keyClicks(keyboard(), "so 5")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)
    assert view.record.value("a_many") == "c5"
    assert view.editor("a_many").problem() == ""


def test_tab_takes_no_record_that_was_only_marked(qtbot, view):
    view.focus_path("a_reference")
    qtbot.keyClicks(keyboard(), "cong")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)
    assert view.record.value("a_reference") is None
    assert view.editor("a_reference").problem() != ""


def test_several_choices(qtbot, view):
    view.focus_path("a_choices")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Space)
    assert view.record.value("a_choices") == ["red"]
    qtbot.keyClick(keyboard(), Qt.Key.Key_Space)
    assert view.record.value("a_choices") is None
    qtbot.keyClick(keyboard(), Qt.Key.Key_Return)
    assert view.editor("a_reference").has_focus()


def test_a_place_is_found_by_its_old_name_and_shows_both_once(qtbot, view):
    view.focus_path("a_place")
    qtbot.keyClicks(keyboard(), "ba dinh")
    box = view.editor("a_place").input
    place, match = next((n, option) for n, option in enumerate(box.options()) if option.value["old_commune"])
    for _ in range(place):
        qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    assert view.record.value("a_place") == match.value
    editor = view.editor("a_place")
    assert "trước" in box.text()
    assert editor.note_text("words") == "", "the line has room for both names"
    whole = box.text()
    keep_width = view.width()
    view.resize(320, view.height())
    qtbot.waitUntil(lambda: editor.note_text("words") == whole)
    view.resize(keep_width, view.height())
    qtbot.waitUntil(lambda: editor.note_text("words") == "")


def opener(editor):
    """What opens the record that a reference names."""
    return next(action for action in editor.input.actions() if action.text() == "Mở hồ sơ này")


def test_a_reference_is_found_opened_and_made(qtbot, view, host):
    view.focus_path("a_reference")
    qtbot.keyClicks(keyboard(), "hai")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Return)
    assert view.record.value("a_reference") == "s2"
    opener(view.editor("a_reference")).trigger()
    assert host.opened == ["s2"]
    view.focus_path("a_reference")
    keyboard().selectAll()
    type_text("Cơ sở mới")
    assert view.editor("a_reference").input.options()[-1].label == "Lập mẫu thử: Cơ sở mới"
    qtbot.keyClick(keyboard(), Qt.Key.Key_Return)
    assert host.title_of(view.record.value("a_reference")) == "Cơ sở mới"


def test_a_reference_that_was_just_emptied_opens_nothing(qtbot, view, host):
    view.focus_path("a_reference")
    qtbot.keyClicks(keyboard(), "hai")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Return)
    editor = view.editor("a_reference")
    view.focus_path("a_reference")
    keyboard().selectAll()
    qtbot.keyClick(keyboard(), Qt.Key.Key_Delete)
    editor.keep(leaving=False)

    opener(editor).trigger()

    assert view.record.value("a_reference") is None
    assert host.opened == []


def test_several_references(qtbot, view):
    view.focus_path("a_references")
    qtbot.keyClicks(keyboard(), "mot")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Return)
    assert view.record.value("a_references") == ["s1"]
    editor = view.editor("a_references")
    assert editor.search.hasFocus(), "Enter after choosing stays for another one"
    qtbot.keyClicks(keyboard(), "hai")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Return)
    assert view.record.value("a_references") == ["s1", "s2"]
    type_text("chưa xong")
    qtbot.keyClick(keyboard(), Qt.Key.Key_Tab)
    assert "chưa xong" in editor.problem()
    assert view.record.value("a_references") == ["s1", "s2"]
    *_, out = (found for found in editor.findChildren(QToolButton) if found.accessibleName() == "Bỏ Cơ sở Một")
    qtbot.mouseClick(out, Qt.MouseButton.LeftButton)
    editor.search.clear()
    editor.search.textEdited.emit("")
    view.flush()
    assert view.record.value("a_references") == ["s2"]


def test_a_closed_field_looks_closed_and_says_that_it_has_no_files(qtbot, view):
    editor, text = view.editor("a_files"), view.editor("a_paragraph")
    open_ground = text.input.grab().toImage().pixelColor(6, 6)
    for one in (editor, text):
        one.set_editable(False)
    qtbot.waitUntil(lambda: text.input.grab().toImage().pixelColor(6, 6) != open_ground)
    said = [label.text() for label in editor.findChildren(QLabel) if label.isVisibleTo(editor)]
    assert "Chưa có tệp nào." in said


def test_files_are_added_captioned_opened_and_taken_out(qtbot, view, host, tmp_path):
    host.chosen = [tmp_path / "anh.jpg", tmp_path / "bien-ban.pdf"]
    editor = view.editor("a_files")
    qtbot.mouseClick(editor.add_button, Qt.MouseButton.LeftButton)
    assert [file["name"] for file in view.record.value("a_files")] == ["anh.jpg", "bien-ban.pdf"]
    caption, _ = editor.findChildren(QLineEdit)
    assert caption.accessibleName() == "Chú thích của anh.jpg"
    caption.setFocus()
    type_text("Máy mới")
    view.flush()
    assert view.record.value("a_files")[0]["caption"] == "Máy mới"
    assert "caption" not in view.record.value("a_files")[1]
    editor.remove(view.record.value("a_files")[0])
    assert [file["name"] for file in view.record.value("a_files")] == ["bien-ban.pdf"]
    editor.set_value([FILE, {**FILE, "id": "f2"}])
    _, second = editor.findChildren(QLineEdit)[-2:]
    second.setFocus()
    type_text("Đang gõ")
    editor.remove(FILE)
    assert [file["caption"] for file in view.record.value("a_files")] == ["Đang gõ"], "what is being typed stays"
    editor.set_value([FILE])
    assert editor.value() == [FILE]
    editor.set_value(None)
    assert editor.value() is None


def test_the_provinces_field_says_whose_it_is(view):
    editor = view.editor("a_theirs")
    assert editor.input.isReadOnly()
    assert "cấp tỉnh" in editor.note_text("owner")


def test_the_nearest_choice_comes_first(qtbot, module_form_view, form_definitions):
    """«hộ» with its accents begins «Hộ kinh doanh»; what only contains it, or has other accents, comes later."""
    field = form_definitions.current("beneficiary").field("legal_form")
    line = SearchInput(field, form_definitions, ChoiceSource(field, form_definitions), module_form_view)
    qtbot.addWidget(line)
    labels = [option.label for option in line.source.search("hộ")]
    assert labels[0].startswith("Hộ kinh doanh")
    folded = [option.label for option in line.source.search("ho")]
    begins = [label for label in folded if label.startswith(("Hộ", "Hợp"))]
    assert folded[: len(begins)] == begins
    assert any("hợp danh" in label for label in folded[len(begins) :])


def test_a_choice_is_found_by_its_explanation_when_no_name_fits(qtbot, module_form_view, form_definitions):
    """«gạch» stands in the explanation of the trade that makes building materials; Enter takes it, Tab does not."""
    field = form_definitions.current("beneficiary").field("sector")
    line = SearchInput(field, form_definitions, ChoiceSource(field, form_definitions), module_form_view)
    qtbot.addWidget(line)
    line.show()
    for key, taken in ((Qt.Key.Key_Tab, None), (Qt.Key.Key_Return, "c")):
        line.show_value(None)
        line.setFocus()
        qtbot.keyClicks(line, "gach")
        assert [option.value for option in line.options()] == ["c"]
        qtbot.keyClick(line, key)
        assert (line.stored() if taken else line.text()) == (taken or "gach")


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("tnhh", "Công ty trách nhiệm hữu hạn"),
        ("htx", "Hợp tác xã"),
        ("dntn", "Doanh nghiệp tư nhân"),
        ("hkd", "Hộ kinh doanh"),
        ("hộ", "Hộ kinh doanh"),
    ],
)
def test_a_choice_is_found_by_its_usual_abbreviation(form_definitions, typed, label):
    source = ChoiceSource(form_definitions.current("beneficiary").field("legal_form"), form_definitions)
    assert next((option.label for option in source.search(typed)), "") == label
