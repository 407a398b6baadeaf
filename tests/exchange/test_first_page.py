"""The first page of a package is understood alone, and prints on one page whatever the package holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kcdesk.exchange import periods
from kcdesk.exchange.compare import unlike_generated
from kcdesk.exchange.container.manifest import Receiver, Reply, ReturnReason
from kcdesk.exchange.container.summary import PackageSummary, read_summary
from kcdesk.exchange.package_file import Receipt
from kcdesk.exchange.verification import opened_package
from kcdesk.exchange.workbook.sheet_content import Content
from kcdesk.exchange.workbook.titles import titles
from tests.exchange.conftest import add, known, send

PERIOD = {"period": "2026-11"}


def proposal(store, number: int, state: str = "sent", **values):
    """A proposal that asks for 150 million of local money; its id."""
    budget = [{"id": "b1", "position": 1.0, "item": "Máy", "cost": 300_000_000, "local": 150_000_000}]
    computed = {"total_cost": 300_000_000, "requested_support": 150_000_000, "total_local": 150_000_000}
    data = {"title": f"Máy sấy số {number}", "year": 2026, "programme": "local", "budget": budget, "state": state}
    return add(store, "proposal@1", **data | computed | values)


def lines(path: Path, sheet: str = "Bìa") -> list[list[object]]:
    """The filled cells of the visible rows of a sheet."""
    page = load_workbook(path)[sheet]
    shown = [row for row in page.iter_rows() if not page.row_dimensions[row[0].row].hidden]
    return [[cell.value for cell in row if cell.value is not None] for row in shown]


def text_of(path: Path, sheet: str = "Bìa") -> str:
    return "\n".join(" | ".join(map(str, row)) for row in lines(path, sheet))


@pytest.fixture
def store(make_store, shipped):
    return make_store(shipped)


def test_it_says_who_what_and_what_is_asked(store, tmp_path):
    first = proposal(store, 1)
    add(store, "payment@1", parent=first, proposal=first, state="final", programme="local", payment_type="advance",
        amount=40_000_000, paid_on="2026-10-02")  # fmt: skip
    add(store, "payment@1", parent=first, proposal=first, state="final", programme="local", payment_type="returned",
        amount=10_000_000)  # fmt: skip
    add(store, "payment@1", parent=first, proposal=first, state="draft", programme="local", payment_type="advance",
        amount=9, paid_on="2026-10-02")  # fmt: skip

    made = send(store, tmp_path / "p.xlsx", **PERIOD)

    shown = text_of(made.path)
    assert "Tháng 11/2026 – Chính thức" in shown
    assert "Nơi gửi | Trung tâm Khuyến công Mẫu (TTKC-M)" in shown
    assert "Thẩm định | 1 đề án khuyến công" in shown
    assert "Khuyến công địa phương | 150000000 | 30000000" in shown  # paid less returned; a draft does not count
    assert "1 | Máy sấy số 1 | Đã gửi thẩm định | 150000000 | 30000000 | Mới\n→ Thẩm định" in shown
    assert "Tệp, ảnh kèm theo | không có" in shown
    assert "kcdesk inspect" in shown


def test_it_says_what_changed_since_the_last_package(store, tmp_path):
    same, other = proposal(store, 1), proposal(store, 2, state="draft")
    send(store, tmp_path / "1.xlsx", **PERIOD)
    with store.act("Sửa") as act:
        act.update(
            other, {"requested_support": 200_000_000, "total_local": 200_000_000, "goals": "Mới", "state": "sent"}
        )
    gone = proposal(store, 3)
    with store.act("Xoá") as act:
        act.delete(gone)

    made = send(store, tmp_path / "2.xlsx", package_type="B1", **PERIOD)

    rows = {row[1]: str(row[-1]) for row in lines(made.path) if len(row) > 3 and str(row[1]).startswith("Máy sấy")}
    assert "Sửa: tình trạng Đang soạn → Đã gửi thẩm định; đề nghị hỗ trợ 150 → 200 triệu đồng; mục tiêu" in rows[
        "Máy sấy số 2"
    ].replace("\n", " ")
    assert rows["Máy sấy số 1"].startswith("Không đổi")
    assert "Đề án khuyến công | 2 | 1 | 1 | 1 đã xoá" in text_of(made.path)
    page = load_workbook(made.path)["Đề án"]
    heads = [cell.value for cell in page[1]]
    assert "So với gói trước" in heads
    assert same in [cell.value for cell in page["A"]]


@pytest.mark.parametrize("number", [1, 40, 300])
def test_it_prints_on_one_page(store, tmp_path, number):
    for each in range(number):
        proposal(store, each, state="sent" if each % 2 else "draft", title=f"Đề án số {each} " + "dài " * (each % 40))

    made = send(store, tmp_path / "p.xlsx", **PERIOD)

    book = load_workbook(made.path)
    cover, page = book["Bìa"], book["Đề án"]
    visible = [row for row in range(1, cover.max_row + 1) if not cover.row_dimensions[row].hidden]
    points = sum(cover.row_dimensions[row].height for row in visible)
    assert cover.page_setup.fitToHeight == 1
    assert points < 1_250  # A4 at no less than six tenths of its size
    assert ("hồ sơ, theo tình trạng" in text_of(made.path)) is (number > 1)
    assert page.print_title_rows == "$1:$1"
    assert page.max_row == number + 2


def test_a_receipt_says_its_answers_and_lists_them(store, tmp_path):
    taken, returned = proposal(store, 2), proposal(store, 1, state="draft")
    replies = (
        Reply(record=taken, result="received", reasons=()),
        Reply(record=returned, result="returned", reasons=(ReturnReason(path="title", text="Tên chưa rõ"),)),
        Reply(record=taken, result="of a later version", reasons=()),
    )
    receipt = Receipt(answers="goi-1", acknowledged={}, replies=replies)
    below = Receiver(unit="X-1", name="Xã Mẫu", level="lower")

    made = send(store, tmp_path / "r.xlsx", package_type="R", receipt=receipt, receiver=below, **PERIOD)

    shown = text_of(made.path)
    assert lines(made.path)[0] == ["BIÊN NHẬN HỒ SƠ KHUYẾN CÔNG"]
    assert "GÓI BÀN GIAO" not in shown
    assert "Tháng 11/2026 – Trả lời gói đã nhận" in shown
    assert "Đã nhận: 1; Trả lại để bổ sung: 1" in shown
    assert "Bổ sung hồ sơ | 1 đề án khuyến công" in shown
    assert "Trả lại để bổ sung (Tên chưa rõ)" in shown
    answered = lines(made.path, "Trả lời")
    assert answered[2] == [1, "Máy sấy số 1", "Đề án khuyến công", "Trả lại để bổ sung", "Tên đề án: Tên chưa rõ"]
    assert load_workbook(made.path)["Trả lời"].print_title_rows == "$2:$2"


def test_a_list_prints_what_people_read_and_keeps_the_rest_beside(store, tmp_path):
    proposal(store, 1, necessity="rất dài " * 200)

    page = load_workbook(send(store, tmp_path / "p.xlsx").path)["Đề án"]

    names = {cell.value: cell.column_letter for cell in page[2]}
    last = re.fullmatch(r"'Đề án'!\$A\$1:\$([A-Z]+)\$3", page.print_area)[1]
    left = [name for name, place in names.items() if (len(place), place) <= (len(last), last)]
    printed = [name for name in left if not page.column_dimensions[names[name]].hidden]
    assert printed[0] == "title"
    assert {"requested_support", "state", "request.title"} <= set(printed)
    assert "necessity" in names
    assert "necessity" not in printed
    assert page.row_dimensions[1].height <= 60  # points: no label of a narrow column makes the head high
    assert page.row_dimensions[3].height is None  # the long text beside does not raise the printed row
    assert page.oddHeader.center.text == "Đề án"
    assert page.oddHeader.left.text == "Trung tâm Khuyến công Mẫu"


def test_the_pages_are_made_again_byte_for_byte_with_their_summary(store, tmp_path):
    record = proposal(store, 1)
    send(store, tmp_path / "1.xlsx")
    with store.act("Sửa") as act:
        act.update(record, {"title": "Máy sấy mới"})
    send(store, tmp_path / "2.xlsx", package_type="B1")

    with opened_package(tmp_path / "2.xlsx", "", known(store)) as package:
        entries, manifest = package.entries, package.inspection.manifest
        content = Content(store.forms, entries, titles(store, entries), summary=package.summary())
        other = Content(store.forms, entries, titles(store, entries), summary=PackageSummary(since="khác"))
        assert package.summary().changes == {record: "tên đề án"}
        assert unlike_generated(manifest, package.inspection.key, content) is None
        assert unlike_generated(manifest, package.inspection.key, other) is not None


@pytest.mark.parametrize(
    "part", [b"", b"[]", b"{", b'{"since":1}', b'{"changes":{"a":1}}', b'{"paid":{"a":{"b":"c"}}}', b'{"more":""}']
)
def test_a_summary_of_another_structure_says_nothing(part):
    assert read_summary(part) == PackageSummary()


def test_periods_are_written_in_words():
    words = {
        "2026-11": "Tháng 11/2026",
        "2026-Q1": "Quý I/2026",
        "2026": "Năm 2026",
        "11/2026": "Tháng 11/2026",
        "quý 1/2026": "Quý I/2026",
        "đợt 2": "đợt 2",
        "2026-13": "2026-13",
    }
    assert {period: periods.name(period) for period in words} == words
    packaged = [periods.as_in_packages(name) for name in words.values()]
    assert packaged == ["2026-11", "2026-Q1", "2026", "2026-11", "2026-Q1", "đợt 2", "2026-13"]
    assert [periods.in_sentence(period) for period in ("2026-11", "đợt 2", "")] == ["tháng 11/2026", "kỳ đợt 2", ""]
