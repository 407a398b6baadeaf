"""What contracts and visits take over from the proposal, and what they leave for people to find out."""

import pytest

from kcdesk.services.records import changing
from kcdesk.services.records import related as record_related
from kcdesk.services.records.changing import set_values
from tests.services import samples
from tests.services.samples import begin, new

MEASURED = {
    "checklist": {"result", "finding"},
    "machines": {"maker", "model", "serial_number", "year", "is_new", "quantity", "value", "invoice"},
    "budget": {"done", "accepted", "accepted_support", "accepted_counterpart", "accepted_other"},
    "results": {"actual", "percent"},
}


@pytest.fixture
def approved(workspace):
    return samples.approved(workspace)


def record(workspace, id_):
    return workspace.store.record(id_)


def bare(rows):
    """Rows without what ties them to their place."""
    return [{name: cell for name, cell in row.items() if name not in ("id", "position")} for row in rows]


def test_a_contract_takes_over_parties_money_and_machines(workspace, approved):
    contract = record(workspace, begin(workspace, approved, "contract"))
    (beneficiary,) = record(workspace, approved).value("beneficiaries")
    assert contract.parent == contract.value("proposal") == approved
    assert contract.value("beneficiary") == beneficiary
    assert (contract.value("party_a"), contract.value("party_b")) == ("Trung tâm Khuyến công mẫu", "Cơ sở chế biến Mẫu")
    assert (contract.value("value"), contract.value("total_cost")) == (200_000_000, 570_000_000)
    assert bare(contract.rows("budget")) == [samples.MONEY]
    assert bare(contract.rows("machines")) == [samples.MACHINE | {"quantity": "1", "amount": 570_000_000}]
    assert contract.value("number") is None


def test_a_visit_takes_over_what_was_agreed_and_finds_out_the_rest(workspace, approved):
    contract = samples.contract(workspace, approved)
    visit = record(workspace, begin(workspace, approved, "acceptance"))
    assert (visit.value("contract"), visit.value("contract_number")) == (contract, "01/HĐ")
    assert (visit.value("activity"), visit.value("site")) == ("machinery", "Cơ sở chế biến Mẫu")
    assert visit.value("contract_signed_on") == "2018-03-05"
    assert bare(visit.rows("machines")) == [
        {
            "contracted_name": "Máy mẫu",
            "contracted_model": "M-01",
            "contracted_quantity": "1",
            "contracted_value": 570_000_000,
            "name": "Máy mẫu",
        }
    ]
    line = {"item": "Máy mẫu", "planned": 570_000_000, "contracted": 570_000_000, "contracted_support": 200_000_000}
    assert bare(visit.rows("budget")) == [line]
    assert bare(visit.rows("results")) == [{"goal": "Sản lượng", "unit": "tấn", "before": "10", "target": "20"}]
    for table, columns in MEASURED.items():
        assert visit.rows(table)
        assert not [row for row in visit.rows(table) if columns & row.keys()]
    for name in ("visited_on", "participants", "work_done", "conclusion", "total_done", "advanced", "remaining"):
        assert visit.value(name) is None


def test_the_checklist_is_that_of_the_activity(workspace, approved):
    visit = record(workspace, begin(workspace, approved, "acceptance"))
    wanted = workspace.forms.checklist_items(record(workspace, approved).data, workspace.today())
    assert [row["code"] for row in visit.rows("checklist")] == [item["code"] for item in wanted]
    assert {row["group"] for row in visit.rows("checklist")} == {"paper", "fact"}


def test_without_a_contract_a_visit_compares_with_the_proposal(workspace, approved):
    visit = record(workspace, begin(workspace, approved, "acceptance"))
    assert visit.value("contract") is None
    line = {"item": "Máy mẫu", "planned": 570_000_000, "contracted_support": 200_000_000}
    assert bare(visit.rows("budget")) == [line]
    assert visit.rows("machines")[0]["contracted_value"] == 570_000_000


def test_the_next_visit_of_a_group_goes_to_the_next_site(workspace):
    owners = [samples.beneficiary(workspace, name=name) for name in ("Cơ sở Một", "Cơ sở Hai")]
    sites = [
        {"name": f"Xưởng {number}", "beneficiary": owner, "address": f"Thôn {number}"}
        for number, owner in enumerate(owners, start=1)
    ]
    group = samples.approved(workspace, scheme="group", beneficiaries=owners, sites=sites)
    visits = [record(workspace, begin(workspace, group, "acceptance")) for _ in range(2)]
    seen = [(visit.value("site"), visit.value("beneficiary"), visit.value("address")) for visit in visits]
    assert seen == [("Xưởng 1", owners[0], "Thôn 1"), ("Xưởng 2", owners[1], "Thôn 2")]
    named = new(workspace, "acceptance", proposal=group, site="Xưởng 2")
    assert record(workspace, named).value("beneficiary") == owners[1]
    assert record(workspace, begin(workspace, group, "acceptance")).value("beneficiary") is None


def test_choosing_a_proposal_fills_an_empty_draft(workspace, approved):
    with workspace.store.act("Bản cũ") as act:  # earlier versions made drafts that belong to nothing
        draft = act.insert(
            "acceptance", "acceptance@1", {"state": "draft", "revision": 1, **defaults(workspace, "acceptance")}
        )
    changes = set_values(workspace, draft, {"proposal": approved})
    assert changes.action == "Sửa đề án"
    visit = record(workspace, draft)
    assert (visit.value("site"), visit.parent) == ("Cơ sở chế biến Mẫu", approved)
    assert visit.rows("checklist")
    assert visit.rows("machines")
    changing.undo(workspace)
    assert record(workspace, draft).data == {"state": "draft", "revision": 1, **defaults(workspace, "acceptance")}


def defaults(workspace, kind):
    """What a new record of a kind says by itself."""
    return {field.name: field.default for field in workspace.forms.current(kind).fields if field.default is not None}


def test_nothing_that_was_typed_is_overwritten(workspace, approved):
    typed = {"site": "Xưởng riêng", "machines": [{"name": "Máy khác"}], "contract_number": "99"}
    by_hand = record(workspace, new(workspace, "acceptance", proposal=approved, **typed))
    assert (by_hand.value("site"), by_hand.value("contract_number")) == ("Xưởng riêng", "99")
    assert bare(by_hand.rows("machines")) == [{"name": "Máy khác"}]
    draft = new(workspace, "acceptance", proposal=new(workspace, "proposal", title="Đề án nhầm"), **typed)
    set_values(workspace, draft, {"proposal": approved})
    assert record(workspace, draft).value("site") == "Xưởng riêng"
    other = samples.proposal(workspace, address="Nơi khác")
    set_values(workspace, draft, {"proposal": other})
    assert record(workspace, draft).value("site") == "Xưởng riêng"
    assert bare(record(workspace, draft).rows("machines")) == [{"name": "Máy khác"}]
    assert record(workspace, draft).parent == other


def test_a_training_visit_takes_over_the_classes(workspace):
    classes = [{"name": "Lớp may 1", "learners": 30}]
    proposal = new(workspace, "proposal", title="Đào tạo", activity="vocational_training", classes=classes)
    visit = record(workspace, begin(workspace, proposal, "acceptance"))
    assert bare(visit.rows("classes")) == [{"name": "Lớp may 1", "planned_learners": 30}]
    assert visit.rows("machines") == []


def test_a_dossier_shows_what_lies_above_and_below_it(workspace, approved):
    contract = begin(workspace, approved, "contract")
    (beneficiary,) = record(workspace, approved).value("beneficiaries")

    def related(id_):
        groups = record_related.related(workspace, record(workspace, id_)).groups
        return [(group.kind, [line.id for line in group.lines], group.create_label) for group in groups]

    assert related(beneficiary)[0] == ("proposal", [approved], "Lập đề án")
    below = related(approved)
    for group in (
        ("contract", [contract], "Nhập hợp đồng"),
        ("inspection", [], "Lập biên bản kiểm tra"),
        ("acceptance", [], "Lập biên bản nghiệm thu"),
    ):
        assert group in below
    assert related(contract)[0] == ("proposal", [approved], "")


def test_a_proposal_begun_from_a_beneficiary_names_it(workspace):
    owner = samples.beneficiary(workspace)
    proposal = record(workspace, begin(workspace, owner, "proposal"))
    assert proposal.value("beneficiaries") == [owner]


def test_each_site_of_a_group_has_its_own_contract_and_money(workspace):
    owners = [samples.beneficiary(workspace, name=f"Cơ sở Mẫu {letter}") for letter in "AB"]
    lines = [samples.MONEY | {"item": f"Máy {letter}"} for letter in "AB"]
    proposal = samples.approved(
        workspace,
        scheme="group",
        beneficiaries=owners,
        budget=lines,
        sites=[{"name": f"Xưởng {letter}", "beneficiary": owner} for letter, owner in zip("AB", owners, strict=True)],
    )
    contracts = [
        samples.contract(workspace, proposal, number=letter, beneficiary=owner, party_b=letter, budget=[line])
        for letter, owner, line in zip("AB", owners, lines, strict=True)
    ]
    for place in (0, 1):
        visit = record(workspace, begin(workspace, proposal, "acceptance"))
        assert (visit.value("beneficiary"), visit.value("contract")) == (owners[place], contracts[place])
        assert [row["item"] for row in visit.rows("budget")] == [lines[place]["item"]]
