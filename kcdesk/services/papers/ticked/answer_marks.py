"""What the marks in the boxes of one answer mean: a value, nothing, or a doubt without a value."""

from __future__ import annotations

from collections.abc import Mapping

from kcdesk.formdef.values import Stored
from kcdesk.runtime.frozen import Value


class Proposal(Value):
    """The proposed value with its text; or a sentence that says what is doubtful."""

    value: Stored | None
    text: str
    doubt: str


def proposal_of(
    marked: Mapping[str, str], options: Mapping[str, tuple[Stored, str]], present: tuple[Stored | None, str]
) -> Proposal:
    """The proposal for an answer whose boxes, by the value for which each stands, are marked so.

    `present` is what the record has now; another value of the sheet is a doubt, because one of both is wrong.
    """
    names = {value: options[value][1] for value in marked if value in options}
    unsure = [names[value] for value, mark in marked.items() if mark == "doubtful" and value in names]
    if unsure:
        return Proposal(None, "", f"Không chắc ô {_listed(unsure)} có được đánh dấu hay không.")
    chosen = [value for value, mark in marked.items() if mark != "empty" and value in names]
    if not chosen:
        return Proposal(None, "", "")
    if len(chosen) > 1:
        return Proposal(None, "", _several(marked, names, chosen))
    value, text = options[chosen[0]]
    if present[0] is not None and present[0] != value:
        return Proposal(value, text, f"Hồ sơ đang ghi «{present[1]}», phiếu ghi «{text}».")
    return Proposal(value, text, "")


def _several(marked: Mapping[str, str], names: Mapping[str, str], chosen: list[str]) -> str:
    filled = [names[value] for value in chosen if marked[value] == "filled"]
    others = [names[value] for value in chosen if marked[value] != "filled"]
    if filled and others:
        return f"Ô {_listed(filled)} tô kín, ô {_listed(others)} có dấu: hãy xem ảnh rồi chọn."
    return f"Cả {_listed([names[value] for value in chosen])} cùng có dấu: hãy xem ảnh rồi chọn."


def _listed(names: list[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)
