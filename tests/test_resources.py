"""What is shipped beside the program: fonts with every letter, icons that draw, a licence for each."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import ImageFont
from reportlab.pdfbase.ttfonts import TTFontFile

from kcdesk import paths

OTHER_SCRIPTS = {"NotoSansCham": "ꨀꨇꨌꨚꩌ", "NotoSerifKhmer": "កខភសរុំ្"}  # beside Tinos, for these letters only
ALL_FONTS = sorted((paths.resources() / "fonts").glob("*.ttf"))
FONTS = [font for font in ALL_FONTS if not font.stem.startswith(tuple(OTHER_SCRIPTS))]
ICONS = sorted((paths.resources() / "icons").glob("*.svg"))
SOURCES = sorted((Path(__file__).parent.parent / "kcdesk").rglob("*.py"))
LOWER = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệfghiìỉĩíịjklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvwxyỳỷỹýỵz"
ALSO_WRITTEN = "0123456789 .,;:!?()[]%/+-–—…“”‘’\"'&<>=*°²³×₫§•"


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.stem)
class TestFonts:
    def test_has_every_letter_and_sign(self, font: Path) -> None:
        glyphs = TTFontFile(str(font)).charToGlyph
        assert [sign for sign in LOWER + LOWER.upper() + ALSO_WRITTEN if not glyphs.get(ord(sign))] == []

    def test_draws(self, font: Path) -> None:
        assert ImageFont.truetype(str(font), 20).getlength("Biên bản nghiệm thu") > 100


def test_font_families() -> None:
    cuts = ["Bold", "BoldItalic", "Italic", "Regular"]
    screen = [f"NotoSans-{cut}" for cut in cuts if cut != "BoldItalic"]
    assert [font.stem for font in FONTS] == screen + [f"Tinos-{cut}" for cut in cuts]


@pytest.mark.parametrize("family", OTHER_SCRIPTS)
def test_fonts_of_other_scripts_have_their_letters(family: str) -> None:
    for cut in ("Bold", "Regular"):
        (font,) = [font for font in ALL_FONTS if font.stem == f"{family}-{cut}"]
        glyphs = TTFontFile(str(font)).charToGlyph
        assert all(glyphs.get(ord(letter)) for letter in OTHER_SCRIPTS[family])


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.stem)
def test_icon_is_a_drawing(icon: Path) -> None:
    drawing = ElementTree.parse(icon).getroot()
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert drawing.get("viewBox")
    assert len(drawing) > 0


def test_outline_icons_are_of_one_set_and_take_the_palette_colour() -> None:
    outline = [icon for icon in ICONS if icon.stem != "kcdesk"]
    assert len(outline) >= 50
    for icon in outline:
        drawing = ElementTree.parse(icon).getroot()
        assert (drawing.get("viewBox"), drawing.get("stroke")) == ("0 0 24 24", "currentColor"), icon.name


def test_every_icon_that_the_program_names_is_there() -> None:
    named = re.compile(r"""\b(?:set_icon\([^,()]+(?:\([^()]*\))?,\s*|icon\(|icon=)"([a-z0-9-]+)\"""")
    wanted = {name for source in SOURCES for name in named.findall(source.read_text(encoding="utf-8"))}
    assert wanted
    assert wanted <= {icon.stem for icon in ICONS}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("fonts/OFL-Tinos.txt", "SIL Open Font License"),
        ("fonts/OFL-NotoSans.txt", "SIL Open Font License"),
        ("fonts/OFL-NotoSansCham.txt", "SIL Open Font License"),
        ("fonts/OFL-NotoSerifKhmer.txt", "SIL Open Font License"),
        ("fonts/README.md", "OFL-NotoSans.txt"),
        ("fonts/README.md", "OFL-NotoSerifKhmer.txt"),
        ("icons/LICENSE", "ISC License"),
        ("icons/README.md", "Lucide"),
        ("catalogues/README.md", "## Licence"),
    ],
)
def test_licences_are_shipped(file: str, words: str) -> None:
    assert words in (paths.resources() / file).read_text(encoding="utf-8")
