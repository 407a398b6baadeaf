"""A word that is no choice of a list: the sentence names the nearest choice and the allowed ones."""

import pytest

from kcdesk.formdef.model import Choice, Field
from kcdesk.formdef.types.text_types import find_choice


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("Chủ tịch hội đồng", "«Chủ tịch»"), ("Uỷ viên", "«Thành viên»"), ("Phó chủ tich HĐ", "«Phó"), ("zzz", "")],
)
def test_a_word_that_is_no_choice_names_the_nearest_and_the_allowed_ones(written, nearest):
    field = Field(
        name="role",
        type="choice",
        label="Vai trò",
        choices=tuple(
            Choice(value=value, label=label)
            for value, label in (("head", "Chủ tịch"), ("vice", "Phó Chủ tịch"), ("member", "Thành viên"))
        ),
    )
    with pytest.raises(ValueError, match="hãy chọn: Chủ tịch, Phó Chủ tịch, Thành viên") as refusal:
        find_choice(written, field, None)
    assert ("gần nhất là" in str(refusal.value)) is bool(nearest)
    assert nearest in str(refusal.value)
