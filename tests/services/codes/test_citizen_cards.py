"""Codes of citizen cards: right ones fill the representative, wrong and hostile ones are a sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcdesk.errors import UserError
from kcdesk.services.codes import card_holders
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


def test_the_code_of_a_paper_leads_to_its_dossier(workspace):
    id_ = changing.add(workspace, "beneficiary", {"name": "Cơ sở Mẫu"}).items[0].id
    record = id_.replace("-", "").upper()
    code = f"KCDESK1/LABELS/{record}/1/0123456789ABCDEF/01234567"
    assert [result.records[0].row.id for result in finding.find(workspace, code)] == [id_]
    assert finding.find(workspace, code.replace(record, "0" * 32)) == []
