"""Take in a picture: check it, strip what is hidden in it, store it once."""

import hashlib
import io
import warnings

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from PIL import Image as Pixels
from PIL import ImageOps, UnidentifiedImageError

from articles.models import Image

LARGEST_FILE = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
WIDEST = 1600
FORMATS = ("JPEG", "PNG", "WEBP")


class CannotUsePicture(Exception):
    """The file is not a picture we can show; the message says what to do."""


def add_picture(upload: UploadedFile, *, title: str, credit: str) -> Image:
    """Store the upload as WebP without its metadata; the same picture is kept once."""
    pixels = _open(upload)
    content = _encode(pixels)
    digest = hashlib.sha256(content).hexdigest()
    image, _ = Image.objects.get_or_create(
        sha256=digest,
        defaults={
            "title": title,
            "credit": credit,
            "width": pixels.width,
            "height": pixels.height,
        },
    )
    if not default_storage.exists(image.file_name):
        default_storage.save(image.file_name, ContentFile(content))
    return image


def _open(upload: UploadedFile) -> Pixels.Image:
    if upload.size is None or upload.size > LARGEST_FILE:
        msg = "The file is larger than 10 MB. Save it smaller and try again."
        raise CannotUsePicture(msg)
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a small file that unpacks to a huge picture.
            warnings.simplefilter("error", Pixels.DecompressionBombWarning)
            pixels = Pixels.open(upload, formats=FORMATS)
            if pixels.width * pixels.height > MOST_PIXELS:
                msg = "The picture has too many pixels. Make it smaller and try again."
                raise CannotUsePicture(msg)
            upright = ImageOps.exif_transpose(pixels)
            upright.thumbnail((WIDEST, WIDEST * 4))
            return upright.convert("RGBA" if "A" in upright.getbands() else "RGB")
    except (
        UnidentifiedImageError,
        Pixels.DecompressionBombError,
        Pixels.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,
    ) as error:
        msg = "This is not a picture we can read. Use a JPEG, PNG or WebP file."
        raise CannotUsePicture(msg) from error


def _encode(pixels: Pixels.Image) -> bytes:
    target = io.BytesIO()
    pixels.save(target, "WEBP", quality=82, method=4)
    return target.getvalue()
