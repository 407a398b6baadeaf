"""Photos of a dossier: taken in from files, folders and the clipboard; captions, order, refusals, doubles, stopping."""

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QPushButton

from kcdesk.services.records import changing
from kcdesk.ui.visits.visit_page import VisitPage
from tests.ui.form_support import button, sentences, wheel


@pytest.fixture
def acceptance(workspace):
    """The id of a visit with two machines."""
    proposal = changing.add(workspace, "proposal", {"title": "Hỗ trợ máy chế biến chè"}).items[0].id
    values = {"proposal": proposal, "site": "Xưởng mẫu", "machines": [{"name": "Máy sao"}, {"name": "Máy sấy"}]}
    made = changing.add(workspace, "acceptance", values)
    return made.items[0].id


@pytest.fixture
def page(qtbot, context, acceptance):
    page = VisitPage(context, acceptance)
    qtbot.addWidget(page)
    context.changed.connect(page.refresh)
    page.resize(1200, 800)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    return page


@pytest.fixture
def editor(page):
    page.focus_field("photos")
    return page.form.editor("photos")


def picture(path, seed=0, size=(320, 240)):
    image = Image.effect_noise(size, 90)
    image.putpixel((seed, seed), 255)
    image.convert("RGB").save(path)
    return path


def settle(qtbot, page):
    qtbot.waitUntil(lambda: not page.context.worker.busy, timeout=10_000)
    QApplication.processEvents()


def stored(page, name="photos"):
    return page.context.workspace.store.record(page.record_id).value(name) or []


@pytest.fixture
def filled(qtbot, page, editor, tmp_path):
    """The editor with three photos."""
    editor.add([picture(tmp_path / f"anh-{n}.jpg", n) for n in range(3)])
    settle(qtbot, page)
    return editor


def names(page):
    return [file["original_name"] for file in stored(page)]


def test_photos_are_taken_in_in_the_background_and_shown(filled, page, messages):
    assert names(page) == ["anh-0.jpg", "anh-1.jpg", "anh-2.jpg"]
    assert filled.model.rowCount() == 3
    assert "Đã thêm 3 ảnh." in messages.said
    assert not filled.progress.isVisible()


def test_a_folder_gives_its_pictures_and_says_what_it_refuses(qtbot, page, editor, tmp_path, messages):
    folder = tmp_path / "the-nho"
    folder.mkdir()
    picture(folder / "b.png")
    (folder / "a.jpg").write_bytes(b"no photo")
    messages.files.append(folder)
    qtbot.mouseClick(editor.folder_button, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert names(page) == ["b.png"]
    assert "Không nhận 1 tệp:" in editor.note_text("problem")
    assert "«a.jpg»: Tệp không phải là ảnh" in editor.note_text("problem")


def test_a_copied_picture_and_copied_files_are_pasted(qtbot, page, editor, tmp_path):
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    editor.focus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, page)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture(tmp_path / "tep.jpg")))])
    QGuiApplication.clipboard().setMimeData(data)
    editor.focus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, page)
    assert names(page) == ["Ảnh dán 1", "tep.jpg"]


def test_an_empty_clipboard_is_said(editor):
    QGuiApplication.clipboard().clear()
    editor.paste()
    assert "ảnh" in editor.note_text("problem")


def test_a_clipboard_without_pictures_is_said(editor):
    QGuiApplication.clipboard().setText("chữ")
    editor.paste()
    assert "không có ảnh" in editor.note_text("problem")


def test_captions_are_typed_one_after_the_other(qtbot, filled, page):
    filled.grid.setFocus()
    qtbot.keyClick(filled.grid, Qt.Key.Key_Home)
    qtbot.keyClick(filled.grid, Qt.Key.Key_Return)
    for caption in ("Nhan may", "Toan canh", "Ben trong"):
        qtbot.keyClicks(QApplication.focusWidget(), caption)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert [file["caption"] for file in stored(page)] == ["Nhan may", "Toan canh", "Ben trong"]


def test_a_caption_being_typed_survives_photos_that_arrive(qtbot, filled, page, tmp_path):
    filled.add([picture(tmp_path / "muon.jpg", 7)])
    filled.caption.setFocus()
    qtbot.keyClicks(filled.caption, "Dang go")
    settle(qtbot, page)
    page.on_leave()
    assert [file["caption"] for file in stored(page)] == ["Dang go", "", "", ""]


def test_alt_and_arrows_order_and_the_paper_follows(qtbot, filled, page):
    filled.grid.setFocus()
    qtbot.keyClick(filled.grid, Qt.Key.Key_Home)
    qtbot.keyClick(filled.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert names(page) == ["anh-1.jpg", "anh-0.jpg", "anh-2.jpg"]
    assert [file["order"] for file in stored(page)] == [1, 2, 3]
    assert filled.grid.currentIndex().row() == 1


def test_a_drag_puts_a_photo_where_it_is_dropped(filled, page):
    data = filled.model.mimeData([filled.model.index(2)])
    filled.model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, filled.model.index(-1))
    assert names(page) == ["anh-2.jpg", "anh-0.jpg", "anh-1.jpg"]


def test_delete_takes_a_photo_out(qtbot, filled, page):
    filled.grid.setFocus()
    qtbot.keyClick(filled.grid, Qt.Key.Key_Home)
    qtbot.keyClick(filled.grid, Qt.Key.Key_Delete)
    assert names(page) == ["anh-1.jpg", "anh-2.jpg"]


def test_a_name_plate_is_tied_to_its_machine(qtbot, page, tmp_path):
    page.focus_field("plate_photos")
    editor = page.form.editor("plate_photos")
    editor.add([picture(tmp_path / "nhan.jpg")])
    settle(qtbot, page)
    rows = page.record.value("machines")
    assert [editor.shows.itemText(place) for place in range(3)] == ["Ảnh chung", "1. Máy sao", "2. Máy sấy"]
    wheel(editor.shows)
    assert editor.shows.currentIndex() == 0, "the wheel scrolls the page"
    editor.shows.setCurrentIndex(2)
    editor.shows.activated.emit(2)
    assert stored(page, "plate_photos")[0]["item"] == f"machines/{rows[1]['id']}"


def test_the_same_photo_in_another_dossier_is_flagged_with_a_link(qtbot, page, editor, tmp_path, workspace):
    proposal = changing.add(workspace, "proposal", {"title": "Đề án mẫu"}).items[0].id
    other = changing.add(workspace, "acceptance", {"proposal": proposal, "site": "Xưởng khác"}).items[0].id
    path = picture(tmp_path / "chung.jpg")
    editor.around.host.add_photos(other, "photos", [path], "", lambda _intake: None)
    settle(qtbot, page)
    editor.add([path])
    settle(qtbot, page)
    link = next(button for button in editor.findChildren(QPushButton) if "Xưởng khác" in button.text())
    with qtbot.waitSignal(page.open_requested) as opened:
        link.click()
    assert opened.args == [other]


def test_stopping_leaves_the_dossier_as_it_was(qtbot, page, editor, tmp_path):
    editor.add([picture(tmp_path / f"{n}.jpg", n) for n in range(8)])
    assert editor.progress.isVisible()
    assert not editor.add_button.isEnabled()
    button(editor, "Dừng").click()
    settle(qtbot, page)
    assert stored(page) == []
    assert editor.add_button.isEnabled()
    assert not editor.progress.isVisible()


def test_a_closed_dossier_shows_its_photos_and_takes_none(filled):
    filled.set_editable(False)
    assert not filled.add_button.isVisible()
    assert filled.caption.isReadOnly()
    filled.reorder(0, 1)
    filled.remove()
    assert filled.model.rowCount() == 3


def test_a_dossier_closed_meanwhile_still_gets_its_photos(qtbot, context, acceptance, tmp_path):
    page = VisitPage(context, acceptance)
    page.form.editor("photos").add([picture(tmp_path / "anh.jpg")])
    page.deleteLater()
    settle(qtbot, page)
    assert len(context.workspace.store.record(acceptance).value("photos")) == 1


def test_photos_of_an_item_tell_beside_it_how_far_they_are(qtbot, page, tmp_path, messages):
    context = page.context
    rows = [{"item": "Máy có mặt", "group": "fact"}]
    page.refresh(changing.set_values(context.workspace, page.record_id, {"checklist": rows}), None)
    checklist = page.form.editor("checklist")
    item = checklist.rows[0]
    messages.files.append(picture(tmp_path / "may.jpg"))
    checklist.add_photos(item)
    assert any(said.startswith("Đang thêm ảnh") for said in sentences(item))
    settle(qtbot, page)
    assert "1 ảnh" in sentences(item)
    assert changing.undo_label(context.workspace) == "Thêm 1 ảnh"


def test_a_long_item_leaves_the_caption_its_room(filled, page):
    page.resize(1024, 680)
    rows = [{"item": "Nội dung kiểm tra rất dài " * 8, "group": "fact"}]
    page.refresh(changing.set_values(page.context.workspace, page.record_id, {"checklist": rows}), None)
    filled.show_value(filled.value())
    page.focus_field("photos")
    QApplication.processEvents()
    assert filled.caption.width() > filled.shows.width()
