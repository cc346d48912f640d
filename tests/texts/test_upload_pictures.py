"""Pictures keep what they show; everything else goes."""

import io
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageOps

from tests.texts import uploads
from tests.texts.uploads import HTML, office, picture, upload
from texts.uploads import MEDIA_TYPES, FileRefused, check_upload

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
# Red and blue changed places: what shows if a profile is dropped.
SWAPPED = SRGB.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
ON_ITS_SIDE = Image.Exif()
ON_ITS_SIDE[0x0112] = 6
ON_ITS_SIDE = ON_ITS_SIDE.tobytes()


def scene(mode="RGB", size=(64, 48)):
    """A picture that is different in every corner; its colours change slowly, as in a photo."""
    across = Image.linear_gradient("L").rotate(90).resize(size)
    down = Image.linear_gradient("L").resize(size)
    colours = Image.merge("RGB", (across, down, ImageChops.invert(across)))
    if mode == "I;16":
        grey = Image.new("I;16", size)
        grey.putdata([300 * x + y for y in range(size[1]) for x in range(size[0])])
        return grey
    if mode == "LA":
        return Image.merge("LA", (across, down))
    if mode == "RGBA":
        colours.putalpha(down)
        return colours
    if mode == "P":
        return colours.quantize(32)
    return colours.convert(mode)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def kept(name, content):
    file = check_upload(upload(name, content))
    return file, file.content.read()


def difference(one, other):
    """The largest difference of one channel, of 255."""
    bands = ImageChops.difference(one.convert("RGBA"), other.convert("RGBA")).getextrema()
    return max(high for _low, high in bands)


def animated(kind):
    frames = [scene(), ImageOps.mirror(scene())]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


# What comes back bit for bit: pixels are neither decoded nor coded again.
KEPT = {
    "grey of 16 bits": ("a.png", saved(scene("I;16"), "PNG")),
    "grey": ("a.png", saved(scene("L"), "PNG")),
    "black and white": ("a.png", saved(scene("1"), "PNG")),
    "grey with alpha": ("a.png", saved(scene("LA"), "PNG")),
    "colours with alpha": ("a.png", saved(scene("RGBA"), "PNG")),
    "palette": ("a.png", saved(scene("P"), "PNG")),
    "palette with a hole": ("a.png", saved(scene("P"), "PNG", transparency=3)),
    "photo": ("a.jpg", saved(scene(), "JPEG", quality=98, subsampling=0)),
    "grey photo": ("a.jpg", saved(scene("L"), "JPEG")),
    "progressive photo": ("a.jpg", saved(scene(), "JPEG", progressive=True)),
    "photo with restarts": ("a.jpg", saved(scene(), "JPEG", restart_marker_blocks=2)),
    "WebP": ("a.webp", saved(scene(), "WEBP")),
    "WebP without loss": ("a.webp", saved(scene("RGBA"), "WEBP", lossless=True)),
    "WebP with alpha": ("a.webp", saved(scene("RGBA"), "WEBP")),
    "moving WebP": ("a.webp", animated("WEBP")),
    "moving PNG": ("a.png", animated("PNG")),
}


@pytest.mark.parametrize("case", KEPT)
def test_picture_is_kept_bit_for_bit(case):
    name, content = KEPT[case]

    file, result = kept(name, content)

    assert result == content
    assert file.name == name


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_picture_with_the_usual_colours_loses_only_the_profile(kind):
    plain, with_profile = saved(scene(), kind), saved(scene(), kind, icc_profile=SRGB)

    _file, result = kept(f"a.{kind.lower()}", with_profile)

    assert len(with_profile) > len(plain)
    with Image.open(io.BytesIO(result)) as image, Image.open(io.BytesIO(plain)) as wanted:
        assert image.tobytes() == wanted.tobytes()
        assert "icc_profile" not in image.info


# Kind, mode, how it is saved, and how far a channel may be off after it was drawn anew.
DRAWN = {
    "PNG": ("PNG", "RGB", {}, 2),
    "PNG with alpha": ("PNG", "RGBA", {}, 2),
    "PNG with a palette": ("PNG", "P", {}, 2),
    "JPEG": ("JPEG", "RGB", {"quality": 95, "subsampling": 0}, 14),
    "WebP": ("WEBP", "RGB", {"lossless": True}, 40),
    "WebP with alpha": ("WEBP", "RGBA", {"lossless": True}, 40),
}


@pytest.mark.parametrize("case", DRAWN)
def test_picture_in_other_colours_is_brought_to_srgb(case):
    kind, mode, options, tolerance = DRAWN[case]
    source = scene(mode)
    bands = source.convert("RGBA").split()
    wanted = Image.merge("RGBA", (bands[2], bands[1], bands[0], bands[3]))

    _file, result = kept(f"a.{kind.lower()}", saved(source, kind, icc_profile=SWAPPED, **options))

    with Image.open(io.BytesIO(result)) as image:
        assert "icc_profile" not in image.info
        assert difference(image, wanted) <= tolerance


@pytest.mark.parametrize("case", DRAWN)
def test_picture_on_its_side_is_turned(case):
    kind, mode, options, tolerance = DRAWN[case]
    wanted = scene(mode).convert("RGBA").transpose(Image.Transpose.ROTATE_270)

    _file, result = kept(f"a.{kind.lower()}", saved(scene(mode), kind, exif=ON_ITS_SIDE, **options))

    with Image.open(io.BytesIO(result)) as image:
        assert "exif" not in image.info
        assert image.size == (48, 64)
        assert difference(image, wanted) <= tolerance


def test_grey_of_16_bits_keeps_its_depth_when_it_is_turned():
    source = scene("I;16")

    _file, result = kept("a.png", saved(source, "PNG", exif=ON_ITS_SIDE))

    with Image.open(io.BytesIO(result)) as image:
        turned = source.transpose(Image.Transpose.ROTATE_270)
        assert image.tobytes() == turned.tobytes()


def test_grey_of_16_bits_keeps_its_profile():
    content = saved(scene("I;16"), "PNG", icc_profile=SRGB)

    _file, result = kept("a.png", content)

    assert result == content


def test_picture_for_the_press_comes_in_the_colours_of_screens():
    content = saved(scene("CMYK"), "JPEG", quality=95, subsampling=0)

    _file, result = kept("a.jpg", content)

    with Image.open(io.BytesIO(result)) as image:
        assert image.mode == "RGB"
        assert difference(image, scene()) <= 14


def test_profile_that_is_none_is_dropped():
    content = saved(scene(), "JPEG")

    _file, result = kept("a.jpg", saved(scene(), "JPEG", icc_profile=b"no profile"))

    assert result == content


def test_notes_behind_the_pixels_turn_a_png_too():
    whole = saved(scene(), "PNG", exif=ON_ITS_SIDE)
    begin = whole.index(b"eXIf") - 4
    end = begin + 12 + len(ON_ITS_SIDE.removeprefix(b"Exif\0\0"))
    moved = whole[:begin] + whole[end:-12] + whole[begin:end] + whole[-12:]

    _file, result = kept("a.png", moved)

    with Image.open(io.BytesIO(result)) as image:
        assert image.size == (48, 64)


def test_preview_of_a_photo_goes():
    jfif = b"\xff\xe0\0\x13JFIF\0\x01\x01\0\0\x48\0\x48\x01\x01\xaa\xbb\xcc"
    plain = saved(scene(), "JPEG")

    _file, result = kept("a.jpg", plain[:2] + jfif + plain[20:])

    assert b"\xaa\xbb\xcc" not in result[:40]
    assert difference(Image.open(io.BytesIO(result)), Image.open(io.BytesIO(plain))) == 0


def test_comment_that_unpacks_to_200_mb_goes_unread():
    _file, result = kept("bombe.png", uploads.png_text_bomb())

    assert result == picture()


# HEIC


def heic(image, **notes):
    file = io.BytesIO()
    source = pillow_heif.from_pillow(image)
    # Written as phones do: the pixels as they lie, and how to turn them.
    source.info.update(notes)
    source.save(file, quality=95, chroma=444)
    return file.getvalue()


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "IMG_1.heif", "IMG_1.jpg"])
def test_photo_of_a_phone_becomes_a_jpeg(name):
    file, result = kept(name, heic(scene()))

    assert (file.name, file.media_type) == ("IMG_1.jpg", MEDIA_TYPES["jpg"])
    with Image.open(io.BytesIO(result)) as image:
        assert image.format == "JPEG"
        assert difference(image, scene()) <= 16


def test_photo_of_a_phone_is_turned_and_loses_its_place():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "CANARY"

    _file, result = kept("a.heic", heic(scene(), exif=exif.tobytes()))

    assert b"CANARY" not in result
    with Image.open(io.BytesIO(result)) as image:
        assert image.size == (48, 64)


def test_photo_of_a_phone_is_brought_to_srgb():
    red, green, blue = scene().split()
    image = scene()
    image.info["icc_profile"] = SWAPPED

    _file, result = kept("a.heic", heic(image))

    with Image.open(io.BytesIO(result)) as image:
        assert difference(image, Image.merge("RGB", (blue, green, red))) <= 24


def test_heic_with_a_hole_becomes_a_png():
    file, result = kept("a.heic", heic(scene("RGBA")))

    assert (file.name, file.media_type) == ("a.png", MEDIA_TYPES["png"])
    with Image.open(io.BytesIO(result)) as image:
        assert image.mode == "RGBA"


@pytest.mark.parametrize("content", [heic(scene())[:400], heic(scene())[:40] + b"\xff" * 900])
def test_damaged_heic_is_refused(content):
    with pytest.raises(FileRefused, match="beschädigt"):
        check_upload(upload("a.heic", content))


# Names and contents


@pytest.mark.parametrize(
    ("name", "kind", "clean"),
    [
        ("bild.jpg", "PNG", "bild.png"),
        ("bild.webp", "JPEG", "bild.jpg"),
        ("Bild.PNG", "WEBP", "Bild.webp"),
        ("FOTO.JPEG", "JPEG", "FOTO.JPEG"),
        ("foto.jfif", "JPEG", "foto.jfif"),
        ("foto", "JPEG", "foto.jpg"),
    ],
)
def test_picture_is_what_it_is_whatever_its_name_says(name, kind, clean):
    content = saved(scene(), kind)

    file, result = kept(name, content)

    assert (file.name, file.media_type) == (clean, Image.MIME[kind])
    assert result == content


@given(st.sampled_from(sorted(KEPT)), st.integers(0, 4_000), st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_picture_with_one_wrong_byte_is_refused_or_a_picture(case, position, value):
    name, content = KEPT[case]
    broken = bytearray(content)
    broken[position % len(content)] = value

    try:
        _file, result = kept(name, bytes(broken))
    except FileRefused:
        return

    # What passed once passes again as it is.
    assert kept(name, result)[1] == result


def test_photo_loses_place_and_keeps_its_position():
    file = check_upload(upload("flipchart.jpg", uploads.photo_with_place()))

    content = file.content.read()
    assert b"CANARY" not in content
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (20, 40)
        assert dict(image.getexif()) == {}


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.webp", "WEBP")]
)
def test_picture_with_something_behind_it_is_only_a_picture(name, kind):
    polyglot = picture(kind) + HTML + office()

    file = check_upload(upload(name, polyglot))

    content = file.content.read()
    assert b"<script>" not in content
    assert not zipfile.is_zipfile(io.BytesIO(content))


def test_transparent_picture_stays_transparent():
    source = io.BytesIO()
    Image.new("RGBA", (2, 2), (0, 0, 0, 0)).save(source, "PNG")

    file = check_upload(upload("logo.png", source.getvalue()))

    with Image.open(file.content) as image:
        assert image.getpixel((0, 0))[3] == 0


def test_grey_picture_stays_grey_and_transparent():
    plain, with_hole = io.BytesIO(), io.BytesIO()
    Image.new("L", (2, 2), 7).save(plain, "PNG")
    Image.new("L", (2, 2), 7).save(with_hole, "PNG", transparency=7)

    grey = check_upload(upload("grau.png", plain.getvalue()))
    see_through = check_upload(upload("loch.png", with_hole.getvalue()))

    with Image.open(grey.content) as image:
        assert image.mode == "L"
    with Image.open(see_through.content) as image:
        assert image.convert("RGBA").getpixel((0, 0))[3] == 0


# Runs alone, so that nothing freed before is used again.
MEASURE = """
import sys
from pathlib import Path
import django
from django.core.files.uploadedfile import TemporaryUploadedFile
django.setup()
from PIL import Image
from texts.uploads import check_upload

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024

Image.init()
upload = TemporaryUploadedFile(Path(sys.argv[1]).name, "", Path(sys.argv[1]).stat().st_size, None)
upload.write(Path(sys.argv[1]).read_bytes())
before = peak()
check_upload(upload)
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "mode", "size", "options", "limit"),
    [
        ("png", "RGB", (6_250, 4_000), {}, 150),
        ("png", "RGBA", (6_250, 4_000), {}, 150),
        ("png", "L", (10_000, 10_000), {}, 150),
        ("jpg", "RGB", (8_165, 6_124), {}, 120),
        ("jpg", "RGB", (8_165, 6_124), {"exif": ON_ITS_SIDE, "icc_profile": SWAPPED}, 120),
        ("jpg", "RGB", (6_250, 4_000), {"exif": ON_ITS_SIDE}, 220),
        ("jpg", "RGB", (6_250, 4_000), {"progressive": True}, 150),
        ("webp", "RGB", (4_032, 3_024), {}, 205),
        ("webp", "RGB", (4_032, 3_024), {"exif": ON_ITS_SIDE}, 250),
        ("heic", "RGB", (5_712, 4_284), {}, 220),
    ],
)
def test_the_largest_picture_takes_little_memory(tmp_path, name, mode, size, options, limit):
    path = tmp_path / f"gross.{name}"
    image = Image.new(mode, size, "#00507d" if mode != "L" else 100)
    if name == "heic":
        pillow_heif.from_pillow(image).save(path)
    else:
        image.save(path, **options)

    answer = subprocess.run(
        [sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True
    )

    assert int(answer.stdout) < limit


def test_photo_of_50_megapixels_becomes_one_of_12():
    content = saved(Image.new("RGB", (8_165, 6_124), "#00507d"), "JPEG")

    _file, result = kept("gross.jpg", content)

    with Image.open(io.BytesIO(result)) as image:
        assert image.size == (4_083, 3_062)
        assert difference(image, Image.new("RGB", image.size, "#00507d")) <= 3


@pytest.mark.slow
def test_pictures_are_looked_at_one_at_a_time(monkeypatch):
    running, most = [], []
    load = Image.Image.load

    def slow_load(*arguments, **options):
        running.append(1)
        most.append(len(running))
        # Gives every other thread the chance to come in.
        entered.wait(0.2)
        running.pop()
        return load(*arguments, **options)

    entered = Event()
    content = picture("PNG")
    monkeypatch.setattr(Image.Image, "load", slow_load)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: check_upload(upload("a.png", content)), range(4)))

    assert len(most) >= 4
    assert set(most) == {1}
