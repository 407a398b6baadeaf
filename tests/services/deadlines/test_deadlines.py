"""Deadlines: what the calendar and the dossiers ask for by when, what officers say of it, and the laptop's clock."""

import shutil
from contextlib import closing
from datetime import date

import pytest
from pypdfium2 import PdfDocument

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.runtime.frozen import replace
from kcdesk.services.deadlines import dated_records, icalendar_export, month_sheet
from kcdesk.services.deadlines import listing as deadline_listing
from kcdesk.services.lifecycle import steps
from kcdesk.services.overview import chief_view, rules_panel
from kcdesk.services.records import changing, reading
from kcdesk.services.reporting import running
from tests.query_plans import walks
from tests.services.samples import approved, begin, contract, crowd, new, proposal


def keys(dues):
    return [due.key.partition("/")[0] for due in dues]


def found(workspace, name, on=None):
    return [due for due in deadline_listing.listing(workspace, on).all if due.key.startswith(f"{name}/")]


def force(workspace, id_, **data):
    """Bring a dossier to a state; the way there is not the matter here."""
    with workspace.store.act("Chuẩn bị") as act:
        act.update(id_, data)


@pytest.fixture
def workspace(workspace):
    """An office that has had its store for more than a year."""
    workspace.store.identity = replace(workspace.identity, created="2025-01-02T03:04:05+00:00")
    return workspace


@pytest.fixture
def signed(workspace):
    """A final contract of a national proposal, to be done by the end of 2026."""
    local = {"item": "Máy", "cost": 570_000_000, "national": 200_000_000, "counterpart": 370_000_000}
    above = proposal(workspace, programme="national", budget=[local])
    force(workspace, above, state="approved")
    id_ = begin(workspace, above, "contract")
    force(workspace, id_, state="final", number="01/HĐ", signed_on="2026-03-01", due_on="2026-12-31")
    return id_


@pytest.mark.parametrize(
    ("on", "group"),
    [
        ("2026-05-19", "today"),  # before 20 May: the 19th is the last day
        ("2026-05-20", "late"),
        ("2026-05-18", "week"),
        ("2026-05-11", "later"),
    ],
)
def test_before_20_may_means_by_the_19th(workspace, on, group):
    listing = deadline_listing.listing(workspace, date.fromisoformat(on))

    due = next(due for due in getattr(listing, group) if due.key.startswith("registration_grassroots"))

    assert due.day == date(2026, 5, 19)
    assert "năm 2027" in due.what
    assert "Điều 10 TT 36/2013/TT-BCT" in due.source


def test_a_new_store_is_not_asked_for_what_was_due_before_it(workspace):
    workspace.store.identity = replace(workspace.identity, created="2026-05-20T03:04:05+00:00")

    listing = deadline_listing.listing(workspace, date(2026, 5, 21))

    assert not listing.late
    assert "year_report" in keys(deadline_listing.listing(workspace, date(2026, 12, 1)).all)


def test_each_level_has_its_own_deadlines(workspace, province):
    on = date(2026, 6, 10)

    assert "registration_ministry" in keys(deadline_listing.listing(province, on).all)
    assert "registration_ministry" not in keys(deadline_listing.listing(workspace, on).all)


def test_the_monthly_report_is_asked_for_only_while_a_contract_runs(workspace, signed):
    on = date(2026, 4, 1)
    asked = found(workspace, "monthly_report", on)
    force(workspace, signed, liquidated_on="2026-03-30")

    assert [due.day for due in asked] == [date(2026, 2, 24), date(2026, 3, 24), date(2026, 4, 24)]
    assert not found(workspace, "monthly_report", on)


def test_the_monthly_report_is_asked_for_only_with_a_contract_of_the_national_programme(workspace, signed):
    assert found(workspace, "monthly_report", date(2026, 4, 1))
    force(workspace, workspace.store.record(signed).value("proposal"), programme="local")
    assert not found(workspace, "monthly_report", date(2026, 4, 1))


def visited(workspace, signed, on, **data):
    id_ = new(workspace, "acceptance", proposal=workspace.store.record(signed).value("proposal"), contract=signed)
    force(workspace, id_, state="final", visited_on=on, **{"conclusion": "accepted", **data})
    return id_


def test_the_settlement_is_due_15_days_after_the_last_acceptance_of_the_contract(workspace, signed):
    visited(workspace, signed, "2026-03-01")
    visited(workspace, signed, "2026-03-04")

    (due,) = found(workspace, "settlement_dossier")
    assert (due.day, due.id, due.kind) == (date(2026, 3, 19), signed, "contract")
    assert "Điều 18" in due.source
    assert not due.unverified

    force(workspace, signed, liquidated_on="2026-03-05")
    assert not found(workspace, "settlement_dossier")


def test_the_newest_visits_are_the_same_in_the_tables_of_reports(workspace, signed):
    visited(workspace, signed, "2026-03-01")
    from_records = deadline_listing.listing(workspace).every
    running.prepare(workspace)
    assert workspace.store.readings.relation("acceptance", {"visited_on", "contract"}) != "acceptance"
    assert deadline_listing.listing(workspace).every == from_records

    visited(workspace, signed, "2026-03-05")
    (due,) = found(workspace, "settlement_dossier")
    assert due.day == date(2026, 3, 20)


def test_a_local_contract_is_reminded_of_as_unverified(workspace):
    signed = contract(workspace, approved(workspace))
    visited(workspace, signed, "2026-03-04")

    assert not found(workspace, "settlement_dossier")
    assert [due.unverified for due in found(workspace, "local_settlement_dossier")] == [True]


@pytest.mark.usefixtures("signed")
def test_the_liquidation_is_due_on_22_january_of_the_year_after(workspace):
    (due,) = found(workspace, "liquidation", date(2026, 12, 20))

    assert due.day == date(2027, 1, 22)


def test_remedies_are_due_one_by_one_until_they_are_done_or_taken_over(workspace, signed):
    rows = [
        {"id": "r1", "position": 1.0, "remedy": "Sửa mái", "due_on": "2026-03-01"},
        {"id": "r2", "position": 2.0, "remedy": "Sơn máy", "due_on": "2026-03-09", "done": True},
        {"id": "r3", "position": 3.0, "due_on": "2026-03-09"},
    ]
    first = visited(workspace, signed, "2026-02-20", conclusion="conditional", remedies=rows)

    late, coming = found(workspace, "acceptance_remedy")
    assert late.what == "Hạn khắc phục sau nghiệm thu: Sửa mái"
    assert late.day == date(2026, 3, 1)
    assert coming.what.endswith("chưa ghi nội dung")

    visited(workspace, signed, "2026-03-04", previous=first)
    assert not found(workspace, "acceptance_remedy")


def test_a_certificate_expires_at_the_end_of_its_third_year(workspace):
    row = {"id": "c1", "position": 1.0, "product": "Bún khô", "valid_until": "2026-12-31"}
    force(workspace, new(workspace, "beneficiary", name="Cơ sở mẫu"), certificates=[row])

    (due,) = found(workspace, "certificate_expiry", date(2026, 12, 1))
    assert "«Bún khô»" in due.what


@pytest.mark.usefixtures("signed")
def test_what_no_date_can_tell_is_marked_done_and_can_be_taken_back(workspace):
    report = next(due for due in found(workspace, "monthly_report") if due.day == date(2026, 3, 24))

    deadline_listing.mark_done(workspace, report, "Đã gửi bằng thư điện tử")

    assert report.key not in {due.key for due in found(workspace, "monthly_report")}
    (task,) = workspace.store.find("task", "state", "done")
    assert (task.data["note"], task.data["done_on"]) == ("Đã gửi bằng thư điện tử", "2026-03-05")
    assert "Đánh dấu đã xong" in reading.history(workspace, task.id)[0]["action"]

    changing.undo(workspace)
    assert report.key in {due.key for due in found(workspace, "monthly_report")}


def test_what_was_postponed_comes_back_on_its_day_with_its_reason(workspace, signed):
    (due,) = found(workspace, "contract_due", date(2026, 12, 20))
    deadline_listing.postpone(workspace, due, date(2027, 1, 10), "Sở đã đồng ý kéo dài")

    on = date(2026, 12, 20)
    assert not found(workspace, "contract_due", on)
    (again,) = [one for one in deadline_listing.listing(workspace, on).all if one.task]
    assert (again.day, again.first_day, again.id) == (date(2027, 1, 10), date(2026, 12, 31), signed)
    assert again.uid == due.uid, "a calendar that takes it in again moves it"
    assert "Sở đã đồng ý" in workspace.store.record(again.task).value("note")

    deadline_listing.postpone(workspace, again, date(2027, 1, 12), "Chờ hóa đơn")
    assert len(workspace.store.record(again.task).value("note").splitlines()) == 2

    force(workspace, signed, liquidated_on="2027-01-05")
    assert not [one for one in deadline_listing.listing(workspace, on).all if one.task], (
        "what is done is asked for no more"
    )


@pytest.mark.usefixtures("signed")
def test_postponing_needs_a_reason_and_a_later_day(workspace):
    (due,) = found(workspace, "contract_due", date(2026, 12, 20))

    with pytest.raises(UserError, match="sau hạn"):
        deadline_listing.postpone(workspace, due, due.day, "Chờ")
    with pytest.raises(UserError, match="lý do"):
        deadline_listing.postpone(workspace, due, date(2027, 2, 1), " ")


def test_an_own_task_is_a_deadline_too(workspace):
    id_ = new(workspace, "task", title="Gọi cho xưởng", due_on="5/3/2026")

    (due,) = deadline_listing.listing(workspace).today
    assert (due.what, due.task) == ("Gọi cho xưởng", id_)
    assert deadline_listing.by_key(workspace, id_) == due

    steps.take_step(workspace, id_, "finish")
    assert not deadline_listing.listing(workspace).today


def test_a_date_that_moves_opens_the_deadline_again(workspace, signed):
    (due,) = found(workspace, "contract_due", date(2026, 12, 20))
    deadline_listing.mark_done(workspace, due)
    force(workspace, signed, due_on="2027-01-20")

    (again,) = found(workspace, "contract_due", date(2026, 12, 20))
    assert (again.day, again.uid) == (date(2027, 1, 20), due.uid)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2020, 1, 1), "đã có thay đổi"),
        (date(2028, 12, 1), "lần sửa cuối"),
        (date(2055, 1, 1), "quá xa ngày phát hành"),
        (None, ""),
    ],
)
def test_a_clock_that_looks_wrong_is_said_in_a_sentence(workspace, today, said):
    new(workspace, "task", title="Việc")
    workspace.today = (lambda: today) if today else date.today

    doubt = deadline_listing.listing(workspace).doubt

    assert said in doubt
    assert bool(doubt) is bool(said)


@pytest.mark.usefixtures("signed")
def test_every_question_goes_along_an_index(workspace):
    """None of the deadlines walks through all records of a kind that has many."""
    rules = workspace.calendar.deadlines
    asked_for = (part.kind for rule in rules for part in (rule, *rule.newests, *rule.needs))
    crowd(workspace, *dict.fromkeys(filter(None, asked_for)))
    asked = []
    query = workspace.store.query
    workspace.store.query = lambda sql, values=None: asked.append((sql, values)) or query(sql, values)
    deadline_listing.listing(workspace)

    assert len(asked) > 10
    for sql, values in asked:
        plan = " ".join(row["detail"] for row in query(f"EXPLAIN QUERY PLAN {sql}", values))
        assert "SCAN record" not in plan.replace("SCAN record USING INDEX day_", ""), (sql, plan)


@pytest.mark.usefixtures("signed")
def test_few_records_among_many_are_not_searched_for_among_all(workspace):
    """The contract, its proposal and the visits are a few, the establishments many."""
    crowd(workspace, "beneficiary")
    with walks() as walked:
        deadline_listing.listing(workspace)
        chief_view.work_view(workspace)
        chief_view.waiting_view(workspace)
    assert walked == []


@pytest.mark.usefixtures("signed")
def test_the_file_for_calendar_programs_can_be_taken_in_twice(workspace, tmp_path):
    from icalendar import Calendar

    on = date(2026, 12, 20)
    deadline_listing.mark_done(workspace, found(workspace, "liquidation", on)[0])
    icalendar_export.export(workspace, deadline_listing.listing(workspace, on).all, tmp_path / "a.ics")
    (due,) = found(workspace, "contract_due", on)
    deadline_listing.postpone(workspace, due, date(2027, 1, 10), "Được kéo dài; chờ, máy \\ mới")
    icalendar_export.export(workspace, deadline_listing.listing(workspace, on).all, tmp_path / "b.ics")

    def events(name):
        whole = (tmp_path / name).read_bytes()
        assert all(len(line) <= 75 for line in whole.split(b"\r\n")), "RFC 5545 3.1"
        read = Calendar.from_ical(whole)
        return {str(event["uid"]): event for event in read.walk("VEVENT")}

    before, after = events("a.ics"), events("b.ics")
    assert before.keys() == after.keys(), "the same things are known again"
    (uid,) = [uid for uid in before if before[uid]["dtstart"].dt != after[uid]["dtstart"].dt]
    assert after[uid]["dtstart"].dt == date(2027, 1, 10), "a whole day"
    assert after[uid]["dtend"].dt == date(2027, 1, 11)
    assert after[uid]["summary"] == due.what
    assert "Điều 11" in after[uid]["description"]
    assert [alarm["trigger"].dt.days for alarm in after[uid].walk("VALARM")] == [-7, 0]


def test_the_month_sheet_says_what_is_due_on_which_day(workspace, tmp_path):
    new(workspace, "task", title="Gọi cho xưởng", due_on="31/3/2026")
    new(workspace, "task", title="Việc tháng sau", due_on="1/4/2026")

    made = month_sheet.print_month(workspace, date(2026, 3, 5), tmp_path / "thang.pdf")

    with closing(PdfDocument(made["pdf"])) as pdf:
        said = " ".join(pdf[0].get_textpage().get_text_bounded().split())
        width, height = pdf[0].get_size()
    assert width > height
    assert "Tháng 03 năm 2026" in said
    assert "31/3/2026 Gọi cho xưởng" in said
    assert "Việc tháng sau" not in said


def test_finished_work_of_many_years_hides_nothing_that_is_open(workspace, signed, monkeypatch):
    """What is over does not use up the room of the list: conditions are asked before the first so many are taken."""
    monkeypatch.setattr(dated_records, "MOST", 2)
    contract_form, above = workspace.store.get(signed).form, workspace.store.record(signed).value("proposal")
    with workspace.store.act("Việc đã xong") as act:
        for number in range(5):
            done = {"state": "final", "revision": 1, "proposal": above, "due_on": "2026-12-01", "number": str(number)}
            act.insert("contract", contract_form, done | {"liquidated_on": "2026-12-02"}, parent=above)

    assert [due.id for due in found(workspace, "contract_due", date(2026, 12, 20))] == [signed]
    assert [due.id for due in found(workspace, "liquidation", date(2026, 12, 20))] == [signed]


@pytest.mark.parametrize(("state", "told"), [("approved", 1), ("contracted", 1), ("running", 1), ("accepted", 0)])
def test_a_proposal_that_runs_is_told_of_when_its_time_ends(workspace, state, told):
    id_ = proposal(workspace, ends_on="20/3/2026")
    force(workspace, id_, state=state)

    assert [due.id for due in found(workspace, "proposal_end")] == [id_] * told


def test_whoever_has_a_certificate_reports_every_year(workspace):
    on = date(2026, 12, 1)
    assert not found(workspace, "certificate_holder_report", on)
    entry = new(workspace, "product_entry", product_vote=new(workspace, "product_vote", name="Kỳ mẫu"))
    force(workspace, entry, state="certified", expires_on="2027-12-31", product_name="Chè")

    (due,) = found(workspace, "certificate_holder_report", on)
    assert (due.day, due.unverified) == (date(2026, 12, 20), True)
    assert "Khoản 2 Điều 22 TT 26/2014/TT-BCT" in due.source
    expiring = found(workspace, "vote_certificate_expiry", date(2027, 12, 1))
    assert [(due.day, "Chè" in due.what) for due in expiring] == [(date(2027, 12, 31), True)]


def test_a_province_that_settles_otherwise_says_so_in_one_place(workspace, tmp_path):
    """The list, the settlement's own due day and the panel beside it all read the calendar."""
    folder = shutil.copytree(paths.forms(), tmp_path / "forms")
    (folder / "calendar").mkdir(exist_ok=True)
    calendar = (folder / "calendar.toml").read_text(encoding="utf-8")
    start = calendar.index('[[deadline]]\nid = "local_settlement_dossier"')
    own = calendar[start : calendar.index("[[deadline]]", start + 1)].replace("days = 15", "days = 10")
    (folder / "calendar" / "lang_son.toml").write_text(f'province = "20"\n\n{own}', encoding="utf-8")
    other = replace(workspace, forms=load(folder))
    above = approved(other)
    force(other, above, state="accepted")
    signed = contract(other, above)
    visited(other, signed, "2026-03-04")

    settlement = other.store.record(begin(other, above, "settlement"))

    assert [due.day for due in found(other, "local_settlement_dossier")] == [date(2026, 3, 14)]
    assert settlement.value("due_on") == "2026-03-14"
    (times, *_) = rules_panel.beside(other, settlement)
    assert "14/3/2026, 10 ngày sau" in times.lines[0].text
    assert times.lines[0].unverified
