"""forms/calendar.toml: read strictly, and the days that its rules name."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcdesk import paths
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.regulations import deadlines
from kcdesk.formdef.regulations.deadlines import Deadline

DAYS = st.dates(date(2013, 1, 1), date(2060, 12, 31))


@pytest.fixture(scope="module")
def forms():
    return load()


def rule(**changes):
    basics = {"id": "rule", "label": "Việc", "source": "Điều 1", "effective_from": date(2012, 1, 1)}
    return Deadline(**{**basics, **changes})


def faults(tmp_path, forms, text, **files):
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar.toml").write_text(text, encoding="utf-8")
    for name, own in files.items():
        (tmp_path / "calendar" / f"{name}.toml").write_text(own, encoding="utf-8")
    with pytest.raises(FormsError) as refusal:
        deadlines.load(tmp_path, forms)
    return [str(fault) for fault in refusal.value.faults]


HEAD = """
[[deadline]]
id = "{id}"
label = "Việc"
source = "Điều 1"
effective_from = 2020-01-01
"""


def test_the_shipped_calendar_says_a_source_for_everything(forms):
    calendar = deadlines.load(paths.forms(), forms)

    assert len(calendar.deadlines) > 15
    assert all(entry.source for entry in calendar.deadlines)
    by_id = {entry.id: entry for entry in calendar.deadlines}
    assert by_id["quarter_report"].unverified, "no text names the day"
    assert not by_id["registration_grassroots"].unverified


@pytest.mark.parametrize(
    ("changes", "first", "last", "expected"),
    [
        ({"every": "year", "month": 5, "day": 20, "before": True}, "2026-01-01", "2026-12-31", ["2026-05-19"]),
        ({"every": "month", "day": 25, "before": True}, "2026-01-24", "2026-02-24", ["2026-01-24", "2026-02-24"]),
        ({"every": "month", "day": 1, "before": True}, "2026-02-28", "2026-02-28", ["2026-02-28"]),
        ({"every": "quarter", "month": 3, "day": 25}, "2026-01-01", "2026-07-01", ["2026-03-25", "2026-06-25"]),
        ({"every": "half_year", "month": 6, "day": 25}, "2026-01-01", "2026-12-31", ["2026-06-25", "2026-12-25"]),
        ({"every": "year", "month": 1, "day": 1, "before": True}, "2026-12-31", "2026-12-31", ["2026-12-31"]),
    ],
)
def test_what_comes_round(changes, first, last, expected):
    rounds = rule(**changes).rounds(date.fromisoformat(first), date.fromisoformat(last))

    assert [due.isoformat() for _named, due in rounds] == expected


@pytest.mark.parametrize(
    ("changes", "base", "expected"),
    [
        ({"days": 15}, "2026-12-20", "2027-01-04"),
        ({"months": 12}, "2024-02-29", "2025-02-28"),
        ({"years": 1, "month": 1, "day": 22}, "2026-12-31", "2027-01-22"),
        ({"years": 2, "month": 12, "day": 31}, "2024-07-01", "2026-12-31"),
        ({}, "2026-05-05", "2026-05-05"),
        ({"before": True}, "2026-05-05", "2026-05-04"),
    ],
)
def test_what_hangs_on_a_date(changes, base, expected):
    assert rule(kind="contract", on="due_on", **changes).shifted(date.fromisoformat(base)) == date.fromisoformat(
        expected
    )


@given(
    base=DAYS,
    days=st.integers(0, 400),
    months=st.integers(0, 60),
    fixed=st.none() | st.tuples(st.integers(0, 3), st.integers(1, 12), st.integers(1, 28)),
    before=st.booleans(),
    around=st.integers(0, 90),
)
def test_no_dossier_is_overlooked(base, days, months, fixed, before, around):
    """The dates that are asked for hold every one whose last day lies in the span."""
    shift = dict(zip(("years", "month", "day"), fixed, strict=True)) if fixed else {"days": days, "months": months}
    deadline = rule(kind="contract", on="due_on", before=before, **shift)
    due = deadline.shifted(base)

    begin, end = deadline.bases(due - timedelta(days=around), due + timedelta(days=around))

    assert begin <= base <= end


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('every = "year"\nmonth = 2\nday = 30', "không có ngày này"),
        ('every = "month"\nday = 31', "không có ngày này"),
        ('every = "quarter"\nmonth = 4\nday = 1', "“month” phải từ 1 đến 3"),
        ('every = "week"\nday = 1', "không nhận “week”"),
        ('kind = "contrakt"\non = "due_on"', "có phải ý là “contract”"),
        ('kind = "contract"\non = "due"', "có phải ý là “due_on”"),
        ('kind = "contract"\non = "number"', "không phải là ngày"),
        ('kind = "acceptance"\non = "remedies.due"', "có phải ý là “due_on”"),
        ('kind = "contract"\non = "due_on"\nwhen = { state = "finall" }', "có phải ý là “final”"),
        ('kind = "contract"\non = "due_on"\ndays = 3\nmonth = 1\nday = 2', "không đi cùng"),
        ('kind = "beneficiary"\non = "registration_date"\nparent_when = { year = 1 }', "không thuộc hồ sơ nào"),
        ('kind = "contract"\nevery = "year"', "đúng một trong “every” và “kind”"),
        ('kind = "contract"', "đúng một trong “on”"),
        ('evry = "year"', "có phải ý là “every”"),
        ('levels = ["lowwer"]\nevery = "month"\nday = 1', "có phải ý là “lower”"),
    ],
)
def test_a_fault_is_told_with_its_place_and_a_hint(tmp_path, forms, lines, said):
    found = faults(tmp_path, forms, HEAD.format(id="first") + lines)

    assert any(said in fault and "calendar.toml, first" in fault for fault in found), found


def test_a_label_may_not_name_what_there_is_not(tmp_path, forms):
    (fault,) = faults(
        tmp_path, forms, HEAD.format(id="first").replace("Việc", "Năm {yeer}") + 'every = "month"\nday = 1'
    )

    assert "{year}" in fault


def test_periods_of_one_deadline_leave_no_hole(tmp_path, forms):
    lines = 'every = "month"\nday = 5\n'
    found = faults(tmp_path, forms, (HEAD.format(id="first") + lines + "effective_to = 2021-01-01\n") * 2)

    assert any("trùng với thời kỳ" in fault for fault in found)


def test_a_province_says_otherwise_in_a_file_of_its_own(tmp_path, forms):
    lines = 'every = "month"\nday = 25\n'
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar.toml").write_text(
        "".join(HEAD.format(id=name) + lines for name in ("first", "second", "third")), encoding="utf-8"
    )
    own = 'province = "20"\nahead = 30\nomit = ["third"]\n' + HEAD.format(id="first") + lines.replace("25", "20")
    (tmp_path / "calendar" / "lang_son.toml").write_text(own, encoding="utf-8")

    calendar = deadlines.load(tmp_path, forms, "20")
    elsewhere = deadlines.load(tmp_path, forms, "01")

    assert {entry.id: entry.day for entry in calendar.deadlines} == {"first": 20, "second": 25}
    assert calendar.ahead == 30
    assert [entry.day for entry in elsewhere.deadlines] == [25, 25, 25]


def test_a_province_cannot_leave_out_what_there_is_not(tmp_path, forms):
    lines = HEAD.format(id="first") + 'every = "month"\nday = 25\n'
    (fault,) = faults(tmp_path, forms, lines, lang_son='province = "20"\nomit = ["frist"]\n')

    assert "calendar/lang_son.toml" in fault
    assert "có phải ý là “first”" in fault
