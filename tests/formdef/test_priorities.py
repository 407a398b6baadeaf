"""forms/priorities.toml, read strictly."""

import pytest

from kcdesk import paths
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.regulations import priorities


def test_every_level_of_the_shipped_priorities_names_its_article():
    read = priorities.load(paths.forms(), load())

    assert [criterion.id for criterion in read.criterions][:3] == ["flagship", "area", "sector"]
    assert all(level.source for criterion in read.criterions for level in criterion.levels)
    assert any(note.unverified for note in read.notes), "Phụ lục 3 could not be read"


def test_a_fault_is_told_with_its_place_and_a_hint(tmp_path):
    (tmp_path / "priorities.toml").write_text(
        '[[criterion]]\nid = "area"\nlabel = "Địa bàn"\nwhen = { programe = "local" }\n[[criterion.level]]\n'
        'label = "Vùng cao"\nsource = "Điều 6"\nholds_when = [{ priority_areas = { contains = "highlands" } }]\n',
        encoding="utf-8",
    )
    with pytest.raises(FormsError) as refusal:
        priorities.load(tmp_path, load())

    said = [str(fault) for fault in refusal.value.faults]
    assert any("có phải ý là “programme”" in fault for fault in said)
    assert any("highlands" in fault for fault in said)
