"""What is personal: masked in lists meant for others, counted where it travels."""

from __future__ import annotations

from datetime import date

import pytest

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field, Form, Section
from kcdesk.formdef.personal import masked, personal_values, text_for_others, title_for_others
from kcdesk.formdef.record import Record

FIELDS = (
    Field(name="owner", type="text", label="Chủ cơ sở", personal=True),
    Field(name="place", type="text", label="Nơi"),
    Field(name="phone", type="phone", label="Điện thoại", personal=True),
    Field(name="ethnic", type="text", label="Dân tộc", sensitive=True),
    Field(
        name="people",
        type="table",
        label="Người dự",
        row="person",
        columns=(
            Field(name="name", type="text", label="Họ tên", personal=True),
            Field(name="party", type="text", label="Bên"),
        ),
    ),
)
FORM = Form(
    id="thing",
    version=1,
    label="Hồ sơ",
    plural="Hồ sơ",
    effective_from=date(2020, 1, 1),
    title=("owner", "place"),
    sections=(Section(id="all", label="Tất cả", fields=FIELDS),),
)
DATA = {
    "owner": "Nguyễn Văn Mẫu",
    "place": "Xưởng 2",
    "phone": "0912345678",
    "people": [
        {"id": "r1", "position": 1.0, "name": "Trần Thị Lan", "party": "A"},
        {"id": "r2", "position": 2.0, "party": "B"},
        {"id": "r3", "position": 3.0, "name": "Lê Đức", "party": "B"},
    ],
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nguyễn Văn Mẫu", "N. V. M."),
        ("đặng thị ánh", "Đ. T. Á."),
        ("0912 345 678", "**** *** 678"),
        ("001190012345", "*********345"),
        ("lan@donvi.vn", "***@****i.vn"),
        ("12", "**"),
        ("", ""),
    ],
)
def test_how_a_personal_text_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.fixture
def record() -> Record:
    return Record("r", "thing", FORM, DATA, forms=Forms((FORM,)))


def test_only_what_is_personal_is_masked_for_others(record: Record) -> None:
    assert text_for_others(record, "owner") == "N. V. M."
    assert text_for_others(record, "phone") == "**** *** 678"
    assert text_for_others(record, "place") == "Xưởng 2"
    assert text_for_others(record, "ethnic") == ""


def test_a_title_for_others_keeps_what_is_not_personal(record: Record) -> None:
    assert title_for_others(f"{record.title()} – Đề án", record) == "N. V. M. – Xưởng 2 – Đề án"


def test_personal_values_are_counted_cell_by_cell() -> None:
    assert list(personal_values(FORM, DATA)) == ["owner", "phone", "people/name", "people/name"]
    assert list(personal_values(FORM, {"ethnic": "Tày", "place": "x", "people": []})) == ["ethnic"]
