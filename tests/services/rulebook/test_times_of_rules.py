"""Rules with a hole or an overlap in time are refused, family by family: when they are read, and when they travel."""

import re
import shutil

import pytest

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.exchange import rule_files
from kcdesk.exchange.container import signing
from kcdesk.formdef.loading.loader import load
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.trust import partners
from kcdesk.services.rulebook import updates, validation
from tests.examples import some

_DATES = re.compile(r"(effective_from = \d{4}-\d\d-\d\d)(\neffective_to = \S+)?")
HOLE = "không có quy định cho thời gian từ 01/01/2020 đến 31/01/2020"


def later(text, begins):
    """The entry as it was, ended on 31 December 2019, and once more from another day on."""
    ended = _DATES.sub(r"\1\neffective_to = 2019-12-31", text, count=1)
    again = _DATES.sub(f"effective_from = {begins}", text, count=1)
    return ended, again


def entry(text, head):
    """The array entry that begins with these lines, up to the next one of its kind or the next comment."""
    start = text.index(head)
    kind = head.split("\n", 1)[0]
    ends = [place for mark in (kind, "\n[[settlement]]\n", "\n# --") if (place := text.find(mark, start + 1)) > 0]
    return text[start : min(ends, default=len(text))]


def in_one_file(name, head):
    def spoil(folder, begins):
        text = (folder / name).read_text(encoding="utf-8")
        one = entry(text, head)
        ended, again = later(one, begins)
        changed = text.replace(one, f"{ended.rstrip()}\n\n{again.lstrip()}")
        return {name: changed}

    return spoil


def in_two_files(name):
    def spoil(folder, begins):
        ended, again = later((folder / name).read_text(encoding="utf-8"), begins)
        second = name.replace(".toml", "-2.toml")
        return {name: ended, second: again.replace("version = 1", "version = 2", 1)}

    return spoil


def in_periods(name, period):
    """The last period of a file is ended and begins anew."""

    def spoil(folder, begins):
        text = (folder / name).read_text(encoding="utf-8")
        start = text.rindex(period)
        ended, again = later(text[start:], begins)
        return {name: text[:start] + ended.rstrip() + "\n\n" + again}

    return spoil


FAMILIES = {  # where the fault is, as a refusal says it; what spoils it
    "ceilings": ("norms/binh_duong.toml", in_periods("norms/binh_duong.toml", "[[line.period]]")),
    "eligibility": ("eligibility.toml", in_periods("eligibility.toml", "[[rule.period]]")),
    "authorities": ("rules/authorities.toml", in_one_file("rules/authorities.toml", '[[rule]]\nid = "content"')),
    "advances": ("rules/payments.toml, training", in_one_file("rules/payments.toml", '[[advance]]\nid = "training"')),
    "settlements": ("rules/payments.toml, settlement", in_one_file("rules/payments.toml", "[[settlement]]")),
    "deadlines": ("calendar.toml", in_one_file("calendar.toml", '[[deadline]]\nid = "monthly_report"')),
    "outlines": ("activities/brand-2.toml", in_two_files("activities/brand.toml")),
    "checklists": ("checklists/consultancy-2.toml", in_two_files("checklists/consultancy.toml")),
    "layouts": ("adjustment_request-2.toml", in_two_files("documents/adjustment_request.toml")),
    "forms": ("task-2.toml", in_two_files("task.toml")),
}


@pytest.fixture
def sent(workspace, province, tmp_path):
    """Signs whatever stands in a folder, as a program did that did not look; the lower unit knows the key."""
    partners.write_identity(province, tmp_path / "tỉnh.xlsx")
    partners.trust(workspace, tmp_path / "tỉnh.xlsx")

    def sign(folder):
        texts = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.toml")}
        file = tmp_path / "quy định cũ.xlsx"
        rule_files.write_rules(file, province.identity, signing.signing_key(province.store), texts, "Bản cũ")
        return file

    return sign


def refused(workspace, file):
    """What is said of a file that is not taken in."""
    with pytest.raises(UserError) as refusal:
        updates.install_update(workspace, file)
    assert not updates.installed_updates(workspace)
    return refusal.value.sentence()


def faults(workspace, folder):
    """What the program says of a folder when everything in it is read."""
    try:
        forms = load(folder)
    except UserError as error:
        return error.sentence()
    return "\n".join(validation.wrong_definitions(replace(workspace, forms=forms)))


@pytest.fixture
def spoiled(tmp_path):
    """A copy of the shipped definitions in which these families have two periods, the second from a day on."""

    def make(families, begins):
        folder = shutil.copytree(paths.forms(), tmp_path / "forms")
        only = tmp_path / "only"
        for family in families:
            for name, text in FAMILIES[family][1](folder, begins).items():
                for place in (folder, only):
                    (place / name).parent.mkdir(parents=True, exist_ok=True)
                    (place / name).write_text(text, encoding="utf-8")
        return folder, only

    return make


# To read all definitions takes a second, so families whose faults are reported together are spoiled together; a fault
# of the forms is reported before the other families are read.
FORMS_AND_OTHERS = [["forms"], [name for name in FAMILIES if name != "forms"]]


def named(sentence, families, *words):
    """Of which of these families a line of a refusal says where the fault is, and all of the words."""
    lines = sentence.splitlines()
    return [
        name for name in families if any(all(part in line for part in (FAMILIES[name][0], *words)) for line in lines)
    ]


def check_every_refusal(workspace, province, sent, file, families, place, words):
    """Each family is named with the words: when it is read, when it is signed, and when it is taken in."""
    folder, only = place
    assert named(faults(workspace, folder), families, *words) == families
    with pytest.raises(UserError) as refusal:
        updates.pack(province, only, file)
    assert named(refusal.value.sentence(), families, *words) == families
    assert named(refused(workspace, sent(only)), families, *words) == families


@pytest.mark.parametrize("families", FORMS_AND_OTHERS)
def test_a_hole_is_told_with_its_file_and_the_way_out(workspace, province, spoiled, sent, tmp_path, families):
    place, words = spoiled(families, "2020-02-01"), (HOLE, "hãy nối liền ngày hiệu lực")
    check_every_refusal(workspace, province, sent, tmp_path / "quy định.xlsx", families, place, words)


@pytest.mark.parametrize("families", some(1, reversed(FORMS_AND_OTHERS)))
def test_an_overlap_is_told_with_its_file_and_the_way_out(workspace, province, spoiled, sent, tmp_path, families):
    place, words = spoiled(families, "2019-12-31"), ("trùng với", "hãy ghi ngày hết hiệu lực")
    check_every_refusal(workspace, province, sent, tmp_path / "quy định.xlsx", families, place, words)


def test_periods_that_meet_are_sound(workspace, spoiled):
    assert not faults(workspace, spoiled(FAMILIES, "2020-01-01")[0])


def test_two_advances_for_one_activity_on_one_day_are_told(workspace, tmp_path):
    folder = shutil.copytree(paths.forms(), tmp_path / "forms")
    file = folder / "rules" / "payments.toml"
    text = file.read_text("utf-8").replace('activities = ["start_up"]', 'activities = ["start_up", "brand"]')
    file.write_text(text, encoding="utf-8")
    assert "nội dung “brand” đã có tỷ lệ tạm ứng trong cùng thời gian ở “planned”" in faults(workspace, folder)
