"""A package of a trusted unit whose workbook hides or shows something else than its records say."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kcdesk.errors import UserError
from kcdesk.services.handover.packages import preview, receiving
from kcdesk.services.handover.receipts import writing
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from tests.attacks.forged_packages import forged
from tests.services.exchange_support import Offices, whole
from tests.services.samples import BENEFICIARY, PROPOSAL, new

Parts = dict[str, bytes]
SHEET, FIGURES = "Đề án", "Đối chiếu"


def sheet_of(parts: Parts, name: str) -> str:
    """The part of a sheet."""
    book = parts["xl/workbook.xml"].decode()
    number = re.search(rf'name="{name}"[^>]*r:id="(rId\d+)"', book)
    assert number is not None
    related = parts["xl/_rels/workbook.xml.rels"].decode()
    tag = next(tag for tag in re.findall(r"<Relationship [^>]*>", related) if f'Id="{number[1]}"' in tag)
    return "xl/" + re.search(r'Target="/?(?:xl/)?([^"]+)"', tag)[1]  # type: ignore[index]


def put(parts: Parts, part: str, old: str, new_: str, count: int = 1) -> None:
    content = parts[part].decode()
    changed = re.sub(old, new_, content, count=count)
    assert changed != content, (part, old)
    parts[part] = changed.encode()


def in_sheet(old: str, new_: str, name: str = SHEET, count: int = 1) -> Callable[[Parts], None]:
    return lambda parts: put(parts, sheet_of(parts, name), old, new_, count)


def in_part(part: str, old: str, new_: str) -> Callable[[Parts], None]:
    return lambda parts: put(parts, part, old, new_)


def comment(parts: Parts) -> None:
    parts["xl/comments1.xml"] = b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'


def without_places(name: str, *more: Callable[[Parts], None]) -> Callable[[Parts], None]:
    """Rows and cells may leave out where they are: each is then beside the one before it."""

    def change(parts: Parts) -> None:
        for other in (in_sheet(r'(<c|<row) r="\w+"', r"\1", name, count=0), *more):
            other(parts)

    return change


def styles_with_zeros(parts: Parts) -> None:
    """White letters, in styles that are numbered 01, 02 …"""
    white(parts)
    for sheet in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        put(parts, sheet, r' s="(\d+)"', r' s="0\1"', count=0)


white = in_part("xl/styles.xml", r'<color rgb="00000000"|<color rgb="FF000000"', '<color rgb="00FFFFFF"')
no_width = in_sheet(r'(<col [^>]*)width="[^"]*"', r'\1width="0"', count=9)
other_sender = in_sheet("TT-A\\)", "SCT-X)", "Bìa")
NAME = '<definedName name="Tong">1</definedName>'
ATTACKS: dict[str, tuple[Callable[[Parts], None], str]] = {
    "a hidden row": (in_sheet(r'<row r="3"', '<row r="3" hidden="1"'), "dòng 3 bị ẩn"),
    "a low row": (
        in_sheet(r'<row r="3"(?: ht="[^"]*")?(?: customHeight="1")?', '<row r="3" ht="0" customHeight="1"'),
        "dòng 3",
    ),
    "a hidden sheet": (in_part("xl/workbook.xml", rf'(name="{SHEET}".*?state=)"visible"', r'\1"hidden"'), "bị ẩn"),
    "a very hidden sheet": (
        in_part("xl/workbook.xml", rf'(name="{SHEET}".*?state=)"visible"', r'\1"veryHidden"'),
        "bị ẩn",
    ),
    "a column without width": (no_width, "cột"),
    "a column without width, of cells without places": (without_places(SHEET, no_width), "cột"),
    "columns without width, as the sheet has them": (
        in_sheet(r"<sheetFormatPr ", '<sheetFormatPr defaultColWidth="0" '),
        "defaultColWidth",
    ),
    "a column before the first": (in_sheet(r'<col [^>]*min="1"', '<col hidden="1" min="-20000000"'), "không đọc được"),
    "a sheet that opens below its first rows": (in_sheet("<sheetView ", '<sheetView topLeftCell="A9" '), "topLeftCell"),
    "a number format": (
        in_part("xl/styles.xml", r'formatCode="[^"]*"', 'formatCode="&quot;9.000.000&quot;"'),
        "cách riêng",
    ),
    "white letters": (white, "không thấy"),
    "white letters in styles with zeros": (styles_with_zeros, "không thấy"),
    "tiny letters": (in_part("xl/styles.xml", r'(rgb="00000000"/>)<sz val="11"', r'\1<sz val="1"'), "không đọc được"),
    "a comment": (comment, "comments1.xml"),
    "a name": (
        in_part("xl/workbook.xml", "</sheets>", f"</sheets><definedNames>{NAME}</definedNames>"),
        "Tong",
    ),
    "a prompt": (in_sheet(r'error="H[^"]*"', 'error="Đã duyệt"'), "Đã duyệt"),
    "zeros hidden": (in_sheet(r"<sheetView ", '<sheetView showZeros="0" '), "showZeros"),
    "a sum of the cover": (in_sheet("570000000", "970000000", FIGURES), FIGURES),
    "the sender of the cover": (other_sender, "SCT-X"),
    "the sender of a cover without places": (without_places("Bìa", other_sender), "SCT-X"),
    "a text that is not there": (
        in_sheet(r't="inlineStr"><is>.*?</is></c></row>', 't="s"><v>999999</v></c></row>', "Bìa"),
        "Bìa",
    ),
}  # fmt: skip


def test_each_is_refused_with_what_differs(offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    unit, province = pair
    new(unit, "proposal", **PROPOSAL, beneficiaries=[new(unit, "beneficiary", **BENEFICIARY)])
    genuine, _ = offices.export(unit)
    before = whole(province)
    for name, (change, said) in ATTACKS.items():
        bad = forged(genuine, tmp_path / "bad.xlsx", unit, others=change)
        shown = preview.preview_package(province, bad)
        assert shown.code == "sheets_differ", name
        assert any(said in note for note in shown.notes), (name, shown.notes)
        with pytest.raises(UserError) as refused:
            receiving.receive(province, bad)
        assert refused.value.code == "sheets_differ", name
    assert whole(province) == before
    assert preview.preview_package(province, genuine).code == ""


def test_a_total_of_the_manifest_that_is_not_the_sum_is_refused(
    offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    unit, province = pair
    new(unit, "proposal", **PROPOSAL)
    genuine, _ = offices.export(unit)

    def more(said: dict[str, dict[str, int]]) -> None:
        said["totals"] = {path: total * 10 for path, total in said["totals"].items()}

    shown = preview.preview_package(province, forged(genuine, tmp_path / "bad.xlsx", unit, manifest=more))
    assert shown.code == "sheets_differ"
    assert any("cộng từ hồ sơ" in note for note in shown.notes)


def test_another_version_of_the_program_does_not_excuse_it(
    offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    unit, province = pair
    new(unit, "proposal", **PROPOSAL)
    genuine, _ = offices.export(unit)

    def older(said: dict[str, str]) -> None:
        said["program"] = "kcdesk 0.1"

    for name in ("a hidden row", "a number format", "white letters", "the sender of the cover"):
        change, said = ATTACKS[name]
        bad = forged(genuine, tmp_path / "bad.xlsx", unit, others=change, manifest=older)
        shown = preview.preview_package(province, bad)
        assert shown.code == "sheets_differ", name
        assert any(said in note for note in shown.notes), (name, shown.notes)


@pytest.fixture
def renamed(offices: Offices, pair: tuple[Workspace, Workspace]) -> tuple[Workspace, Workspace, Path]:
    """A unit, its province, which has renamed the unit's firm, and a package of a dossier that only refers to it."""
    unit, province = pair
    firm = new(unit, "beneficiary", **BENEFICIARY)
    package, _ = offices.send(unit, province)
    answer = offices.path()
    writing.make(province, package, answer)
    receiving.receive(unit, answer)
    changing.set_values(province, firm, {"name": "Cơ sở đã đổi tên ở tỉnh"})
    new(unit, "proposal", **PROPOSAL, beneficiaries=[firm])
    supplement, _ = offices.export(unit)
    return unit, province, supplement


def test_another_title_of_a_record_outside_the_package_is_no_edit(
    renamed: tuple[Workspace, Workspace, Path],
) -> None:
    _, province, supplement = renamed
    shown = preview.preview_package(province, supplement)
    assert (shown.code, shown.notes) == ("", shown.notes)
    assert receiving.receive(province, supplement).applied


@pytest.mark.parametrize(
    "change",
    [
        in_sheet("TT-A\\)", "SCT-X)", "Bìa"),
        in_sheet(r"(<t[^>]*>[^<]{20,})</t>", r"\1 (hồ sơ không có trong gói)</t>", "Bìa", count=0),
        in_sheet(r"(</row>)(?=</sheetData>)", r'\1<row><c t="inlineStr"><is><t>Đã duyệt</t></is></c></row>', "Bìa"),
    ],
)
def test_other_titles_excuse_nothing_else(
    renamed: tuple[Workspace, Workspace, Path], tmp_path: Path, change: Callable[[Parts], None]
) -> None:
    unit, province, supplement = renamed
    bad = forged(supplement, tmp_path / "bad.xlsx", unit, others=change)
    assert preview.preview_package(province, bad).code == "sheets_differ"


def test_the_words_for_an_unknown_record_excuse_no_line(
    offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    unit, province = pair
    new(unit, "proposal", **PROPOSAL)
    genuine, _ = offices.export(unit)
    excuse = '<c t="inlineStr"><is><t>(hồ sơ không có trong gói)</t></is></c>'
    lie = in_sheet("<v>570000000</v></c>", f"<v>970000000</v></c>{excuse}", FIGURES)
    shown = preview.preview_package(province, forged(genuine, tmp_path / "bad.xlsx", unit, others=lie))
    assert shown.code == "sheets_differ"
