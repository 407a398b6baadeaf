"""How strong a new password is, in words: of the store, and of a file that is carried to another office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value
from kcdesk.text import fold

MINIMUM = 8  # characters; a shorter password can be guessed within hours even through scrypt
_WORDS = "weak_passwords.txt"
_LONGEST = 72  # characters that are judged; more only make it stronger
_REFUSED, _DOUBTFUL = 1, 2  # the highest score, of 0 to 4, that is refused and that is only warned of
ADVICE = "Một câu bốn, năm từ là dễ nhớ và đủ mạnh."
_WHY: Mapping[str, str] = MappingProxyType(
    {
        "dictionary": "có từ hay dùng làm mật khẩu",
        "date": "có ngày tháng",
        "repeat": "lặp lại ít ký tự",
        "sequence": "có dãy chữ hoặc số liền nhau",
        "spatial": "có các phím liền nhau",
    }
)


class SecretStrength(Value):
    """A sentence about a password, its tone, and whether it may be used."""

    sentence: str
    tone: Literal["", "wrong", "waiting", "good"]
    is_enough: bool


def strength_of(secret: str, *known: str) -> SecretStrength:
    """The strength of a password; `known` is what others know of its owner, such as the names of office and officer."""
    if not secret:
        return SecretStrength(ADVICE, "", is_enough=False)
    if len(secret) < MINIMUM:
        return SecretStrength(f"Còn ngắn: cần ít nhất {MINIMUM} ký tự.", "wrong", is_enough=False)
    judged = _judged(secret, known)
    if judged["score"] <= _REFUSED:
        return SecretStrength(f"Dễ đoán: {_why(judged)}. Hãy thêm vài từ.", "wrong", is_enough=False)
    if judged["score"] <= _DOUBTFUL:
        return SecretStrength("Tạm được. Thêm một, hai từ nữa thì chắc hơn.", "waiting", is_enough=True)
    return SecretStrength("Tốt: đủ dài để không ai đoán được.", "good", is_enough=True)


def refuse_weak(secret: str, *known: str) -> None:
    """Refuse a password that is too short or easily guessed; UserError `weak_passphrase`."""
    strength = strength_of(secret, *known)
    if not strength.is_enough:
        what = strength.sentence if secret else f"Kho thật cần mật khẩu có ít nhất {MINIMUM} ký tự."
        raise UserError(what, code="weak_passphrase", hint=ADVICE, field="passphrase")


def _judged(secret: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    from zxcvbn import zxcvbn  # only a new password pays for its lists of words

    judged: Mapping[str, Any] = zxcvbn(fold(secret)[:_LONGEST], user_inputs=[*_weak_words(), *_spellings(known)])
    return judged


def _why(judged: Mapping[str, Any]) -> str:
    patterns = {part["pattern"]: part["guesses_log10"] for part in judged["sequence"]}
    named = [_WHY[pattern] for pattern in sorted(patterns, key=patterns.__getitem__) if pattern in _WHY]
    return named[0] if named else "quá ít ký tự khác nhau"


@cache
def _weak_words() -> tuple[str, ...]:
    content = (paths.resources() / _WORDS).read_text(encoding="utf-8")
    lines = [line.strip() for line in content.splitlines() if line.strip() and not line.startswith("#")]
    return tuple(_spellings(lines))


def _spellings(words: tuple[str, ...] | list[str]) -> Iterator[str]:
    """Each word without accents, and written together."""
    for word in words:
        folded = fold(word).strip()
        yield from dict.fromkeys(spelling for spelling in (folded, folded.replace(" ", "")) if spelling)
