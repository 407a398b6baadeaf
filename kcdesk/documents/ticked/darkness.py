"""How dark a picture of paper is at each place, whatever the light: 0 for the paper around, 255 for black."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter, ImageMath

_GRAIN = 8  # pixels of which the mean is taken before the lightest is looked for, so that noise is not taken for paper
_DARKEST_PAPER = 24  # grey level; what is darker everywhere around is no paper


def darkness(picture: Image.Image, reach: float) -> Image.Image:
    """The darkness of each pixel compared with the paper within `reach` pixels around it."""
    paper = _paper(picture, reach)
    dark: Image.Image = ImageMath.lambda_eval(
        lambda values: values["convert"](
            (values["paper"] - values["picture"]) * 255 / values["max"](values["paper"], _DARKEST_PAPER), "L"
        ),
        paper=ImageChops.lighter(paper, picture),
        picture=picture,
    )
    return dark


def _paper(picture: Image.Image, reach: float) -> Image.Image:
    """The light of the paper at each pixel: the lightest around, without steps."""
    coarse = picture.reduce(_GRAIN)
    width = 2 * max(round(reach / _GRAIN), 1) + 1
    lightest = coarse.filter(ImageFilter.MaxFilter(width)).filter(ImageFilter.BoxBlur(width // 2))
    return lightest.resize(picture.size, Image.Resampling.BILINEAR)
