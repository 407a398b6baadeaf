"""Definitions that cannot be: each fault is told with its file, its key and what was probably meant."""

import shutil

import pytest

from kcdesk.formdef.loading.loader import FormsError
from kcdesk.reports import definitions

GOOD = """
id = "trial"
label = "Thử"
source = "Thử"
subject = "proposal"
day = "within(year, decision_date)"

[[column]]
name = "planned"
label = "Kế hoạch"
unit = "đồng"
definition = "Cộng."
source = "Thử"
value = "approved_support"

[[column]]
name = "paid"
label = "Đã chi"
unit = "đồng"
definition = "Cộng."
source = "Thử"
of = "payment"
value = "amount"
when = { state = "final" }

[[column]]
name = "rate"
label = "Tỷ lệ"
unit = "%"
definition = "Chia."
source = "Thử"
formula = "rate(paid, planned)"

[[chart]]
label = "Hai cột"
columns = ["planned", "paid"]
"""
HIDDEN = """[[column]]
name = "rest"
label = "Còn lại"
unit = "đồng"
definition = "Trừ."
source = "Thử"
formula = "planned - paid"
hidden = true
"""
FAULTS = [
    (
        'formula = "rate(paid, planned)"',
        'formula = "rate(paid, planned)"\nadds_up = true',
        "column/rate/adds_up",
        "chỉ dùng cho cột cộng tiền",
    ),
    ('value = "approved_support"', 'value = "aproved_support"', "column/planned/value", "“approved_support”"),
    ('value = "amount"', 'value = "amount +"', "column/paid/value", "dừng giữa chừng"),
    ('value = "amount"', 'value = "amount; drop table record"', "column/paid/value", "không hiểu “; drop table"),
    ('of = "payment"', 'of = "paymnt"', "column/paid/of", "“payment”"),
    ('of = "payment"', 'of = "payment.paper"', "column/paid/of", "“papers”"),
    ('state = "final"', 'state = "finale"', "column/paid/when", "“final”"),
    ('state = "final"', 'stat = "final"', "column/paid/when", "“state”"),
    ('formula = "rate(paid, planned)"', 'formula = "rate(payd, planned)"', "column/rate/formula", "“paid”"),
    ('formula = "rate(paid, planned)"', 'formula = "rat(paid, planned)"', "column/rate/formula", "“rate”"),
    ('formula = "rate(paid, planned)"', 'formula = "rate(paid)"', "column/rate/formula", "cần 2 số hạng"),
    ('formula = "rate(paid, planned)"', 'formula = "rate(rate, planned)"', "column/rate/formula", "vòng tròn"),
    ('columns = ["planned", "paid"]', 'columns = ["planned", "payd"]', "chart/columns", "“paid”"),
    ('columns = ["planned", "paid"]', 'columns = ["planned", "rate"]', "chart/columns", "cùng một đơn vị"),
    ('name = "paid"', 'name = "paid"\nhidden = true', "chart/columns", "“paid” là cột ẩn"),
    (
        '[[column]]\nname = "planned"',
        'sort = "rest"\n\n' + HIDDEN + '\n[[column]]\nname = "planned"',
        "sort",
        "“rest” là cột ẩn",
    ),
    ('name = "paid"', 'name = "planned"', "", "cột “planned” bị trùng"),
    ('unit = "%"', 'unit = "phần"', "column/rate/unit", "đơn vị tính “phần” không có"),
    ('subject = "proposal"', 'subject = "propsal"', "subject", "“proposal”"),
    ('day = "within', 'day = "witin', "day", "“within”"),
    ('day = "within', 'by = ["sourc"]\nday = "within', "by", "“source”"),
    ('day = "within', 'levels = ["provinc"]\nday = "within', "levels", "“province”"),
    ('definition = "Chia."\n', "", "trial/rate", "thiếu khoá “definition”"),
    ('formula = "rate', 'formla = "x"\nformula = "rate', "trial/rate", "“formula”"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, forms):
    """The shipped groups and units without the shipped reports."""
    place = tmp_path_factory.mktemp("reports") / "forms"
    (place / "reports").mkdir(parents=True)
    for name in ("groups.toml", "units.toml", "regions.toml"):
        shutil.copy(forms.folder / "reports" / name, place / "reports" / name)
    return place


def written(folder, text):
    """The folder with one report."""
    (folder / "reports" / "trial.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_good_definition_loads(folder, forms):
    assert [report.id for report in definitions.load(written(folder, GOOD), forms).all] == ["trial"]


@pytest.mark.parametrize(("right", "wrong", "place", "words"), FAULTS, ids=[fault[1][:30] for fault in FAULTS])
def test_a_fault_is_told_with_its_key(folder, forms, right, wrong, place, words):
    assert right in GOOD
    with pytest.raises(FormsError) as refusal:
        definitions.load(written(folder, GOOD.replace(right, wrong, 1)), forms)
    sentence = str(refusal.value)
    assert f"reports/trial.toml{', ' + place if place else ''}" in sentence
    assert words in sentence


def test_a_circle_of_formulas_is_named(folder, forms):
    extra = GOOD.replace('formula = "rate(paid, planned)"', 'formula = "left + 1"') + (
        '\n[[column]]\nname = "left"\nlabel = "Còn"\nunit = "đồng"\ndefinition = "Trừ."\nsource = "Thử"\n'
        'formula = "planned - rate"\n'
    )
    with pytest.raises(FormsError, match="công thức vòng tròn: left → rate → left"):
        definitions.load(written(folder, extra), forms)
