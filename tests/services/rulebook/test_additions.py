"""An activity, a kind of record, a field, a paper, a field type: each is added to a copy of `forms/` and works at once.

The ceilings of one more province: tests/services/overview/test_new_province.py.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import fastjsonschema
import pypdfium2
import pytest
from openpyxl import load_workbook

from kcdesk import paths
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import FieldType
from kcdesk.formdef.types.registry import TYPES, another_type
from kcdesk.formdef.values import Lookups, Stored
from kcdesk.services.handover.packages import receiving
from kcdesk.services.lifecycle import steps
from kcdesk.services.papers import printing
from kcdesk.services.records import changing, reading, table_offers
from kcdesk.services.rulebook import json_schema, validation
from kcdesk.services.workspace import Workspace
from tests.services.exchange_support import Offices

OWN = 'source = "Đề xuất của chương trình, chưa có văn bản quy định"\nunverified = true\n'


class Additions:
    """A copy of the shipped definitions and what is added to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = shutil.copytree(paths.forms(), folder / "forms")
        self._place = folder
        self._offices: Offices | None = None

    def write(self, file: str, text: str) -> None:
        (self.folder / file).write_text(text, encoding="utf-8")

    def append(self, file: str, text: str) -> None:
        with (self.folder / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    def replace(self, file: str, old: str, new: str) -> None:
        text = (self.folder / file).read_text(encoding="utf-8")
        assert old in text
        self.write(file, text.replace(old, new, 1))

    def offices(self) -> Offices:
        """Offices that work with what is in the folder now."""
        self._offices = self._offices or Offices(self._place, load(self.folder))
        return self._offices

    def unit(self) -> Workspace:
        """A lower unit; nothing in its definitions is wrong but that released versions were changed."""
        made = self.offices().make("TT-A")
        assert [told for told in validation.wrong_definitions(made) if "đã phát hành" not in told] == []
        return made

    def close(self) -> None:
        if self._offices is not None:
            self._offices.close()


@pytest.fixture
def additions(tmp_path: Path) -> Iterator[Additions]:
    made = Additions(tmp_path)
    yield made
    made.close()


def read(pdf: Path) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def travels(additions: Additions, unit: Workspace, id_: str) -> None:
    """A package takes the record to a province with the same definitions, unchanged."""
    province = additions.offices().make("SCT", "province")
    additions.offices().acquaint(unit, province)
    path, _ = additions.offices().export(unit)
    receiving.receive(province, path)
    assert province.store.get(id_).data == unit.store.get(id_).data


# ---- an activity


def test_an_activity_is_chosen_suggested_and_checked(additions: Additions) -> None:
    group = load().activities[0].group
    additions.append(
        "activities.toml",
        f'\n[[activity]]\ncode = "fire_safety"\nlabel = "Hỗ trợ phòng cháy"\ngroup = "{group}"\n{OWN}',
    )
    head = f'activity = "fire_safety"\nversion = 1\neffective_from = 2014-02-10\n{OWN}'
    additions.write(
        "checklists/fire_safety.toml",
        f'{head}\n[[paper]]\ncode = "fire_minutes"\nitem = "Biên bản kiểm tra phòng cháy"\n'
        '\n[[fact]]\ncode = "alarm"\nitem = "Có báo cháy tự động"\n',
    )
    additions.write("activities/fire_safety.toml", f'{head}\n[[cost]]\nitem = "Lắp báo cháy"\nunit = "bộ"\n{OWN}')
    additions.write(
        "proposal/fire_safety.toml",
        'after = "scale"\n\n[[section]]\nid = "fire_safety"\nlabel = "Phòng cháy"\n'
        'visible_when = { activities = { contains = ["fire_safety"] } }\n\n'
        '[[section.field]]\nname = "alarms"\ntype = "integer"\nlabel = "Số báo cháy"\nrequired = true\n',
    )
    unit = additions.unit()
    id_ = changing.add(unit, "proposal", {"title": "Báo cháy", "activity": "fire_safety", "alarms": 3}).items[0].id
    record = unit.store.record(id_)
    assert record.text("activity") == "Hỗ trợ phòng cháy"
    assert record.is_visible("alarms")
    assert [row.id for row in reading.list_page(unit, "proposal", where={"activity": "fire_safety"})] == [id_]
    table_offers.fill_tables(unit, id_)
    assert "Lắp báo cháy" in [row["item"] for row in unit.store.record(id_).rows("budget")]
    items = [row["item"] for row in unit.forms.checklist_items(record.data, unit.today())]
    assert {"Biên bản kiểm tra phòng cháy", "Có báo cháy tự động"} <= set(items)
    travels(additions, unit, id_)


# ---- a kind of record, with a paper


def test_a_kind_has_a_list_a_life_a_view_and_a_paper(additions: Additions, tmp_path: Path) -> None:
    blocks = [
        block.removeprefix("toml\n") for block in (paths.forms() / "README.md").read_text(encoding="utf-8").split("```")
    ]
    additions.write("repair.toml", next(block for block in blocks if block.startswith('id = "repair"')))
    additions.append("workflow.toml", "\n" + next(block for block in blocks if block.startswith("[[workflow]]")))
    additions.write(
        "documents/repair_note.toml",
        f'id = "repair_note"\nversion = 1\nlabel = "Phiếu sửa chữa"\neffective_from = 2026-01-01\n{OWN}'
        'kind = "repair"\nuses = ["repair", "unit"]\ntitle = "Phiếu {{ repair.name }}"\n'
        '\n[[block]]\ntype = "paragraph"\ntext = "Máy {{ repair.name }}: {{ repair.total | money }}"\n',
    )
    unit = additions.unit()
    lines = [{"item": "Dao", "quantity": 2, "price": 150_000, "paid": 300_000}]
    values = {"name": "Máy cưa đĩa", "reported_on": "1/3/2026", "cause": "wear", "lines": lines}
    id_ = changing.add(unit, "repair", values).items[0].id
    (row,) = reading.list_page(unit, "repair", search="cua dia")
    assert (row.id, row.cells["total"]) == (id_, "300.000 đồng")
    assert unit.store.query("SELECT item, cost FROM repair_line") == [{"item": "Dao", "cost": 300_000}]
    steps.take_step(unit, id_, "finalise")
    assert unit.store.record(id_).state == "final"
    assert [paper.name for paper in printing.papers_of(unit, id_)] == ["repair_note"]
    printing.print_record(unit, id_, "repair_note", tmp_path / "note.pdf")
    assert "Máy Máy cưa đĩa: 300.000 đồng" in read(tmp_path / "note.pdf")
    travels(additions, unit, id_)


# ---- a field


def add_field(additions: Additions, type_: str) -> None:
    field = f'[[section.field]]\nname = "added"\ntype = "{type_}"\nlabel = "Ô thêm"\n\n[[section.field]]\nname = "note"'
    additions.replace("office.toml", '[[section.field]]\nname = "note"', field)
    additions.replace("office.toml", 'list = ["name",', 'list = ["name", "added",')


def test_a_field_is_listed_searched_reported_and_handed_over(additions: Additions) -> None:
    add_field(additions, "text")
    unit = additions.unit()
    id_ = changing.add(unit, "office", {"name": "Phòng Mẫu", "added": "Chợ Đồn"}).items[0].id
    (row,) = reading.list_page(unit, "office", search="cho don")
    assert (row.id, row.cells["added"]) == (id_, "Chợ Đồn")
    assert unit.store.query("SELECT added FROM office WHERE id = :id", {"id": id_}) == [{"added": "Chợ Đồn"}]
    path, _ = additions.offices().export(unit)
    heads = {cell.value for page in load_workbook(path) for cell in page[1]}
    assert "Ô thêm" in heads
    travels(additions, unit, id_)


# ---- a paper for a kind that there is


def test_a_paper_is_offered_and_printed(additions: Additions, tmp_path: Path) -> None:
    additions.write(
        "documents/office_card.toml",
        f'id = "office_card"\nversion = 1\nlabel = "Phiếu đơn vị"\neffective_from = 2026-01-01\n{OWN}'
        'kind = "office"\nuses = ["office"]\ntitle = "{{ office.name }}"\n'
        '\n[[block]]\ntype = "heading"\ntext = "Phiếu của {{ office.name }}"\n',
    )
    unit = additions.unit()
    id_ = changing.add(unit, "office", {"name": "Phòng Mẫu"}).items[0].id
    assert "office_card" in [paper.name for paper in printing.papers_of(unit, id_)]
    printing.print_record(unit, id_, "office_card", tmp_path / "card.pdf")
    assert "Phiếu của Phòng Mẫu" in read(tmp_path / "card.pdf")


# ---- a field type


class StarsType(FieldType):
    """One to five stars, stored as a number, typed as «4 sao» or «****»."""

    sql = "INTEGER"

    def refusal(self, stored: Stored, field: Field, _lookups: Lookups | None = None) -> str:
        return "" if stored in range(1, 6) else f"{field.label} phải từ 1 đến 5 sao."

    def text(self, stored: Stored, _field: Field, _lookups: Lookups | None = None) -> str:
        return f"{stored} sao"

    def _read(self, raw: object, _field: Field, _lookups: Lookups | None) -> Stored:
        written = str(raw).removesuffix("sao").strip()
        return len(written) if set(written) == {"*"} else int(written)


def test_a_field_type_is_typed_listed_reported_and_handed_over(additions: Additions) -> None:
    with another_type("stars", StarsType()):
        add_field(additions, "stars")
        unit = additions.unit()
        id_ = changing.add(unit, "office", {"name": "Phòng Mẫu", "added": "****"}).items[0].id
        assert unit.store.get(id_).data["added"] == 4
        assert reading.list_page(unit, "office")[0].cells["added"] == "4 sao"
        assert unit.store.query("SELECT added FROM office") == [{"added": 4}]
        with pytest.raises(Exception, match="phải từ 1 đến 5 sao"):
            changing.set_values(unit, id_, {"added": "6 sao"})
        travels(additions, unit, id_)
        form = next(one.schema for one in json_schema.schema_files("") if one.name == "form")
        assert "stars" in form["definitions"]["Field"]["properties"]["type"]["enum"]
        assert fastjsonschema.compile(form)
    assert "stars" not in TYPES


def test_a_field_type_does_not_take_the_name_of_another() -> None:
    with pytest.raises(ValueError, match="text"), another_type("text", StarsType()):
        pass
