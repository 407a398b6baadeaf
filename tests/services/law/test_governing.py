"""Which day governs: by data, said with its proof, kept when decided, moved by a rule of transition only."""

import shutil
from datetime import date

import pytest

from kcdesk import paths
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.governing_days import governing_day, load_governing_days
from kcdesk.runtime.frozen import replace
from kcdesk.services.law import governing
from kcdesk.services.overview import rules_panel
from kcdesk.services.records import changing
from kcdesk.services.rules import ceilings, norm_lookup
from tests.services import samples

TODAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def shipped():
    return load()


@pytest.mark.parametrize(
    ("kind", "topic", "data", "on", "is_fixed"),
    [
        ("proposal", "ceiling", {"decision_date": "2018-02-15", "year": 2018}, date(2018, 2, 15), True),
        ("proposal", "ceiling", {"year": 2018}, date(2018, 12, 31), False),
        ("proposal", "eligibility", {"year": 2027}, TODAY, False),
        ("payment", "payment_rate", {"requested_on": "2018-06-01"}, date(2018, 6, 1), True),
        ("settlement", "settlement", {}, TODAY, False),
        ("adjustment", "authority", {"requested_on": "2019-01-02"}, date(2019, 1, 2), True),
        ("acceptance", "checklist", {"visited_on": "2018-12-05"}, date(2018, 12, 5), True),
        ("proposal", "no_such_topic", {"decision_date": "2018-02-15"}, TODAY, False),
    ],
)
def test_each_topic_has_its_day(shipped, kind, topic, data, on, is_fixed):
    record = Record("", kind, shipped.current(kind), data, forms=shipped)
    day = governing_day(shipped, record, topic, TODAY)
    assert (day.on, day.is_fixed) == (on, is_fixed)
    assert "đề xuất của chương trình" in day.sentence(shipped)


def test_a_topic_may_have_another_day_from_a_day_on_and_faults_are_told(shipped, tmp_path):
    wrong = '[[topic]]\nid = "x"\nlabel = "X"\nday = "ngày"\nsource = "Đề xuất của chương trình"\n'
    (tmp_path / "governing_days.toml").write_text(wrong + 'kind = "proposal"\nfields = ["none"]\n', "utf-8")
    with pytest.raises(FormsError, match="none"):
        load_governing_days(tmp_path, shipped)


@pytest.fixture
def folder(tmp_path):
    """The shipped definitions, where a test adds to the register."""
    copy = tmp_path / "forms"
    shutil.copytree(paths.forms(), copy)
    return copy


READ = 'effective_from = 2026-11-09\nreading = "whole"\nread_by = "Người Mẫu"\nread_on = 2026-11-10\n'
TRANSITION = """
[[instrument.transition]]
text = "Đề án đã gửi trước ngày 09/11/2026 làm tiếp theo quy định cũ đến hết năm 2027."
source = "Khoản 2 Điều 20 TT 139/2026/TT-BTC"
until = 2027-12-31
topics = ["ceiling"]
when = { state = ["draft"] }
"""


def _with_transition(folder, reading=READ):
    path = folder / "law.toml"
    whole = path.read_text("utf-8")
    head, _, rest = whole.partition('id = "TT 139/2026/TT-BTC"')
    body, blank, tail = rest.partition("\n\n")
    body = body.replace('reading = "second_hand"\n', reading)
    path.write_text(f'{head}id = "TT 139/2026/TT-BTC"{body}\n{TRANSITION}{blank}{tail}', "utf-8")
    return load(folder)


def test_a_rule_of_transition_keeps_the_older_rules_for_whom_it_says(folder):
    forms = _with_transition(folder)

    def day(topic="ceiling", **data):
        return governing_day(forms, Record("", "proposal", forms.current("proposal"), data, forms=forms), topic, TODAY)

    kept = day(year=2027, state="draft")
    assert kept.on == date(2026, 11, 8)
    assert "làm tiếp theo quy định cũ" in kept.sentence(forms)
    assert kept.to_json(forms)["transition"] == kept.transition.text
    assert day(year=2027, state="final").on == TODAY
    assert day("funding", year=2027, state="draft").on == TODAY
    assert day(decision_date="2028-01-05", state="draft").on == date(2028, 1, 5)
    assert day(decision_date="2018-02-15", state="draft").on == date(2018, 2, 15)


def test_a_transition_of_a_text_that_nobody_read_moves_nothing(folder):
    forms = _with_transition(folder, 'effective_from = 2026-11-09\nreading = "second_hand"\n')
    record = Record("", "proposal", forms.current("proposal"), {"state": "draft"}, forms=forms)
    assert governing_day(forms, record, "ceiling", TODAY).on == TODAY


def test_panel_and_ceiling_say_the_day_and_that_the_transition_is_unknown(workspace):
    workspace = replace(workspace, today=lambda: TODAY)
    owner = samples.beneficiary(workspace)
    proposal = samples.proposal(workspace, beneficiaries=[owner], programme="national", year=2027)
    group = rules_panel.beside(workspace, workspace.store.record(proposal))[0]
    assert group.governed[0].startswith("Theo quy định ngày 29/11/2026, ngày xem, muộn nhất ngày cuối năm kế hoạch")
    assert group.governed[1] == "TT 139/2026/TT-BTC: chưa rõ quy định chuyển tiếp cho hồ sơ đang làm."
    (shown, *_rest) = rules_panel.groups_as_json(workspace, [group])
    assert shown["governing"]["topic"] == "ceiling"
    assert shown["governing"]["proof"] == "proposal"
    found = norm_lookup.norm_of_record(workspace, proposal)
    assert (found["governing"]["day"], found["governing"]["fixed"]) == ("2026-11-29", False)
    assert found["governed"] == list(group.governed)


def test_the_day_that_was_decided_is_kept_and_a_change_is_said(workspace):
    proposal = samples.approved(workspace)
    record = workspace.store.record(proposal)
    day = governing.day_for(workspace, record, ceilings.TOPIC)
    assert governing.decided_day(workspace, record, day) == date(2018, 2, 15)
    changed = record.copy()
    changed.apply({"decision_date": "2019-03-01"})
    moved = governing.day_for(workspace, changed, ceilings.TOPIC)
    sentences = list(governing.sentences_about(workspace, changed, moved))
    assert sentences[1].startswith("Khi chốt, hồ sơ ghi ngày quyết định phê duyệt 15/02/2018; nay ghi khác")
    assert list(governing.sentences_about(workspace, record, day))[1:] == []


def test_the_checklist_of_a_visit_is_that_of_its_day_until_it_is_answered(workspace):
    """Until 29/11/2026 the minutes asked for themselves; the visit of a day has the list of that day."""
    later = replace(workspace, today=lambda: date(2026, 12, 5))
    proposal = samples.approved(later, year=2026, starts_on="1/3/2026", ends_on="31/12/2026")
    visit = samples.begin(later, proposal, "acceptance")

    def asks_for_itself():
        rows = later.store.record(visit).rows("checklist")
        return any(row["item"].startswith("Biên bản nghiệm thu cơ sở") for row in rows)

    assert not asks_for_itself()
    changing.set_values(later, visit, {"visited_on": "20/11/2026"})
    assert asks_for_itself()
    (group,) = rules_panel.beside(later, later.store.record(visit))
    assert (group.label, group.on, group.governing.topic.id) == ("Danh mục kiểm tra", date(2026, 11, 20), "checklist")
    changing.set_values(later, visit, {"visited_on": "30/11/2026"})
    assert not asks_for_itself()
    (first, *rest) = later.store.record(visit).rows("checklist")
    changing.set_values(later, visit, {"checklist": [first | {"result": "pass"}, *rest]})
    changing.set_values(later, visit, {"visited_on": "20/11/2026"})
    assert not asks_for_itself(), "what was answered stays"
    (group,) = rules_panel.beside(later, later.store.record(visit))
    assert "Biên bản nghiệm thu cơ sở" in group.lines[0].text, "and the officer is told what the day asks for"


def test_territory_and_size_are_topics_of_their_own(workspace, folder):
    """A text that says another day for the territory moves that rule alone, and it is said."""
    path = folder / "governing_days.toml"
    whole = path.read_text("utf-8")
    head, mark, rest = whole.partition('id = "territory"')
    rest = rest.replace(
        'fields = ["decision_date"]\nday = "ngày quyết định phê duyệt"',
        'fields = ["starts_on"]\nday = "ngày khởi công"',
        1,
    )
    path.write_text(head + mark + rest, "utf-8")
    place = {"commune": workspace.places.search("phuong ba dinh", 1)[0].commune}
    owner = samples.beneficiary(
        workspace, legal_form="limited_company", workers=250, territory="provincial_ward", place=place
    )
    id_ = samples.proposal(workspace, year=2026, starts_on="1/3/2018", ends_on="31/12/2026", beneficiaries=[owner])
    forms = load(folder)
    moved = replace(workspace, forms=forms)
    label = next(rule.label for rule in moved.eligibility if rule.id == "territory")

    def group(of):
        record = workspace.store.get(id_).record(of.forms)
        return next(group for group in rules_panel.beside(of, record) if group.label.startswith("Điều kiện"))

    def source(of):
        return next(line.source for line in group(of).lines if line.heading.startswith(f"{label}:"))

    assert source(workspace) == "Khoản 1 Điều 1 NĐ 235/2025/NĐ-CP"
    assert source(moved) == "Điểm a khoản 2 Điều 1 NĐ 45/2012/NĐ-CP"
    assert any("Địa bàn: theo quy định ngày 01/3/2018, ngày khởi công" in words for words in group(moved).governed)
    sizes = [line.source for of in (workspace, moved) for line in group(of).lines if line.heading.startswith("Quy mô:")]
    assert len(set(sizes)) == 1, "the size keeps its day"
    wrong = (folder / "eligibility.toml").read_text("utf-8").replace('topic = "size"', 'topic = "sise"')
    (folder / "eligibility.toml").write_text(wrong, "utf-8")
    with pytest.raises(FormsError, match="sise"):
        _ = replace(workspace, forms=load(folder)).eligibility


def test_topics_without_a_dossier_are_said_where_they_matter(workspace):
    said = governing.rule_of(workspace, "deadline")
    assert said == "Thời hạn: theo quy định của ngày đến hạn (đề xuất của chương trình)."
    assert "ngày in" in governing.rule_of(workspace, "layout")
    assert governing.rule_of(workspace, "no_such_topic") == ""
