"""How strong a new password is, in words: of the store, and of a file that is carried to another office."""

from __future__ import annotations

from kcdesk.text import fold

_GOOD_LENGTH = 16
_GOOD_WORDS = 4
_FEW_LETTERS = 4  # different letters; fewer are probably one key held down


def strength_of(text: str, minimum: int) -> tuple[str, str]:
    """Return the strength of a password of at least `minimum` characters in words, and its tone."""
    if not text:
        return "Một câu bốn, năm từ là dễ nhớ và đủ mạnh.", ""
    if len(text) < minimum:
        return f"Còn ngắn: cần ít nhất {minimum} ký tự.", "wrong"
    if text.isdigit():
        return "Chỉ có chữ số: ngày sinh, số điện thoại rất dễ đoán. Hãy thêm vài từ.", "waiting"
    if len(set(fold(text))) <= _FEW_LETTERS:
        return "Lặp lại ít ký tự: dễ đoán. Hãy dùng vài từ khác nhau.", "waiting"
    if len(text) >= _GOOD_LENGTH or len(text.split()) >= _GOOD_WORDS:
        return "Tốt: đủ dài để không ai đoán được.", "good"
    return "Tạm được. Thêm một, hai từ nữa thì chắc hơn.", "waiting"
