"""Tax codes and identification numbers beside the kind of their holder, year of birth and sex: only warnings."""

import tomllib
from datetime import date
from pathlib import Path

from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of

CASES = tomllib.loads((Path(__file__).parents[1] / "data/identity_cases.toml").read_text(encoding="utf-8"))["case"]
FORM = load().current("beneficiary", date(2026, 11, 30))
NAMES = {"tax_code", "citizen_id", "birth_year", "sex"}


def _warnings(values):
    problems = Record("", "beneficiary", FORM, values, forms=load()).problems()
    assert all(problem.advice for problem in problems if problem.field in NAMES), "nothing is refused"
    return [problem.message for problem in problems if problem.field in NAMES]


def test_each_case_is_warned_of_once_or_not_at_all():
    told = {case["name"]: _warnings(case["values"]) for case in CASES}
    for case in CASES:
        found = told[case["name"]]
        wanted = [words for words in [case["warns"]] if words]
        assert [words for words in wanted if not any(words in sentence for sentence in found)] == [], case["name"]
        assert bool(found) == bool(wanted), (case["name"], found)


def _refusal(name, raw):
    field = FORM.field(name)
    try:
        type_of(field).parse(raw, field, load())
    except ValueProblem as problem:
        return problem.message
    return ""


def test_a_number_without_its_zeros_is_never_a_company_without_a_word():
    for raw in ("1085012345", 1085012345):
        assert "hãy nhập đủ 001085012345" in _refusal("tax_code", raw)
        assert "hãy nhập đủ 001085012345" in _refusal("citizen_id", raw)
    assert "hãy nhập đủ 033085012345" in _refusal("tax_code", "33085012345")
    assert "hãy nhập đủ" not in _refusal("tax_code", "9985012345"), "no place of birth has this number"
    assert _refusal("tax_code", "001085012345") == ""
