"""Second visits, revisits, the calendar, what to have before leaving, machines seen twice."""

from datetime import date

import pytest

from kcdesk.errors import UserError
from kcdesk.services.lifecycle import missing, steps, waiting
from kcdesk.services.records import changing
from kcdesk.services.visits import visits
from tests.services.samples import answer, approved, begin, beneficiary, contract, crowd, proposal

SITES = ("Xưởng mẫu Một", "Xưởng mẫu Hai", "Xưởng mẫu Ba")
REMEDIES = [
    {"remedy": "Lắp chắn bảo vệ", "responsible": "Cơ sở", "due_on": "31/12/2018"},
    {"remedy": "Bổ sung hóa đơn", "responsible": "Cơ sở", "due_on": "15/1/2019"},
]
MONEY = {"done": 570_000_000, "accepted": 400_000_000}
MONEY |= {"accepted_support": 140_000_000, "accepted_counterpart": 260_000_000}


@pytest.fixture
def contracted(workspace):
    """An approved proposal with its final contract."""
    id_ = approved(workspace)
    contract(workspace, id_)
    return id_


def visit(workspace, above, **changes):
    """A final acceptance with every answer given; its id."""
    id_ = begin(workspace, above, "acceptance")
    answer(workspace, id_, **changes)
    steps.take_step(workspace, id_, "finalise")
    return id_


def conditional(workspace, above, **changes):
    """A first visit that leaves a paper, a machine, a part of the money and two remedies open."""
    id_ = begin(workspace, above, "acceptance")
    record = workspace.store.record(id_)
    first, second, *rest = record.rows("checklist")
    checklist = [
        first | {"result": "fail", "finding": "Chưa ký", "paper_form": "original"},
        second | {"result": "pass", "paper_form": "valid_copy"},
        *(row | {"result": "pass"} for row in rest),
    ]
    machine = record.rows("machines")[0]
    machines = [machine | {"quantity": 1, "value": 400_000_000, "serial_number": "MAU-7", "note": "Thiếu bộ phận"}]
    findings = {
        "number": "05",
        "checklist": checklist,
        "machines": machines,
        "budget": [row | MONEY for row in record.rows("budget")],
        "advanced": 100_000_000,
        "conclusion": "conditional",
        "remedies": REMEDIES,
    }
    answer(workspace, id_, **findings | changes)
    steps.take_step(workspace, id_, "finalise")
    return id_


def second_of(workspace, first):
    return workspace.store.record(visits.second_visit(workspace, first).items[0].id)


def refusal(function, *arguments):
    with pytest.raises(UserError) as refused:
        function(*arguments)
    return refused.value.code


# ---- the second visit


def test_a_second_visit_opens_with_the_open_points_and_names_the_first(workspace, contracted):
    first_id = conditional(workspace, contracted)
    first, second = workspace.store.record(first_id), second_of(workspace, first_id)
    assert second.value("previous") == first_id
    assert (second.value("previous_number"), second.value("previous_visited_on")) == ("05", "2018-12-05")
    for name in ("proposal", "contract", "site", "beneficiary", "activity"):
        assert second.value(name) == first.value(name)
    (item,) = second.rows("checklist")
    assert item["item"] == first.rows("checklist")[0]["item"]
    assert item["earlier_finding"] == "Chưa ký"
    assert [row["remedy"] for row in second.rows("remedies")] == ["Lắp chắn bảo vệ", "Bổ sung hóa đơn"]
    assert {row["since"] for row in second.rows("remedies")} == {"2018-12-05"}
    assert second.rows("machines")[0]["serial_number"] == "MAU-7"
    (line,) = second.rows("budget")
    assert (line["contracted"], line["accepted_before"]) == (570_000_000, 400_000_000)
    assert second.value("support_before") == 140_000_000


def test_nothing_that_the_second_visit_has_to_find_is_filled_in(workspace, contracted):
    second = second_of(workspace, conditional(workspace, contracted))
    found = {
        "checklist": ("result", "finding", "paper_form"),
        "machines": ("quantity", "value", "note"),
        "budget": ("done", "accepted", "accepted_support"),
        "remedies": ("done", "done_on", "note"),
    }
    for table, names in found.items():
        assert all(name not in row for row in second.rows(table) for name in names), table
    assert not {"visited_on", "conclusion", "work_done", "results"} & second.data.keys()


def test_who_took_part_is_there_again(workspace, contracted):
    first = conditional(workspace, contracted)
    names = [(row["party"], row["name"]) for row in workspace.store.record(first).rows("participants")]
    assert [(row["party"], row["name"]) for row in second_of(workspace, first).rows("participants")] == names != []


def test_a_second_visit_that_settles_everything_opens_the_way(workspace, contracted):
    first = conditional(workspace, contracted)
    second = second_of(workspace, first)
    changing.set_values(
        workspace,
        second.id,
        {
            "visited_on": "20/1/2019",
            "participants": workspace.store.record(first).value("participants"),
            "checklist": [row | {"result": "pass"} for row in second.rows("checklist")],
            "machines": [row | {"quantity": 1, "value": 570_000_000} for row in second.rows("machines")],
            "budget": [
                row | {"done": 170_000_000, "accepted": 170_000_000, "accepted_support": 60_000_000}
                | {"accepted_counterpart": 110_000_000}
                for row in second.rows("budget")
            ],
            "remedies": [row | {"done": True, "done_on": "10/1/2019"} for row in second.rows("remedies")],
            "work_done": "Đã khắc phục xong",
            "conclusion": "accepted",
        },
    )  # fmt: skip
    second = workspace.store.record(second.id)
    assert (second.value("support_so_far"), second.value("remaining")) == (200_000_000, 100_000_000)
    steps.take_step(workspace, contracted, "contract")
    steps.take_step(workspace, contracted, "accept_conditionally")
    accept = next(s for s in steps.possible(workspace, workspace.store.record(contracted)) if s.name == "accept")
    assert steps.step_obstacles(workspace, workspace.store.record(contracted), accept)
    assert waiting.waits_text(workspace, workspace.store.record(contracted)) == "Chờ đơn vị thụ hưởng khắc phục"
    steps.take_step(workspace, second.id, "finalise")
    assert not steps.step_obstacles(workspace, workspace.store.record(contracted), accept)
    assert missing.outlook_of(workspace, workspace.store.record(contracted)).notes == (), (
        "nobody is waited for any more"
    )
    (note,) = missing.outlook_of(workspace, workspace.store.record(second.id)).notes
    assert note.text.endswith("bước tiếp theo là «Ghi nhận nghiệm thu».")


def test_a_third_visit_opens_with_what_the_second_left(workspace, contracted):
    second = second_of(workspace, conditional(workspace, contracted))
    done, left = second.rows("remedies")
    answer(
        workspace,
        second.id,
        visited_on="20/12/2018",
        checklist=[row | {"result": "pass"} for row in second.rows("checklist")],
        budget=[row | {"done": 100_000_000, "accepted": 100_000_000, "accepted_support": 60_000_000}
                | {"accepted_counterpart": 40_000_000} for row in second.rows("budget")],
        remedies=[done | {"done": True}, left | {"done": False}],
        conclusion="conditional",
    )  # fmt: skip
    steps.take_step(workspace, second.id, "finalise")
    third = second_of(workspace, second.id)
    assert third.rows("checklist") == []
    assert [row["remedy"] for row in third.rows("remedies")] == ["Bổ sung hóa đơn"]
    assert third.rows("remedies")[0]["since"] == "2018-12-05"  # of the minutes that first asked for it
    assert third.rows("budget")[0]["accepted_before"] == 500_000_000
    assert third.value("support_before") == 200_000_000
    assert third.rows("budget")[0]["contracted_support"] == 0


@pytest.mark.parametrize(
    ("table", "change", "is_open"),
    [
        ("checklist", {"result": "not_applicable", "paper_form": "missing"}, False),
        ("checklist", {"result": "fail", "finding": "Thiếu", "paper_form": "missing"}, True),
        ("machines", {"quantity": 1, "value": 570_000_000}, False),
        ("machines", {"quantity": 1, "value": 570_000_000, "name": "Máy khác", "note": "Đổi máy"}, True),
        ("machines", {"quantity": 1, "value": 570_000_000, "model": "M-02", "note": "Đổi mẫu"}, True),
        ("machines", {"quantity": 1, "value": 570_000_000, "is_new": False, "note": "Máy cũ"}, True),
        ("machines", {"quantity": 2, "value": 570_000_000, "note": "Thêm một"}, True),
        ("budget", {"done": 570_000_000, "accepted": 570_000_000, "accepted_other": 570_000_000}, False),
        ("budget", {"done": 500_000_000, "accepted": 500_000_000, "accepted_other": 500_000_000}, True),
    ],
)
def test_what_counts_as_open(workspace, contracted, table, change, is_open):
    id_ = begin(workspace, contracted, "acceptance")
    answer(workspace, id_, conclusion="conditional", remedies=REMEDIES)
    first_row, *rest = workspace.store.record(id_).rows(table)
    kept = {name: first_row[name] for name in first_row.keys() - {"accepted_counterpart", "accepted_support"}}
    changing.set_values(workspace, id_, {table: [kept | change, *rest]})
    steps.take_step(workspace, id_, "finalise")
    assert bool(second_of(workspace, id_).rows(table)) is is_open


def test_a_second_visit_is_refused_where_there_is_nothing_to_see_again(workspace, contracted):
    draft = begin(workspace, contracted, "acceptance")
    assert refusal(visits.second_visit, workspace, draft) == "not_final"
    assert refusal(visits.second_visit, workspace, contracted) == "wrong_kind"
    answer(workspace, draft)
    steps.take_step(workspace, draft, "finalise")
    assert refusal(visits.second_visit, workspace, draft) == "nothing_open"
    first = conditional(workspace, contracted)
    visits.second_visit(workspace, first)
    assert refusal(visits.second_visit, workspace, first) == "already_followed"
    changing.undo(workspace)
    assert visits.second_visit(workspace, first).items


def test_the_first_visit_cannot_be_deleted_under_the_second(workspace, contracted):
    first = conditional(workspace, contracted)
    visits.second_visit(workspace, first)
    steps.take_step(workspace, first, "correct", "Ghi nhầm")
    assert refusal(changing.delete, workspace, first) == "in_use"


# ---- inspections


def test_an_inspection_opens_with_the_plan_and_the_contract(workspace, contracted):
    inspection = workspace.store.record(begin(workspace, contracted, "inspection"))
    assert inspection.value("contract_number") == "01/HĐ"
    assert [row["task"] for row in inspection.rows("tasks")] == ["Mua máy"]
    (line,) = inspection.rows("progress")
    assert (line["item"], line["contracted"]) == ("Máy mẫu", 570_000_000)
    assert not {"claimed", "found", "difference"} & line.keys()
    (machine,) = inspection.rows("machines")
    assert (machine["name"], "found" in machine) == ("Máy mẫu", False)
    assert inspection.value("site")


def test_an_inspection_before_the_contract_opens_with_the_proposal(workspace):
    id_ = proposal(workspace)
    inspection = workspace.store.record(begin(workspace, id_, "inspection"))
    assert inspection.rows("progress")[0]["contracted"] == 570_000_000
    assert inspection.value("contract") is None


def test_a_revisit_compares_with_what_was_accepted(workspace, contracted):
    accepted = visit(workspace, contracted)
    with workspace.store.act("Chỉ tiêu hiệu quả") as act:
        row = {"id": "b1", "position": 1.0, "indicator": "jobs", "before": "10", "actual": "14"}
        act.update(accepted, {"benefits/b1": row})
    id_ = visits.revisit(workspace, accepted).items[0].id
    revisit = workspace.store.record(id_)
    assert (revisit.value("purpose"), revisit.value("acceptance")) == ("revisit", accepted)
    assert revisit.parent == contracted
    assert revisit.rows("machines")[0]["known_serial_number"] == "MAU-1"
    (result,) = revisit.rows("results")
    assert (result["target"], result["accepted"], result.get("actual")) == ("20", "19", None)
    (jobs,) = revisit.rows("benefits")
    assert (jobs["indicator"], jobs["before"], jobs["accepted"], jobs.get("actual")) == ("jobs", "10", "14", None)
    assert revisit.rows("progress") == []
    assert refusal(visits.revisit, workspace, accepted) == "already_followed"


def test_the_next_inspection_carries_the_remedies(workspace, contracted):
    first = begin(workspace, contracted, "inspection")
    found = workspace.store.record(first)
    changing.set_values(
        workspace,
        first,
        {
            "purpose": "interim",
            "visited_on": "1/8/2018",
            "participants": [
                {"party": "department", "name": "Người Mẫu"},
                {"party": "beneficiary", "name": "Người Mẫu"},
            ],
            "tasks": [row | {"found": "under_way"} for row in found.rows("tasks")],
            "machines": [row | {"found": "not_delivered"} for row in found.rows("machines")],
            "progress": [row | {"found": 1} for row in found.rows("progress")],
            "conclusion": "remedies",
            "remedies": REMEDIES,
        },
    )
    steps.take_step(workspace, first, "finalise")
    following = changing.add(workspace, "inspection", {"previous": first}).items[0].id
    remedies = workspace.store.record(following).rows("remedies")
    assert [row["since"] for row in remedies] == ["2018-08-01"] * 2


def test_a_refused_acceptance_has_no_revisit(workspace, contracted):
    refused = visit(workspace, contracted, conclusion="refused", conclusion_note="Máy không chạy")
    assert refusal(visits.revisit, workspace, refused) == "not_accepted"


# ---- the same machine elsewhere


def test_a_serial_number_of_another_dossier_raises_a_flag(workspace, contracted):
    seen = visit(workspace, contracted)
    other = approved(workspace, title="Đề án khác (mẫu)", beneficiaries=[beneficiary(workspace, name="Cơ sở Mẫu Hai")])
    id_ = begin(workspace, other, "acceptance")
    row = workspace.store.record(id_).rows("machines")[0]
    assert visits.serial_flags(workspace, workspace.store.record(id_)) == []
    changing.set_values(workspace, id_, {"machines": [row | {"serial_number": "mau-1"}]})
    (flag,) = visits.serial_flags(workspace, workspace.store.record(id_))
    assert flag.path == f"machines/{row['id']}/serial_number"
    assert flag.other == seen
    assert "«mau-1»" in flag.sentence
    assert "Hỗ trợ ứng dụng máy móc tiên tiến (mẫu)" in flag.sentence
    changing.delete(workspace, id_)
    assert visits.serial_flags(workspace, workspace.store.record(seen)) == []


def test_the_same_machine_at_two_sites_of_one_proposal_raises_a_flag(workspace):
    sites = [{"name": name, "support": 66_000_000} for name in SITES[:2]]
    group = approved(workspace, scheme="group", sites=sites)
    first, second = begin(workspace, group, "acceptance"), begin(workspace, group, "acceptance")
    assert [workspace.store.record(id_).value("site") for id_ in (first, second)] == list(SITES[:2])
    for id_ in (first, second):
        rows = workspace.store.record(id_).rows("machines")
        changing.set_values(workspace, id_, {"machines": [row | {"serial_number": "MAU-9"} for row in rows]})
    assert [flag.other for flag in visits.serial_flags(workspace, workspace.store.record(second))] == [first]


def test_another_visit_of_the_site_and_words_raise_no_flag(workspace, contracted):
    first = conditional(workspace, contracted)
    second = second_of(workspace, first)
    assert second.rows("machines")[0]["serial_number"] == "MAU-7"
    assert visits.serial_flags(workspace, second) == []
    changing.set_values(workspace, second.id, {"site": "Nơi khác"})
    assert [flag.other for flag in visits.serial_flags(workspace, workspace.store.record(second.id))] == [first]
    rows = [row | {"serial_number": "không rõ"} for row in second.rows("machines")]
    changing.set_values(workspace, second.id, {"machines": rows})
    assert visits.serial_flags(workspace, workspace.store.record(second.id)) == []
    assert visits.serial_flags(workspace, workspace.store.record(contracted)) == []


def test_a_serial_number_twice_in_one_visit_is_told(workspace, contracted):
    id_ = begin(workspace, contracted, "acceptance")
    row = workspace.store.record(id_).rows("machines")[0] | {"serial_number": "MAU-3"}
    twin = {name: row[name] for name in row.keys() - {"id", "position"}}
    changing.set_values(workspace, id_, {"machines": [row, twin]})
    (flag,) = visits.serial_flags(workspace, workspace.store.record(id_))
    assert flag.other == id_
    assert "hai lần" in flag.sentence


# ---- the calendar


def days(workspace, first, last):
    found = visits.calendar(workspace, first, last)
    return [(day.isoformat(), entry.what, entry.kind, entry.id) for day, entries in found.items() for entry in entries]


YEARS = (date(2018, 1, 1), date(2020, 12, 31))


def test_the_calendar_shows_what_is_planned_done_and_due(workspace, contracted):
    first = conditional(workspace, contracted)
    planned = begin(workspace, contracted, "inspection")
    changing.set_values(workspace, planned, {"planned_on": "7/12/2018"})
    assert days(workspace, *YEARS) == [
        ("2018-12-05", "visited", "acceptance", first),
        ("2018-12-07", "planned", "inspection", planned),
        ("2018-12-31", "remedy", "acceptance", first),
        ("2019-01-15", "remedy", "acceptance", first),
        ("2019-12-05", "revisit", "acceptance", first),
    ]
    (entry,) = visits.calendar(workspace, date(2018, 12, 31), date(2018, 12, 31))[date(2018, 12, 31)]
    assert entry.label == "Hạn khắc phục: Lắp chắn bảo vệ"
    assert entry.title == workspace.store.record(first).title()
    assert days(workspace, date(2018, 12, 6), date(2018, 12, 6)) == []


def test_a_second_visit_takes_what_is_due_off_the_calendar_once_it_is_final(workspace, contracted):
    first = conditional(workspace, contracted)
    second = second_of(workspace, first)
    changing.set_values(workspace, second.id, {"planned_on": "20/1/2019"})
    assert [what for _, what, _, _ in days(workspace, *YEARS)] == ["visited", "remedy", "remedy", "planned", "revisit"]
    answer(
        workspace,
        second.id,
        visited_on="21/1/2019",
        budget=[row | {"done": 0, "accepted": 0} for row in second.rows("budget")],
        remedies=[row | {"done": True} for row in second.rows("remedies")],
    )
    assert [what for _, what, _, _ in days(workspace, *YEARS)] == ["visited", "remedy", "remedy", "visited", "revisit"]
    steps.take_step(workspace, second.id, "finalise")
    assert days(workspace, *YEARS) == [
        ("2018-12-05", "visited", "acceptance", first),
        ("2019-01-21", "visited", "acceptance", second.id),
        ("2020-01-21", "revisit", "acceptance", second.id),
    ]


def test_a_revisit_that_has_begun_and_a_refused_visit_are_not_due(workspace, contracted):
    accepted = visit(workspace, contracted)
    assert [what for _, what, _, _ in days(workspace, *YEARS)] == ["visited", "revisit"]
    visits.revisit(workspace, accepted)
    assert [what for _, what, _, _ in days(workspace, *YEARS)] == ["visited"]
    visit(workspace, contracted, conclusion="refused", conclusion_note="Máy không chạy", visited_on="6/12/2018")
    assert [what for _, what, _, _ in days(workspace, *YEARS)] == ["visited", "visited"]


def test_the_calendar_asks_the_indexes(workspace, contracted):
    """A nationwide store would otherwise be read from end to end for every month that is shown."""
    visit(workspace, contracted)
    crowd(workspace, "acceptance", "inspection", "beneficiary")
    for _, _, sql in visits.calendar_queries():
        plan = workspace.store.query(f"EXPLAIN QUERY PLAN {sql}", {"first": "2018-01-01", "last": "2018-01-31"})
        assert plan[0]["detail"].startswith("SEARCH record USING INDEX"), (sql, plan)


# ---- before leaving


def told(workspace, id_):
    return [problem.field for problem in visits.ready_to_leave(workspace, id_)]


def test_a_visit_that_is_ready_has_everything_with_it(workspace, tmp_path):
    establishment = beneficiary(workspace, address="Số 1, khu vực mẫu")
    above = approved(workspace, beneficiaries=[establishment], address="Số 1, khu vực mẫu", issues_invoice=False)
    agreed = contract(workspace, above)
    id_ = begin(workspace, above, "acceptance")
    assert workspace.store.record(id_).value("model") == "5a"
    assert told(workspace, id_) == ["planned_on", "contract"]
    scan = tmp_path / "hop-dong.pdf"
    scan.write_bytes(b"%PDF-1.7 m\xe1\xba\xabu")
    changing.attach(workspace, agreed, "signed_papers", [scan])
    changing.set_values(workspace, id_, {"planned_on": "20/3/2026"})
    assert told(workspace, id_) == []


def test_what_a_visit_lacks_is_told_by_field(workspace):
    proposal = changing.add(workspace, "proposal", {"title": "Đề án mẫu"}).items[0].id
    id_ = changing.add(workspace, "acceptance", {"proposal": proposal}).items[0].id
    assert told(workspace, id_) == [
        "contract",
        "planned_on",
        "site",
        "address",
        "place",
        "budget",
    ]


def test_an_open_contract_and_an_establishment_without_telephone_are_told(workspace):
    nameless = beneficiary(workspace, phone=None)
    above = approved(workspace, beneficiaries=[nameless])
    begin(workspace, above, "contract")
    id_ = begin(workspace, above, "acceptance")
    sentences = [problem.message for problem in visits.ready_to_leave(workspace, id_)]
    assert any("chưa chốt" in sentence for sentence in sentences)
    assert any("điện thoại" in sentence for sentence in sentences)


def test_a_second_visit_wants_the_signed_minutes_of_the_first(workspace, contracted):
    second = second_of(workspace, conditional(workspace, contracted))
    assert "previous" in told(workspace, second.id)


def test_a_file_that_did_not_come_along_is_told(workspace, contracted):
    file = {"id": "f1", "name": "hop-dong.pdf", "sha256": "0" * 64, "size": 1, "mime": "application/pdf", "caption": ""}
    id_ = begin(workspace, contracted, "acceptance")
    agreed = workspace.store.record(id_).value("contract")
    with workspace.store.act("Nhập gói") as act:
        act.update(agreed, {"files": [file]})
    messages = {problem.field: problem.message for problem in visits.ready_to_leave(workspace, id_)}
    assert "hop-dong.pdf" in messages["contract"]


def test_a_paper_that_the_program_cannot_print_is_told(workspace, contracted):
    id_ = begin(workspace, contracted, "acceptance")
    unprintable = [name for name in ("5b", "5c") if f"minutes_{name}" not in workspace.layouts]
    for model in unprintable:
        changing.set_values(workspace, id_, {"model": model})
        assert "model" in told(workspace, id_)
    changing.set_values(workspace, id_, {"model": "5a"})
    assert "model" not in told(workspace, id_)


def test_only_visits_are_got_ready(workspace, contracted):
    assert refusal(visits.ready_to_leave, workspace, contracted) == "wrong_kind"


def test_demands_beside_an_acceptance_are_pointed_out_until_one_of_both_goes(workspace, contracted):
    id_ = begin(workspace, contracted, "acceptance")

    def advised():
        advice = missing.outlook_of(workspace, workspace.store.record(id_)).advice
        return [problem.message for problem in advice if problem.field == "conclusion"]

    changing.set_values(workspace, id_, {"remedies": [{"remedy": "Niêm yết nội quy"}], "conclusion": "accepted"})
    assert advised() == [
        "Kết luận «Nghiệm thu» mà «Điều kiện, nội dung phải khắc phục» còn 1 dòng: hãy chọn kết luận có điều kiện,"
        " hoặc xoá các dòng đó."
    ]
    changing.set_values(workspace, id_, {"conclusion": "conditional"})
    assert advised() == []
    changing.set_values(workspace, id_, {"conclusion": "accepted", "remedies": None})
    assert advised() == []
