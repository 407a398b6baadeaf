"""Letters that command a terminal, fake a line or turn the direction of others, in what a unit with a changed program
signs: its package is genuine, and its sheets say the same as its records."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcdesk import text
from kcdesk.cli import program
from kcdesk.services.handover.packages import preview, receiving
from kcdesk.services.workspace import Workspace
from tests.attacks.forged_packages import forged
from tests.services import samples
from tests.services.exchange_support import Offices

ODD = [
    "Máy\x1b]0;tên khác\x07",  # renames the terminal
    "Máy\x1b[2J\x1b[31m",  # clears it
    "Máy\x9b31m",
    "Máy\u202egpj.exe",  # is read as «exe.jpg»
    "Máy \u2066x",
    "Máy\rXong",  # writes over the line
    "Máy\u2028Xong",
    "Máy\x00",
]


def package_with(offices: Offices, unit: Workspace, values: dict[str, object]) -> Path:
    """The package of a unit whose program cleans nothing."""
    id_ = samples.proposal(unit)
    with unit.store.act("Nhập") as act:
        act.update(id_, values)
    return offices.export(unit)[0]


@pytest.mark.parametrize("odd", ODD)
def test_a_record_with_such_letters_is_not_taken_in(
    offices: Offices, pair: tuple[Workspace, Workspace], odd: str
) -> None:
    unit, province = pair
    path = package_with(offices, unit, {"title": odd, "necessity": odd})
    shown = preview.preview_package(province, path)
    (line,) = (line for line in shown.lines if line.kind == "proposal")
    assert line.status == "refused"
    assert "ký tự điều khiển hoặc đảo chiều" in line.reason
    receiving.receive(province, path)
    assert province.store.count("proposal") == 0


def test_lines_and_tabs_of_an_ordinary_text_come_in(offices: Offices, pair: tuple[Workspace, Workspace]) -> None:
    unit, province = pair
    receiving.receive(province, package_with(offices, unit, {"necessity": "Dòng một\n\tdòng hai 👩‍🏭\u200b"}))
    assert province.store.count("proposal") == 1


@pytest.mark.parametrize("odd", [*ODD, "Nguyễn Văn A\nGói nguyên vẹn."])
def test_a_senders_name_with_such_letters_makes_no_package(
    offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path, odd: str
) -> None:
    unit, province = pair
    samples.proposal(unit)
    genuine = offices.export(unit)[0]
    path = forged(genuine, tmp_path / "odd.xlsx", unit, manifest=lambda said: said["sender"].update(officer=odd))
    shown = preview.preview_package(province, path)
    assert (shown.status, shown.sender_name) == ("damaged", "")


def test_the_command_line_shows_such_letters_by_their_numbers(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    id_ = samples.proposal(workspace)
    with workspace.store.act("Nhập") as act:
        act.update(id_, {"title": ODD[0]})
    folder = workspace.store.folder
    workspace.close()
    assert program.main(["--store", str(folder), "list", "proposal"]) == 0
    assert program.main(["--store", str(folder), "show", "x\x1b[2J"]) == 1
    shown = capsys.readouterr()
    assert "Máy[U+001B]]0;tên khác[U+0007]" in shown.out
    assert "\x1b" not in shown.out + shown.err


@pytest.mark.parametrize("odd", ODD)
def test_what_is_shown_by_numbers_hides_nothing(odd: str) -> None:
    assert text.hides(odd)
    assert not text.hides(text.revealed(odd))
    assert not text.hides("Đề án «máy»\n\tở xã A 👩‍🏭")
