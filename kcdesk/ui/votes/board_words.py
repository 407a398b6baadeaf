"""What the page of a vote says of one product."""

from __future__ import annotations

from kcdesk import text
from kcdesk.services.votes.boards import BoardLine

_LONGEST = 80  # letters of a name above the grid


def shortened(words: str) -> str:
    """Return a name cut to two lines; the tool tip shows all of it."""
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…"


def outcome(line: BoardLine) -> str:
    """Return «Đạt», «Chưa đạt», or the later decision."""
    if not (line.is_open or line.awaits_result):
        return line.certificate or line.state_label
    if not line.is_scored:
        return "Thiếu điểm"
    return "Đạt" if line.passes else "Chưa đạt"


def tone(line: BoardLine) -> str:
    if not (line.is_open or line.awaits_result):
        return line.tone
    if not line.is_scored:
        return "neutral"
    return "good" if line.passes else "wrong"


def line_sentence(line: BoardLine) -> str:
    """Return «Điểm bình quân 74,67: đạt mức 70 điểm, xếp thứ 2, thứ 1 trong nhóm.»."""
    if not line.average:
        return "Chưa có điểm."
    mark = text.format_decimal(line.pass_mark) if line.pass_mark else ""
    reached = f"{'đạt' if line.passes else 'chưa đạt'} mức {mark} điểm"
    partly = "" if line.is_scored else " (chưa đủ phiếu)"
    place = f"xếp thứ {line.rank}, thứ {line.group_rank} trong nhóm"
    return f"Điểm bình quân {text.format_decimal(line.average)}{partly}: {reached}, {place}."
