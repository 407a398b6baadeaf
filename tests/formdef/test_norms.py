"""The files of ceilings: the shipped ones are sound, a new province is one file, every fault is told with its place."""

from datetime import date

import pytest

from kcdesk import paths
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.regulations import norms
from kcdesk.formdef.regulations.ceilings import CeilingQuery, ceiling

FORMS = load()
GOOD = """
programme = "local"
label = "Khuyến công địa phương tỉnh Mẫu"
province = "20"

[[line]]
id = "machinery"
label = "Máy móc"
activities = ["machinery"]
per = "cơ sở"

[[line.period]]
effective_from = 2020-01-01
effective_to = 2024-12-31
document = "NQ 01/2020"
percent = 40
cap = 100_000_000

[[line.period]]
effective_from = 2025-01-01
document = "NQ 02/2025"
percent = 50
cap = 200_000_000
"""


@pytest.fixture
def read(tmp_path):
    """Reads files of norms that a test writes."""

    def read(*contents):
        (tmp_path / "norms").mkdir()
        for number, content in enumerate(contents):
            (tmp_path / "norms" / f"province_{number}.toml").write_text(content, encoding="utf-8")
        return norms.load(tmp_path, FORMS)

    return read


def test_the_shipped_files_are_sound_and_cover_the_programmes():
    shipped = norms.load(paths.forms(), FORMS)
    owners = [(entry.programme, entry.province, entry.old_province) for entry in shipped]
    assert {("national", "", ""), ("local", "66", ""), ("local", "82", "87"), ("local", "79", "74")} <= set(owners)
    assert len(owners) == len(set(owners)) == len(list((paths.forms() / "norms").glob("*.toml")))


def test_every_activity_of_the_decree_of_2012_has_a_national_line_or_none_was_ever_written():
    (national,) = (entry for entry in norms.load(paths.forms(), FORMS) if entry.programme == "national")
    without = [a for a in FORMS.activities if not any(a.code in line.activities for line in national.lines)]
    never_written = {
        "e_commerce",
        "international_cooperation",
        "digital_transformation",
        "artisan_support",
    }
    assert never_written <= {activity.code for activity in without}
    assert not [a.code for a in without if a.code not in never_written and "NĐ 45/2012" in a.source]


def test_every_figure_names_its_document_and_every_missing_one_says_why():
    for entry in norms.load(paths.forms(), FORMS):
        for line in entry.lines:
            for period in line.periods:
                assert period.document
                assert period.article or period.unverified or entry.programme == "local", line.id
                assert period.note or period.percent is not None or period.cap is not None


def test_a_new_province_is_one_file(read):
    (entry,) = read(GOOD)
    query = {"programme": "local", "activity": "machinery", "province": "20", "cost": 1_000_000_000}
    assert ceiling([entry], CeilingQuery(on=date(2024, 12, 31), **query)).amount == 100_000_000
    assert ceiling([entry], CeilingQuery(on=date(2025, 1, 1), **query)).amount == 200_000_000


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "effective_to = 2024-12-31",
            "effective_to = 2025-01-01",
            "machinery/period 2: thời gian hiệu lực từ 01/01/2025 trùng với thời kỳ liền trước",
        ),
        ("effective_to = 2024-12-31\n", "", "machinery/period 2: thời gian hiệu lực từ 01/01/2025 trùng"),
        (
            "effective_to = 2024-12-31",
            "effective_to = 2024-11-30",
            "machinery/period 2: không có quy định cho thời gian từ 01/12/2024 đến 31/12/2024",
        ),
        ("effective_to = 2024-12-31", "effective_to = 2019-12-31", "ngày hết hiệu lực trước ngày có hiệu lực"),
        ("percent = 40", "percent = 0", "machinery/period 1: “percent” phải lớn hơn 0"),
        ("percent = 40", "percent = 101", "“percent” phải lớn hơn 0"),
        ("percent = 40", 'percent = "ba mươi"', "“percent” phải lớn hơn 0"),
        ("percent = 40", 'percent = "1/3"', "“percent” phải lớn hơn 0"),
        ("cap = 100_000_000", "cap = 0", "“cap” phải là số đồng lớn hơn 0"),
        ("percent = 40\ncap = 100_000_000", "", "“note” phải nói vì sao"),
        ("percent = 40", "percnt = 40", "“percnt” không có (có phải ý là “percent”)"),
        ('document = "NQ 01/2020"', "", "thiếu khoá “document”"),
        ('activities = ["machinery"]', 'activities = ["machinary"]', "có phải ý là “machinery”"),
        ('per = "cơ sở"', 'counted_by = ["beneficiary"]', "có phải ý là “beneficiaries”"),
        ('per = "cơ sở"', "when = { producton_line = true }", "có phải ý là “production_line”"),
        ('per = "cơ sở"', 'when = { priority = "yes" }', "điều kiện trên “priority”"),
        ('province = "20"', "", "“province” phải có với khuyến công địa phương"),
        ('programme = "local"', 'programme = "national"', "chỉ với khuyến công địa phương"),
        ('programme = "local"', 'programme = "regional"', "“programme” không nhận “regional”"),
        ("cap = 200_000_000", "cap = 200_000_000\nmultiplier = [{ id = 'm', label = 'M', percent = 90, when = {} }]",
         "machinery/period 2/m: “percent” của hệ số phải lớn hơn 100"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(read, old, new, told):
    assert GOOD.count(old) == 1
    with pytest.raises(FormsError) as refused:
        read(GOOD.replace(old, new))
    assert "norms/province_0.toml" in str(refused.value)
    assert told in str(refused.value)


def test_a_line_without_a_period_and_a_line_twice(read):
    line = GOOD[GOOD.index("[[line]]") :]
    with pytest.raises(FormsError) as refused:
        read(GOOD + line + '\n[[line]]\nid = "empty"\nlabel = "Trống"\n')
    assert {str(fault) for fault in refused.value.faults} == {
        "norms/province_0.toml: mã “machinery” bị trùng",
        "norms/province_0.toml, empty: chưa có thời kỳ hiệu lực nào",
    }


def test_two_files_for_one_province(read):
    with pytest.raises(FormsError, match=r"province_1\.toml: định mức của địa bàn này đã có trong norms/province_0"):
        read(GOOD, GOOD)


def test_no_folder_is_no_norm(tmp_path):
    assert norms.load(tmp_path, FORMS) == ()
