"""Deadlines, advances and conditions of support typed by an office: the TOML that is made, and what is refused."""

import json
from datetime import date

import pytest

from kcdesk import paths
from kcdesk.cli import main
from kcdesk.errors import UserError
from kcdesk.formdef.law.checks import LawCheck
from kcdesk.services.rulebook import trial
from kcdesk.services.rulebook.drafts.condition_words import ConditionWords
from kcdesk.services.rulebook.drafts.rule_entries import NEW, RuleEntry, entries_of_json, entry_files
from kcdesk.services.rulebook.drafts.subjects import SUBJECTS, subject_of
from kcdesk.services.rulebook.validation import wrong_definitions

SOURCE = {"document": "TT 66/2026/TT-BCT", "article": "Điều 3", "first": "1/1/2027"}
EXAMPLE = {"base": "1/3/2027", "due": "21/3/2027"}
OWN = "calendar/lang_son.toml"
ENTRIES = [  # subject, target, typed over what is in force, the file that is made, what is asked of the rules then
    ("payments", "technology", {"rate": "80", "support": "200 tr", "advance": "160 tr"}, "rules/payments.toml"),
    ("payments", "settlement", {"papers": "Giấy A\nBiên bản nghiệm thu cơ sở (Mẫu số 5a)"}, "rules/payments.toml"),
    ("payments", "limit:treasury", {"rate": "50"}, "rules/payments.toml"),
    ("payments", NEW, {"label": "Sàn", "activities": "thuong mai dien tu", "rate": "60"}, "rules/payments.toml"),
    ("deadlines", "registration_grassroots", {"month": "4", "day": "10"}, OWN),
    (
        "deadlines",
        "settlement_dossier",
        {"days": "20", "scope": "whole", "base": "1/3/2027", "due": "21/3/2027"},
        "calendar.toml",
    ),
    (
        "deadlines",
        NEW,
        {"label": "Việc mẫu {year}", "every": "year", "month": "2", "day": "28"},
        OWN,
    ),
    (
        "deadlines",
        NEW,
        {"label": "Nộp bản gốc", "counted": "contract.signed_on", "days": "10"},
        OWN,
    ),
    ("eligibility", "size", {"ok_when": "Số lao động bình quân năm không quá 300"}, "eligibility.toml"),
    ("eligibility", NEW, {"label": "Mới", "unknown": "Cần xét.", "activities": ""}, "eligibility.toml"),
]
REFUSED = [  # subject, target, typed, the field, words of the sentence
    ("payments", "technology", {"rate": "0"}, "rate", "lớn hơn 0"),
    ("payments", "technology", {"rate": "140"}, "rate", "không quá 100"),
    ("payments", "technology", {"rate": "tám mươi"}, "rate", "tám mươi"),
    ("payments", "technology", {"first": "1/1/2014"}, "first", "áp dụng từ ngày 10/02/2014"),
    ("payments", "technology", {"last": "1/1/2026"}, "last", "trước ngày có hiệu lực"),
    ("payments", "technology", {"document": ""}, "document", "Chưa ghi văn bản"),
    ("payments", "technology", {"document": "TT 99/2031/TT-BTC"}, "document", "chưa có TT 99/2031/TT-BTC"),
    ("payments", "technology", {"support": "200 tr", "advance": "150 tr"}, "advance", "140.000.000"),
    ("payments", NEW, {"label": "Máy", "activities": "machinery", "rate": "60"}, "activities", "đã có tỷ lệ"),
    ("payments", NEW, {"label": "Máy", "activities": "bay vào vũ trụ", "rate": "60"}, "activities", "vũ trụ"),
    ("payments", "settlement", {"papers": ""}, "papers", "Chưa ghi giấy tờ"),
    ("deadlines", "registration_grassroots", {"month": "13"}, "month", "từ 1 đến 12"),
    ("deadlines", "registration_grassroots", {"month": "2", "day": "30"}, "day", "Không có ngày này"),
    ("deadlines", "registration_grassroots", {"label": "Nộp {năm}"}, "label", "ngoặc nhọn"),
    ("deadlines", "settlement_dossier", {"days": "20", "base": "1/3/2027", "due": "16/3/2027"}, "due", "21/3/2027"),
    ("deadlines", NEW, {"label": "Việc", "day": "5"}, "every", "Hãy chọn một"),
    ("deadlines", NEW, {"label": "Việc", "counted": "contract.signed_on"}, "days", "Chưa ghi số ngày"),
    ("eligibility", "size", {"ok_when": "Số cánh tay không quá 2"}, "ok_when", "Không rõ ô nào"),
    ("eligibility", "size", {"ok_when": "Loại hình là Hợp tác xã sao Hỏa"}, "ok_when", "không có lựa chọn"),
    ("eligibility", "size", {"ok_when": "Số lao động bình quân năm hai trăm"}, "ok_when", "Không hiểu"),
    ("eligibility", "size", {"unknown": ""}, "unknown", "khi chưa rõ"),
    ("eligibility", "size", {"fail": ""}, "fail", "khi không đạt"),
    ("eligibility", NEW, {"unknown": "Cần xét."}, "label", "Chưa ghi tên"),
    ("eligibility", "territory", {"first": "15/10/2025"}, "first", "không trước"),
]


def _entry(workspace, name, target, typed):
    started = subject_of(name).started(workspace, target)
    return RuleEntry(target, started | SOURCE | typed)


def test_typed_rules_are_the_toml_that_the_program_reads(province):
    for name, target, typed, file in ENTRIES:
        subject = subject_of(name)
        entry = _entry(province, name, target, typed)
        files = entry_files(province, subject, [entry])
        assert list(files) == [file], (name, target)
        shipped = paths.forms() / file
        if shipped.is_file():
            kept = [line for line in shipped.read_text("utf-8").splitlines() if line.startswith("#")]
            assert all(line in files[file].splitlines() for line in kept), "comments stay"
        assert "Điều 3 TT 66/2026/TT-BCT" in files[file]
        assert "2026-12-31" in files[file] or target in (NEW, "limit:treasury")
        assert subject.described(province, entry)


def test_together_they_are_rules_that_can_be_signed(province):
    """Several entries of a subject go into one file; the rules that come out are used."""
    texts = {}
    for subject in SUBJECTS:
        entries = [
            _entry(province, name, target, typed) for name, target, typed, _file in ENTRIES if name == subject.name
        ]
        texts |= entry_files(province, subject, entries)
    with trial.workspace_with(province, texts) as would_be:
        assert wrong_definitions(would_be) == []
        later = date(2027, 3, 1)
        assert would_be.procedures.advance("machinery", later).rate == 80
        assert would_be.procedures.advance("machinery", date(2026, 12, 31)).rate == 70
        assert would_be.procedures.advance("e_commerce", later).rate == 60
        assert would_be.procedures.advance_limit(later).rate == 50
        papers = would_be.procedures.settlement(later).papers
        assert [paper.code for paper in papers] == ["giay_a", province.procedures.settlement(later).papers[0].code]
        rules = {rule.id: rule for rule in would_be.calendar.deadlines if rule.is_in_force(later)}
        assert (rules["registration_grassroots"].month, rules["registration_grassroots"].day) == (4, 10)
        assert rules["settlement_dossier"].shifted(date(2027, 3, 1)) == date(2027, 3, 21)
        assert rules["nop_ban_goc"].shifted(date(2027, 3, 1)) == date(2027, 3, 11)
        size = next(rule for rule in would_be.eligibility if rule.id == "size").periods[-1]
        assert (size.ok_when, size.needs) == (({"workers": {"at_most": 300}},), ("workers",))


def test_what_is_wrong_is_told_with_its_field(province):
    for name, target, typed, field, words in REFUSED:
        with pytest.raises(UserError) as refusal:
            entry_files(province, subject_of(name), [_entry(province, name, target, typed)])
        assert refusal.value.field == field, (name, target, typed, refusal.value.message)
        assert words in refusal.value.message, (name, target, typed, refusal.value.message)
    with pytest.raises(UserError) as refusal:
        entry_files(province, subject_of("payments"), [])
    assert refusal.value.code == "nothing_entered"


def test_every_condition_of_support_reads_back_as_it_was(province):
    form = province.forms.current("beneficiary", province.today())
    fields = {field.name: field for field in form.fields}
    activity = next(field for field in province.forms.current("proposal").fields if field.name == "activity")
    words = ConditionWords(province.forms, fields | {"activity": activity})
    for rule in province.eligibility:
        for period in rule.periods:
            for conditions in (period.ok_when, period.unknown_when, period.fail_when):
                typed = words.in_words(conditions)
                assert json.dumps(words.read(typed.splitlines())) == json.dumps(conditions, default=dict), typed


def test_a_typed_rule_is_as_well_proved_as_its_text(province):
    """TT 66/2026 was read by nobody: the rule says so, until two people have compared it."""
    entry = _entry(province, "payments", "technology", {"rate": "80"})
    with trial.workspace_with(province, entry_files(province, subject_of("payments"), [entry])) as would_be:
        rule = would_be.procedures.advance("machinery", date(2027, 3, 1))
        assert would_be.forms.law.proof(rule.source, unverified=rule.unverified) == "second_hand"
        check = LawCheck(
            id="",
            instrument="TT 66/2026/TT-BCT",
            words="Đúng.",
            checked_by="Một",
            checked_on=date(2027, 1, 1),
            confirmed_by="Hai",
            confirmed_on=date(2027, 1, 2),
            until=date(2027, 12, 31),
        )
        law = type(would_be.forms.law)(would_be.forms.law.declared, [check])
        assert law.proof(rule.source, unverified=rule.unverified) == "read"


def test_the_command_line_shows_and_signs_the_same(province, tmp_path, capsys):
    folder = province.store.folder
    typed = subject_of("payments").started(province, "technology") | SOURCE | {"rate": "80"}
    (tmp_path / "muc.json").write_text(json.dumps([{"target": "technology", "typed": typed}]), "utf-8")
    province.close()
    words = ["--store", str(folder), "enter-rules", "payments", str(tmp_path / "muc.json"), str(tmp_path / "q.xlsx")]
    assert main([*words, "--dry-run", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert "rate = 80" in shown["texts"]["rules/payments.toml"]
    assert (shown["file"], shown["dossiers"]) == ("", [])
    assert not (tmp_path / "q.xlsx").exists()
    assert main([*words, "--json"]) == 0
    assert (tmp_path / "q.xlsx").stat().st_size
    capsys.readouterr()
    (tmp_path / "muc.json").write_text("[{}]", "utf-8")
    assert main([*words, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "bad_lines"


def test_a_file_of_entries_that_says_two_things_or_is_a_trap_is_refused():
    entries = '[{"target": "technology", "typed": {"rate": "80"}}]'
    assert entries_of_json(entries) == [RuleEntry("technology", {"rate": "80"})]
    twice = entries.replace('"80"', '"80", "rate": "90"')
    for content in (twice, "[" * 100_000 + "]" * 100_000, '{"target": ""}', '[{"target": "technology"}]'):
        with pytest.raises(UserError) as refused:
            entries_of_json(content)
        assert refused.value.code == "bad_lines", content[:60]
