"""The rights of a person: all is found, nothing is left after an erasure, what must be kept is only restricted."""

import json
from datetime import date

import pypdfium2
import pytest

from kcdesk.errors import UserError
from kcdesk.runtime.frozen import asdict, replace
from kcdesk.services.beneficiaries import merging
from kcdesk.services.deadlines import listing
from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.maintenance import restoring
from kcdesk.services.overview.list_workbook import ListExport, write_list
from kcdesk.services.papers import printing
from kcdesk.services.personal import people, rights, uses
from kcdesk.services.phrases import own_phrases
from kcdesk.services.publication.publishing import publish
from kcdesk.services.records import changing, finding
from tests.services import samples
from tests.services.samples import new
from tests.store_files import change

NAME, OLD_PHONE, PHONE, MAIL = "Nguyễn Văn Kín", "0912345678", "0987654321", "kin@vidu.vn"
OTHER = "Nguyễn Văn Kínhh"
PLANTED = (NAME, OLD_PHONE, PHONE, MAIL)
WHY = "Đơn ngày 01/03/2026 của ông Kín"


def collaborator(workspace):
    """A collaborator who has changed the telephone, and one of almost the same name."""
    id_ = new(workspace, "collaborator", name=NAME, phone=OLD_PHONE, email=MAIL, note=f"Gọi {NAME} qua số 0912 345 678")
    changing.set_values(workspace, id_, {"phone": PHONE})
    new(workspace, "collaborator", name=OTHER, phone="0900000001")
    return id_


def left(workspace):
    """What of the planted words any table of the store still holds."""
    tables = [row["name"] for row in workspace.store.query("SELECT name FROM sqlite_master WHERE type = 'table'")]
    texts = []
    for table in tables:
        if not table.startswith(("record_search", "sqlite")):
            texts += [json.dumps([str(v) for v in row.values()], ensure_ascii=False)
                      for row in workspace.store.query(f'SELECT * FROM "{table}"')]  # fmt: skip
    return {word for word in (*PLANTED, "0912 345 678") for text in texts if word in text.replace(OTHER, "")}


def test_a_person_is_found_by_any_name_or_number_now_and_before(workspace):
    id_ = collaborator(workspace)
    for words in ([NAME], ["nguyen van kin"], [OLD_PHONE], ["+84 987.654.321"], [MAIL]):
        found = people.find(workspace, *words)
        assert found.records() == (id_,), words
        assert {(place.value, place.where) for place in found.places} >= {
            (NAME, people.NOW), ("0987 654 321", people.NOW), ("0912 345 678", people.BEFORE), (MAIL, people.NOW),
        }  # fmt: skip
    with pytest.raises(UserError) as refused:
        people.find(workspace, "  ")
    assert refused.value.code == "nobody_named"


def test_the_paper_for_the_person_says_all_of_it(workspace, tmp_path):
    collaborator(workspace)
    people.print_person(workspace, people.find(workspace, NAME), tmp_path / "p.pdf")
    with pypdfium2.PdfDocument(tmp_path / "p.pdf") as paper:
        said = " ".join(page.get_textpage().get_text_range() for page in paper)
    written = said.replace("\r\n", " ")
    assert all(word in written for word in (NAME, "0912 345 678", "0987 654 321", MAIL))
    assert [use.what for use in workspace.store.personal.uses()] == ["answered"]


def test_nothing_is_left_after_an_erasure_and_the_history_still_proves(workspace):
    id_ = collaborator(workspace)
    found = people.find(workspace, NAME)
    done = rights.erase(workspace, found.erasable(), WHY.replace("Kín", "K."))
    assert set(done["erased"]) == {id_}
    assert left(workspace) == set()
    assert workspace.store.check() == []
    assert not people.find(workspace, OLD_PHONE).places
    assert not [hit for kind in finding.find(workspace, "0912345678") for hit in kind.records]
    assert len(people.find(workspace, OTHER).records()) == 1
    folder = workspace.store.folder
    workspace.close()
    for path in folder.iterdir():
        if path.is_file():  # a practice store is not encrypted: free pages would show
            content = path.read_bytes().replace(OTHER.encode(), b"")
            assert not [word for word in PLANTED if word.encode() in content], path


def test_whoever_edits_an_erased_line_is_noticed(workspace):
    id_ = collaborator(workspace)
    rights.erase(workspace, people.find(workspace, NAME).erasable(), "Đơn số 1")
    other = new(workspace, "collaborator", name="Trần Thị B", phone="0911111111")
    rights.erase(workspace, {id_: ["name"], other: ["phone"]}, "Đơn số 2")  # lines may be erased twice
    assert workspace.store.check() == []
    triggers = [row["name"] for row in workspace.store.query("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    drops = (f"DROP TRIGGER {trigger}" for trigger in triggers)
    change(workspace.store.folder, *drops, "UPDATE act SET officer = 'Người khác' WHERE seq = 1")
    assert any("Lịch sử bị sửa" in fault for fault in workspace.store.check())


def test_an_erasure_cannot_be_undone(workspace):
    collaborator(workspace)
    rights.erase(workspace, people.find(workspace, NAME).erasable(), "Đơn số 1")
    step = workspace.store.undoable()
    while step is not None:
        workspace.store.undo(step)
        step = workspace.store.undoable()
    assert left(workspace) == set()


def test_an_older_copy_is_erased_again_when_it_is_restored(workspace):
    collaborator(workspace)
    copy = workspace.store.backup()
    rights.erase(workspace, people.find(workspace, NAME).erasable(), "Đơn số 1")
    folder = workspace.store.folder
    prepared = restoring.stage_backup(folder, copy, here=restoring.store_summary(workspace))
    restored, _ = restoring.restore(prepared, consent=True, here=workspace)
    assert left(restored) == set()
    assert restored.store.check() == []
    restored.close()


def test_a_record_within_its_period_is_only_restricted(workspace, tmp_path):
    beneficiary = new(workspace, "beneficiary", name="Hộ ông Kín", representative=NAME, phone=PHONE)
    new(workspace, "proposal", title="Máy cưa", beneficiaries=[beneficiary])
    standing = rights.standing_of(workspace, beneficiary)
    assert not standing.may_erase
    assert "31/12/2036" in standing.until
    assert "chưa đối chiếu văn bản" in standing.source
    done = rights.erase(workspace, people.find(workspace, NAME).erasable(), "Đơn số 1")
    assert done["erased"] == {}
    assert people.find(workspace, NAME).records() == (beneficiary,)
    for use in (
        lambda: changing.set_values(workspace, beneficiary, {"phone": OLD_PHONE}),
        lambda: printing.prepare_paper(workspace, beneficiary, "record_history"),
    ):
        with pytest.raises(UserError) as refused:
            use()
        assert refused.value.code == "restricted"
    made = sending.make(workspace, sending.HandoverOrder(path=tmp_path / "p.xlsx"))
    assert beneficiary not in workspace.store.packages.carried(made["package"])
    assert rights.due(workspace) == []
    later = replace_today(workspace, date(2037, 1, 1))
    assert [due.record for due in rights.due(later)] == [beneficiary]
    rights.lift(workspace, [beneficiary], "Người ấy rút đơn")
    again = sending.make(workspace, sending.HandoverOrder(path=tmp_path / "again.xlsx"))
    assert beneficiary in workspace.store.packages.carried(again["package"])
    changing.set_values(workspace, beneficiary, {"phone": OLD_PHONE})


def replace_today(workspace, day):
    return replace(workspace, today=lambda: day)


def test_what_a_package_brings_back_is_erased_again(offices, pair):
    unit, province = pair
    id_ = collaborator(unit)
    offices.send(unit, province)
    rights.erase(province, people.find(province, NAME).erasable(), "Đơn số 1")
    changing.set_values(unit, id_, {"phone": "0987654322"})
    path, _ = offices.export(unit, full=True)
    receiving.receive(province, path)
    assert not people.find(province, NAME).places
    assert not people.find(province, "0987654322").places
    assert province.store.check() == []


def test_sensitive_fields_leave_only_for_a_purpose_which_is_noted(offices, pair):
    unit, _ = pair
    collaborator(unit)
    with pytest.raises(UserError) as refused:
        offices.export(unit, include_sensitive=True)
    assert refused.value.code == "no_purpose"
    offices.export(unit, include_sensitive=True, purpose="Thẩm định")
    uses = unit.store.personal.uses()
    assert [use.what for use in uses] == ["exported"]
    assert uses[0].details["purpose"] == "Thẩm định"
    assert uses[0].officer == unit.identity.officer.name


def test_what_is_past_its_term_is_a_deadline_and_not_erased_by_itself(workspace):
    beneficiary = samples.beneficiary(workspace, representative=NAME)
    proposal = samples.proposal(workspace, beneficiaries=[beneficiary])
    new(workspace, "collaborator", name="Trần Thị B")  # a kind without a period
    assert not [due for due in listing.listing(workspace).every if due.kind == listing.TERMS]
    later = replace_today(workspace, date(2037, 1, 10))
    (due,) = [due for due in listing.listing(later).all if due.kind == listing.TERMS]
    assert due.day == date(2037, 1, 31)
    assert [standing.record for standing in rights.due(later)] == [beneficiary], "the proposal names nobody"
    assert proposal not in [standing.record for standing in rights.due(later)]
    with pytest.raises(UserError) as refused:
        listing.mark_done(later, due)
    assert refused.value.code == "terms_by_looking"
    rights.erase(later, people.held_in(later, beneficiary).erasable(), "Hết thời hạn")
    assert not rights.has_past_terms(later)
    assert not [due for due in listing.listing(later).every if due.kind == listing.TERMS]
    assert workspace.store.get(beneficiary).data["name"] == samples.BENEFICIARY["name"], "no person's value"


def test_a_merged_duplicate_and_its_survivor_are_both_past_their_term(workspace):
    lost = samples.beneficiary(workspace, representative=NAME)
    samples.proposal(workspace, beneficiaries=[lost])
    kept = samples.beneficiary(workspace, name="Cơ khí Hải Đăng", representative=NAME)
    merging.merge(workspace, kept, lost)
    later = replace_today(workspace, date(2037, 1, 10))
    assert {standing.record for standing in rights.due(later)} == {kept, lost}


def test_a_list_with_personal_columns_and_a_publication_are_noted(workspace, tmp_path):
    samples.beneficiary(workspace)
    write_list(workspace, ListExport(kind="beneficiary", columns=("name",)), tmp_path / "a.xlsx")
    assert workspace.store.personal.uses() == [], "no column about a person"
    write_list(workspace, ListExport(kind="beneficiary", columns=("name", "phone")), tmp_path / "b.xlsx")
    (line,) = uses.use_lines(workspace)
    assert "b.xlsx" in line.details
    with pytest.raises(UserError) as refused:
        publish(workspace, str(tmp_path / "out"), personal=True)
    assert refused.value.code == "no_purpose"


def test_opening_sensitive_values_is_noted_once(workspace):
    plain = new(workspace, "collaborator", name="Trần Thị B")
    sensitive = new(workspace, "collaborator", name="Trần Thị C", bank_account="1234567890")
    for id_ in (plain, sensitive, sensitive):
        uses.note_opened(workspace, id_)
    assert [(line.what, line.record) for line in uses.use_lines(workspace)] == [(uses.LABELS["opened"], sensitive)]


REASON = "proposal.remarks.reason"


def test_sentences_of_the_office_that_name_a_person_are_found_and_go_as_a_whole(workspace):
    told, other = f"Gọi bà {NAME.upper()} trước khi đến", f"Gọi ông {OTHER} trước khi đến"
    own_phrases.keep_phrases(workspace, {REASON: ([told, other], ["Hỏi số 0912.345.678"])})
    held = people.find(workspace, "nguyen van kin", OLD_PHONE)
    assert [sentence.text for sentence in held.sentences] == [told, "Hỏi số 0912.345.678"]
    done = rights.erase(workspace, {}, WHY, [sentence.text for sentence in held.sentences])
    assert done["erased_sentences"] == 2
    assert asdict(own_phrases.own_phrases(workspace)) == {"added": {REASON: [other]}, "unwanted": {REASON: []}}
    assert left(workspace) == set()
    assert [use.what for use in uses.use_lines(workspace)] == ["xoá câu gợi ý có nhắc đến người"]


def test_a_sentence_of_which_an_erasure_leaves_a_part_goes_too(workspace):
    id_ = collaborator(workspace)
    own_phrases.keep_phrases(workspace, {REASON: ([f"Hỏi {NAME} rồi ghi lại"], [])})
    rights.erase(workspace, people.find(workspace, NAME).erasable([id_]), WHY)
    assert own_phrases.own_phrases(workspace).get(REASON) == []


def test_an_older_copy_is_cleaned_of_the_sentences_again(workspace):
    told = f"Gọi bà {NAME} trước khi đến"
    own_phrases.keep_phrases(workspace, {REASON: ([told], [])})
    rights.erase(workspace, {}, WHY, [told])
    own_phrases.keep_phrases(workspace, {REASON: ([told], [])})  # as an older copy has it
    with workspace.store.together():
        rights.erase_again(workspace)
    assert own_phrases.own_phrases(workspace).get(REASON) == []
