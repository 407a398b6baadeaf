"""Which invoice a typed number names, and when two rows name the same one."""

from kcdesk.formdef.types.invoice_identity import identities, identity, identity_of

WRITTEN = {  # as officers and accountants write: form, symbol, number; None for what is no invoice
    "1C26TAA-00000123": ("1", "c26taa", "123"),
    "C26TAA số 123": ("", "c26taa", "123"),
    "Hóa đơn 1 C26TAA 45": ("1", "c26taa", "45"),
    "1/C26TAA/45": ("1", "c26taa", "45"),
    "HĐ 0000123": ("", "", "123"),
    "HĐ số 0000123 ngày 10/05/2026": ("", "", "123"),
    "HĐ 12/2026": ("", "", "12"),
    "123": ("", "", "123"),
    "01GTKT0/001 AA/20E 0000123": ("", "aa/20e", "123"),
    "0101234567-1C26TAA-123": ("1", "c26taa", "123"),
    "PC05": None,
    "UNC 12": None,
    "phiếu chi 7": None,
    "1C26TAA": None,
    "000": None,
    "": None,
}


def test_a_written_number_names_its_invoice():
    for written, expected in WRITTEN.items():
        named = identity(written)
        assert (named and (named.form, named.symbol, named.number)) == expected, written
    assert identity("0101234567-1C26TAA-123").tax_code == "0101234567"


def test_two_rows_name_the_same_invoice_when_nothing_differs_and_enough_agrees():
    whole = identity_of("0101234567", "1", "C26TAA", "00000123", "2026-05-10", 1_100_000)
    same = [
        identity("1C26TAA-123"),
        identity("C26TAA-123", "", "2026-05-10"),
        identity("123", "0101234567"),
        identity("123", "0101234567", "2026-05-10"),
        identity("123", "", "2026-05-10", 1_100_000),
        identity("1C26TAA-123", "0101234567", "2026-05-11"),  # a day typed wrong
        identity_of("0101234567", "", "1C26TAA", "123"),
    ]
    other = [
        identity("1C26TAA-124", "0101234567"),
        identity("1C26TAB-123", "0101234567"),
        identity("1C26TAA-123", "0109999999"),
        identity("2C26TAA-123"),
        identity("C26TAA-123", "", "2026-06-10"),
        identity("123"),
        identity("123", "", "2026-05-10"),
        identity("123", "", "2026-05-10", 99),
    ]
    assert [row for row in same if not (whole.is_same(row) and row.is_same(whole))] == []
    assert [row for row in other if whole.is_same(row) or row.is_same(whole)] == []
    assert all(set(whole.index_keys()) & set(row.index_keys()) for row in same)


def test_a_record_names_the_invoices_of_its_rows_and_its_own():
    data = {
        "invoice_number": "1C26TAA-9",
        "invoiced_on": "2026-05-01",
        "machines": [{"id": "a", "invoice": "C26TAA 5"}, {"id": "b"}],
        "vouchers": [{"id": "c", "number": "PC 8"}, {"id": "d", "number": "6", "dated": "2026-05-02", "amount": 7}],
    }
    named = {path: (one.symbol, one.number, one.dated, one.amount) for path, one in identities(data)}
    assert named == {
        "invoice_number": ("c26taa", "9", "2026-05-01", None),
        "machines/a/invoice": ("c26taa", "5", "", None),
        "vouchers/d/number": ("", "6", "2026-05-02", 7),
    }
