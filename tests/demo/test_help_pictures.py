"""The pictures of the handbook: each can still be taken, none is missing, none is idle, all are small."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from kcdesk import handbook
from kcdesk.demo import help_pictures, journey_handover
from kcdesk.runtime.frozen import replace
from kcdesk.services.maintenance import opening
from kcdesk.ui.toolkit.theme import Theme

FOLDER = handbook.folder() / "pictures"


def test_every_picture_of_a_page_is_taken_by_a_shot_and_shown_somewhere():
    texts = [path.read_text(encoding="utf-8") for path in handbook.folder().rglob("*.md")]
    shown = {name for text in texts for name in re.findall(r"\]\(\.\./pictures/(\w+)\.webp\)", text)}
    assert shown == help_pictures.SHOTS.keys() == {path.stem for path in FOLDER.iterdir()}


def test_the_pictures_are_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_000_000


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_a_picture_has_its_own_ground_as_the_drawer_may_be_dark(path):
    picture = QImage(str(path))
    corners = ((x, y) for x in (0, picture.width() - 1) for y in (0, picture.height() - 1))
    assert all(picture.pixelColor(x, y).alpha() == 255 for x, y in corners)


@pytest.mark.usefixtures("qtbot")
def test_every_page_in_the_pictures_is_still_there(journey, qapp, tmp_path):
    stores = [Path(shutil.copytree(folder, tmp_path / folder.name)) for folder in (journey.store, journey.province)]
    unit, province = (opening.open_workspace(folder) for folder in stores)
    exchange = journey_handover.play_handover(unit, province, Path(shutil.copy(journey.package, tmp_path)))
    unit.close()
    province.close()
    played = replace(journey, store=stores[0], province=stores[1], exchange=exchange)
    with help_pictures.studio(played, Theme(qapp, "light")) as opened:
        sizes = {name: picture.size() for name, picture in help_pictures.take(opened)}
    assert sizes.keys() == help_pictures.SHOTS.keys()
    assert [name for name, size in sizes.items() if size.width() < 300 or size.height() < 80] == []
