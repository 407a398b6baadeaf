"""«Lập từ hồ sơ này»: what the form names is carried over, nothing that belongs to one establishment."""

import pytest

from kcdesk.errors import UserError
from kcdesk.services.records import changing, copies

BUDGET = [{"item": "Máy dệt", "unit": "cái", "quantity": "2", "cost": "300.000.000", "national": "100.000.000"}]


@pytest.fixture
def source(workspace):
    owner = changing.add(workspace, "beneficiary", {"name": "Hợp tác xã Dệt"}).items[0].id
    values = {
        "title": "Hỗ trợ máy dệt",
        "code": "KC-01",
        "year": "2024",
        "programme": "national",
        "activity": "machinery",
        "beneficiaries": [owner],
        "goals": "Tăng sản lượng",
        "budget": BUDGET,
        "work_plan": [{"task": "Mua máy", "responsible": "HTX", "starts_on": "01/3/2024", "ends_on": "30/6/2024"}],
        "decision_number": "",
    }
    return changing.add(workspace, "proposal", values).items[0].id


def _copied(workspace, source):
    return workspace.store.record(copies.copy(workspace, source).items[0].id)


def test_the_parts_that_repeat_are_carried_over(workspace, source):
    made = _copied(workspace, source)
    assert (made.value("title"), made.value("goals")) == ("Hỗ trợ máy dệt", "Tăng sản lượng")
    assert (made.value("programme"), made.value("activity")) == ("national", "machinery")
    assert [(row["item"], row["cost"], row["national"]) for row in made.rows("budget")] == [
        ("Máy dệt", 300_000_000, 100_000_000)
    ]
    assert made.value("total_cost") == 300_000_000, "sums are computed"


def test_what_belongs_to_one_establishment_and_one_year_is_not(workspace, source):
    made = _copied(workspace, source)
    assert made.value("beneficiaries") is None
    assert made.value("code") is None
    assert made.value("year") == workspace.today().year
    assert [sorted(row) for row in made.rows("work_plan")] == [["id", "position", "responsible", "task"]]
    assert made.state == "draft"


def test_rows_of_the_copy_are_rows_of_its_own(workspace, source):
    made = _copied(workspace, source)
    old = workspace.store.record(source).rows("budget")[0]["id"]
    changing.set_values(workspace, made.id, {f"budget/{made.rows('budget')[0]['id']}/cost": "5.000.000"})
    assert made.rows("budget")[0]["id"] != old
    assert workspace.store.record(source).rows("budget")[0]["cost"] == 300_000_000


def test_a_copy_is_one_act_and_undone_as_one(workspace, source):
    made = copies.copy(workspace, source).items[0].id
    assert changing.undo_label(workspace) == "Lập đề án từ «Hỗ trợ máy dệt»"
    changing.undo(workspace)
    assert workspace.store.record(made).deleted


def test_a_kind_that_is_never_copied_says_so(workspace):
    owner = changing.add(workspace, "beneficiary", {"name": "Hợp tác xã Dệt"}).items[0].id
    with pytest.raises(UserError) as refused:
        copies.copy(workspace, owner)
    assert refused.value.code == "not_copied"


def test_a_new_proposal_knows_its_year_office_and_officer(workspace):
    officer = workspace.identity.officer.name
    staff = changing.add(workspace, "staff", {"name": officer}).items[0].id
    made = workspace.store.record(changing.begin(workspace, "proposal", {}))
    assert made.value("year") == workspace.today().year
    assert made.value("handler") == staff
    assert made.value("implementing_unit") == workspace.identity.unit.name


def test_a_new_proposal_knows_where_its_office_is_and_who_signed_the_newest(workspace):
    unit = workspace.identity.unit
    office = {"name": unit.name, "code": unit.code, "address": "Số 12 phố Mẫu", "phone": "0256 388 0123"}
    changing.add(workspace, "office", office)
    signer = {"implementing_representative": "Trần Văn Mẫu", "implementing_title": "Giám đốc"}
    older = {name: f"{value} cũ" for name, value in signer.items()}
    for values in (older, signer):
        changing.add(workspace, "proposal", {"title": "Đề án", "implementing_unit": unit.name, **values})
    made = workspace.store.record(changing.begin(workspace, "proposal", {}))
    assert made.text("implementing_address") == "Số 12 phố Mẫu"
    assert made.text("implementing_phone") == "0256 388 0123"
    assert [made.value(name) for name in signer] == [*signer.values()]


@pytest.mark.parametrize("others", [{"serves_to": "31/12/2020"}, None])
def test_an_officer_is_not_guessed(workspace, others):
    """One who has left, or two of the same name: nobody is put in charge."""
    officer = workspace.identity.officer.name
    changing.add(workspace, "staff", {"name": officer, **(others or {})})
    if others is None:
        changing.add(workspace, "staff", {"name": officer})
    made = workspace.store.record(changing.begin(workspace, "proposal", {}))
    assert made.value("handler") is None


def test_the_place_of_the_only_beneficiary_becomes_that_of_the_proposal(workspace):
    owner = (
        changing.add(
            workspace,
            "beneficiary",
            {
                "name": "Hợp tác xã Dệt",
                "address": "Thôn 2",
                "place": "phường Cái Khế, quận Ninh Kiều, thành phố Cần Thơ",
            },
        )
        .items[0]
        .id
    )
    proposal = changing.add(workspace, "proposal", {"title": "Đề án"}).items[0].id
    changing.set_values(workspace, proposal, {"beneficiaries": [owner]})
    record = workspace.store.record(proposal)
    assert record.value("address") == "Thôn 2"
    assert record.value("place") == workspace.store.record(owner).value("place")


def test_a_record_of_the_command_line_has_what_was_typed(workspace):
    made = workspace.store.record(changing.add(workspace, "proposal", {"title": "Đề án"}).items[0].id)
    assert (made.value("year"), made.value("implementing_unit")) == (None, None)


@pytest.mark.parametrize(
    ("kind", "carried", "left"),
    [
        (
            "product_vote",
            {"name": "Bình chọn Mẫu", "venue": "Nhà văn hóa", "judges": [{"name": "Người Mẫu", "title": "Giám đốc"}]},
            {"year": 2024, "judged_on": "2024-06-01", "decision_number": "12/QĐ"},
        ),
        ("staff_training", {"course": "Kỹ năng Mẫu", "organiser": "Cục Mẫu"}, {"starts_on": "2024-06-01"}),
        ("letter", {"party": "Sở Mẫu", "subject": "Báo cáo tháng"}, {"number": "12/BC", "dated_on": "2024-06-01"}),
    ],
)
def test_what_comes_again_is_carried_and_what_happened_once_is_not(workspace, kind, carried, left):
    made = _copied(workspace, changing.add(workspace, kind, {**carried, **left}).items[0].id)
    for name, value in carried.items():
        rows = made.rows(name) if isinstance(value, list) else None
        assert ([{key: row[key] for key in value[0]} for row in rows] if rows else made.value(name)) == value
    assert [name for name in left if made.value(name) == left[name]] == []
