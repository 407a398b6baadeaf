"""The code of a citizen card from a photo or scan. It needs no store, so it may run in any thread."""

from __future__ import annotations

from pathlib import Path

from kcdesk import given_files
from kcdesk.bounded import limits
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.errors import UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.codes.citizen_cards import read_card

_READ = BoundedJob("kcdesk.services.codes.code_reading", "codes_job")


def code_in_photo(path: Path, progress: Progress = ignore_progress) -> str:
    """The text of the code of the only card in a photo.

    UserError `not_a_card` if there is no card or several, `bad_card` if it contradicts itself, `scan_unreadable` for a
    file that is no picture.
    """
    given_files.refuse_missing_file(path)
    try:
        limits.CARD_PHOTO.refuse_size(path)
        size = path.stat().st_size
    except OSError as error:
        raise given_files.explained_error(error) from error
    given = {"path": str(path.absolute())}
    texts: list[str] = run_bounded(_READ, limits.CARD_PHOTO, given, size=size, progress=progress).values
    if not texts:
        raise UserError(
            "Không thấy mã QR nào trên ảnh.",
            code="not_a_card",
            hint="Hãy chụp gần mặt trước thẻ, đủ sáng, rõ nét, không bị loá.",
        )
    return _only_card(texts)


def _only_card(texts: list[str]) -> str:
    refusals: list[UserError] = []
    cards: list[str] = []
    for text in texts:
        try:
            read_card(text)
            cards.append(text)
        except UserError as error:
            refusals.append(error)
    wrong = [refusal for refusal in refusals if refusal.code == "bad_card"]
    if len(cards) + len(wrong) > 1:
        raise UserError(
            f"Ảnh có mã của {len(cards) + len(wrong)} thẻ căn cước.",
            code="not_a_card",
            hint="Hãy chụp riêng từng thẻ.",
        )
    if not cards:
        raise next(iter([*wrong, *refusals]))
    return cards[0]
