"""Sentences about pages of pictures that show no sheet, or not all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kcdesk.documents.ticked.page_finding import CORNER_NAMES

_AGAIN = "Hãy chụp lại cả trang, thấy đủ bốn dấu ở góc."


def page_note(shown: Mapping[str, Any], at: int) -> str:
    """Why the picture of a page (counted from 1) gives no answers; "" if it does."""
    if shown["sheet"] < 0:
        return f"Ảnh trang thứ {at}: không thấy mã QR của phiếu này; bỏ qua trang đó."
    problem = shown.get("problem", "")
    if problem == "corners":
        names = ", ".join(CORNER_NAMES[number] for number in shown["corners"])
        why = "bị cắt, bị che; hoặc phiếu in từ tệp Word, từ bản cũ nên không có dấu"
        return f"Ảnh trang thứ {at}: không thấy dấu ở góc {names} ({why}). {_AGAIN}"
    if problem == "number":
        return f"Ảnh trang thứ {at}: không đọc được số trang ở góc trên bên phải của phiếu. {_AGAIN}"
    if problem == "boxes":
        return f"Ảnh trang thứ {at}: các ô không nằm đúng chỗ của mẫu phiếu. Hãy trải phẳng phiếu rồi chụp lại."
    return ""


def missing_pages(pages: Sequence[int], person: str) -> Iterator[str]:
    """The sentence about pages of a sheet that no picture shows."""
    if pages:
        of = f" của {person}" if person else ""
        yield f"Chưa đọc được trang {', '.join(map(str, pages))} của phiếu{of}; các câu ở đó chưa có đề xuất."
