"""After a change of the register, or under another program, the window offers the dossiers with another answer."""

import shutil

from PySide6.QtWidgets import QPushButton

from kcdesk import paths
from kcdesk.formdef.loading.loader import load
from kcdesk.runtime.frozen import replace
from kcdesk.services.effects import seen_rules
from kcdesk.services.law import checking, store_register
from kcdesk.ui.settings.effects.rule_watch import PROGRAM, REGISTER, RuleWatch
from kcdesk.ui.settings.effects.touched_dialog import TouchedDialog
from tests.services import samples

TEXT = "TT 28/2018/TT-BTC"

WAIT = 60_000  # milliseconds: the list is made in the background, also on a busy machine


def test_a_tick_and_its_undoing_offer_the_touched_dossiers(qtbot, open_window, workspace):
    facts = {"programme": "national", "year": 2026, "starts_on": "1/4/2026", "ends_on": "31/12/2026"}
    id_ = samples.proposal(workspace, **facts)
    samples.new(workspace, "staff", name="Trần Văn Bình")
    checking.tick(workspace, TEXT, "Đọc bản Công báo, đúng.")
    window = open_window(workspace)
    check = checking.waiting_check(workspace, TEXT)
    offered = f"{REGISTER}. 2 hồ sơ đang làm có kết quả khác trước."

    window.context.act(lambda: checking.confirm(workspace, check, "Đọc lại.", officer="Trần Văn Bình"))

    qtbot.waitUntil(lambda: window.notices.text() == offered, timeout=WAIT)
    window.notices.act()
    dialog = window.findChild(TouchedDialog)
    place = next(n for n, line in enumerate(dialog.table.touched) if line.id == id_)
    dialog.table.table.go_to(str(place))
    dialog.findChild(QPushButton, "touched.open").click()
    assert window.page.record_id == id_

    window.undo()
    qtbot.waitUntil(lambda: window.notices.text() == offered, timeout=WAIT)


def test_another_program_is_noticed_once_at_the_start(qtbot, open_window, workspace, tmp_path):
    samples.proposal(workspace, year=2026)
    seen_rules.note_rules(workspace)
    shutil.copytree(paths.forms(), tmp_path / "forms")
    changed = tmp_path / "forms" / "activities" / "machinery.toml"
    changed.write_text(changed.read_text("utf-8").replace("Tài liệu về nhà xưởng", "Hồ sơ nhà xưởng"), "utf-8")
    forms = store_register.with_register(workspace, load(tmp_path / "forms"))
    workspace.store.forms = forms
    window = open_window(replace(workspace, forms=forms))

    window.findChild(RuleWatch).look_back()

    qtbot.waitUntil(lambda: window.notices.text().startswith(f"{PROGRAM}. 1 hồ sơ"), timeout=WAIT)
    assert seen_rules.has_earlier_rules(workspace)
    assert not seen_rules.note_rules(window.context.workspace), "the next start says nothing"
