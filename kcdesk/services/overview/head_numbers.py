"""The six numbers of the first page: proposals by where they are in their life, and what is late.

Which states count together follows from what the states are (`holder`, `marks`), not from their names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kcdesk import moments, text
from kcdesk.formdef.model import MAKERS, State, Tone
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.services.workspace import Workspace

KIND = "proposal"
# The stamp of a field begins with the moment of its last change; the list of names stands for one parameter each.
_SINCE = """
SELECT MIN(since), AVG(since) FROM (
  SELECT CAST(json_extract(stamps, '$.state') AS INTEGER) AS since FROM record
  WHERE kind = 'proposal' AND deleted IS NULL AND json_extract(data, '$.state') IN ({})
) WHERE since > 0
"""


class HeadNumber(Value):
    """A number and the filter of the list that it counts; `where` is empty for the deadlines."""

    name: str
    label: str
    number: int
    tone: Tone = "neutral"
    where: Mapping[str, Any] = field(default_factory=dict)
    waits: str = ""  # for how many days its proposals have been there; "" while that is not known


def head_numbers(workspace: Workspace, late: int) -> list[HeadNumber]:
    """The numbers for this level; `late` is the number of deadlines that are late."""
    workflow = workspace.forms.workflow(KIND)
    numbers = []
    groups = _OF_MAKERS if workspace.level is workspace.forms.levels.makers else _ABOVE_MAKERS
    for name, label, tone, belongs in groups:
        states = [state.name for state in workflow.states if belongs(state, workflow.initial)]
        where = {"state": states}
        numbers.append(HeadNumber(name, label, workspace.store.count(KIND, where=where), tone, where))
    return [*numbers, HeadNumber("late", "Việc quá hạn", late, "wrong" if late else "neutral")]


def with_waits(workspace: Workspace, numbers: Sequence[HeadNumber]) -> list[HeadNumber]:
    """The same numbers with the days since their proposals came where they are; slow where there are many."""
    return [replace(number, waits=_waits(workspace, number)) for number in numbers]


def _waits(workspace: Workspace, number: HeadNumber) -> str:
    if not number.number or not number.where:
        return ""
    states = {f"state{place}": name for place, name in enumerate(number.where["state"])}
    names = ", ".join(f":{name}" for name in states)
    ((oldest, average),) = (row.values() for row in workspace.store.query(_SINCE.format(names), states))
    if oldest is None:
        return ""
    longest, usual = _days(workspace, oldest), _days(workspace, average)
    return f"lâu nhất {text.format_integer(longest)} ngày, trung bình {text.format_integer(usual)}" if longest else ""


def _days(workspace: Workspace, milliseconds: float) -> int:
    """Days from a moment (UTC milliseconds) to today."""
    since = moments.day(moments.of_milliseconds(round(milliseconds)))
    return max((workspace.today() - since).days, 0)


def _is_being_written(state: State, initial: str) -> bool:
    return state.name == initial or ("addable" in state.marks and not state.holder)


def _is_with_the_province(state: State, _initial: str) -> bool:
    return state.holder not in ("", MAKERS)


def _is_sent_back(state: State, _initial: str) -> bool:
    return state.holder == MAKERS


def _is_approved(state: State, _initial: str) -> bool:
    return "adjustable" in state.marks and "payable" not in state.marks


def _is_running(state: State, _initial: str) -> bool:
    return {"adjustable", "payable"} <= set(state.marks)


def _is_to_be_settled(state: State, _initial: str) -> bool:
    return "settleable" in state.marks and "adjustable" not in state.marks


_Group = tuple[str, str, Tone, Callable[[State, str], bool]]
_AFTER: Sequence[_Group] = (
    ("approved", "Đã duyệt, chưa ký hợp đồng", "neutral", _is_approved),
    ("running", "Đang thực hiện", "neutral", _is_running),
    ("settling", "Chờ quyết toán", "waiting", _is_to_be_settled),
)
_ABOVE_MAKERS: Sequence[_Group] = (
    ("examining", "Chờ cấp tỉnh thẩm định, trình", "waiting", _is_with_the_province),
    ("sent_back", "Chờ đơn vị bổ sung", "waiting", _is_sent_back),
    *_AFTER,
)
_OF_MAKERS: Sequence[_Group] = (
    ("writing", "Đang soạn, chưa gửi", "neutral", _is_being_written),
    ("examining", "Chờ cấp tỉnh", "waiting", _is_with_the_province),
    ("sent_back", "Phải bổ sung", "wrong", _is_sent_back),
    *_AFTER[1:],
)
