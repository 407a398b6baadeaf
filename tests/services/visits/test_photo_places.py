"""Photos beside the day and the commune of their visit: another day and a far place are pointed out, nothing stops."""

import pytest

from kcdesk.services.lifecycle import missing
from kcdesk.services.records import changing
from kcdesk.services.visits import commune_centres as centres
from kcdesk.services.visits import photo_places
from tests.services.attachments.test_photos import FIELD, acceptance, content, exif, scene, take


@pytest.fixture
def visit(workspace):
    """A visit of a commune in Lạng Sơn on 5/3/2026."""
    id_ = acceptance(workspace, "Xưởng mẫu")
    commune = next(
        code for code in workspace.places.communes if workspace.places.commune(code).province_name.endswith("Lạng Sơn")
    )
    changing.set_values(workspace, id_, {"visited_on": "5/3/2026", "place": {"commune": commune}})
    return id_, commune


def photo(workspace, id_, **noted):
    number = len(workspace.store.record(id_).value(FIELD) or [])
    take(workspace, id_, content(scene(number), **({"exif": exif(**noted)} if noted else {})))
    return words(workspace, id_)


def words(workspace, id_):
    record = workspace.store.record(id_)
    return photo_places.words_of(record, record.value(FIELD)[-1])


def degrees(value):
    whole = int(value)
    return whole, int((value - whole) * 60), ((value - whole) * 60 % 1) * 60


def advice(workspace, id_):
    record = workspace.store.record(id_)
    return [problem.message for problem in missing.outlook_of(workspace, record).advice if problem.field == FIELD]


def test_a_photo_of_the_day_at_the_place_is_only_shown(workspace, visit):
    id_, commune = visit
    centre = centres.centre_of(commune)
    here = {"latitude": degrees(centre.latitude), "longitude": degrees(centre.longitude)}
    shown = photo(workspace, id_, at="2026:03:05 08:30:15", **here)
    assert shown[0] == "Chụp lúc 08:30 ngày 05/3/2026"
    assert shown[2].endswith("0,0 km")
    assert advice(workspace, id_) == []


def test_another_day_a_far_place_and_no_clock_are_said(workspace, visit):
    id_, _commune = visit
    shown = photo(workspace, id_, at="2026:03:01 08:30:15", latitude=(10, 46, 0), longitude=(106, 42, 0))
    assert "khác ngày ghi trong hồ sơ" in shown[0]
    assert shown[2].endswith("km")
    assert photo(workspace, id_) == ["Ảnh không ghi giờ chụp"]
    day, place = advice(workspace, id_)
    assert day.startswith("1 ảnh chụp ngày 01/3/2026, khác ngày")
    assert place.startswith("1 ảnh chụp cách trung tâm")
    changing.set_values(workspace, id_, {"place": None, "visited_on": None})
    assert advice(workspace, id_) == []


def test_every_commune_of_today_has_a_centre_within_the_country(workspace):
    for code in workspace.places.communes:
        centre = centres.centre_of(code)
        assert 6 < centre.latitude < 24
        assert 102 < centre.longitude < 118
        assert centre.reach >= 5
    ha_noi, hcm = centres.Centre(21.0285, 105.8542, 5), (10.7769, 106.7009)
    assert 1130 < ha_noi.distance(*hcm) < 1150  # by air, as maps have it
