"""«Cần xem» decides about records sent for another unit; the settings put a clock right that ran ahead."""

from PySide6.QtWidgets import QApplication, QPushButton

from kcdesk.services.handover.packages import receiving, waiting_records
from kcdesk.services.records import changing
from kcdesk.store.clock import now_ms
from kcdesk.store.identity import FORMER_NAMES
from tests.services.samples import new

FAR = 4_080_000_000_000  # in April of 2099


def click(window, name):
    window.findChild(QPushButton, name).click()


def test_each_record_is_taken_or_left_by_a_click(open_window, offices):
    one, other, province = offices.make("TT-A"), offices.make("TT-B"), offices.make("SCT", "province")
    offices.acquaint(one, other, province)
    ids = [new(other, "proposal", title=title, goals="Một máy") for title in ("Một", "Hai")]
    offices.send(other, province)
    one.store.set_setting(FORMER_NAMES, ["Phòng cũ"])
    receiving.receive(one, offices.export(other, receiver="Phòng cũ", full=True)[0])
    for id_ in ids:
        changing.save(one, id_, {"goals": "Sửa giúp"})
    offices.send(one, province)

    window = open_window(province)
    window.go("conflicts")
    click(window, "foreign.accept.0")
    assert waiting_records.number_waiting(province) == 1
    click(window, "foreign.refuse.0")
    assert waiting_records.number_waiting(province) == 0
    assert sorted(province.store.get(id_).data["goals"] for id_ in ids) == ["Một máy", "Sửa giúp"]
    assert not window.page.foreign.isVisible()


def test_where_nothing_waits_nothing_hidden_gets_the_keyboard(qtbot, open_window, workspace):
    window = open_window(workspace)
    window.go("conflicts")
    assert not window.page.table.isVisible()
    with qtbot.waitActive(window):  # the window gives the keyboard to what had it last
        window.hide()
        window.show()
        window.activateWindow()
    focused = QApplication.focusWidget()
    assert focused is None or focused.isVisible()
    assert window.focusWidget() is not window.page.table


def test_the_settings_put_a_clock_right(open_window, offices, messages):
    ahead = [FAR - now_ms()]
    unit = offices.make("TT-A", now=lambda: now_ms() + ahead[0])
    new(unit, "proposal", title="Ở năm 2099")
    ahead[0] = 0
    window = open_window(unit)
    window.go("settings")
    messages.answers.extend([False, True])
    click(window, "settings.stamps")
    assert unit.store.stamp_ahead() != ""
    click(window, "settings.stamps")
    assert unit.store.stamp_ahead() == ""
    assert "đúng thứ tự cũ" in messages.said[-1]
    click(window, "settings.stamps")
    assert "không phải sửa gì" in messages.said[-1]
