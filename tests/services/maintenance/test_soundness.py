"""`kcdesk check` tells of definitions that were released and have been changed since."""

import shutil

from kcdesk import paths
from kcdesk.formdef.loading.loader import load
from kcdesk.services.maintenance import soundness
from kcdesk.services.workspace import Workspace


def with_change(workspace, folder, file, old, new):
    folder = shutil.copytree(paths.forms(), folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return soundness.check(Workspace(workspace.store, load(folder), workspace.today))


def test_a_store_under_the_shipped_definitions_is_sound(workspace):
    assert soundness.check(workspace)["problems"] == []


def test_a_released_form_that_was_changed_is_a_problem(workspace, tmp_path):
    found = with_change(workspace, tmp_path / "forms", "office.toml", 'label = "Tên', 'label = "Tên gọi')
    assert not found["sound"]
    assert found["problems"] == [
        "Mẫu “office@1” đã phát hành nên không được sửa; hãy khôi phục như cũ và ghi thay đổi vào một phiên bản mới."
    ]


def test_a_list_of_released_versions_that_cannot_be_read_is_a_problem(workspace, tmp_path):
    found = with_change(workspace, tmp_path / "forms", "released.toml", "[form]", "[from]")
    assert "nhóm “from” không có" in " ".join(found["problems"])
