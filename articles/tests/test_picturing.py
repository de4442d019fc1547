"""Pictures that editors hand in, and files that only say they are pictures."""

import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pixels

from articles.models import Image
from articles.picturing import LARGEST_FILE, CannotUsePicture, add_picture

pytestmark = pytest.mark.django_db
CAMERA = "A camera of Asa's"
ORIENTATION, MAKE = 0x0112, 0x010F


def picture(size=(40, 20), mode="RGB", kind="PNG", color="teal", **options):
    target = io.BytesIO()
    Pixels.new(mode, size, color).save(target, kind, **options)
    return target.getvalue()


def upload(content, name="cell.png"):
    return SimpleUploadedFile(name, content)


def add(content, title="Cells", **options):
    fields = {"title": title, "credit": "A. Nurse", **options}
    return add_picture(upload(content), **fields)


def pixels(image):
    return Pixels.open(io.BytesIO(image.read()))


def bomb(side):
    """A PNG of a few bytes that says it is `side` pixels wide and high."""

    def chunk(kind, content):
        body = kind + content
        return (
            struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
        )

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")  # fmt: skip


class TestAPicture:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    def test_is_kept_as_webp_with_its_size(self, kind):
        image = add(picture(kind=kind))
        assert (image.width, image.height) == (40, 20)
        assert pixels(image).format == "WEBP"
        assert pixels(image).size == (40, 20)

    def test_is_named_after_its_content(self):
        image = add(picture())
        assert image.file_name == f"images/{image.sha256}.webp"
        assert default_storage.exists(image.file_name)

    @pytest.mark.parametrize(
        ("mode", "kept"), [("RGBA", "RGBA"), ("L", "RGB"), ("P", "RGB"), ("LA", "RGBA")]
    )
    def test_may_have_any_colours(self, mode, kept):
        assert pixels(add(picture(mode=mode, color=0))).mode == kept

    def test_may_come_from_print(self):
        assert pixels(add(picture(mode="CMYK", kind="JPEG", color=0))).mode == "RGB"

    def test_that_is_too_wide_is_made_smaller(self):
        image = add(picture(size=(3200, 1000)))
        assert (image.width, image.height) == (1600, 500)

    def test_is_kept_once_under_its_first_title(self):
        first = add(picture(), title="First")
        assert add(picture(), title="Second") == first
        assert Image.objects.get().title == "First"

    def test_whose_file_was_lost_is_stored_again(self):
        image = add(picture())
        default_storage.delete(image.file_name)
        assert add(picture()).read()


class TestWhatIsHiddenInAPicture:
    def hiding(self, kind="JPEG"):
        exif = Pixels.Exif()
        exif[MAKE], exif[ORIENTATION] = CAMERA, 6
        return picture(kind=kind, exif=exif)

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    def test_is_left_out(self, kind):
        hiding = self.hiding(kind)
        assert CAMERA.encode() in hiding
        image = add(hiding)
        assert CAMERA.encode() not in image.read()
        assert not pixels(image).getexif()

    def test_turns_the_picture_upright_before_it_goes(self):
        image = add(self.hiding())
        assert (image.width, image.height) == (20, 40)

    @pytest.mark.parametrize(
        ("kind", "options"),
        [
            ("JPEG", {"comment": CAMERA.encode()}),
            ("JPEG", {"xmp": CAMERA.encode()}),
            ("WEBP", {"xmp": CAMERA.encode()}),
            ("PNG", {"icc_profile": CAMERA.encode()}),
        ],
    )
    def test_is_left_out_wherever_it_stands(self, kind, options):
        image = add(picture(kind=kind, **options))
        assert CAMERA.encode() not in image.read()


class TestAFile:
    def refuses(self, content, match, name="cell.png"):
        with pytest.raises(CannotUsePicture, match=match):
            add_picture(upload(content, name), title="Cells", credit="")
        assert not Image.objects.exists()

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"not a picture",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            b"%PDF-1.4",
            b"GIF89a<script>alert(1)</script>",
            b"\x00" * 1000,
        ],
    )
    def test_that_is_no_picture_is_refused(self, content):
        self.refuses(content, "not a picture we can read")

    def test_of_another_kind_is_refused(self):
        self.refuses(picture(kind="GIF"), "not a picture we can read")

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    def test_that_ends_too_early_is_refused(self, kind):
        whole = picture(size=(400, 400), kind=kind)
        self.refuses(whole[: len(whole) // 2], "not a picture we can read")

    def test_with_too_many_pixels_is_refused(self):
        self.refuses(bomb(7_000), "too many pixels")

    @pytest.mark.parametrize("side", [12_000, 20_000])
    def test_that_unpacks_to_a_huge_picture_is_refused(self, side, within_a_second):
        with within_a_second():
            self.refuses(bomb(side), "not a picture we can read")

    def test_that_is_too_large_is_refused_unread(self):
        self.refuses(b"\0" * (LARGEST_FILE + 1), "larger than 10 MB")

    def test_without_a_size_is_refused(self):
        file = upload(picture())
        file.size = None
        with pytest.raises(CannotUsePicture, match="larger than 10 MB"):
            add_picture(file, title="Cells", credit="")

    @pytest.mark.parametrize(
        "name", ["../../settings.py", "a\0.png", "x" * 300 + ".png", "cell.svg", ".png"]
    )
    def test_may_have_any_name_for_its_name_is_not_kept(self, name):
        image = add_picture(upload(picture(), name), title="Cells", credit="")
        assert image.file_name == f"images/{image.sha256}.webp"
