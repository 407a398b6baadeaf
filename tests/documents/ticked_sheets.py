"""Hand-ticked sheets as telephones and scanners see them: the real PDF, ticks of a pen, and their bad pictures."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from itertools import product
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter
from pypdfium2 import PdfDocument

DPI = 220
MM = DPI / 25.4
DESK = 74  # grey level of what the sheet lies on
INKS = ((20, 20, 25), (25, 40, 140), (20, 30, 90))  # ball pens


def rendered(pdf: bytes) -> list[Image.Image]:
    """The pages of a PDF."""
    with PdfDocument(pdf) as opened:
        return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in opened]


def tick(page: Image.Image, place: Any, style: str, chance: random.Random, *, into: Any = None) -> None:
    """Tick the box at a place by hand: a cross, a hook, a filled box, a faint hook of a pencil, a struck-out box.

    "faintest" is a mark that hardly anybody would see; "long" a hook that ends in the box at the place `into`.
    """
    side = place.width * MM
    x = place.left * MM + chance.gauss(0, 0.05) * side
    y = place.top * MM + chance.gauss(0, 0.05) * side
    pen = chance.choice(INKS)
    width = chance.uniform(0.35, 0.7) * MM
    if style == "faint":
        pen, width = (125, 125, 130), 0.45 * MM
    elif style == "faintest":
        grey = chance.randint(110, 190)
        pen, width = (grey, grey, grey + 5), chance.uniform(0.25, 0.6) * MM
    for line in _strokes(style, chance):
        points = [(x + side * u, y + side * v) for u, v in line]
        if style == "long":
            points[-1] = tuple((at + chance.uniform(0.1, 0.9) * place.width) * MM for at in (into.left, into.top))
        draw(page, points, pen, width)


def _strokes(style: str, chance: random.Random) -> list[list[tuple[float, float]]]:
    def near(u: float, v: float) -> tuple[float, float]:
        return u + chance.gauss(0, 0.07), v + chance.gauss(0, 0.07)

    if style == "faintest":
        style = chance.choice(["cross", "hook", "dash", "short"])
    if style == "cross":
        return [[near(0.1, 0.1), near(0.9, 0.9)], [near(0.9, 0.1), near(0.1, 0.9)]]
    if style == "dash":
        return [[near(0.1, 0.5), near(0.9, 0.5)]]
    if style == "short":
        return [[near(0.3, 0.5), near(0.45, 0.7), near(0.75, 0.3)]]
    if style in ("hook", "faint", "long"):
        return [[near(0.1, 0.5), near(0.4, 0.9), near(1.1, -0.15)]]
    lines = 9
    return [
        [near(0.08, (row + 0.5) / lines), near(0.92, (row + 0.5) / lines)] for row in range(lines)
    ]  # filled or struck out


def draw(page: Image.Image, points: list[tuple[float, float]], pen: tuple[int, int, int], width: float) -> None:
    left, top = (int(min(values) - 2 * width) for values in zip(*points, strict=True))
    right, low = (int(max(values) + 2 * width) + 1 for values in zip(*points, strict=True))
    fine = 3
    mask = Image.new("L", ((right - left) * fine, (low - top) * fine), 0)
    moved = [((x - left) * fine, (y - top) * fine) for x, y in points]
    ImageDraw.Draw(mask).line(moved, 255, round(width * fine), joint="curve")
    page.paste(pen, (left, top), mask.resize((right - left, low - top), Image.Resampling.BOX))


def photographed(page: Image.Image, chance: random.Random, **how: float) -> Image.Image:
    """The page as a telephone sees it: on a desk, turned, from the side, bent, in uneven light, blurred, with noise.

    It is grey, because the program looks at the grey levels only; the file is one of colours.
    """
    desk = Image.new("L", (round(page.width * 1.25), round(page.height * 1.2)), DESK)
    page = _bent(page.convert("L"), how.get("bend", 0.0) * MM)
    desk.paste(page, ((desk.width - page.width) // 2, (desk.height - page.height) // 2))
    seen = _from_the_side(desk, chance, how.get("perspective", 0.0))
    seen = seen.rotate(how.get("turn", 0.0), Image.Resampling.BICUBIC, expand=True, fillcolor=DESK)
    seen = _lit(seen, how.get("light", 0.0), how.get("dark", 1.0), chance)
    if blur := how.get("blur", 0.0):
        seen = seen.filter(ImageFilter.GaussianBlur(blur * MM))
    if noise := how.get("noise", 0.0):
        seen = ImageChops.add(seen, _grain(seen.size, noise), 1, -128)
    return _as_jpeg(seen, round(how.get("quality", 85)))


def _from_the_side(picture: Image.Image, chance: random.Random, much: float) -> Image.Image:
    if not much:
        return picture
    width, height = picture.size
    moved = [(much * width * chance.random() * 0.5, much * height * chance.random() * 0.5) for _ in range(4)]
    (a, b), (c, d), (e, f), (g, h) = moved
    quad = (-a, -b, -c, height + d, width + e, height + f, width + g, -h)
    return picture.transform(picture.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC, fillcolor=DESK)


def _bent(page: Image.Image, much: float) -> Image.Image:
    """The page with its middle lifted: lines of text are curved, by `much` pixels."""
    if not much:
        return page
    width, height = page.size
    parts = 24
    mesh = []
    for at in range(parts):
        left, right = at * width // parts, (at + 1) * width // parts
        low = [much * math.sin(math.pi * x / width) for x in (left, right)]
        quad = (left, low[0], left, height + low[0], right, height + low[1], right, low[1])
        mesh.append(((left, 0, right, height), quad))
    return page.transform(page.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC, fillcolor=255)


def _lit(picture: Image.Image, uneven: float, light: float, chance: random.Random) -> Image.Image:
    if not uneven and light == 1.0:
        return picture
    gradient = Image.linear_gradient("L").resize((64, 64)).rotate(chance.choice([0, 90, 180, 270]))
    if uneven > 0.5:  # the shadow of a hand
        shadow = Image.new("L", (64, 64), 255)
        ImageDraw.Draw(shadow).ellipse((10, 20, 50, 60), fill=150)
        gradient = ImageChops.multiply(gradient.point(lambda level: 120 + level // 2), shadow)
    gradient = gradient.point(lambda level: round(255 * light * (1 - uneven * (1 - level / 255))))
    return ImageChops.multiply(picture, gradient.resize(picture.size, Image.Resampling.BICUBIC))


@cache
def _grain(size: tuple[int, int], noise: float) -> Image.Image:
    """Noise of a size, repeated from a small piece: each of its pixels takes many times as long as one of a copy."""
    piece, grain = Image.effect_noise((256, 256), noise), Image.new("L", size)
    for corner in product(range(0, size[0], piece.width), range(0, size[1], piece.height)):
        grain.paste(piece, corner)
    return grain


def _as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    return Image.open(BytesIO(jpeg(picture, quality)))


def jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    """The bytes of a JPEG file."""
    buffer = BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


HOW: Mapping[str, Mapping[str, float]] = {
    "flat": {},
    "turned": {"turn": 7, "quality": 70},
    "upside down": {"turn": 181, "noise": 8},
    "on its side": {"turn": 91, "blur": 0.1},
    "from the side": {"perspective": 0.12, "noise": 8},
    "bent": {"bend": 3.0, "perspective": 0.05},
    "dark": {"dark": 0.4, "noise": 12},
    "phone": {"perspective": 0.08, "light": 0.5, "noise": 10, "blur": 0.12, "turn": -4, "quality": 60},
    "shadow": {"light": 0.6, "perspective": 0.04, "bend": 1.5, "noise": 8},
    "blurred": {"blur": 0.2, "quality": 60},
}
