"""An identity or rule workbook that cannot be read says what the file is and what to do."""

import shutil

import pytest
from openpyxl import load_workbook

from kcdesk.errors import UserError
from kcdesk.exchange import cards, rule_files
from kcdesk.exchange.container import signing
from kcdesk.exchange.verification import inspect_package


@pytest.fixture(scope="module")
def files(sender, sent, tmp_path_factory):
    """An identity workbook and a rule workbook as they were made, and as another program saved them."""
    folder, key = tmp_path_factory.mktemp("pages"), signing.signing_key(sender)
    cards.write_card(folder / "identity.xlsx", *cards.stated(sender.identity, key), "Cấp dưới")
    rule_files.write_rules(folder / "rules.xlsx", sender.identity, key, {"calendar.toml": ""}, "Mới")
    for name in ("identity", "rules"):
        load_workbook(folder / f"{name}.xlsx").save(folder / f"{name} saved.xlsx")
    shutil.copy(sent.path, folder / "package.xlsx")
    (folder / "page.xlsx").write_bytes(b"<html><table>")
    (folder / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    return folder


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("identity saved", "Tệp nhận diện đơn vị này đã được lưu lại bằng chương trình khác nên mất chữ ký."),
        ("rules", "Đây là tệp quy định của chương trình"),
        ("package", "Đây là gói bàn giao của chương trình."),
        ("page", "trang web HTML"),
        ("old", "Excel 97–2003 (.xls)"),
    ],
)
def test_what_is_no_identity_says_what_it_is(files, name, sentence):
    with pytest.raises(UserError) as refused:
        cards.read_card(files / f"{name}.xlsx")
    assert refused.value.code == "not_identity"
    assert "không phải tệp nhận diện đơn vị" in refused.value.message
    assert sentence in refused.value.message
    assert "xuất lại tệp nhận diện" in refused.value.hint


def test_a_rule_workbook_that_was_saved_again_says_so(files):
    with pytest.raises(UserError, match="Tệp quy định này đã được lưu lại") as refused:
        rule_files.read_rules(files / "rules saved.xlsx")
    assert refused.value.code == "not_rules"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("identity", "Đây là tệp nhận diện đơn vị"),
        ("identity saved", "mất chữ ký"),
        ("rules", "Đây là tệp quy định"),
    ],
)
def test_none_of_them_is_a_package_and_the_answer_says_what_it_is(files, name, sentence):
    inspection = inspect_package(files / f"{name}.xlsx")
    assert inspection.status == "foreign"
    assert sentence in inspection.other.sentence


def test_both_are_read_as_they_were_made(files):
    assert cards.read_card(files / "identity.xlsx").unit == "TTKC-M"
    assert rule_files.read_rules(files / "rules.xlsx").files == {"calendar.toml": ""}
