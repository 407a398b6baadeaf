"""The whole journey on practice stores, with figures published by provinces and clearly marked sample names.

The amounts come from `resources/public_cases.toml`; no person or establishment in it is real.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kcdesk import paths, text
from kcdesk.demo import group_scheme, journey_handover, journey_money, journey_visits
from kcdesk.demo.journey_handover import Exchange
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.handover.packages import sending
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening
from kcdesk.services.papers import printing
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace

_OWN_PAPER = "minutes_5a"  # which the office's own Word file may write
_PROVINCE = "Cần Thơ"  # Hậu Giang is part of it since 1 July 2025
_COMMUNE = "Vị Thanh"
_ACTIVITIES = {"training_course": "vocational_training", "management": "programme_management"}


class MoreVisits(Value):
    """Visits of two more proposals: accepted under conditions, its second visit, and a visit in progress.

    `scheme` is a proposal of this year for three establishments.
    """

    conditional: str
    second: str
    under_way: str
    scheme: str


class Journey(Value):
    """The result of the journey: the two stores, the papers, and the dossiers to look at."""

    store: Path
    province: Path
    minutes: Path
    package: Path
    beneficiary: str
    proposal: str
    contract: str
    acceptance: str
    more: MoreVisits | None = None
    exchange: Exchange | None = None
    own_form: Path | None = None


def play(folder: Path, *, more_visits: bool = False, answered: bool = False) -> Journey:
    """Make the practice stores in `folder` (which must be new or empty) and play the workflow once.

    With `more_visits`, two more proposals show other results of a visit; with `answered`, the province has received
    the package and sent its receipt.
    """
    folder.mkdir(parents=True, exist_ok=True)
    opening.create(folder / "province", _province_store())
    workspace, _ = opening.create_workspace(folder / "store", _lower_store())
    try:
        journey = _journey(workspace, folder, more_visits=more_visits)
        return _answered(journey, workspace) if answered else journey
    finally:
        workspace.close()


def _answered(journey: Journey, workspace: Workspace) -> Journey:
    province = opening.open_workspace(journey.province)
    try:
        return replace(journey, exchange=journey_handover.play_handover(workspace, province, journey.package))
    finally:
        province.close()


def _journey(workspace: Workspace, folder: Path, *, more_visits: bool) -> Journey:
    beneficiary = register(workspace)
    _enter_published_proposals(workspace)
    proposal = propose(workspace, beneficiary)
    contract = _approve_and_contract(workspace, proposal)
    journey_visits.inspect_progress(workspace, proposal)
    journey_money.advance(workspace, proposal)
    acceptance = journey_visits.accept(workspace, proposal)
    journey_money.close(workspace, proposal, contract)
    minutes = folder / "minutes.pdf"
    printing.print_record(workspace, acceptance, "minutes_5a", minutes)
    more = _visit_more(workspace, beneficiary) if more_visits else None
    own_form = _own_form(workspace, acceptance, folder) if more_visits else None
    package = folder / "package.xlsx"
    sending.make(workspace, sending.HandoverOrder(path=package, full=True))
    stores = folder / "store", folder / "province"
    return Journey(*stores, minutes, package, beneficiary, proposal, contract, acceptance, more, own_form=own_form)


def _own_form(workspace: Workspace, acceptance: str, folder: Path) -> Path:
    """An office's own Word form of the minutes: made of our layout, taken in, filled; our layout stays in use."""
    from kcdesk.services.papers.own_forms import kept_forms, taking  # docx and jinja2 take 200 ms

    start, filled = folder / "own-form.docx", folder / "own-form-filled.docx"
    record = workspace.store.record(acceptance)
    taking.write_starting_form(workspace, _OWN_PAPER, start, record)
    taking.take_in(workspace, _OWN_PAPER, start, "Biên bản nghiệm thu của Trung tâm (mẫu)")
    form = taking.check_file(workspace, _OWN_PAPER, start)
    taking.write_document(taking.record_document(workspace, _OWN_PAPER, form, record), docx=filled)
    kept_forms.use(workspace, _OWN_PAPER, kept_forms.PROGRAM)
    return filled


def _visit_more(workspace: Workspace, beneficiary: str) -> MoreVisits:
    scheme = group_scheme.enter(workspace)
    followed, waiting = (_contracted(workspace, beneficiary, number) for number in (2, 3))
    conditional = journey_visits.accept_conditionally(workspace, followed)
    second = journey_visits.visit_again(workspace, followed, conditional)
    return MoreVisits(conditional, second, journey_visits.begin_visit(workspace, waiting), scheme)


def _contracted(workspace: Workspace, beneficiary: str, number: int) -> str:
    proposal = propose(workspace, beneficiary, number)
    _approve_and_contract(workspace, proposal, number)
    return proposal


def _lower_store() -> opening.NewStore:
    return opening.NewStore(
        unit="Trung tâm Khuyến công (đơn vị mẫu)",
        code="TTKC-MAU",
        level="lower",
        province=_PROVINCE,
        parent="Sở Công Thương (đơn vị mẫu)",
        officer="Cán bộ mẫu A",
        officer_title="Chuyên viên",
        practice=True,
    )


def _province_store() -> opening.NewStore:
    return opening.NewStore(
        unit="Sở Công Thương (đơn vị mẫu)",
        code="SCT-MAU",
        level="province",
        province=_PROVINCE,
        parent="Ủy ban nhân dân thành phố (mẫu)",
        officer="Cán bộ mẫu B",
        officer_title="Chuyên viên",
        practice=True,
    )


def _new(workspace: Workspace, kind: str, values: dict[str, Any]) -> str:
    return changing.add(workspace, kind, values).items[0].id


def register(workspace: Workspace) -> str:
    """Create the beneficiary of the journey, complete, and another one in draft."""
    place = workspace.places.search(f"{_COMMUNE} {_PROVINCE}", 1)[0]
    beneficiary = _new(
        workspace,
        "beneficiary",
        {
            "name": "Cơ sở chế biến nông sản Mẫu Số Một",
            "legal_form": "household_business",
            "tax_code": "9999999901",
            "registration_number": "MẪU-001",
            "representative": "Người Mẫu Một",
            "representative_title": "Chủ cơ sở",
            "phone": "0900000001",
            "address": "Số 1, khu vực mẫu",
            "place": {"commune": place.commune, "old_commune": place.old_commune},
            "territory": "provincial_ward",
            "sector": "a",
            "main_trade": "Chế biến nông sản",
            "products": "Sản phẩm mẫu",
            "counterpart_commitment": True,
            "no_other_state_money": True,
            "figures_year": 2018,
            "workers": 24,
            "capital": "3 tỷ",
            "revenue": "5,6 tỷ",
        },
    )
    steps.take_step(workspace, beneficiary, "finalise")
    _new(workspace, "beneficiary", {"name": "Hợp tác xã mây tre đan Mẫu Số Hai", "legal_form": "cooperative"})
    return beneficiary


def _enter_published_proposals(workspace: Workspace) -> None:
    """Create a draft for each proposal published by a province, with its real amounts."""
    for case, line in _published():
        if case["name"].startswith("Hậu Giang"):
            continue  # this is the proposal of the journey
        _new(workspace, "proposal", _published_values(workspace, case, line))


def _published() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    content = (paths.resources() / "public_cases.toml").read_text(encoding="utf-8")
    for case in tomllib.loads(content)["case"]:
        for line in case.get("proposals", []):
            yield case, line


def _published_values(workspace: Workspace, case: dict[str, Any], line: dict[str, Any]) -> dict[str, Any]:
    known = {activity.code: activity.label for activity in workspace.forms.activities}
    activity = _ACTIVITIES.get(line.get("activity", ""), line.get("activity", ""))
    subject = line.get("note") or known.get(activity) or "Phát triển công nghiệp nông thôn"
    total, support = line.get("total"), line.get("support")
    values: dict[str, Any] = {
        "title": f"{text.upper_first(subject)} ({case['name']}, số liệu công bố của {line['count']} đề án)",
        "year": int("".join(c for c in case["name"] if c.isdigit())[:4]),
        "programme": line["programme"],
        "scheme": line.get("scheme", "single"),
        "necessity": f"Nguồn số liệu: {case['source']}.",
    }
    if activity in known:
        values["activity"] = activity
    if total or support:
        values["budget"] = [_line("Tổng kinh phí theo số liệu công bố", line["programme"], total, support)]
    return values


def _line(item: str, programme: str, total: int | None, support: int | None) -> dict[str, Any]:
    """Return a budget line; amounts missing in the source stay empty."""
    row: dict[str, Any] = {"item": item, "cost": total if total is not None else support}
    if support is not None:
        row[programme] = support
        if total is not None:
            row["counterpart"] = total - support
    return row


def propose(workspace: Workspace, beneficiary: str, number: int = 1) -> str:
    """Create the proposal of Hậu Giang 2018: a machine of 570 million đồng with a support of 200 million đồng.

    `number` tells several samples apart.
    """
    line = next(line for case, line in _published() if case["name"].startswith("Hậu Giang"))
    place = workspace.places.search(f"{_COMMUNE} {_PROVINCE}", 1)[0]
    sample = f" (mẫu {number})" if number > 1 else ""  # the same thing is not supported twice
    proposal = _new(
        workspace,
        "proposal",
        {
            "title": "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong chế biến nông sản" + sample,
            "code": f"KCĐP-2018-{number:02}",
            "year": 2018,
            "programme": "local",
            "scheme": "single",
            "activity": "machinery",
            "implementing_unit": workspace.identity.unit.name,
            "implementing_representative": "Người Mẫu Hai",
            "implementing_title": "Giám đốc",
            "coordinating_units": "Ủy ban nhân dân phường (mẫu)",
            "beneficiaries": [beneficiary],
            "beneficiary_request": True,
            "address": "Số 1, khu vực mẫu",
            "place": {"commune": place.commune, "old_commune": place.old_commune},
            "necessity": "Cơ sở đang chế biến bằng thiết bị cũ, hao phí nguyên liệu cao; cần thiết bị mới để nâng "
            "chất lượng và giảm chi phí. (Nội dung mẫu.)",
            "legal_basis": "Nghị định số 45/2012/NĐ-CP ngày 21 tháng 5 năm 2012 của Chính phủ về khuyến công;\n"
            "Thông tư số 46/2012/TT-BCT ngày 28 tháng 12 năm 2012 của Bộ Công Thương.",
            "goals": "Nâng sản lượng và chất lượng sản phẩm, tạo thêm việc làm tại địa phương. (Nội dung mẫu.)",
            "scale": "Đầu tư 01 máy mới cho khâu chế biến. (Nội dung mẫu.)",
            "highlights": "Máy mới, tiêu thụ điện thấp hơn thiết bị đang dùng. (Nội dung mẫu.)",
            "machine_kind": "single",
            "machines_new": True,
            "machine_benefits": ["productivity", "quality"],
            "machines": [
                {
                    "name": "Máy chế biến nông sản",
                    "maker": "Hãng mẫu",
                    "model": f"M-{number:02}",
                    "quantity": 1,
                    "unit_price": line["total"],
                }
            ],
            "starts_on": "1/3/2018",
            "ends_on": "30/11/2018",
            "work_plan": [
                {
                    "task": "Lựa chọn, ký hợp đồng mua máy",
                    "responsible": "Đơn vị thụ hưởng",
                    "starts_on": "1/3/2018",
                    "ends_on": "31/5/2018",
                },
                {
                    "task": "Lắp đặt, vận hành",
                    "responsible": "Đơn vị thụ hưởng",
                    "starts_on": "1/6/2018",
                    "ends_on": "30/9/2018",
                },
                {
                    "task": "Nghiệm thu, thanh quyết toán",
                    "responsible": "Đơn vị thực hiện",
                    "starts_on": "1/10/2018",
                    "ends_on": "30/11/2018",
                },
            ],
            "budget": [_line(f"Mua máy chế biến nông sản{sample}", "local", line["total"], line["support"])],
            "organisation": "Đơn vị thực hiện chủ trì, đơn vị thụ hưởng mua và lắp đặt máy. (Nội dung mẫu.)",
            "economic_effect": "Tăng doanh thu, giảm chi phí. (Nội dung mẫu.)",
            "social_effect": "Tạo thêm việc làm. (Nội dung mẫu.)",
            "environmental_effect": "Giảm phụ phẩm thải ra. (Nội dung mẫu.)",
            "results": [
                {"goal": "Sản lượng", "unit": "tấn/năm", "before": 120, "target": 180},
                {"goal": "Số lao động", "unit": "người", "before": 24, "target": 30},
            ],
        },
    )
    steps.take_step(workspace, proposal, "finalise")
    return proposal


def _approve_and_contract(workspace: Workspace, proposal: str, number: int = 1) -> str:
    requested = workspace.store.record(proposal)
    changing.set_values(
        workspace,
        proposal,
        {
            "decision_number": "00/QĐ-MẪU",
            "decision_date": "15/2/2018",
            "decision_authority": "Ủy ban nhân dân tỉnh (mẫu)",
            "approved_total": requested.value("total_cost"),
            "approved_support": requested.value("requested_support"),
            "approved_local": requested.value("total_local"),
            "approved_counterpart": requested.value("total_counterpart"),
        },
    )
    steps.take_step(workspace, proposal, "approve")
    contract = journey_visits.begin_dossier(workspace, proposal, "contract")
    changing.set_values(
        workspace,
        contract,
        {
            "basis": "support",
            "number": f"{number:02}/2018/HĐ-KC (mẫu)",
            "signed_on": "2018-03-05",
            "party_a_representative": "Người Mẫu Hai",
            "party_a_title": "Giám đốc",
            "party_b_representative": "Người Mẫu Một",
            "party_b_title": "Chủ cơ sở",
        },
    )
    steps.take_step(workspace, contract, "finalise")
    steps.take_step(workspace, proposal, "contract")
    return contract
