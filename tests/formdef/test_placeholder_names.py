"""The names of placeholders: unique, stable whatever becomes of a label, noted when a version is released."""

from __future__ import annotations

import re
import shutil

import pytest

from kcdesk import paths
from kcdesk.formdef.loading import released
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.loading.placeholder_names import derived, load_placeholders, note_names


def test_every_field_of_a_released_form_has_a_noted_name_of_its_own():
    forms = load()
    names = load_placeholders(forms).names
    noted = (paths.forms() / "placeholders.toml").read_text("utf-8")
    missing = [place for place in names if f'"{place}" = "' not in noted]
    assert missing == [], "run: python -m kcdesk.formdef.loading.released"
    seen: dict[tuple[str, str], str] = {}
    for place, name in names.items():
        scope = re.split(r"[.=](?=[^.=]*$)", place)[0]
        assert seen.setdefault((scope, name), place) == place, f"{place} and {seen[scope, name]} are both {name}"
        assert re.fullmatch(r"[a-z0-9][a-z0-9_]*", name)
    assert (names["proposal.title"], names["acceptance.machines.serial_number"]) == ("ten", "so_may")


def test_a_name_is_made_of_the_words_of_a_label():
    for label, name in {
        "Tên đề án": "ten_de_an",
        "Kinh phí còn lại (số âm: phải hoàn trả)": "kinh_phi_con_lai",
        "Trong đó: vốn đối ứng": "von_doi_ung",
        "Địa chỉ trụ sở: số nhà, đường": "dia_chi_tru_so",
        "Tổng số tiền được phê duyệt và được quyết toán của đề án": "tong_so_tien_duoc_phe_duyet_va_duoc_quyet_toan",
    }.items():
        assert derived(label) == name


def test_another_label_keeps_the_name(tmp_path):
    shutil.copytree(paths.forms(), tmp_path / "forms")
    before = load_placeholders(load(tmp_path / "forms")).names
    path = tmp_path / "forms" / "survey.toml"
    path.write_text(path.read_text("utf-8").replace('label = "', 'label = "Mới ', 3), "utf-8")
    assert load_placeholders(load(tmp_path / "forms")).names == before


def test_new_names_are_noted_and_a_wrong_file_is_refused(tmp_path):
    folder = tmp_path / "forms"
    shutil.copytree(paths.forms(), folder)
    path = folder / "placeholders.toml"
    text = path.read_text("utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith('"survey.')]
    path.write_text("".join(lines), "utf-8")
    assert all(place.startswith("survey.") for place in note_names(load(folder)))
    assert path.read_text("utf-8") == text
    released.release(folder)
    assert path.read_text("utf-8") == text
    path.write_text('[kinds]\nproposal = "de_an"\nunknown_key = 1\n[[source]]\nname = "x"\n', "utf-8")
    with pytest.raises(FormsError, match=r"placeholders\.toml"):
        load_placeholders(load(folder))
