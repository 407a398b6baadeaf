"""Which open dossiers other rules touch, whatever has changed and however the change came."""

import shutil
from datetime import date
from zipfile import ZipFile

import pypdfium2
import pytest

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.runtime.frozen import replace
from kcdesk.services.effects import rule_changes, seen_rules, touched_dossiers
from kcdesk.services.law import checking, store_register
from tests.services import samples

ON = date(2026, 3, 5)  # the day of the store
CHANGES = {  # file: (text, its replacement, the topic, what is seen before, what after)
    "eligibility.toml": (
        'ok = "Thuộc đối tượng: doanh nghiệp nhỏ và vừa, tổ hợp tác',
        'ok = "Được hỗ trợ: doanh nghiệp nhỏ và vừa, tổ hợp tác',
        ("Đối tượng, điều kiện khác", "Thuộc đối tượng", "Được hỗ trợ"),
    ),
    "norms/national.toml": (None, None, ("Mức hỗ trợ tối đa", "300.000.000", "450.000.000")),
    "activities/machinery.toml": (
        'item = "Tài liệu về nhà xưởng, mặt bằng đặt máy"',
        'item = "Cam kết về mặt bằng đặt máy"',
        ("Giấy tờ phải có", "Tài liệu về nhà xưởng", "Cam kết về mặt bằng"),
    ),
    "checklists/machinery.toml": (
        'item = "Máy móc, thiết bị là máy móc, thiết bị mới"',
        'item = "Máy mới, có tem"',
        ("Danh mục kiểm tra", "Máy móc, thiết bị là máy móc, thiết bị mới", "Máy mới, có tem"),
    ),
    "governing_days.toml": (
        'day = "ngày quyết định phê duyệt"\notherwise = "ngày xem, muộn nhất ngày cuối năm kế hoạch"',
        'day = "ngày đăng ký"\notherwise = "ngày đăng ký"',
        ("Ngày áp dụng quy định", "ngày xem, muộn nhất", "ngày đăng ký"),
    ),
    "names.toml": (
        'name = "Cục Công nghiệp"',
        'name = "Cục Mẫu"',
        ("Tên gọi trên giấy", "Cục Công nghiệp,", "Cục Mẫu,"),
    ),
    "documents/proposal_ceilings-2.toml": (
        'label = "',
        'label = "Phiếu khác: ',
        ("Giấy in được", "", "Phiếu khác: "),
    ),
    "calendar.toml": (
        'label = "',
        'label = "Việc mới: ',
        ("Thời hạn", "", "Việc mới: "),
    ),
}


def _changed_files():
    for name, (old, new, _seen) in CHANGES.items():
        content = (paths.forms() / name).read_text("utf-8")
        if old is None:
            content = content.replace("cap = 300_000_000", "cap = 450_000_000")
        assert old is None or old in content, name
        yield name, content if old is None else content.replace(old, new)


def _national(workspace, **changes):
    facts = {"programme": "national", "year": 2026, "starts_on": "1/4/2026", "ends_on": "31/12/2026"}
    return samples.proposal(workspace, **(facts | changes))


def test_every_kind_of_rule_says_which_open_dossiers_it_touches(workspace, tmp_path):
    id_ = _national(workspace)
    done = _national(workspace, title="Đã xong")
    with workspace.store.act("Lưu trữ") as act:
        act.update(done, {"state": "archived"})

    touched = rule_changes.touched_by_files(workspace, dict(_changed_files()))

    assert done not in {line.id for line in touched}
    lines = {line.topic: line for line in touched if line.id == id_}
    lines |= {line.topic: line for line in touched if not line.id}
    for name, (_old, _new, (topic, before, after)) in CHANGES.items():
        assert topic in lines, (name, list(lines))
        assert before in lines[topic].before, name
        assert after in lines[topic].after, name
    assert lines["Mức hỗ trợ tối đa"].title == "Hỗ trợ ứng dụng máy móc tiên tiến (mẫu)"
    assert lines["Thời hạn"].title == touched_dossiers.EVERYBODY
    made = touched_dossiers.print_touched(workspace, "Tệp mẫu", touched, tmp_path / "danh-sach.pdf")
    with pypdfium2.PdfDocument(made["pdf"]) as paper:
        printed = " ".join(" ".join(page.get_textpage().get_text_range() for page in paper).split())
    assert "Tệp mẫu" in printed
    assert "Việc mới: " in printed
    assert rule_changes.touched_by_files(workspace, {}) == [], "the same rules give the same answers"


def test_rules_of_next_year_are_compared_on_their_day(workspace):
    id_ = _national(workspace, year=2027, starts_on="1/4/2027", ends_on="31/12/2027")
    path = paths.forms() / "eligibility.toml"
    old = '[[rule]]\nid = "subject"'
    new = f"""[[rule]]
id = "new_rule"
label = "Điều kiện mới"

[[rule.period]]
effective_from = 2027-01-01
source = "Đề xuất của chương trình"
unknown = "Cần xét theo quy định năm 2027."

{old}"""
    touched = rule_changes.touched_by_files(workspace, {"eligibility.toml": path.read_text("utf-8").replace(old, new)})
    (line,) = [line for line in touched if line.id == id_ and line.topic == "Đối tượng, điều kiện khác"]
    assert (line.on, line.before) == (date(2027, 1, 1), "chưa có")
    assert "Cần xét theo quy định năm 2027." in line.after


def test_a_comparison_by_two_people_touches_what_cites_the_text(workspace):
    id_ = _national(workspace)
    samples.new(workspace, "staff", name="Trần Văn Bình")
    before = workspace.forms
    checking.tick(workspace, "TT 28/2018/TT-BTC", "Đọc bản Công báo, đúng.")
    assert touched_dossiers.touched_dossiers(workspace, before, workspace.forms) == [], "one person counts for nothing"
    check = checking.waiting_check(workspace, "TT 28/2018/TT-BTC")
    checking.confirm(workspace, check, "Đọc lại, đúng.", officer="Trần Văn Bình")

    touched = touched_dossiers.touched_dossiers(workspace, before, workspace.forms)

    (line,) = [line for line in touched if line.id == id_ and line.topic == "Căn cứ, mức độ đối chiếu"]
    assert "TT 28/2018/TT-BTC: chưa đối chiếu" in line.before
    assert "TT 28/2018/TT-BTC: đã đọc trong văn bản" in line.after
    again = rule_changes.touched_by_instrument(workspace, "TT 28/2018/TT-BTC")
    assert [(each.id, each.topic, each.after) for each in again] == [
        (each.id, each.topic, each.after) for each in touched
    ]
    checking.take_back(workspace, checking.present_check(workspace, "TT 28/2018/TT-BTC"), "Nhầm bản")
    assert touched_dossiers.touched_dossiers(workspace, before, workspace.forms) == []


def test_another_program_is_noticed_by_the_rules_of_the_last_use(workspace, tmp_path):
    id_ = _national(workspace)
    assert not seen_rules.note_rules(workspace), "there is nothing to compare with at the first use"
    with pytest.raises(UserError) as refusal:
        seen_rules.touched_since(workspace)
    assert refusal.value.code == "no_earlier_rules"
    later = tmp_path / "forms"
    shutil.copytree(paths.forms(), later)
    for name, content in _changed_files():
        (later / name).write_text(content, "utf-8")
    newer = replace(workspace, forms=store_register.with_register(workspace, load(later)))

    assert seen_rules.note_rules(newer)
    assert not seen_rules.note_rules(newer)

    touched = seen_rules.touched_since(newer)
    assert {"Mức hỗ trợ tối đa", "Giấy tờ phải có"} <= {line.topic for line in touched if line.id == id_}
    kept = workspace.store.folder / seen_rules.FOLDER / "before.zip"
    whole = kept.read_bytes()
    for damaged in (whole[:1000], whole[:1000] + bytes(1000) + whole[2000:], b""):
        kept.write_bytes(damaged)
        with pytest.raises(UserError) as refusal:
            seen_rules.touched_since(newer)
        assert refusal.value.code == "unreadable_rules"


def test_rules_are_the_same_however_they_were_packed(workspace):
    seen_rules.note_rules(workspace)
    kept = workspace.store.folder / seen_rules.FOLDER / "now.zip"
    with ZipFile(kept) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    with ZipFile(kept, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    assert not seen_rules.note_rules(workspace), "another zlib packs the same content otherwise"
    kept.write_bytes(kept.read_bytes()[:-100])
    assert seen_rules.note_rules(workspace), "what was used last cannot be read any more"
    assert not seen_rules.note_rules(workspace)


def test_a_dossier_below_a_finished_proposal_is_finished(workspace):
    id_ = samples.approved(workspace)
    samples.contract(workspace, id_)
    assert {"proposal", "contract"} <= {stored.kind for stored in touched_dossiers.open_dossiers(workspace)}
    with workspace.store.act("Lưu trữ") as act:
        act.update(id_, {"state": "archived"})
    assert not {"proposal", "contract"} & {stored.kind for stored in touched_dossiers.open_dossiers(workspace)}
