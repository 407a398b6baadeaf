"""An invoice beside a dossier: what is pointed out, which rows it offers, what is written, where else it stands."""

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import replace
from kcdesk.services.invoices import opened_files, taking_in
from kcdesk.services.lifecycle import missing
from kcdesk.services.records import changing
from tests.services import samples
from tests.services.invoices import producers
from tests.services.invoices.producers import Item, Sample, Signing
from tests.services.samples import begin

MACHINE = Item("Máy cưa CNC MC-3", Decimal(1), Decimal(550_000_000))
SIGNED = datetime(2018, 4, 10, 2, tzinfo=UTC)
YEARS = (2017, 2020)


def sold(**changes):
    """An invoice for the machine of the sample proposal."""
    about = Sample("plain", 123, dated=date(2018, 4, 10), items=(MACHINE,), symbol="C18TAA", signed_at=SIGNED)
    return replace(about, **{"buyer": "Cơ sở Mẫu Một", "buyer_code": "", **changes})


def opened(about, **signing):
    signing.setdefault("certificate", producers.certificate(about.seller_code, about.seller, years=YEARS))
    return opened_files.opened_content("hd.xml", producers.xml(producers.signed(about, Signing(**signing))))


def beside(workspace, record_id, about, **signing):
    (read,) = taking_in.beside(workspace, opened(about, **signing), record_id)
    return read


def codes(read):
    return [finding.code for finding in read.findings]


@pytest.fixture
def contracted(workspace):
    """A running proposal with its contract of 2018: its id."""
    id_ = samples.approved(workspace)
    samples.contract(workspace, id_, due_on="30/6/2018")
    return id_


@pytest.fixture
def visit(workspace, contracted):
    """The draft of its acceptance."""
    return begin(workspace, contracted, "acceptance")


def buyer_of(workspace, record_id):
    record = workspace.store.record(record_id)
    stored = workspace.store.get(record.value("beneficiary")).data
    return {"buyer": stored["name"], "buyer_code": stored.get("tax_code", "")}


def test_rows_are_offered_and_only_the_agreed_ones_are_written_with_the_file(workspace, visit):
    machine = workspace.store.record(visit).rows("machines")[0]
    item = Item(f"{machine['contracted_name']} {machine.get('contracted_model', '')}", Decimal(1), Decimal(500_000_000))
    read = beside(workspace, visit, sold(items=(item, MACHINE), **buyer_of(workspace, visit)))
    assert codes(read) == []
    known, new, voucher = read.rows
    assert (known.row, known.contracted["contracted_name"]) == (machine["id"], machine["contracted_name"])
    assert (new.row, voucher.key) == ("", "voucher")
    assert workspace.store.record(visit).data.get("invoice_files") is None  # nothing is written by looking
    taking_in.take_in(workspace, visit, read, ["1", "voucher"])
    record = workspace.store.record(visit)
    (row,) = record.rows("machines")
    expected = {"quantity": "1", "unit_price": 500_000_000, "value": 500_000_000, "invoice": "1C18TAA-123"}
    expected |= {"invoiced_on": "2018-04-10", "seller_tax_code": "0101234567", "signature": "whole"}
    assert {name: str(row[name]) for name in expected} == {name: str(value) for name, value in expected.items()}
    (voucher,) = record.rows("vouchers")
    assert (voucher["number"], voucher["issued_on"], voucher["amount"]) == ("1C18TAA-123", "2018-04-10", 1_155_000_000)
    (file,) = record.value("invoice_files")
    assert workspace.store.files.read(file["sha256"]) == read.file.content
    again = beside(workspace, visit, sold(items=(item, MACHINE), **buyer_of(workspace, visit)))
    assert [row.changes for row in again.rows if row.key != "2"] == [{}, {}]
    with pytest.raises(UserError, match="đã có đủ"):
        taking_in.take_in(workspace, visit, read, ["1", "voucher"])
    changing.undo(workspace)
    assert workspace.store.record(visit).rows("vouchers") == []


def test_a_machine_told_in_other_words_is_found_by_those_that_both_have_and_its_price_is_compared(workspace):
    contracted = {
        "name": "Lò sấy bánh tráng bằng hơi nước",
        "model": "LS-500",
        "quantity": 1,
        "unit_price": 330_000_000,
    }
    loom = {"name": "Máy dệt kiếm", "model": "TS-190", "quantity": 1, "unit_price": 240_000_000}
    proposal = samples.approved(workspace, machines=[loom, contracted])
    samples.contract(workspace, proposal, due_on="30/6/2018")
    visit = begin(workspace, proposal, "acceptance")
    names = ("Lò sấy bánh tráng LS-500", "Máy dệt kiếm khổ rộng TS-190", "Băng tải lò sấy", "Phụ tùng máy dệt")
    items = tuple(Item(name, Decimal(1), Decimal(350_000_000)) for name in names)
    read = beside(workspace, visit, sold(items=items, **buyer_of(workspace, visit)))
    rows = {row["contracted_name"]: row["id"] for row in workspace.store.record(visit).rows("machines")}
    assert [row.row for row in read.rows[:4]] == [rows[contracted["name"]], rows[loom["name"]], "", ""]
    assert [finding.line for finding in read.findings if finding.code == "price_above"] == [1, 2]


def test_what_does_not_fit_the_dossier_is_pointed_out(workspace, visit):
    machine = workspace.store.record(visit).rows("machines")[0]
    dear = Item(machine["contracted_name"], Decimal(1), Decimal(999_000_000))
    buyer = buyer_of(workspace, visit)
    cases = {
        "other_buyer": {"buyer": "Người khác", "buyer_code": "0300000000"},
        "after_contract": {"dated": date(2018, 7, 1)},
        "before_contract": {"dated": date(2018, 3, 4)},
        "price_above": {"items": (dear,)},
        "replacing": {"related": ("1", "122")},
        "adjusting": {"related": ("2", "122")},
        "currency": {"currency": "USD"},
        "future_day": {"dated": date(2099, 1, 1), "signed_at": SIGNED},
    }
    for code, changes in cases.items():
        read = beside(workspace, visit, sold(**{**buyer, **changes}))
        assert code in codes(read), code
        assert set(codes(read)) <= {code, "after_contract", "future_day", "certificate_not_valid"}, code
        assert all(finding.message.endswith(".") for finding in read.findings)
    others = {
        "weak_digest": {"sha1": True},
        "unknown_key": {"bare_key": True},
        "other_signer": {"certificate": producers.certificate("0311111111", "Kẻ khác MẪU", years=YEARS)},
        "certificate_not_valid": {"certificate": producers.certificate(years=(2010, 2012))},
    }
    for code, signing in others.items():
        assert codes(beside(workspace, visit, sold(**buyer), **signing)) == [code]
    assert "amount" not in beside(workspace, visit, sold(currency="USD")).rows[-1].values


def test_names_are_compared_without_their_legal_form_and_codes_as_those_of_taxpayers(workspace, visit):
    own = buyer_of(workspace, visit)
    assert own["buyer"] == "Cơ sở chế biến Mẫu"
    for name, expected in (
        ("HỘ KINH DOANH CHẾ BIẾN MẪU", []),
        ("CTCP Chế biến Mẫu", []),
        ("Cơ sở chế biến Tư Mẫu", ["other_buyer"]),
        ("Cơ sở Mẫu", ["other_buyer"]),
    ):
        assert codes(beside(workspace, visit, sold(buyer=name))) == expected, name
    for seller, signer, expected in (
        ("0101234567", "0101234567-001", []),
        ("010123456789", "010123456789", []),
        ("010123456789", "0101234567", ["other_signer"]),  # the id of a citizen begins with what is a code of its own
        ("0101234567", "010123456789", ["other_signer"]),
    ):
        made = producers.certificate(signer, years=YEARS)
        assert codes(beside(workspace, visit, sold(seller_code=seller, **own), certificate=made)) == expected, (
            seller,
            signer,
        )


def test_a_settlement_and_a_payment_take_vouchers_and_other_dossiers_nothing(workspace, contracted):
    for kind, day in (("settlement", "dated"), ("payment", "dated")):
        id_ = begin(workspace, contracted, kind)
        if kind == "payment":
            changing.set_values(workspace, id_, {"payment_type": "advance"})
        read = beside(workspace, id_, sold())
        (row,) = read.rows
        taking_in.take_in(workspace, id_, read, [row.key])
        (voucher,) = workspace.store.record(id_).rows("vouchers")
        assert (voucher["number"], voucher[day], voucher["amount"]) == ("1C18TAA-123", "2018-04-10", 605_000_000)
    for id_, code in ((contracted, "takes_no_invoice"), ("nothing", "not_found")):
        with pytest.raises(UserError) as refused:
            beside(workspace, id_, sold())
        assert refused.value.code == code


def test_the_same_invoice_elsewhere_is_a_flag_also_where_it_was_typed(workspace, contracted, visit):
    other = samples.approved(workspace, title="Đề án khác (mẫu)")
    samples.contract(workspace, other)
    second = begin(workspace, other, "settlement")
    typed = [
        {"number": "C18TAA số 0000123", "dated": "10/4/2018", "content": "Mua máy", "amount": 605_000_000, "support": 1}
    ]
    changing.set_values(workspace, second, {"vouchers": typed})
    read = beside(workspace, visit, sold())
    assert "có thể đã có ở Hồ sơ quyết toán" in next(f.message for f in read.findings if f.code == "repeated")
    taking_in.take_in(workspace, visit, read, ["voucher"])
    for id_, its_other in itertools.permutations((visit, second)):
        outlook = missing.outlook_of(workspace, workspace.store.record(id_))
        (flag,) = [
            problem for problem in outlook.advice if "1C18TAA-123" in problem.message or "C18TAA-123" in problem.message
        ]
        assert flag.record == its_other
        assert flag.field.startswith("vouchers/")
    own = begin(workspace, contracted, "settlement")  # papers of one proposal may name one invoice
    changing.set_values(workspace, own, {"vouchers": typed})
    outlook = missing.outlook_of(workspace, workspace.store.record(own))
    assert [problem.record for problem in outlook.advice if "Hóa đơn" in problem.message] == [second]
    changing.set_values(workspace, second, {"vouchers": [typed[0] | {"number": "PC 123"}]})
    assert not any("123" in p.message for p in missing.outlook_of(workspace, workspace.store.record(visit)).advice)


_PDF = """CÔNG TY TNHH CƠ KHÍ MẪU
Mã số thuế (Tax code): 0101234567   Điện thoại: 0912345678
Địa chỉ: Số 12 phố Mẫu
HÓA ĐƠN GIÁ TRỊ GIA TĂNG
Ký hiệu (Serial): 1C18TAA
Số (No.): 00000123
Mã số thuế người mua: 0209876543"""


def pdf(text):
    """A PDF with these lines."""
    pdfmetrics.registerFont(TTFont("Noto", str(paths.resources() / "fonts" / "NotoSans-Regular.ttf")))
    drawn = BytesIO()
    canvas = Canvas(drawn)
    canvas.setFont("Noto", 11)
    canvas.rect(20, 20, 10, 10)
    for place, line in enumerate(text.splitlines()):
        canvas.drawString(40, 800 - 18 * place, line)
    canvas.save()
    return drawn.getvalue()


def test_the_text_of_a_pdf_is_searched_for_the_identity(workspace, visit):
    other = samples.approved(workspace, title="Đề án khác (mẫu)")
    samples.contract(workspace, other)
    second = begin(workspace, other, "settlement")
    changing.set_values(workspace, second, {"vouchers": [{"number": "1C18TAA-123", "dated": "10/4/2018"}]})
    (read,) = taking_in.beside(workspace, opened_files.opened_content("hd.pdf", pdf(_PDF)), visit)
    assert codes(read) == ["unsigned", "identity", "not_listed", "repeated"]
    assert "1C18TAA-123" in read.findings[1].message
    taking_in.take_in(workspace, visit, read, [])
    assert [file["name"] for file in workspace.store.record(visit).value("invoice_files")] == ["hd.pdf"]
    (bare,) = taking_in.beside(workspace, opened_files.opened_content("b.pdf", pdf("Giấy báo có")), visit)
    assert codes(bare) == ["unsigned", "no_identity"]
    (empty,) = taking_in.beside(workspace, opened_files.opened_content("c.pdf", pdf("")), visit)
    assert codes(empty) == ["no_text"]


def test_a_serial_number_elsewhere_is_missing_before_the_visit_is_closed(workspace, visit):
    other = samples.approved(workspace, title="Đề án khác (mẫu)")
    second = begin(workspace, other, "acceptance")
    for id_ in (visit, second):
        rows = workspace.store.record(id_).rows("machines")
        changing.set_values(workspace, id_, {"machines": [rows[0] | {"serial_number": "MAU-5"}, *rows[1:]]})
    (flag,) = [p for p in missing.outlook_of(workspace, workspace.store.record(visit)).advice if "MAU-5" in p.message]
    assert flag.record == second


def test_a_record_of_an_older_form_gets_one_that_takes_invoices(workspace, visit):
    before = workspace.store.record(visit).form
    taking_in.take_in(workspace, visit, beside(workspace, visit, sold()), [])
    after = workspace.store.record(visit).form
    assert "invoice_files" in after.by_name
    assert after.version >= before.version
    with pytest.raises(UserError) as refused:
        taking_in.take_in(workspace, visit, beside(workspace, visit, sold(number=9)), ["7"])
    assert refused.value.code == "unknown_line"
