"""Pictures without what a camera adds: place, device, time, comments and previews stay outside."""

import warnings
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts.errors import Invalid

JPEG, PNG = "image/jpeg", "image/png"
PICTURES = frozenset({JPEG, PNG, "image/webp", "image/tiff"})
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")
# A page scanned at 600 dots per inch has 35 million.
MOST_PIXELS = 50_000_000
QUALITY = 90
# A JPEG of several is a telephone's picture with its own previews: the first is the picture.
MAY_HOLD_MORE = frozenset({"JPEG", "MPO"})


def cleaned(sent: bytes) -> tuple[str, bytes]:
    """The picture alone, drawn anew, upright: its media type and bytes. Raises Invalid for the field `file`."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of many pixels; we have counted them ourselves.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(sent), formats=FORMATS) as picture:
                _check(picture)
                return _drawn_anew(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError):
        raise Invalid("file", _("This picture is damaged and cannot be read.")) from None


def _check(picture: Image.Image) -> None:
    """Before anything is unpacked: size and number of frames stand in the head."""
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Invalid(
            "file",
            _("This picture has more than 50 million points. Save it smaller, or scan with less detail."),
        )
    if picture.format not in MAY_HOLD_MORE and getattr(picture, "n_frames", 1) > 1:
        raise Invalid("file", _("This picture has several pages or is animated. Save it as PDF."))


def _drawn_anew(picture: Image.Image) -> tuple[str, bytes]:
    was_jpeg = picture.format in MAY_HOLD_MORE
    upright = ImageOps.exif_transpose(picture)
    see_through = upright.has_transparency_data
    if see_through:
        plain = upright.convert("RGBA")
    else:
        plain = upright if upright.mode in ("1", "L", "RGB") else upright.convert("RGB")
    # Some formats write what they find here without being asked.
    plain.info = {}
    out = BytesIO()
    if was_jpeg or (picture.format == "WEBP" and not see_through):
        plain.convert("RGB" if plain.mode not in ("L", "RGB") else plain.mode).save(
            out, "JPEG", quality=QUALITY
        )
        return JPEG, out.getvalue()
    plain.save(out, "PNG", optimize=False)
    return PNG, out.getvalue()
