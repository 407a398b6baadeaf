"""The ceilings of one more province come with one file: no code, no other file."""

import json
import shutil

import pytest

from kcdesk import paths
from kcdesk.cli.program import main
from kcdesk.formdef.loading.loader import load
from kcdesk.runtime.frozen import replace
from kcdesk.services.overview import rules_panel
from tests.services.samples import proposal

NORMS = """
programme = "local"
label = "Khuyến công địa phương tỉnh Lạng Sơn"
province = "20"

[[line]]
id = "machinery"
label = "Ứng dụng máy móc thiết bị"
activities = ["machinery"]
per = "cơ sở"

[[line.period]]
effective_from = 2026-01-01
document = "NQ 99/2025/NQ-HĐND tỉnh Lạng Sơn (mẫu)"
article = "Khoản 4 Điều 5"
percent = 40
cap = 250_000_000
"""


@pytest.fixture
def lang_son(tmp_path, monkeypatch):
    """A copy of the shipped definitions with the file of one more province."""
    folder = shutil.copytree(paths.forms(), tmp_path / "forms")
    (folder / "norms" / "lang_son.toml").write_text(NORMS, encoding="utf-8")
    monkeypatch.setattr(paths, "forms", lambda: folder)
    return folder


@pytest.mark.usefixtures("lang_son")
def test_the_command_line_knows_the_new_province(capsys):
    words = ["--programme", "local", "--activity", "machinery", "--province", "Lạng Sơn", "--cost", "500 triệu"]
    assert main(["ceiling", *words, "--on", "1/1/2026", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["percent"], found["cap"], found["amount"]) == (40, 250_000_000, 200_000_000)
    assert found["source"] == "Khoản 4 Điều 5 NQ 99/2025/NQ-HĐND tỉnh Lạng Sơn (mẫu)"
    assert main(["ceiling", *words, "--on", "31/12/2025", "--json"]) == 1


def test_the_panel_knows_the_new_province(workspace, lang_son):
    workspace = replace(workspace, forms=load(lang_son))
    place = workspace.places.search("dong kinh lang son", 1)[0]
    assert workspace.places.commune(place.commune).province_code == "20"
    id_ = proposal(workspace, year=2026, place={"commune": place.commune})
    limit = rules_panel.beside(workspace, workspace.store.record(id_))[0]
    assert any("250.000.000 đồng" in line.text for line in limit.lines)
    assert any("NQ 99/2025" in line.source for line in limit.lines)
