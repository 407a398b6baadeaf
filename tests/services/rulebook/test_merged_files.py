"""Figures that an office signed do not hide lines that a later program brings, and the other way round."""

import shutil
import tomllib
from datetime import date

import pytest

from kcdesk import paths
from kcdesk.formdef.loading.loader import load
from kcdesk.services.rulebook import installed, norm_drafts, updates
from kcdesk.services.rulebook.merged_files import can_be_used, merged_text
from kcdesk.services.rulebook.norm_drafts import NATIONAL, NormEntry, WorkedExample

ENTRY = NormEntry(
    activity="machinery",
    percent=50,
    cap=450_000_000,
    document="TT 139/2026/TT-BTC",
    article="Điều 8",
    first=date(2027, 1, 1),
    per="cơ sở",
    examples=(WorkedExample(2_000_000_000, 450_000_000),),
)
BASE = """
label = "Mẫu"
[[line]]
id = "a"
cap = 1
[[line]]
id = "b"
cap = 2
"""


@pytest.mark.parametrize(
    ("current", "edited", "lines", "label"),
    [
        (BASE.replace("cap = 2", "cap = 3"), BASE.replace("cap = 1", "cap = 9"), {"a": 9, "b": 3}, "Mẫu"),
        (BASE + '[[line]]\nid = "c"\ncap = 4\n', BASE.replace("cap = 1", "cap = 9"), {"a": 9, "b": 2, "c": 4}, "Mẫu"),
        (BASE, '[[line]]\nid = "n"\ncap = 7\n' + BASE.replace('label = "Mẫu"\n', ""), {"n": 7, "a": 1, "b": 2}, None),
        (BASE.replace("cap = 1", "cap = 5"), BASE.replace("cap = 1", "cap = 9"), {"a": 9, "b": 2}, "Mẫu"),
        (BASE.replace("Mẫu", "Mới"), BASE.replace("cap = 2", "cap = 9"), {"a": 1, "b": 9}, "Mới"),
        (BASE.rpartition("[[line]]")[0], BASE.replace("cap = 1", "cap = 9"), {"a": 9}, "Mẫu"),
    ],
)
def test_each_line_is_that_of_who_changed_it(current, edited, lines, label):
    merged = tomllib.loads(merged_text(BASE, current, edited))
    assert {line["id"]: line["cap"] for line in merged["line"]} == lines
    assert [line["id"] for line in merged["line"]] == list(lines)
    assert merged.get("label") == label


def test_a_later_program_adds_its_lines_to_the_figures_that_a_province_signed(province, tmp_path, monkeypatch):
    texts = norm_drafts.norm_file(province, NATIONAL, [ENTRY])
    updates.pack_texts(province, texts, tmp_path / "muc.xlsx", "Mức mới")
    later = tmp_path / "forms"
    shutil.copytree(paths.forms(), later)
    national = later / "norms" / "national.toml"
    content = national.read_text("utf-8")
    assert "cap = 35_000_000" in content
    national.write_text(content.replace("cap = 35_000_000", "cap = 36_000_000"), "utf-8")
    monkeypatch.setattr(paths, "forms", lambda: later)

    folder = installed.folder_in_force(province.store.folder)

    merged = (folder / "norms" / "national.toml").read_text("utf-8")
    assert "36_000_000" in merged.replace("36000000", "36_000_000"), "the program's newer line"
    assert "450000000" in merged.replace("_", ""), "and the province's own"
    assert can_be_used(folder)
    assert load(folder).kinds == province.forms.kinds


def test_files_that_contradict_each_other_stay_those_of_the_office(province, tmp_path, monkeypatch):
    """Both give an activity another rate: the merged rules cannot be read, so the signed file counts as it is."""
    path = paths.forms() / "rules" / "payments.toml"
    new = (
        '\n[[advance]]\nid = "{}"\nlabel = "Sàn"\nactivities = ["e_commerce"]\nrate = 60\neffective_from = 2026-01-01\n'
    )
    new += 'source = "Đề xuất của chương trình"\n'
    texts = {"rules/payments.toml": path.read_text("utf-8") + new.format("ours")}
    updates.pack_texts(province, texts, tmp_path / "tam-ung.xlsx", "Tạm ứng")
    later = tmp_path / "forms"
    shutil.copytree(paths.forms(), later)
    (later / "rules" / "payments.toml").write_text(path.read_text("utf-8") + new.format("theirs"), "utf-8")
    monkeypatch.setattr(paths, "forms", lambda: later)
    folder = installed.folder_in_force(province.store.folder)
    assert (folder / "rules" / "payments.toml").read_text("utf-8") == texts["rules/payments.toml"]
