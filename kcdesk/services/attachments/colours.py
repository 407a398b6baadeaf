"""The colours of pictures: a colour profile (ICC) is applied once, so that what is kept needs none.

Paper, workbook and window show the colours of sRGB. A profile that stays with a picture of another kind of colours
(CMYK or grey turned into RGB) would make every reader show wrong colours.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from PIL.ImageCms import ImageCmsProfile

_PROFILE = "icc_profile"
_MODES = {"RGB ": ("RGB", "RGBA"), "CMYK": ("CMYK",), "GRAY": ("L",), "Lab ": ("LAB",)}  # by the profile's colours
_MOST_BYTES = 4 << 20  # of a profile; printers' profiles have up to 2 MB


def in_srgb(image: Image.Image) -> Image.Image:
    """The picture in the colours of sRGB and without a profile; a profile that does not fit is ignored."""
    content = image.info.pop(_PROFILE, None)
    if not isinstance(content, bytes) or len(content) > _MOST_BYTES:
        return image
    if image.mode == "P":
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        image.info.pop(_PROFILE, None)
    return _converted(image, content) or image


def _converted(image: Image.Image, content: bytes) -> Image.Image | None:
    """The converted picture; None if the profile is damaged or describes other colours than the picture has."""
    from PIL import ImageCms  # 20 ms that only a picture with a profile costs

    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(content))
        if image.mode not in _MODES.get(profile.profile.xcolor_space, ()):
            return None
        target = "RGBA" if image.mode == "RGBA" else "RGB"
        shown = ImageCms.profileToProfile(image, profile, _srgb(), outputMode=target)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    if shown is not None:
        shown.info.pop(_PROFILE, None)
    return shown


@cache
def _srgb() -> ImageCmsProfile:
    from PIL import ImageCms  # see `_converted`

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
