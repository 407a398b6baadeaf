"""Codes of citizen cards: right ones fill the representative, wrong and hostile ones are a sentence."""

from __future__ import annotations

from datetime import date

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kcdesk.cli.program import main
from kcdesk.errors import UserError
from kcdesk.services.codes import card_holders, card_photos
from kcdesk.services.codes.citizen_cards import read_card
from kcdesk.services.records import changing, finding

CARD = "092185001234|361234567|Nguyễn Thị Mẫu|05031985|Nữ|Ấp Mẫu, Xã Mẫu, Thành phố Cần Thơ|10052021"
PAPER = "KCDESK1/MINUTES-5A/01890000000070008000000000000001/1/0123456789ABCDEF/01234567"


def test_a_card_is_read():
    card = read_card(CARD)
    assert (card.number, card.name, card.sex) == ("092185001234", "Nguyễn Thị Mẫu", "Nữ")
    assert (card.birth, card.old_number, card.issued) == (date(1985, 3, 5), "361234567", date(2021, 5, 10))


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (CARD.replace("092185", "092085"), "bad_card"),  # a man's number
        (CARD.replace("092185", "092186"), "bad_card"),  # another year of birth
        (CARD.replace("092185", "999185"), "bad_card"),  # no such birthplace
        (CARD.replace("05031985", "31021985"), "bad_card"),
        (CARD.replace("Nữ", "?"), "bad_card"),
        (CARD.replace("10052021", "10051980"), "bad_card"),
        (CARD + "x" * 4096, "not_a_card"),
        (CARD.replace("Mẫu|", "Mẫu\x1b[2J|", 1), "not_a_card"),
        (CARD.replace("Mẫu|", "\u202eMẫu|", 1), "not_a_card"),
        ("00020101021138570010A00000072701270006970403", "not_a_card"),
        ("https://example.vn/092185001234", "not_a_card"),
        (PAPER, "not_a_card"),
        ("", "not_a_card"),
        ("8934563138165", "not_a_card"),
    ],
)
def test_another_or_a_wrong_code_is_a_sentence(code, refusal):
    with pytest.raises(UserError) as refused:
        read_card(code)
    assert refused.value.code == refusal
    assert str(refused.value.message).endswith(".")


@given(st.text(max_size=900))
def test_whatever_else_a_reader_types_is_a_sentence(code):
    with pytest.raises(UserError) as refused:  # no text made at random has a number that fits its day of birth
        read_card(code)
    assert refused.value.code in ("not_a_card", "bad_card")


def test_the_holder_becomes_the_representative_in_one_act(workspace):
    id_ = changing.add(workspace, "beneficiary", {"name": "Cơ sở Mẫu"}).items[0].id
    proposals = card_holders.holder_proposals(workspace, id_, CARD)
    assert {proposal.path for proposal in proposals} >= {"representative", "citizen_id"}
    assert not any("092185001234" in proposal.shown for proposal in proposals)
    card_holders.take_holder(workspace, id_, CARD)
    record = workspace.store.record(id_)
    assert (record.value("representative"), record.value("citizen_id")) == ("Nguyễn Thị Mẫu", "092185001234")
    with pytest.raises(UserError, match="khác thẻ"):
        card_holders.take_holder(workspace, id_, CARD.replace("Nguyễn Thị Mẫu", "Trần Thị Khác"))
    changing.undo(workspace)
    assert workspace.store.record(id_).value("citizen_id") is None


def test_what_is_agreed_to_replaces_and_the_rest_stays(workspace):
    entered = {"name": "Cơ sở Mẫu", "representative": "Trần Thị Khác", "citizen_id": "092185001234"}
    id_ = changing.add(workspace, "beneficiary", entered).items[0].id
    proposals = {proposal.path: proposal for proposal in card_holders.holder_proposals(workspace, id_, CARD)}
    assert proposals["representative"].is_conflict
    assert (proposals["citizen_id"].is_same, proposals["citizen_id"].is_conflict) == (True, False)
    card_holders.take_chosen(workspace, id_, CARD, ["representative"])
    record = workspace.store.record(id_)
    assert record.value("representative") == "Nguyễn Thị Mẫu"
    assert all(proposal.is_same for proposal in card_holders.holder_proposals(workspace, id_, CARD) if proposal.present)


def photographed(path, *texts):
    """A desk with printed codes side by side, as a telephone sees it; returns the path."""
    desk = Image.new("L", (200 + 700 * len(texts), 800), 150)
    for number, text in enumerate(texts):
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        desk.paste(Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=6)), (100 + 700 * number, 100))
    desk.rotate(8, expand=True, fillcolor=120).save(path, quality=70)
    return path


def test_a_photo_of_a_card_gives_its_code_and_anything_else_is_a_sentence(tmp_path):
    payment = "00020101021138570010A00000072701270006970403"
    assert card_photos.code_in_photo(photographed(tmp_path / "thẻ.jpg", payment, CARD)) == CARD
    assert card_photos.code_in_photo(photographed(tmp_path / "scan.pdf", CARD)) == CARD
    wrong = CARD.replace("Nữ", "Nam")
    other = CARD.replace("Nguyễn Thị Mẫu", "Trần Thị Khác")
    program, empty = tmp_path / "a.png", tmp_path / "empty.jpg"
    program.write_bytes(b"MZ" + bytes(300))
    empty.write_bytes(b"")
    for path, refusal, word in (
        (photographed(tmp_path / "1.jpg"), "not_a_card", "Không thấy mã QR"),
        (photographed(tmp_path / "2.jpg", payment), "not_a_card", "thanh toán"),
        (photographed(tmp_path / "3.jpg", PAPER), "not_a_card", "giấy do kcdesk in"),
        (photographed(tmp_path / "4.jpg", wrong), "bad_card", "không khớp"),
        (photographed(tmp_path / "5.jpg", CARD, other), "not_a_card", "2 thẻ"),
        (program, "scan_unreadable", "a.png"),
        (empty, "scan_unreadable", "empty.jpg"),
        (tmp_path / "none.jpg", "no_file", "none.jpg"),
        (tmp_path, "not_a_file", "thư mục"),
    ):
        with pytest.raises(UserError, match=word) as refused:
            card_photos.code_in_photo(path)
        assert refused.value.code == refusal
    assert not {path.name for path in tmp_path.iterdir()} - {
        *("thẻ.jpg", "scan.pdf", "a.png", "empty.jpg"),
        *(f"{number}.jpg" for number in range(1, 6)),
    }


def test_the_command_takes_a_photo_or_the_text_of_a_reader(workspace, tmp_path, capsys):
    id_ = changing.add(workspace, "beneficiary", {"name": "Cơ sở Mẫu"}).items[0].id
    store = str(workspace.store.folder)
    workspace.close()
    photo = str(photographed(tmp_path / "card.jpg", CARD))
    assert main(["--store", store, "read-card", id_, photo]) == 0
    assert "Người đại diện: Nguyễn Thị Mẫu" in capsys.readouterr().out
    assert main(["--store", store, "read-card", id_, CARD, "--take"]) == 0
    shown = capsys.readouterr().out
    assert "Đã nhận vào hồ sơ." in shown
    assert "092185001234" not in shown
    for odd, word in ((tmp_path / "none.png", "none.png"), (tmp_path, "thư mục"), ("/dev/zero", "zero")):
        assert main(["--store", store, "read-card", id_, str(odd)]) == 1
        assert word in capsys.readouterr().err


def test_the_code_of_a_paper_leads_to_its_dossier(workspace):
    id_ = changing.add(workspace, "beneficiary", {"name": "Cơ sở Mẫu"}).items[0].id
    record = id_.replace("-", "").upper()
    code = f"KCDESK1/LABELS/{record}/1/0123456789ABCDEF/01234567"
    assert [result.records[0].row.id for result in finding.find(workspace, code)] == [id_]
    assert finding.find(workspace, code.replace(record, "0" * 32)) == []
