"""The secrets that open a real store: change the passphrase, make a new recovery code. Neither is stored or logged."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from html import escape
from pathlib import Path

from kcdesk.errors import KcdeskError, UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value
from kcdesk.services.maintenance import backup_copies, opening, outside_copies, recovery_key
from kcdesk.services.maintenance.secret_strength import refuse_weak
from kcdesk.services.workspace import Workspace
from kcdesk.store.copies import thinning
from kcdesk.store.database import key, recovery_code
from kcdesk.store.safety import attempts, restoring
from kcdesk.text import format_date

OLD_COPIES = "Bản sao lưu làm trước đó vẫn mở bằng mật khẩu và mã khôi phục của lúc sao lưu."


class KeyChange(Value):
    """Another passphrase and another recovery code for a store: its whole content is encrypted anew under a new key.

    The province's recovery key goes on opening the store, unless `ends_consent`, or if the province has opened it.
    """

    folder: Path
    secret: str
    code: str
    ends_consent: bool = False

    def carry_out(self, here: Workspace | None, progress: Progress = ignore_progress) -> Workspace:
        """Encrypt the store anew, close it, put the new one in its place and open that.

        Nothing may write to the store in the meantime. If the disk refuses, the store stays as it was: KnownError.
        `progress` counts bytes and may raise to stop: then the store is open as before.
        """
        assert here is not None  # only a store that is open can be encrypted anew
        before, given = _records(here), recovery_key.given_consent(here)
        is_kept = given is not None and not self.ends_consent and not key.is_lent(self.folder)
        here.store.stage_rekeying(self.secret, self.code, given.public if given and is_kept else "", progress)
        here.close()
        previous = restoring.commit(self.folder)
        attempts.forget_tries(self.folder)
        opened = opening.open_workspace(self.folder, self.secret)
        try:
            ended = f"; khoá kho không còn gửi ở {given.name}" if given and not is_kept else ""
            opened.store.note_act(f"Đổi mật khẩu, mã khôi phục; mã hoá lại cả kho{ended}")
            if previous is not None and _records(opened) == before:
                with suppress(KcdeskError):  # it stays one of the copies of the old key, which the message counts
                    thinning.remove_copies([previous])
        except BaseException:
            opened.close()
            raise
        return opened

    def message(self, opened: Workspace) -> str:
        """What was done, and which copies still open with the old passphrase."""
        return f"Đã đổi mật khẩu và mã hoá lại cả kho bằng khoá mới. {about_old_copies(opened)}"


def change(
    workspace: Workspace, new: str, progress: Progress = ignore_progress, *, ends_consent: bool = False
) -> tuple[Workspace, str]:
    """Change the passphrase, the key and the recovery code of the store, which is closed and opened again.

    Returns the open store and its new recovery code. UserError `practice_store`, `weak_passphrase`.
    """
    wanted = prepare_change(workspace, new, ends_consent=ends_consent)
    return wanted.carry_out(workspace, progress), wanted.code


def prepare_change(workspace: Workspace, new: str, *, ends_consent: bool = False) -> KeyChange:
    """A change of the passphrase that is not carried out yet, with a new recovery code to be kept."""
    if workspace.identity.practice:
        raise UserError("Kho thực hành không có mật khẩu.", code="practice_store")
    refuse_weak(new, *known_of(workspace))
    code = recovery_code.format_code(recovery_code.new_code())
    return KeyChange(workspace.store.folder, new, code, ends_consent)


def about_old_copies(workspace: Workspace) -> str:
    """How many copies beside the store only the old passphrase opens; that copies elsewhere stay as they are."""
    number = len(workspace.store.old_key_copies())
    near = f"{number} bản sao lưu cũ cạnh kho và mọi bản ở nơi khác" if number else "Bản sao lưu cũ ở nơi khác"
    return f"{near} vẫn mở bằng mật khẩu cũ: hãy sao lưu mới ra ngoài, rồi xoá các bản cũ."


def ways_in(workspace: Workspace) -> tuple[str, ...]:
    """What somebody who worked with the store can still open it, or its copies, with: sentences with what to do."""
    if workspace.identity.practice:
        return ("Kho thực hành không có mật khẩu: ai có máy này, có thẻ nhớ với bản sao lưu thì mở được.",)
    ways = ["Mật khẩu và tờ mã khôi phục: đổi mật khẩu thì cả hai hết hiệu lực, kho được mã hoá lại."]
    if stick := outside_copies.chosen(workspace):
        ways.append(f"Thẻ nhớ, ổ đĩa sao lưu «{stick.place}»: thu lại, vì bản sao trên đó vẫn mở bằng mật khẩu cũ.")
    if last := outside_copies.latest_outside(workspace):
        day = format_date(last.date())
        ways.append(f"Bản sao lưu ngoài máy, bản mới nhất ngày {day}: tìm thẻ nhớ, ổ đĩa đó và thu lại.")
    if copies := backup_copies.listed(workspace.store.folder):
        ways.append(f"{len(copies)} bản sao lưu cạnh kho: xoá ở «Bản sao của mật khẩu cũ» sau khi đổi mật khẩu.")
    return tuple(ways)


def remove_old_copies(workspace: Workspace, copies: Sequence[Path]) -> int:
    """Remove copies under an earlier key, after a backup under the present key was made; returns how many are gone.

    KnownError `copies_in_use`, `bad_backup`, or if the disk refuses the backup.
    """
    known = set(workspace.store.old_key_copies(copies))
    chosen = [copy for copy in copies if copy in known]
    if chosen:
        backup_copies.back_up(workspace)
    return thinning.remove_copies(chosen)


def seconds_to_wait(folder: Path) -> int:
    """How long the officer has to wait after wrong passphrases; 0 for not at all."""
    return attempts.seconds_left(folder)


def code_paper(workspace: Workspace, code: str) -> str:
    """The paper with the recovery code, as HTML: whose store, of which day, the numbered groups, where to keep it."""
    unit, today = workspace.identity.unit, format_date(workspace.today())
    groups = "".join(
        f"<td align='center'>{place}<br><b>{group}</b></td>" for place, group in enumerate(code.split("-"), 1)
    )
    return (
        "<h2>MÃ KHÔI PHỤC KHO DỮ LIỆU KHUYẾN CÔNG</h2>"
        f"<p>{escape(unit.name)} ({escape(unit.code)}), lập ngày {today}</p>"
        f"<table border='1' cellpadding='8'><tr style='font-family: monospace'>{groups}</tr></table>"
        "<p>Ai có mã này và có tệp của kho thì mở được kho. Cất trong phong bì dán kín, không để cùng máy tính. Mã hết"
        " hiệu lực khi đổi mật khẩu, khi tạo mã mới; dùng mã rồi thì phải tạo mã mới.</p>"
        "<p>Người giữ: ................................  Ký nhận: ................................</p>"
    )


def is_same_code(typed: str, wanted: str) -> bool:
    """Whether letters typed from the paper are those of the code; capitals, spaces and hyphens do not count."""
    return recovery_code.plain_code(typed) == recovery_code.plain_code(wanted)


def _records(workspace: Workspace) -> int:
    return sum(workspace.store.count(kind) for kind in workspace.forms.kinds)


def known_of(workspace: Workspace) -> tuple[str, ...]:
    """What others know of the owner of the store: a passphrase made of it is easily guessed."""
    own = workspace.identity
    return own.unit.name, own.unit.code, own.officer.name


def new_recovery_code(workspace: Workspace) -> str:
    """Make a new recovery code; the earlier code becomes invalid. UserError `practice_store`."""
    return workspace.store.new_recovery_code()


def prove(workspace: Workspace, secret: str) -> None:
    """Refuse a secret that does not open the store; UserError as for `attempts.unlock`.

    Asked again before sensitive acts, because another person may be at the open laptop.
    """
    if not workspace.identity.practice:
        attempts.unlock(workspace.store.folder, secret)


def is_recovery_code(folder: Path, secret: str) -> bool:
    """Whether `secret` is the recovery code of the store in `folder`; then the officer has forgotten the passphrase."""
    return key.exists(folder) and key.is_recovery_code(folder, secret)


def refuse_different(new: str, again: str) -> None:
    """Refuse two different passphrases; UserError `passphrases_differ`."""
    if new != again:
        raise UserError("Hai lần gõ mật khẩu chưa giống nhau.", code="passphrases_differ", field="again")
