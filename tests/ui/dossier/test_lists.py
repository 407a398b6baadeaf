"""List pages and their model on a real store."""

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt

from kcdesk.services.records import changing
from kcdesk.ui.dossier.list_page import ListPage
from kcdesk.ui.dossier.record_model import PAGE, RecordListQuery, RecordModel, first_columns


def _add(workspace, kind="beneficiary", **values):
    return changing.add(workspace, kind, values).items[0].id


@pytest.fixture
def many(workspace):
    """Two and a half pages of beneficiaries."""
    number = 2 * PAGE + PAGE // 2
    return [_add(workspace, name=f"Cơ sở mẫu số {place:03}") for place in range(number)]


@pytest.fixture
def model(workspace, theme):
    return RecordModel(workspace, theme, workspace.forms.current("beneficiary"))


def _column(model, name):
    return [column.name for column in model.columns].index(name)


def _names(model):
    column = _column(model, "name")
    return [model.index(row, column).data() for row in range(model.rowCount())]


@pytest.fixture
def page(qtbot, context):
    page = ListPage(context, "beneficiary")
    qtbot.addWidget(page)
    page.resize(1000, 600)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.on_show()
    return page


# -- the model --------------------------------------------------------


def test_rows_come_a_page_at_a_time_and_none_is_lost(model, many):
    model.show(RecordListQuery(order="name"))
    sizes = [model.rowCount()]
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
        sizes.append(model.rowCount())
    assert sizes == [PAGE, 2 * PAGE, len(many)]
    assert _names(model) == [f"Cơ sở mẫu số {place:03}" for place in range(len(many))]


def test_a_record_without_a_name_says_so(model, workspace):
    _add(workspace, legal_form="limited_company")
    model.reload()
    assert _names(model) == ["(chưa đặt tên)"]


@pytest.mark.usefixtures("many")
def test_the_model_keeps_the_rules_of_item_models(model, qtmodeltester):
    model.show(RecordListQuery(order="name"))
    qtmodeltester.check(model)


def test_a_full_last_page_is_noticed(model, workspace):
    for place in range(PAGE):
        _add(workspace, name=f"Cơ sở {place:03}")
    model.show(RecordListQuery())
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert not model.canFetchMore(QModelIndex())
    assert model.rowCount() == PAGE


def test_sorting_is_done_in_the_order_of_the_vietnamese_alphabet(model, workspace):
    for name in ("Đông", "Dung", "Ân", "An", "Em"):
        _add(workspace, name=name)
    model.sort(_column(model, "name"))
    assert _names(model) == ["An", "Ân", "Dung", "Đông", "Em"]
    model.sort(_column(model, "name"), Qt.SortOrder.DescendingOrder)
    assert _names(model) == ["Em", "Đông", "Dung", "Ân", "An"]


def test_amounts_stand_right_with_dots_and_without_their_unit(workspace, theme):
    _add(workspace, "proposal", title="Đề án", budget=[{"item": "Máy", "cost": 1_250_000_000}])
    model = RecordModel(workspace, theme, workspace.forms.current("proposal"))
    model.show(RecordListQuery())
    index = model.index(0, _column(model, "total_cost"))
    assert index.data() == "1.250.000.000"
    assert index.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_every_list_of_records_with_steps_shows_their_state(workspace):
    forms = workspace.forms
    kinds = [kind for kind in forms.kinds if forms.workflow(kind).transitions]
    assert [kind for kind in kinds if "state" not in first_columns(forms.current(kind))] == []


def test_a_state_is_a_coloured_word_next_to_the_title(workspace, theme):
    names = list(first_columns(workspace.forms.current("proposal")))
    assert names.index("state") == names.index("title") + 1
    _add(workspace, "proposal", title="Đề án")
    model = RecordModel(workspace, theme, workspace.forms.current("proposal"))
    model.show(RecordListQuery())
    state = model.index(0, names.index("state"))
    assert state.data() == workspace.forms.workflow("proposal").state("draft").label
    assert state.data(Qt.ItemDataRole.ForegroundRole) == theme.colours.tone("neutral")


# -- the page --------------------------------------------------------


def test_an_empty_list_says_what_to_do_and_does_it(page, qtbot):
    assert page.empty.isVisible()
    assert page.empty.message.text() == page.form.empty_text
    with qtbot.waitSignal(page.open_requested) as opened:
        page.empty.button.click()
    assert page.context.workspace.store.record(opened.args[0]).kind == "beneficiary"


def test_search_is_blind_to_accents_and_can_be_given_up(page, workspace):
    _add(workspace, name="Hợp tác xã Đồng Mây")
    _add(workspace, name="Công ty Cơ khí")
    page.search("dong may")
    assert _names(page.model) == ["Hợp tác xã Đồng Mây"]
    page.search("không có gì")
    assert page.empty.isVisible()
    page.empty.button.click()
    assert len(_names(page.model)) == 2


def test_a_chip_filters_and_shows_its_value(page, workspace, qtbot):
    one, other = (choice.value for choice in workspace.forms.choices(page.form.field("legal_form"))[:2])
    _add(workspace, name="Một", legal_form=one)
    _add(workspace, name="Hai", legal_form=other)
    chip = next(chip for chip in page.chips.chips if chip.name == "legal_form")
    action = next(action for action in chip.menu().actions() if action.data() == one)
    action.trigger()
    assert _names(page.model) == ["Một"]
    assert action.text() in chip.toolTip()
    qtbot.waitUntil(lambda: page.count.text() == "1 hồ sơ")
    chip.menu().actions()[0].trigger()
    assert len(_names(page.model)) == 2


def test_a_chip_narrows_to_where_the_dossiers_stand_between_the_offices(page, workspace):
    _add(workspace, name="Một")
    page.refresh(None, None)
    page.on_show()
    chip = next(chip for chip in page.chips.chips if chip.objectName() == "filter.(handover)")
    for wanted, names in (("returned", []), ("none", ["Một"])):
        next(action for action in chip.menu().actions() if action.data() == wanted).trigger()
        assert _names(page.model) == names
    assert chip.text() == "Bàn giao: Chưa ▾"


def test_enter_opens_the_chosen_row(page, workspace, qtbot):
    id_ = _add(workspace, name="Cơ sở mẫu")
    page.refresh(None, None)
    page.on_show()
    with qtbot.waitSignal(page.open_requested) as opened:
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert opened.args == [id_]


def test_deleting_is_asked_by_name_and_can_be_taken_back(page, workspace, qtbot):
    _add(workspace, name="Bỏ đi")
    _add(workspace, name="Còn lại")
    notices = []
    page.context.messages.shown.connect(notices.append)
    page.context.changed.connect(page.refresh)
    page.refresh(None, None)
    page.on_show()
    page.table.selectRow(0)
    page.context.messages.answers.extend([False, True])
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert page.context.messages.said == ["Xoá đơn vị thụ hưởng «Bỏ đi»?"]
    assert _names(page.model) == ["Bỏ đi", "Còn lại"]
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert _names(page.model) == ["Còn lại"]
    assert (notices[0].text, notices[0].act_label, notices[0].seconds) == ("Đã xoá «Bỏ đi».", "Hoàn tác", 10)
    notices[0].act()
    assert _names(page.model) == ["Bỏ đi", "Còn lại"]


def test_the_chosen_row_stays_chosen_when_others_come(page, workspace):
    _add(workspace, name="Bình")
    kept = _add(workspace, name="Sơn")
    page.refresh(None, None)
    page.table.selectRow(1)
    _add(workspace, name="An")
    page.refresh(None, None)
    assert page.current_id() == kept
    assert page.table.currentIndex().row() == 2


def test_a_page_out_of_sight_reads_only_when_it_is_shown_again(page, workspace):
    page.hide()
    _add(workspace, name="Mới")
    page.refresh(None, None)
    assert page.model.rowCount() == 0
    page.show()
    page.on_show()
    assert page.model.rowCount() == 1


def test_the_widths_of_columns_are_remembered(page, workspace, qtbot, context):
    _add(workspace, name="Cơ sở")
    page.refresh(None, None)
    column = _column(page.model, "phone")
    page.table.setColumnWidth(column, 171)
    page.on_leave()
    again = ListPage(context, "beneficiary")
    qtbot.addWidget(again)
    again.resize(1000, 600)
    again.show()
    again.on_show()
    assert again.table.columnWidth(column) == 171


def test_columns_follow_the_window_until_the_officer_sets_one(page, workspace, context):
    _add(workspace, name="Công ty trách nhiệm hữu hạn một thành viên " * 5)
    page.refresh(None, None)
    title, state = _column(page.model, "name"), _column(page.model, "state")
    page.resize(1400, 600)
    assert sum(page.table.columnWidth(place) for place in range(len(page.model.columns))) == (
        page.table.viewport().width()
    ), "nothing to scroll, nothing left over"
    wide = page.table.columnWidth(title)
    page.resize(1000, 600)
    assert page.table.columnWidth(title) < wide
    assert page.table.columnWidth(state) >= page.table.sizeHintForColumn(state), "a state is read whole"
    page.on_leave()
    assert "beneficiary" not in context.settings.columns, "only what the officer has set is kept"


def test_a_click_on_a_heading_sorts(page, workspace, qtbot):
    for name in ("A", "B", "C"):
        _add(workspace, name=name)
    page.refresh(None, None)
    header = page.table.horizontalHeader()
    place = header.sectionViewportPosition(_column(page.model, "name")) + 20
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place, 10))
    assert _names(page.model) == ["C", "B", "A"]


def test_a_title_of_two_hundred_letters_is_cut_and_told_in_full(page, workspace):
    name = "Công ty trách nhiệm hữu hạn một thành viên " * 5
    _add(workspace, name=name.strip())
    page.refresh(None, None)
    index = page.model.index(0, _column(page.model, "name"))
    assert index.data(Qt.ItemDataRole.ToolTipRole) == name.strip()
    assert page.table.columnWidth(index.column()) <= page.table.viewport().width()
