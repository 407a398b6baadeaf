"""Photos: what is kept of them, what is refused, and where they are seen again."""

import contextlib
import random
import shutil
import sys
import zlib
from io import BytesIO
from itertools import product

import pytest
from PIL import Image, ImageCms, ImageDraw
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from kcdesk.errors import UserError
from kcdesk.services.attachments import photos, shrinking
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing
from tests.examples import one_of

FIELD = "photos"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """An empty practice store, copied for each test."""
    folder = tmp_path_factory.mktemp("template") / "store"
    answers = opening.NewStore(
        unit="Trung tâm mẫu", code="TTKC-MAU", level="lower", province="Lạng Sơn", officer="Mẫu", practice=True
    )
    opening.create(folder, answers)
    return folder


@pytest.fixture
def workspace(template, tmp_path):
    workspace = opening.open_workspace(shutil.copytree(template, tmp_path / "store"))
    yield workspace
    workspace.close()


@pytest.fixture
def dossier(workspace):
    """The id of an acceptance in the making."""
    return acceptance(workspace, "Xưởng mẫu")


def acceptance(workspace, site):
    proposal = changing.add(workspace, "proposal", {"title": "Đề án mẫu"}).items[0].id
    return changing.add(workspace, "acceptance", {"proposal": proposal, "site": site}).items[0].id


def scene(seed, size=(640, 480)):
    """A picture with things in it, unlike that of any other seed."""
    chance = random.Random(seed)
    picture = Image.new("RGB", size, "grey")
    draw = ImageDraw.Draw(picture)
    for _ in range(40):
        corners = sorted(chance.randrange(size[0]) for _ in "xx"), sorted(chance.randrange(size[1]) for _ in "yy")
        colour = tuple(chance.randrange(256) for _ in "rgb")
        draw.rectangle((corners[0][0], corners[1][0], corners[0][1], corners[1][1]), fill=colour)
    return picture


def content(picture, kind="JPEG", **options):
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def save(folder, name, data):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def exif(orientation=1, at="2026:03:05 08:30:15", latitude=(21, 51, 13.35), longitude=(106, 45, 40.5), east="E"):
    noted = Image.Exif()
    noted[Base.Orientation] = orientation
    noted[Base.Make] = "Hãng máy ảnh"
    noted.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = at
    noted.get_ifd(IFD.GPSInfo).update(
        {GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: latitude, GPS.GPSLongitudeRef: east, GPS.GPSLongitude: longitude}
    )
    return noted


def take(workspace, dossier, *sources):
    return photos.add_photos(workspace, dossier, FIELD, sources, lambda *_: None)


def kept(workspace, dossier):
    return workspace.store.record(dossier).value(FIELD) or []


def stored(workspace, file):
    return Image.open(BytesIO(workspace.store.files.read(file["sha256"])))


# -- what is kept ------------------------------------------------------------------------------------------------


def test_a_photo_is_shrunk_and_its_facts_stand_beside_it(workspace, dossier, tmp_path):
    original = content(scene(1, (2400, 1800)), exif=exif(), comment=b"bi mat")
    intake = take(workspace, dossier, save(tmp_path, "DSC 01.JPG", original))

    (file,) = kept(workspace, dossier)
    picture = stored(workspace, file)
    assert picture.size == (1600, 1200)
    assert picture.format == "JPEG"
    assert dict(picture.getexif()) == {}
    assert b"bi mat" not in workspace.store.files.read(file["sha256"])
    assert (file["name"], file["original_name"], file["mime"]) == ("DSC 01.jpg", "DSC 01.JPG", "image/jpeg")
    assert (file["taken_at"], file["latitude"], file["longitude"]) == ("2026-03-05T08:30:15", "21.853708", "106.761250")
    assert file["original_sha256"] == shrinking.shrink(original).original_sha256 != file["sha256"]
    assert (file["caption"], file["order"]) == ("", 1)
    assert intake.added == 1
    assert intake.changes.items[0].id == dossier
    assert (intake.refused, intake.duplicates) == ((), ())
    assert workspace.store.record(dossier).problems() == []


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation):
    upright = Image.new("RGB", (400, 200), "white")
    upright.paste("red", (0, 0, 100, 100))  # top left
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    as_taken = upright.transpose(turns[orientation]) if orientation > 1 else upright
    picture = Image.open(BytesIO(shrinking.shrink(content(as_taken, exif=exif(orientation))).jpeg))
    assert picture.size == (400, 200)
    red, green, _ = picture.getpixel((50, 50))
    assert red > 200 > 100 > green
    assert min(picture.getpixel((350, 150))) > 200


def test_a_small_picture_is_not_blown_up():
    assert Image.open(BytesIO(shrinking.shrink(content(scene(1))).jpeg)).size == (640, 480)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "BMP", "GIF", "TIFF"])
def test_other_formats_become_jpeg(kind):
    picture = Image.open(BytesIO(shrinking.shrink(content(scene(2, (1800, 900)), kind)).jpeg))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (1600, 800), "RGB")


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "PA", "RGBA", "CMYK", "I;16", "YCbCr", "LAB"])
def test_every_kind_of_colour_is_taken(mode):
    plain = scene(3, (320, 240)).convert("L")
    kind = "PNG" if mode in ("1", "L", "P", "LA", "RGBA", "I;16") else "TIFF"
    picture = Image.open(BytesIO(shrinking.shrink(content(_converted(plain, mode), kind)).jpeg)).convert("L")
    assert abs(_mean(picture) - _mean(plain)) < 12


def _converted(plain, mode):
    if mode == "I;16":
        return plain.convert("I").point(lambda level: level * 256).convert(mode)
    return (plain.convert("P") if mode == "PA" else plain.convert("RGB")).convert(mode)


def _mean(picture):
    levels = picture.tobytes()
    return sum(levels) / len(levels)


@pytest.mark.parametrize(
    ("mode", "space"),
    one_of(3, list(product(["RGB", "RGBA", "P", "L", "CMYK"], [b"RGB ", b"CMYK", b"GRAY", b"????", b""]))),
)
def test_no_picture_keeps_a_profile_of_other_colours(mode, space):
    """A profile is applied once or ignored: what is kept is sRGB and needs none."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[16 : 16 + len(space)] = space
    kind = "PNG" if mode in ("RGBA", "P") else "JPEG"
    red = Image.new("RGB", (80, 60), (200, 30, 30)).convert(mode, palette=Image.Palette.ADAPTIVE)
    given = content(red, kind, icc_profile=bytes(profile[:2000]))

    kept = Image.open(BytesIO(shrinking.shrink(given).jpeg))

    assert (kept.mode, kept.info.get("icc_profile")) == ("RGB", None)
    plain = Image.open(BytesIO(shrinking.shrink(content(Image.open(BytesIO(given)).convert("RGB"))).jpeg))
    assert all(abs(a - b) <= 6 for a, b in zip(kept.getpixel((40, 30)), plain.getpixel((40, 30)), strict=True))


def test_the_colours_of_a_profile_are_those_on_paper():
    """A wide profile (here: red and green exchanged, which none could mistake) is applied, not dropped."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    given = content(Image.new("RGB", (80, 60), (250, 10, 10)), icc_profile=bytes(profile))

    red, green, _ = Image.open(BytesIO(shrinking.shrink(given).jpeg)).getpixel((40, 30))

    assert green > 200 > 100 > red


def test_what_is_transparent_becomes_white():
    cut_out = Image.new("RGBA", (200, 100), (255, 0, 0, 0))
    assert Image.open(BytesIO(shrinking.shrink(content(cut_out, "PNG")).jpeg)).getpixel((100, 50)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("noted", "facts"),
    [
        (exif(at="0000:00:00 00:00:00"), {"latitude", "longitude"}),
        (exif(latitude=(IFDRational(0, 0), 0, 0)), {"taken_at"}),
        (exif(latitude=(91, 0, 0)), {"taken_at"}),
        (exif(latitude=(21,)), {"taken_at"}),
        (b"Exif\0\0not at all", set()),
        (b"", set()),
    ],
)
def test_facts_that_cannot_be_read_are_left_out(noted, facts):
    picture = shrinking.shrink(content(scene(1), exif=noted))
    assert {name for name in ("taken_at", "latitude", "longitude") if getattr(picture, name)} == facts


def test_south_and_west_are_negative():
    assert shrinking.shrink(content(scene(1), exif=exif(east="W"))).longitude == "-106.761250"


def test_folders_are_searched_in_order_of_names(workspace, dossier, tmp_path):
    for number, name in enumerate(("b.jpg", "a.JPEG", "sub/c.png", ".hidden.jpg", "._a.jpg", "notes.txt")):
        save(tmp_path / "card", name, content(scene(number, (320, 240)), "PNG" if name.endswith("png") else "JPEG"))
    intake = take(workspace, dossier, tmp_path / "card")
    assert [file["original_name"] for file in kept(workspace, dossier)] == ["a.JPEG", "b.jpg", "c.png"]
    assert [file["order"] for file in kept(workspace, dossier)] == [1, 2, 3]
    assert not intake.refused


def test_what_the_clipboard_holds_is_taken_and_numbered_on(workspace, dossier):
    take(workspace, dossier, content(scene(1), "PNG"))
    take(workspace, dossier, content(scene(2), "PNG"), content(scene(3), "PNG"))
    assert [(file["name"], file["order"]) for file in kept(workspace, dossier)] == [
        ("Ảnh dán 1.jpg", 1), ("Ảnh dán 1.jpg", 2), ("Ảnh dán 2.jpg", 3),
    ]  # fmt: skip


def test_one_undo_takes_the_whole_batch_back(workspace, dossier):
    take(workspace, dossier, *(content(scene(seed)) for seed in range(3)))
    assert changing.undo_label(workspace) == f"Thêm {len(kept(workspace, dossier))} ảnh"
    changing.undo(workspace)
    assert kept(workspace, dossier) == []


# -- what is refused ---------------------------------------------------------------------------------------------


def _png_head(width, height):
    """The beginning of a PNG that claims a size."""
    data = bytearray(content(Image.new("L", (1, 1)), "PNG"))
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.jpg", b"", "không phải là ảnh"),
        ("a.jpg", b"\xff\xd8\xff\xe0 but then nothing", "không phải là ảnh"),
        ("a.jpg", b"%PDF-1.7 a paper", "không phải là ảnh"),
        ("half.jpg", content(scene(1))[:8_000], "đã hỏng"),
        ("half.png", content(scene(1), "PNG")[:2_000], "đã hỏng"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        ("100mp.png", _png_head(10_000, 10_000), "triệu điểm ảnh"),
        ("bomb.png", _png_head(60_000, 60_000), "triệu điểm ảnh"),
        ("50mp.png", _png_head(8_000, 6_250), "triệu điểm ảnh"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(workspace, dossier, tmp_path, name, data, words):
    good = save(tmp_path, "good.jpg", content(scene(1)))
    intake = take(workspace, dossier, save(tmp_path, name, data), good)
    ((refused, sentence),) = intake.refused
    assert (refused, intake.added) == (name, 1)
    assert words in sentence
    assert sentence.endswith(".")


def test_a_progressive_jpeg_needs_memory_for_all_of_its_pixels():
    large = Image.new("L", (7_000, 5_000))
    with pytest.raises(UserError, match="bộ nhớ"):
        shrinking.shrink(content(large, progressive=True))


def test_a_jpeg_of_a_hundred_megapixels_is_taken():
    picture = shrinking.shrink(content(Image.new("L", (11_600, 8_700), 90)))
    assert Image.open(BytesIO(picture.jpeg)).size == (1600, 1200)
    assert picture.look == ""  # it shows nothing


def test_missing_files_and_empty_folders_are_named(workspace, dossier, tmp_path):
    (tmp_path / "empty").mkdir()
    intake = take(workspace, dossier, tmp_path / "gone.jpg", tmp_path / "empty")
    assert [name for name, _ in intake.refused] == ["gone.jpg", "empty"]
    assert [sentence.partition(".")[0] for _, sentence in intake.refused] == [
        "Không tìm thấy tệp", "Thư mục không có ảnh nào",
    ]  # fmt: skip
    assert not intake.changes.items


def test_the_same_photo_twice_in_one_dossier_is_refused(workspace, dossier, tmp_path):
    path = save(tmp_path, "a.jpg", content(scene(1)))
    assert take(workspace, dossier, path, path).added == 1
    (file,) = kept(workspace, dossier)
    again = take(workspace, dossier, path, workspace.store.files.read(file["sha256"]))
    assert again.added == 0
    assert {sentence for _, sentence in again.refused} == {"Ảnh này đã có trong hồ sơ."}


def test_a_closed_dossier_takes_none(workspace, dossier, tmp_path):
    with workspace.store.act("Chốt") as act:
        act.update(dossier, {"state": "final"})
    with pytest.raises(UserError) as caught:
        photos.prepare_photos(workspace, dossier, FIELD, [tmp_path])
    assert (caught.value.code, caught.value.field) == ("locked", FIELD)


# -- bad luck ----------------------------------------------------------------------------------------------------


class _Stopped(Exception):  # noqa: N818 - as in the window's worker
    """What the worker raises when the officer stops it."""


def test_stopping_leaves_the_dossier_as_it_was(workspace, dossier):
    seen = []

    def progress(done, total):
        seen.append((done, total))
        if done == 2:
            raise _Stopped

    with pytest.raises(_Stopped):
        photos.add_photos(workspace, dossier, FIELD, [content(scene(seed)) for seed in range(4)], progress)
    assert seen == [(0, 4), (1, 4), (2, 4)]
    assert kept(workspace, dossier) == []


@contextlib.contextmanager
def full_beyond(size):
    """No file of this process can grow beyond `size` bytes: the nearest to a disk that fills up."""
    import resource

    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_keeps_what_went_in_and_lists_the_rest(workspace, dossier):
    # Noise cannot be shrunk much: five such photos are larger than the store itself, whose file is limited too.
    sources = [content(Image.effect_noise((1000, 750), 60)) for _ in range(14)]
    one = len(shrinking.shrink(sources[0]).jpeg)
    with full_beyond(5 * one):
        intake = take(workspace, dossier, *sources)
    assert 0 < intake.added < 14
    assert [name for name, _ in intake.refused] == [f"Ảnh dán {number}" for number in range(intake.added + 1, 15)]
    assert all("ổ đĩa" in sentence.lower() for _, sentence in intake.refused)
    assert len(kept(workspace, dossier)) == intake.added
    for file in kept(workspace, dossier):
        stored(workspace, file).load()

    again = take(workspace, dossier, *sources)
    assert again.added == 14 - intake.added
    assert workspace.store.check() == []


def test_the_long_part_runs_in_another_thread(workspace, dossier):
    from concurrent.futures import ThreadPoolExecutor

    run = photos.prepare_photos(workspace, dossier, FIELD, [content(scene(1))])
    with ThreadPoolExecutor(1) as pool:
        batch = pool.submit(run, lambda *_: None).result()
    assert photos.finish(workspace, dossier, FIELD, batch).added == 1
    stored(workspace, kept(workspace, dossier)[0]).load()


# -- the same photo elsewhere ------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(workspace):
    """Another dossier with one photo, and the photo."""
    other = acceptance(workspace, "Xưởng khác")
    take(workspace, other, content(scene(7)), content(scene(8)))
    return other


@pytest.mark.parametrize(
    "again",
    [
        lambda picture: content(picture),
        lambda picture: content(picture, quality=30),
        lambda picture: content(picture.resize((200, 150))),
        lambda picture: content(picture.transpose(Image.Transpose.ROTATE_90), exif=exif(6)),
        lambda picture: content(picture, "PNG"),
        lambda picture: content(picture.point(lambda level: min(255, round(level * 1.1)))),
    ],
    ids=["same", "compressed", "scaled", "turned", "other format", "brighter"],
)
def test_a_photo_of_another_dossier_raises_a_flag(workspace, dossier, elsewhere, again):
    intake = take(workspace, dossier, content(scene(9)), again(scene(7)))
    assert intake.added == 2
    assert intake.duplicates == (("Ảnh dán 2", "Xưởng khác", elsewhere),)
    assert photos.duplicates(workspace, dossier, FIELD) == list(intake.duplicates)
    assert [double.id for double in photos.duplicates(workspace, elsewhere, FIELD)] == [dossier]


def test_other_photos_and_deleted_dossiers_raise_none(workspace, dossier, elsewhere):
    assert take(workspace, dossier, *(content(scene(seed)) for seed in range(20, 40))).duplicates == ()
    take(workspace, dossier, content(scene(7)))
    changing.delete(workspace, elsewhere)
    assert photos.duplicates(workspace, dossier, FIELD) == []


def test_pictures_that_show_nothing_are_not_alike(workspace, dossier, elsewhere):
    take(workspace, elsewhere, content(Image.new("RGB", (300, 200), "white")))
    assert take(workspace, dossier, content(Image.new("RGB", (320, 240), "black"))).duplicates == ()


def test_a_photo_attached_as_a_plain_file_is_seen_too(workspace, dossier, tmp_path):
    other = acceptance(workspace, "Xưởng khác")
    path = save(tmp_path, "a.jpg", content(scene(1)))
    changing.attach(workspace, other, FIELD, [path])
    assert [duplicate.id for duplicate in take(workspace, dossier, path).duplicates] == [other]
