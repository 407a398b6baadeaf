"""Which running proposals will probably have to return money, by `forms/warnings.toml`, which is read at first use.

A rule is a list of signs with points. The facts that a sign may compare are those of `FACTS`; a fact that is not known
holds no condition, so that nothing is guessed from a dossier without entries.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk.formdef.conditions import holds
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import WARNINGS, refuse_faults
from kcdesk.formdef.loading.form_checks import check_condition, check_distinct, check_name
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.model import Condition, Field
from kcdesk.formdef.regulations.norms import in_force
from kcdesk.runtime.frozen import Value, field

KIND, VISIT = "proposal", "inspection"
FACTS: Mapping[str, Field] = {
    name: Field(name=name, type="integer", label=label)
    for name, label in (
        ("elapsed", "Phần thời gian thực hiện đã qua, %"),
        ("days_left", "Số ngày còn lại đến hết thời gian thực hiện"),
        ("days_to_adjust", "Số ngày còn lại để đề nghị điều chỉnh"),
        ("days_unseen", "Số ngày từ lần kiểm tra gần nhất; chưa kiểm tra thì từ ngày ký hợp đồng hoặc ngày quyết định"),
        ("visits", "Số lần đã kiểm tra"),
        ("progress", "Khối lượng thấy tại chỗ ở lần kiểm tra gần nhất, %"),
        ("behind", "Khối lượng chậm so với thời gian đã qua, điểm %, tính vào ngày kiểm tra"),
        ("behind_now", "Khối lượng thấy gần nhất chậm so với thời gian đã qua đến hôm nay, điểm %"),
        ("gained", "Khối lượng tăng giữa hai lần kiểm tra gần nhất, điểm %"),
        ("claimed", "Khối lượng mà đơn vị báo cáo gần nhất, %"),
        ("overclaimed", "Khối lượng báo cáo cao hơn thấy tại chỗ, điểm %"),
        ("counterpart", "Vốn đối ứng đã chứng minh ở lần kiểm tra gần nhất, % vốn đối ứng được duyệt"),
        ("counterpart_gained", "Vốn đối ứng được chứng minh thêm giữa hai lần kiểm tra gần nhất, điểm %"),
        ("counterpart_behind", "Vốn đối ứng chậm so với thời gian đã qua, điểm %, tính vào ngày kiểm tra"),
        ("late_tasks", "Số công việc của kế hoạch quá ngày mà chưa xong ở lần kiểm tra gần nhất"),
        ("late_task_days", "Số ngày quá hạn của công việc chậm nhất, tính vào ngày kiểm tra"),
        ("late_remedies", "Số nội dung phải khắc phục đã quá hạn"),
        ("days_without_contract", "Số ngày từ quyết định phê duyệt mà chưa ký hợp đồng"),
        ("extensions", "Số lần đã được gia hạn"),
        ("advanced", "Kinh phí đã tạm ứng trừ phần đã hoàn trả, đồng"),
    )
}
CONCLUSION = "conclusion"  # of the last visit; a field of its form
DAYS = ("adjust_by", "last_visit", "ends_on")  # dates that only the words of a sign may use


class Sign(Value, kw_only=True):
    """One visible trace of a proposal in trouble, and how much it counts."""

    points: int
    when: Condition
    text: str  # with facts in braces


class EarlyWarning(Value, kw_only=True):
    """A rule: a proposal whose signs reach `points` is named."""

    id: str
    label: str
    text: str  # of all named proposals; {count} is their number
    source: str
    effective_from: date
    effective_to: date | None = None
    unverified: bool = False
    states: tuple[str, ...]  # of the proposals that are looked at
    points: int  # limit: with so many points a proposal is named
    adjust_before: int = 0  # days before its end by which an adjustment should be asked for
    draft: str  # the kind of record that is drafted against it
    draft_values: Mapping[str, Any] = field(default_factory=dict)
    draft_note: str = ""  # its field that takes the signs in words
    signs: tuple[Sign, ...] = ()

    def holding(self, facts: Mapping[str, Any]) -> list[Sign]:
        """The signs that hold, the heaviest first."""
        return sorted((sign for sign in self.signs if holds(sign.when, facts)), key=lambda sign: -sign.points)

    def names(self, signs: list[Sign]) -> bool:
        """Whether these signs are enough to name a proposal."""
        return sum(sign.points for sign in signs) >= self.points


class WarningsFile(Value, kw_only=True):
    """The content of `forms/warnings.toml`."""

    warnings: tuple[EarlyWarning, ...] = ()


def load_warnings(folder: Path, forms: Forms) -> tuple[EarlyWarning, ...]:
    """Read the rules of early warning; FormsError lists all faults."""
    faults = Faults()
    read = read_definition(folder, WARNINGS, WarningsFile, faults)
    check_distinct(faults, WARNINGS, "", "mã", (rule.id for rule in read.warnings))
    for rule in read.warnings:
        _check(rule, WARNINGS, forms, faults)
    refuse_faults(faults, folder)
    return read.warnings


def rules_on(rules: tuple[EarlyWarning, ...], on: date) -> list[EarlyWarning]:
    """The rules in force on a day."""
    return [rule for rule in rules if in_force(rule, on)]


def _check(rule: EarlyWarning, file: str, forms: Forms, faults: Faults) -> None:
    check_name(faults, file, rule.id, rule.id)
    known = [state.name for state in forms.workflow(KIND).states]
    for state in rule.states:
        if state not in known:
            faults.unknown(file, rule.id, "states: trạng thái", state, known)
    _check_draft(rule, file, forms, faults)
    _check_words(rule.text, ("count",), file, rule.id, faults)
    if rule.points < 1 or rule.points > sum(sign.points for sign in rule.signs):
        faults.add(file, rule.id, "points phải từ 1 đến tổng điểm của các dấu hiệu")
    facts = {**FACTS, CONCLUSION: forms.current(VISIT).field(CONCLUSION)}
    for number, sign in enumerate(rule.signs, start=1):
        place = f"{rule.id}, sign {number}"
        check_condition(faults, file, place, sign.when, facts, forms)
        _check_words(sign.text, (*facts, *DAYS), file, place, faults)


def _check_draft(rule: EarlyWarning, file: str, forms: Forms, faults: Faults) -> None:
    if rule.draft not in forms.kinds or forms.current(rule.draft).parent != KIND:
        kinds = [kind for kind in forms.kinds if forms.current(kind).parent == KIND]
        faults.unknown(file, rule.id, "draft: loại hồ sơ của đề án", rule.draft, kinds)
        return
    known = {item.name: item for item in forms.current(rule.draft).fields}
    check_condition(faults, file, f"{rule.id}, draft_values", rule.draft_values, known, forms)
    if rule.draft_note and rule.draft_note not in known:
        faults.unknown(file, rule.id, "draft_note: ô", rule.draft_note, known)


def _check_words(text: str, known: tuple[str, ...], file: str, place: str, faults: Faults) -> None:
    try:
        names = [name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None]
    except ValueError:
        faults.add(file, place, "text: dấu ngoặc nhọn không đóng")
        return
    for name in names:
        if name not in known:
            faults.unknown(file, place, "text: số", name, known)
