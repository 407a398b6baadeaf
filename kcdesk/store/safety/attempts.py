"""Waiting times after wrong passphrases: three tries are free, then each costs more, up to a quarter of an hour.

The number of wrong tries stands beside the store and in the officer's own folder of this machine; what one place has
lost the other still knows. It is written before a try is judged, so that ending the program does not save the wait.
This stops a person at the keyboard; whoever copies the files away tries elsewhere, and there only the costs of scrypt
and the strength of the passphrase count.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from time import time as now

from kcdesk import moments, placing
from kcdesk.bounded.small_files import small_file
from kcdesk.errors import KcdeskError, UserError
from kcdesk.runtime.frozen import Value
from kcdesk.store.database import key, recovery_code
from kcdesk.store.safety import location

FILE = "tries.json"
_NOTE = "tries"  # its name in the note of this machine
_FREE = 3
_WAITS = (10, 30, 60, 120, 300, 900)  # seconds after the third wrong try and each further one
_LONGEST_FILE = 200  # bytes
_DRIFT = 2  # seconds that a clock may go back unnoticed
_WRONG = ("wrong_passphrase", "wrong_code")


class _Tries(Value):
    """How many tries were wrong, and when the last of them was made (seconds since 1970)."""

    count: int = 0
    at: float = 0.0

    @property
    def wait(self) -> int:
        return _WAITS[min(self.count - _FREE, len(_WAITS) - 1)] if self.count >= _FREE else 0


def unlock(folder: Path, secret: str) -> bytes:
    """Decrypt the key of the store in `folder`, unless one has to wait.

    UserError as for `key.unlock`, and `too_many_tries`, `clock_back`.
    """
    refuse_while_waiting(folder)
    if not secret or _is_misspelt(secret):
        return key.unlock(folder, secret)  # tries nothing, and says so
    before = _noted(folder)
    _note(folder, _Tries(before.count + 1, now()))
    try:
        opened = key.unlock(folder, secret)
    except KcdeskError as error:
        if error.code not in _WRONG:
            _note(folder, before)
            raise
        raise _with_wait(error, folder) from None
    forget_tries(folder)
    return opened


def seconds_left(folder: Path) -> int:
    """How long one still has to wait before the next try; 0 for not at all."""
    tries = _noted(folder)
    if not tries.wait:
        return 0
    passed = now() - tries.at
    return tries.wait if passed < 0 else max(0, round(tries.wait - passed))


def refuse_while_waiting(folder: Path) -> None:
    """Refuse a try that comes too early; UserError `too_many_tries`, `clock_back`.

    When the clock was set back, the wait begins anew, so that it ends by any clock.
    """
    tries = _noted(folder)
    if tries.wait and now() < tries.at - _DRIFT:
        shown = moments.local(moments.of_milliseconds(int(tries.at * 1000)))
        _note(folder, _Tries(tries.count, now()))
        raise UserError(
            f"Đồng hồ máy đã lùi lại so với lần gõ sai trước ({shown:%H:%M %d/%m/%Y}), nên thời gian chờ tính lại từ"
            f" đầu: {waiting_text(tries.wait)}.",
            code="clock_back",
            hint="Hãy xem lại ngày giờ của máy, đợi rồi thử lại.",
            field="passphrase",
        )
    if left := seconds_left(folder):
        raise UserError(
            f"Đã gõ sai {tries.count} lần: còn phải đợi {waiting_text(left)} mới được thử lại.",
            code="too_many_tries",
            hint="Kho không bị khoá hẳn; gõ đúng thì lần sau không phải đợi nữa.",
            field="passphrase",
        )


def forget_tries(folder: Path) -> None:
    """Forget the wrong tries, after a right one."""
    with suppress(OSError):
        (folder / FILE).unlink(missing_ok=True)
    if _outside(folder).count:
        _set_outside(folder, _Tries())


def waiting_text(seconds: int) -> str:
    """A waiting time: «45 giây», «2 phút», «1 phút 30 giây»."""
    minutes, rest = divmod(seconds, 60)
    return " ".join(filter(None, (f"{minutes} phút" if minutes else "", f"{rest} giây" if rest or not minutes else "")))


def _is_misspelt(secret: str) -> bool:
    """Whether the checks of a recovery code already say that it is wrong, so that it guesses nothing."""
    return recovery_code.is_meant_as_code(secret) and not recovery_code.is_code(secret)


def _with_wait(error: KcdeskError, folder: Path) -> UserError:
    wait = _noted(folder).wait
    message = f"{error.message} Phải đợi {waiting_text(wait)} mới được thử lại." if wait else error.message
    return UserError(message, code=error.code, hint=error.hint, field=error.field)


def _noted(folder: Path) -> _Tries:
    return max(_outside(folder), _beside(folder), key=lambda tries: (tries.count, tries.at))


def _note(folder: Path, tries: _Tries) -> None:
    with suppress(OSError):  # a medium that cannot be written; then the note of the machine counts
        placing.keep_own(folder / FILE, json.dumps([tries.count, tries.at]).encode())
    _set_outside(folder, tries)


def _beside(folder: Path) -> _Tries:
    with suppress(OSError):
        return _read(small_file(folder / FILE, _LONGEST_FILE))
    return _Tries()


def _outside(folder: Path) -> _Tries:
    return _read(json.dumps(location.noted_of_folder(folder, _NOTE)).encode())


def _set_outside(folder: Path, tries: _Tries) -> None:
    location.note_of_folder(folder, _NOTE, [tries.count, tries.at])


def _read(content: bytes) -> _Tries:
    """A note; one that nobody can read counts for nothing."""
    try:
        count, at = json.loads(content)
    except (ValueError, TypeError, RecursionError):
        return _Tries()
    is_note = type(count) is int and 0 <= count < 1000 and type(at) in (int, float) and 0 <= at < 1e11
    return _Tries(count, at) if is_note else _Tries()
