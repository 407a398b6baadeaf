"""Whether a key may be trusted: nobody takes the place of a unit that is known already.

The code of a unit says whose records are whose, and the level who decides. So another key for a known unit counts only
if a key of that unit signed it (a renewal, or another laptop), or after the old keys were withdrawn by name. Codes that
look alike are the same code.
"""

from __future__ import annotations

from collections.abc import Collection

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.exchange.container import signing
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.partners import Partner
from kcdesk.text import lower_first

UNITS_ABOVE = "units_above"  # the setting with the names of the offices to which each known unit hands over, by code
_OLD_KEY = (
    "Nếu đơn vị đó thay khoá hay thêm máy, hãy xin tệp nhận diện do máy cũ của họ chứng nhận («Thay khoá mới…» hoặc "
    "«Chứng nhận máy cùng đơn vị…»). Nếu máy cũ đã mất, hãy huỷ tin cậy khoá cũ trước, có ghi lý do."
)


def refuse_partner(
    workspace: Workspace, partner: Partner, signed_by: Collection[str] = (), *, same_unit: bool = False
) -> None:
    """Refuse a key that may not be trusted; `signed_by` are the keys that signed it, known or not.

    UserError `withdrawn`, `known_unit`, `own_unit` (unless the officer says `same_unit`), `other_level`,
    `second_province`.
    """
    known = workspace.store.partners.get(partner.key)
    if known and known.ended:
        raise UserError(
            f"Khoá ký này của {known.name} đã bị huỷ.",
            code="withdrawn",
            hint="Hãy xin tệp nhận diện với khoá mới.",
        )
    _refuse_own_unit(workspace, partner, same_unit=same_unit)
    _refuse_known_unit(workspace, partner, signed_by)
    if other := _other_office(workspace, partner):
        label = workspace.forms.levels.label(partner.level)
        raise UserError(
            f"Đơn vị {lower_first(label)} đã biết là «{other}», không thể có thêm «{partner.unit}».",
            code="second_province",
            hint="Nếu cơ quan đó đã đổi, hãy huỷ khoá cũ trước.",
        )


def note_above(workspace: Workspace, unit: str, above: str) -> None:
    """Keep to whom a known unit hands over, by its own word: its identity workbook or a package."""
    known: dict[str, list[str]] = workspace.store.setting(UNITS_ABOVE, {})
    names = known.get(unit, [])
    if above and text.fold(above) not in map(text.fold, names):
        workspace.store.set_setting(UNITS_ABOVE, {**known, unit: [*names, above]})


def is_same_unit(partner: Partner, other: Partner) -> bool:
    """Whether two keys are of the same unit, at the same level of the same province."""
    return (partner.unit, partner.level, partner.province) == (other.unit, other.level, other.province)


def is_alike(code: str, other: str) -> bool:
    """Whether two codes of units look alike: case, accents, letters of other alphabets, blanks and unseen marks."""
    return _bare(code) == _bare(other)


def _bare(code: str) -> str:
    return "".join(text.fold(code).split())


def _refuse_own_unit(workspace: Workspace, partner: Partner, *, same_unit: bool) -> None:
    own = workspace.identity.unit
    if not is_alike(partner.unit, own.code):
        return
    if (partner.unit, partner.level, partner.province) != (own.code, own.level, own.province):
        raise UserError(
            f"«{partner.name}» mang mã «{partner.unit}», giống mã của chính đơn vị này.",
            code="own_unit",
            hint="Đây không phải máy của đơn vị này. Hãy hỏi lại nơi đưa tệp; không tin cậy khoá đó.",
        )
    is_known = workspace.store.partners.get(partner.key) is not None
    if not (same_unit or is_known or partner.key == signing.public_key(signing.signing_key(workspace.store))):
        raise UserError(
            "Khoá này tự nhận là một máy khác của chính đơn vị này.",
            code="own_unit",
            hint="Chỉ tin cậy khi đó đúng là máy của đơn vị, và xác nhận «máy cùng đơn vị» (--same-unit).",
        )


def _refuse_known_unit(workspace: Workspace, partner: Partner, signed_by: Collection[str]) -> None:
    others = [
        known
        for known in workspace.store.partners.list()
        if not known.ended and known.key != partner.key and is_alike(known.unit, partner.unit)
    ]
    if not others or is_alike(partner.unit, workspace.identity.unit.code):
        return
    known = others[0]
    if not any(other.key in signed_by for other in others):
        raise UserError(
            f"Kho này đã biết «{known.name}» ({known.unit}) với khoá {signing.fingerprint(known.key)}; khoá khác mang "
            f"mã «{partner.unit}» không được khoá đó chứng nhận nên chưa được tin cậy.",
            code="known_unit",
            hint=_OLD_KEY,
        )
    if not all(is_same_unit(other, partner) for other in others):
        raise UserError(
            f"Khoá mới ghi đơn vị, cấp hoặc tỉnh khác với «{known.name}» ({known.unit}) mà kho này đã biết.",
            code="other_level",
            hint="Nếu đơn vị đó đã đổi cấp hoặc sáp nhập, hãy gọi điện hỏi rồi huỷ tin cậy khoá cũ, có ghi lý do.",
        )


def _other_office(workspace: Workspace, partner: Partner) -> str | None:
    """The code of another office that already decides in the place of a partner; None if there is none.

    An office above several provinces knows one for each of them; every other office knows one for each level.
    """
    own, levels = workspace.identity.unit, workspace.forms.levels
    if not levels.decides(partner.level):
        return None
    known = [(p.unit, p.level, p.province) for p in workspace.store.partners.list() if not p.ended]
    is_below = levels.is_above(own.level, partner.level)
    others = (
        unit
        for unit, level, province in [(own.code, own.level, own.province), *known]
        if level == partner.level and unit != partner.unit and (not is_below or province == partner.province)
    )
    return next(others, None)
