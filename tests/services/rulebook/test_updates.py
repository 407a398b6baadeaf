"""Rules travel as one signed file; old dossiers keep theirs."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.services import catalogue
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import opening
from kcdesk.services.questions import saved_views
from kcdesk.services.questions.saved_views import SavedView
from kcdesk.services.rulebook import updates
from kcdesk.services.rules import norm_lookup
from kcdesk.services.workspace import Workspace
from kcdesk.store.store import Store
from tests.examples import some
from tests.services import samples
from tests.services.samples import CEILINGS, practice_answers

PROVINCE = "82"  # Đồng Tháp


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder with the ceilings of a province that had none."""
    folder = tmp_path / "quy định mới"
    (folder / "norms").mkdir(parents=True)
    (folder / "norms" / "lang_son.toml").write_text(CEILINGS, "utf-8")
    return folder


@pytest.fixture
def known(workspace: Workspace, province: Workspace, tmp_path: Path) -> Workspace:
    """The lower unit, which knows the province's key."""
    partners.write_identity(province, tmp_path / "tỉnh.xlsx")
    partners.trust(workspace, tmp_path / "tỉnh.xlsx")
    return workspace


def reopened(workspace: Workspace) -> Workspace:
    """The store as it is after closing and opening again."""
    workspace.close()
    return opening.open_workspace(workspace.store.folder)


def ceiling(workspace: Workspace) -> dict:
    return norm_lookup.norm_for_words(
        workspace.forms, programme="local", activity="machinery", on="5/3/2026", province="20", cost="700 triệu"
    )


def pack(province: Workspace, rules: Path, tmp_path: Path) -> Path:
    file = tmp_path / "Quy định.xlsx"
    updates.pack(province, rules, file, "Mức hỗ trợ của Lạng Sơn")
    return file


def test_a_new_provinces_ceilings_come_with_one_file(
    known: Workspace, province: Workspace, rules: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserError):
        ceiling(known)
    file = pack(province, rules, tmp_path)
    preview = updates.preview_update(known, file)
    assert [change.sentence() for change in preview.changes] == ["Khuyến công địa phương tỉnh Lạng Sơn: thêm"]
    assert not updates.installed_updates(known)

    updates.install_update(known, file)
    updates.install_update(known, file)  # a second time is harmless
    again = reopened(known)
    assert ceiling(again)["amount"] == 250_000_000
    assert [one["note"] for one in updates.installed_updates(again)] == ["Mức hỗ trợ của Lạng Sơn"]

    updates.undo_update(again)
    before = reopened(again)
    with pytest.raises(UserError):
        ceiling(before)
    before.close()


def test_named_views_of_lists_come_with_the_rules(known: Workspace, province: Workspace, tmp_path: Path) -> None:
    saved_views.keep_view(province, SavedView(name="Máy móc 2026", kind="proposal", conditions=("year = 2026",)))
    folder = tmp_path / "cách xem"
    (folder / "views").mkdir(parents=True)
    saved_views.write_file(province, folder / "views" / "province.toml", ("proposal",))
    file = pack(province, folder, tmp_path)
    assert [change.sentence() for change in updates.preview_update(known, file).changes] == ["Cách xem danh sách: thêm"]
    updates.install_update(known, file)
    again = reopened(known)
    (view,) = saved_views.views_of(again, "proposal")
    assert (view.name, view.conditions, view.is_shared) == ("Máy móc 2026", ("year = 2026",), True)
    with pytest.raises(UserError) as refusal:
        saved_views.forget(again, "proposal", "máy móc 2026")
    assert refusal.value.code == "shared_view"
    saved_views.keep_view(again, SavedView(name="máy móc 2026", kind="proposal", conditions=("year = 2025",)))
    (own,) = saved_views.views_of(again, "proposal")  # the own one stands in its place, and can be forgotten
    assert (own.conditions, own.is_shared) == (("year = 2025",), False)
    saved_views.forget(again, "proposal", "máy móc 2026")
    assert [view.is_shared for view in saved_views.views_of(again, "proposal")] == [True]
    wrong = (folder / "views" / "province.toml").read_text("utf-8").replace("year = 2026", "yaer = 2026")
    (folder / "views" / "province.toml").write_text(wrong, "utf-8")
    with pytest.raises(UserError, match="yaer"):
        pack(province, folder, tmp_path)
    again.close()


def test_a_changed_figure_is_shown_before_and_after(
    known: Workspace, province: Workspace, tmp_path: Path, rules: Path
) -> None:
    (rules / "norms" / "lang_son.toml").unlink()
    text = (paths.forms() / "norms" / "dong_thap.toml").read_text("utf-8")
    assert "cap = 300_000_000" in text
    (rules / "norms" / "dong_thap.toml").write_text(text.replace("cap = 300_000_000", "cap = 310_000_000", 1), "utf-8")
    sentences = [change.sentence() for change in updates.preview_update(known, pack(province, rules, tmp_path)).changes]
    assert len(sentences) == 1
    assert sentences[0].endswith("mức tối đa (đồng): từ «300.000.000» thành «310.000.000»")
    assert not any(word in sentences[0] for word in (".toml", "line", "period", "machinery")), "read by people"


@pytest.mark.parametrize(
    ("change", "code", "said"),
    some(2, [
        (("effective_from = 2026-01-01", "effective_from = 2026-01-32"), "bad_forms", "lang_son.toml"),
        (("percent = 50\ncap = 250_000_000", ""), "bad_forms", "lang_son.toml"),
        (('id = "machinery"', 'id = "machinery"\nstrange = 1'), "bad_forms", "strange"),
        (
            ("cap = 250_000_000", "cap = 250_000_000\neffective_to = 2026-06-30\n\n[[line.period]]\n"
             'effective_from = 2026-08-01\ndocument = "NQ 02"\narticle = "Điều 1"\ncap = 1'),
            "bad_forms",
            "lang_son.toml",
        ),
    ]),
    ids=some(2, ["no such day", "no figure", "unknown key", "a hole in time"]),
)  # fmt: skip
def test_faulty_rules_are_neither_signed_nor_taken(
    province: Workspace, rules: Path, tmp_path: Path, change: tuple[str, str], code: str, said: str
) -> None:
    file = rules / "norms" / "lang_son.toml"
    file.write_text(file.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(UserError) as refusal:
        pack(province, rules, tmp_path)
    assert refusal.value.code == code
    assert said in refusal.value.sentence()
    assert not (tmp_path / "Quy định.xlsx").exists()


def test_a_version_in_use_is_never_replaced(province: Workspace, rules: Path, tmp_path: Path) -> None:
    shutil.copy(paths.forms() / "contract.toml", rules)
    file = rules / "contract.toml"
    file.write_text(file.read_text("utf-8").replace('label = "Số hợp đồng"', 'label = "Số của hợp đồng"'), "utf-8")
    with pytest.raises(UserError) as refusal:
        pack(province, rules, tmp_path)
    assert refusal.value.code == "used_version"
    assert "contract.toml (phiên bản 1)" in refusal.value.message


def test_a_part_of_a_form_in_use_is_never_replaced(province: Workspace, rules: Path, tmp_path: Path) -> None:
    (rules / "proposal").mkdir()
    part = next((paths.forms() / "proposal").glob("*.toml"))
    text = part.read_text("utf-8").replace('label = "', 'label = "Sửa: ', 1)
    (rules / "proposal" / part.name).write_text(text, "utf-8")
    with pytest.raises(UserError) as refusal:
        pack(province, rules, tmp_path)
    assert refusal.value.code == "used_version"
    assert "proposal@1" in refusal.value.message


def test_old_dossiers_keep_their_form_and_new_ones_get_the_next(
    known: Workspace, province: Workspace, rules: Path, tmp_path: Path
) -> None:
    old = samples.contract(known, samples.approved(known))
    form = known.store.record(old).form.reference
    newest = max(shipped.version for shipped in known.forms.all if shipped.id == "contract")
    last = (paths.forms() / f"contract-{newest}.toml").read_text("utf-8")
    ended = re.sub(r"^(effective_from = .+)$", r"\1\neffective_to = 2027-02-28", last, count=1, flags=re.MULTILINE)
    head = f'extends = "contract@{newest}"\nversion = {newest + 1}\neffective_from = 2027-03-01\n'
    field = '[[section]]\nid = "contract"\n[[section.field]]\nname = "number"\nlabel = "Số của hợp đồng"\n'
    (rules / f"contract-{newest}.toml").write_text(ended, "utf-8")
    (rules / f"contract-{newest + 1}.toml").write_text(head + field, "utf-8")
    updates.install_update(known, pack(province, rules, tmp_path))
    again = reopened(known)
    assert again.store.record(old).form.reference == form
    assert again.forms.current("contract", date(2027, 3, 5)).field("number").label == "Số của hợp đồng"

    again.today = lambda: date(2027, 3, 5)
    samples.new(again, "contract", proposal=again.store.record(old).value("proposal"))
    with pytest.raises(UserError) as refusal:
        updates.undo_update(again)
    assert refusal.value.code == "rules_used"
    copy = again.store.backup()
    again.close()
    restored = opening.open_workspace(copy)  # a backup brings its rules along
    assert restored.store.record(old).form.reference == form
    restored.close()


def test_rules_come_from_the_provinces_department_only(
    workspace: Workspace, province: Workspace, rules: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserError) as refusal:
        pack(workspace, rules, tmp_path)
    assert refusal.value.code == "not_province"
    file = pack(province, rules, tmp_path)
    assert updates.preview_update(workspace, file).code == "unknown_sender"
    with pytest.raises(UserError) as refusal:
        updates.install_update(workspace, file)
    assert refusal.value.code == "unknown_sender"
    assert not updates.installed_updates(workspace)


def test_rules_of_another_province_are_refused(workspace: Workspace, forms, rules: Path, tmp_path: Path) -> None:
    opening.create(tmp_path / "other", practice_answers(level="province", code="SCT-KHAC", province="Cao Bằng"), forms)
    with Store.open(tmp_path / "other", forms) as store:
        other = Workspace(store, forms, catalogue.extensions(), lambda: date(2026, 3, 5))
        partners.write_identity(other, tmp_path / "khác.xlsx")
        file = pack(other, rules, tmp_path)
    partners.trust(workspace, tmp_path / "khác.xlsx")
    assert updates.preview_update(workspace, file).code == "not_province"


def test_the_province_takes_its_own_file_too(province: Workspace, rules: Path, tmp_path: Path) -> None:
    updates.install_update(province, pack(province, rules, tmp_path))
    again = reopened(province)
    assert ceiling(again)["cap"] == 250_000_000
    again.close()


def test_every_changed_byte_of_the_content_is_noticed(
    known: Workspace, province: Workspace, rules: Path, tmp_path: Path
) -> None:
    file = pack(province, rules, tmp_path)
    import zipfile

    damaged = tmp_path / "Quy định sửa.xlsx"
    with zipfile.ZipFile(file) as there, zipfile.ZipFile(damaged, "w") as here:
        for info in there.infolist():
            here.writestr(info, there.read(info).replace(b"250_000_000", b"950_000_000"))
    with pytest.raises(UserError) as refusal:
        updates.preview_update(known, damaged)
    assert refusal.value.code == "not_rules"


def test_a_file_that_is_no_workbook_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "thư.txt"
    file.write_text("Kính gửi", "utf-8")
    with pytest.raises(UserError) as refusal:
        updates.preview_update(workspace, file)
    assert refusal.value.code == "not_rules"


def test_a_name_never_leads_out_of_the_folder(province: Workspace, tmp_path: Path) -> None:
    from kcdesk.exchange import rule_files
    from kcdesk.exchange.container import signing

    with pytest.raises(UserError) as refusal:
        rule_files.write_rules(
            tmp_path / "x.xlsx", province.identity, signing.signing_key(province.store), {"../x.toml": ""}, ""
        )
    assert refusal.value.code == "bad_rule_name"
