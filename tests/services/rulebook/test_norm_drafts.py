"""Figures of support entered in a form: the file that comes out, what it refuses, and what it changes."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest

from kcdesk import paths
from kcdesk.cli.program import main
from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.runtime.frozen import replace
from kcdesk.services.rulebook import installed, norm_drafts, rule_effects, updates
from kcdesk.services.rulebook.norm_drafts import NormEntry, NormTerritory, WorkedExample
from kcdesk.services.rules import norm_lookup
from kcdesk.services.workspace import Workspace
from tests.services import samples

LANG_SON = NormTerritory(programme="local", province="20", name="Tỉnh Lạng Sơn")
ENTRY = NormEntry(
    activity="machinery",
    document="NQ 12/2025/NQ-HĐND (mẫu)",
    article="Khoản 2 Điều 5",
    first=date(2026, 1, 1),
    percent=Decimal(50),
    cap=300_000_000,
    per="cơ sở",
    examples=(WorkedExample(400_000_000, 200_000_000), WorkedExample(1_000_000_000, 300_000_000)),
)


def sign(province: Workspace, tmp_path: Path, *entries: NormEntry, territory: NormTerritory = LANG_SON) -> Path:
    file = tmp_path / f"{len(list(tmp_path.glob('*.xlsx')))}.xlsx"
    updates.pack_texts(province, norm_drafts.norm_file(province, territory, entries), file, "Mức mới")
    return file


def amount(workspace: Workspace, on: str, cost: str = "1 tỷ", **where: str) -> int:
    forms = load(installed.folder_in_force(workspace.store.folder))
    where = {"activity": "machinery", "province": "20"} | where
    return norm_lookup.norm_for_words(forms, programme="local", on=on, cost=cost, **where)["amount"]


def test_a_figure_ends_the_one_before_it_and_signing_twice_keeps_both(province: Workspace, tmp_path: Path) -> None:
    sign(province, tmp_path, ENTRY)
    later = replace(ENTRY, first=date(2027, 1, 1), cap=350_000_000, examples=(WorkedExample(10**9, 350_000_000),))
    other = replace(ENTRY, activity="brand", percent=Decimal("37.5"), cap=None, examples=(WorkedExample(800, 300),))
    sign(province, tmp_path, later, other)
    assert [amount(province, day) for day in ("31/12/2026", "01/01/2027")] == [300_000_000, 350_000_000]
    assert amount(province, "1/2/2026", "800", activity="brand") == 300
    with pytest.raises(UserError):
        amount(province, "31/12/2025")


def test_days_without_a_figure_are_refused_until_somebody_says_why(province: Workspace, tmp_path: Path) -> None:
    first, second = replace(ENTRY, last=date(2026, 6, 30)), replace(ENTRY, first=date(2026, 9, 1))
    with pytest.raises(UserError, match="01/7/2026 đến ngày 31/8/2026") as refusal:
        norm_drafts.norm_file(province, LANG_SON, [first, second])
    assert (refusal.value.code, refusal.value.field) == ("norm_hole", "first")
    why = replace(ENTRY, first=date(2026, 7, 1), percent=None, cap=None, note="Nghị quyết hết hạn", examples=())
    sign(province, tmp_path, first, why, second)
    assert amount(province, "1/9/2026") == 300_000_000
    assert amount(province, "1/7/2026") is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"activity": "strange"}, "nội dung hoạt động"),
        ({"percent": None, "cap": None, "examples": ()}, "tỷ lệ hay mức trần"),
        ({"percent": Decimal(0)}, "không quá 100"),
        ({"percent": Decimal(101)}, "không quá 100"),
        ({"cap": 0}, "lớn hơn 0 đồng"),
        ({"document": " "}, "văn bản"),
        ({"document": "TT 150/2026/TT-BTC"}, "chưa có TT 150/2026/TT-BTC"),
        ({"last": date(2025, 12, 31)}, "trước ngày có hiệu lực"),
        ({"examples": ()}, "ví dụ tính tay"),
        ({"examples": (WorkedExample(400_000_000, 200_000_001),)}, "ra 200.000.000 đồng"),
    ],
)
def test_what_a_figure_lacks_is_said_and_nothing_is_made(province: Workspace, change: dict, words: str) -> None:
    with pytest.raises(UserError) as refusal:
        norm_drafts.norm_file(province, LANG_SON, [replace(ENTRY, **change)])
    assert words in refusal.value.message
    with pytest.raises(UserError):
        norm_drafts.norm_file(province, LANG_SON, [])


def test_a_figure_before_the_one_in_force_is_refused(province: Workspace, tmp_path: Path) -> None:
    sign(province, tmp_path, ENTRY)
    with pytest.raises(UserError, match="01/01/2026"):
        norm_drafts.norm_file(province, LANG_SON, [replace(ENTRY, first=date(2026, 1, 1))])


def test_a_figure_of_the_merged_province_goes_before_the_older_one_of_a_part(
    province: Workspace, tmp_path: Path
) -> None:
    merged = NormTerritory(programme="local", province="82", name="Tỉnh Đồng Tháp")
    before = (paths.forms() / "norms" / "dong_thap.toml").read_text("utf-8")
    sign(province, tmp_path, ENTRY, territory=merged)
    assert amount(province, "1/2/2026", "400 triệu", province="82") == 200_000_000
    assert amount(province, "31/12/2025", "400 triệu", province="82") == 200_000_000  # the part's own figure
    assert amount(province, "31/12/2025", province="82") == 300_000_000
    assert (paths.forms() / "norms" / "dong_thap.toml").read_text("utf-8") == before


def test_national_figures_are_entered_in_the_same_way(province: Workspace) -> None:
    files = norm_drafts.norm_file(
        province, NormTerritory(programme="national"), [replace(ENTRY, first=date(2030, 1, 1))]
    )
    assert list(files) == ["norms/national.toml"]
    assert files["norms/national.toml"].count("# ") == (
        (paths.forms() / "norms" / "national.toml").read_text("utf-8").count("# ")
    )


def test_the_touched_proposals_are_those_without_a_decision(province: Workspace, tmp_path: Path) -> None:
    facts = {"programme": "local", "activity": "machinery", "year": "2026"}
    lines = [{"item": "Máy", "cost": 600_000_000, "local": 400_000_000}]
    touched = samples.new(province, "proposal", title="Chưa quyết", budget=lines, **facts)
    decided = {"decision_number": "1/QĐ", "decision_date": "2026-02-01"}
    samples.new(province, "proposal", title="Đã quyết", budget=lines, **facts, **decided)
    samples.new(province, "proposal", title="Nội dung khác", budget=lines, **(facts | {"activity": "brand"}))
    file = tmp_path / "muc.xlsx"
    texts = norm_drafts.norm_file(province, LANG_SON, [ENTRY])
    province_files = sign(province, tmp_path, ENTRY)
    updates.undo_update(province)

    preview = updates.preview_update(province, province_files)

    assert texts
    assert [(p.id, p.before, p.after, p.over) for p in preview.touched] == [(touched, None, 300_000_000, 100_000_000)]
    assert "1 đề án chưa có quyết định" in preview.sentence
    assert "1 đề án vượt" in preview.sentence
    made = rule_effects.print_effects(province, preview.norms, preview.touched, file.with_suffix(".pdf"))
    with pypdfium2.PdfDocument(made["pdf"]) as paper:
        printed = " ".join(paper[0].get_textpage().get_text_range().split())
    for wanted in ("Chưa quyết", "400.000.000 đồng", "300.000.000 đồng", "chưa có", "Khoản 2 Điều 5"):
        assert wanted in printed
    assert "Đã quyết" not in printed


def test_the_command_line_signs_the_same_figures(province: Workspace, tmp_path: Path, capsys) -> None:
    folder = province.store.folder
    line = {
        "activity": "machinery",
        "percent": 50,
        "cap": 300_000_000,
        "document": "NQ 12/2025/NQ-HĐND (mẫu)",
        "from": "2026-01-01",
        "examples": [{"cost": 400_000_000, "amount": 200_000_000}],
    }
    (tmp_path / "muc.json").write_text(json.dumps([line]), "utf-8")
    (tmp_path / "sai.json").write_text('[{"activity": "machinery"}]', "utf-8")
    province.close()
    store = ["--store", str(folder), "--json"]
    assert main(["norms", str(tmp_path / "sai.json"), str(tmp_path / "x.xlsx"), *store]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bad_lines"
    assert main(["norms", str(tmp_path / "muc.json"), str(tmp_path / "muc.xlsx"), *store]) == 0
    assert "cap = 300000000" in json.loads(capsys.readouterr().out)["texts"]["norms/lang_son.toml"]
