"""Look a norm up for the command line: by typed values without a store, or for a proposal with its sites."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from kcdesk import notations, text
from kcdesk.addresses import REFORM
from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.law.register import LawRegister
from kcdesk.formdef.places import Places
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations import norms as norm_files
from kcdesk.formdef.regulations.ceilings import Ceiling, CeilingQuery, Reason, ceiling
from kcdesk.formdef.regulations.norms import FACTS
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.law import governing
from kcdesk.services.records.copying import linked
from kcdesk.services.rules import ceilings
from kcdesk.services.rules.site_ceilings import SiteCeiling
from kcdesk.services.workspace import Workspace


def norm_for_words(
    forms: Forms,
    *,
    programme: str,
    activity: str,
    on: str,
    province: str = "",
    cost: str = "",
    facts: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The norm for typed values: {"percent", "cap", "amount", "source", "unverified", "cautions", …}; amounts in đồng.

    UserError for a value that cannot be parsed, and if there is no norm.
    """
    day = _parsed("on", on, notations.parse_date)
    query = CeilingQuery(
        programme=programme,
        activity=_activity(forms, activity),
        on=day,
        province=_province(forms.places, province, day) if province else "",
        facts=_facts(forms, facts or {}),
        cost=_parsed("cost", cost, notations.parse_money) if cost else None,
        law=forms.law,
    )
    if query.cost is not None and query.cost < 0:
        raise UserError("Chi phí không được âm.", code="bad_value", field="cost")
    if programme == "local" and not province:
        raise UserError(
            "Mức hỗ trợ khuyến công địa phương do từng tỉnh quy định.",
            code="province_missing",
            hint="Hãy cho biết tỉnh, ví dụ --province 66.",
            field="province",
        )
    return _as_json(ceiling(norm_files.load(forms.folder, forms), query), forms.law, day)


def norm_of_record(workspace: Workspace, id_: str) -> dict[str, Any]:
    """The norm for a proposal, or for the proposal of another record, as `norm_for_words` has it; amounts in đồng.

    `sites` has the same for each site of a group scheme, `activities` for each activity of a proposal of several. A
    proposal without a norm has null amounts, and `lines` say why. UserError for a record without a proposal.
    """
    record = workspace.store.record(id_)
    proposal = record if record.kind == "proposal" else linked(workspace, record, "proposal")
    if proposal is None:
        raise UserError(
            f"{record.form.label} «{record.title()}» không thuộc đề án nào.",
            code="no_proposal",
            hint="Mức hỗ trợ tối đa là của đề án: hãy ghi mã của đề án.",
            field="id",
        )
    judgement = ceilings.of_proposal(workspace, proposal)
    law, on = workspace.forms.law, judgement.on
    day = governing.day_for(workspace, proposal, ceilings.TOPIC)
    sources = "; ".join(reason.source for reason in judgement.reasons if reason.source)
    cautions = dict.fromkeys(entry for reason in judgement.reasons for entry in law.cautions(reason.source, on))
    return {
        **_as_json(judgement.ceiling, law, on),
        "cautions": [caution.to_json() for caution in cautions],
        "lines": [_line(reason, law) for reason in judgement.reasons],
        "governing": day.to_json(workspace.forms),
        "governed": list(governing.sentences_about(workspace, proposal, day, sources)),
        "proposal": proposal.id,
        "sites": [_site(site, law, on) for site in judgement.sites],
        "activities": [_activity_part(part, law, on) for part in judgement.parts],
    }


def _site(site: SiteCeiling, law: LawRegister, on: date) -> dict[str, Any]:
    amounts = {"limit": site.limit, "cost": site.cost, "support": site.support, "counterpart": site.counterpart}
    return {"name": site.name, **amounts, **_as_json(site.ceiling, law, on)}


def _activity_part(part: ceilings.CeilingPart, law: LawRegister, on: date) -> dict[str, Any]:
    why_none = {"lines": [_line(part.why_none, law)]} if part.why_none else {}
    norm = _as_json(part.ceiling, law, on) | why_none
    return {"activity": part.activity, "support": part.support, **norm, "label": part.label}


def _line(reason: Reason, law: LawRegister) -> dict[str, Any]:
    proof = law.proof(reason.source, unverified=reason.unverified)
    marked = law.is_marked(reason.source, unverified=reason.unverified)
    return {"text": reason.text, "source": reason.source, "unverified": marked, "proof": proof}


_NO_NORM: Mapping[str, Any] = MappingProxyType(
    dict.fromkeys(("percent", "cap", "amount", "proof", "effective_from", "effective_to"))
    | {"source": "", "unverified": False, "label": "", "cautions": (), "lines": ()}
)


def _as_json(norm: Ceiling | None, law: LawRegister, on: date) -> dict[str, Any]:
    """A norm; the same keys with null amounts without one."""
    if norm is None:
        return dict(_NO_NORM)
    percent = norm.percent
    return {
        "percent": None if percent is None else int(percent) if percent == int(percent) else float(percent),
        "cap": norm.cap,
        "amount": norm.amount,
        "source": norm.source,
        "unverified": law.is_marked(norm.source, unverified=norm.unverified),
        "proof": law.proof(norm.source, unverified=norm.unverified),
        "cautions": [caution.to_json() for caution in law.cautions(norm.source, on)],
        "label": norm.label,
        "effective_from": norm.effective_from.isoformat(),
        "effective_to": norm.effective_to.isoformat() if norm.effective_to else None,
        "lines": [_line(reason, law) for reason in norm.reasons],
    }


def _parsed(name: str, written: str, parse: Any) -> Any:
    try:
        return parse(written)
    except ValueError as error:
        raise UserError(str(error), code="bad_value", field=name) from None


def _activity(forms: Forms, written: str) -> str:
    """The code of an activity by its code, its label, or an unambiguous part of a label."""
    wanted = text.fold(written)
    for activity in forms.activities:
        if wanted and wanted in (activity.code, text.fold(activity.label), text.fold(activity.short_label)):
            return activity.code
    alike = [
        activity
        for activity in forms.activities
        if wanted and wanted in text.fold(f"{activity.label}\n{activity.short_label}")
    ]
    if len(alike) == 1:
        return alike[0].code
    names = "; ".join(f"{activity.code} ({activity.label})" for activity in alike or forms.activities)
    raise UserError(
        f"«{written}» có thể là {len(alike)} nội dung hoạt động."
        if alike
        else f"Không có nội dung hoạt động «{written}».",
        code="unknown_activity",
        hint=f"Hãy ghi một trong: {names}.",
        field="activity",
    )


def _province(places: Places, written: str, on: date) -> str:
    """The code of a province by code or name; provinces that exist on the day are searched first."""
    folded = text.fold(written)
    known = [places.old_provinces, places.provinces]
    for provinces in known if on < REFORM else reversed(known):
        for entry in provinces:
            name = text.fold(entry.name)
            if folded in (entry.code, name, name.removeprefix("tinh ").removeprefix("thanh pho ")):
                return entry.code
    raise UserError(f"Không có tỉnh, thành phố «{written}».", code="unknown_province", field="province")


def _facts(forms: Forms, written: Mapping[str, str]) -> dict[str, Any]:
    proposal = Record("", "proposal", forms.current("proposal"), {}, forms=forms)
    facts: dict[str, Any] = {}
    for name, value in written.items():
        field = FACTS.get(name) or proposal.field(name)
        try:
            facts[name] = type_of(field).parse(value, field, forms)
        except ValueProblem as problem:
            raise ValueProblem(problem.message, name) from None
    return facts
