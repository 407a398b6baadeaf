"""The same establishment is pointed out while it is typed."""

import pytest

from kcdesk.services.proposals.duplicate_beneficiaries import hint, possible_duplicates
from kcdesk.services.records import changing
from tests.services.samples import new


@pytest.fixture
def known(workspace):
    return new(
        workspace,
        "beneficiary",
        name="Hợp tác xã mây tre đan Phú Vinh",
        tax_code="0101243150",
        citizen_id="001085012345",
        phone="0901234567",
    )


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("name", "Hợp tác xã mây tre đan Phú Vinh", "tên gần giống"),
        ("name", "HTX Mây tre đan Phú Vinh", "tên gần giống"),
        ("name", "hop tac xa may tre dan phu vinh", "tên gần giống"),
        ("tax_code", "0101243150", "cùng mã số thuế"),
        ("citizen_id", "001085012345", "cùng số định danh cá nhân"),
        ("phone", "0901234567", "cùng số điện thoại"),
    ],
)
def test_a_double_is_named_with_the_reason(workspace, known, path, value, reason):
    (duplicate,) = possible_duplicates(workspace, "new", path, value)
    assert (duplicate.id, duplicate.reason) == (known, reason)
    assert hint(workspace, "new", path, value) == f"Đã có trong sổ ({reason}): Hợp tác xã mây tre đan Phú Vinh."


@pytest.mark.parametrize(
    ("path", "value"),
    [("name", "Gốm sứ Đông Triều"), ("name", " "), ("name", None), ("tax_code", "0309532909"), ("address", "Phú Vinh")],
)
def test_others_are_left_in_peace(workspace, known, path, value):
    assert hint(workspace, "new", path, value) == ""
    assert hint(workspace, known, "name", "Hợp tác xã mây tre đan Phú Vinh") == ""


def test_a_deleted_one_is_no_double(workspace, known):
    changing.delete(workspace, known)
    assert possible_duplicates(workspace, "new", "tax_code", "0101243150") == []
