"""The province's Word files travel in the signed file, are checked again, and stand behind those of the unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcdesk.errors import UserError
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import opening
from kcdesk.services.papers.own_forms import kept_forms, taking
from kcdesk.services.rulebook import updates, word_packs
from tests.services.papers.own_forms.word_files import made_of


def of_file(folder: Path, text: str) -> Path:
    path = folder / "form.docx"
    path.write_bytes(made_of(text))
    return path


@pytest.fixture
def known(workspace, province, tmp_path):
    """The lower unit, which knows the province's key."""
    partners.write_identity(province, tmp_path / "tỉnh.xlsx")
    partners.trust(workspace, tmp_path / "tỉnh.xlsx")
    return workspace


def test_the_provinces_word_file_comes_with_the_rules(known, province, tmp_path):
    taking.take_in(province, "minutes_5a", of_file(tmp_path, "Của tỉnh: {{ nghiem_thu.ket_luan }}"), "Biên bản của Sở")
    file = tmp_path / "Mẫu Word.xlsx"
    word_packs.pack_forms(province, ["minutes_5a"], file)
    preview = updates.preview_update(known, file)
    assert [change.sentence() for change in preview.changes] == ["Biên bản của Sở: thêm"]
    assert preview.obstacle == ""
    updates.install_update(known, file)
    known.close()
    unit = opening.open_workspace(known.store.folder)
    form = kept_forms.form_in_use(unit, "minutes_5a")
    assert (form.origin, form.label, form.unit) == ("rules", "Biên bản của Sở", province.identity.unit.code)
    taking.take_in(unit, "minutes_5a", of_file(tmp_path, "Của đơn vị: {{ nghiem_thu.ket_luan }}"))
    ways = [(choice, in_use) for choice, _sentence, in_use in taking.choices_for(unit, "minutes_5a")]
    assert ways == [("own@1", True), ("rules@1", False), ("program", False)]
    kept_forms.use(unit, "minutes_5a", "rules@1")
    assert kept_forms.form_in_use(unit, "minutes_5a").label == "Biên bản của Sở"
    unit.close()


def test_a_unit_signs_no_word_files_and_a_changed_file_is_refused(known, province, tmp_path):
    taking.take_in(known, "minutes_5a", of_file(tmp_path, "{{ nghiem_thu.ket_luan }}"))
    with pytest.raises(UserError) as refusal:
        word_packs.pack_forms(known, [], tmp_path / "a.xlsx")
    assert refusal.value.code == "not_province"
    with pytest.raises(UserError) as refusal:
        word_packs.pack_forms(province, [], tmp_path / "a.xlsx")
    assert refusal.value.code == "no_rules"
    form = taking.take_in(province, "minutes_5a", of_file(tmp_path, "{{ nghiem_thu.ket_luan }}"))
    text, name = kept_forms.to_toml(form), kept_forms.rule_name(form)
    bad = kept_forms.to_toml(kept_forms.KeptForm(*_values(form), content=made_of("{{ nghiem_thu.khong_co }}")))
    damaged = text.replace('sha256 = "', 'sha256 = "0')
    for content, words in ((bad, "không có chỗ điền «nghiem_thu.khong_co»"), (damaged, "bị hỏng hoặc bị sửa")):
        with pytest.raises(UserError, match=words):
            updates.pack_texts(province, {name: content}, tmp_path / "b.xlsx", "thử")


def _values(form):
    return form.layout, form.version, form.label, form.unit, form.unit_name, form.made_on, form.origin
