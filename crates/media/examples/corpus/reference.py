"""What another reader makes of pictures: Pillow, upright, in sRGB, on white.

Reads paths, one a line. Answers each with a line `WIDTH HEIGHT CELLS_WIDE CELLS_HIGH` and that many cells of three bytes, each the
mean of its part of the picture; or with a line `- REASON`.
"""

import io
import sys
import warnings

import PIL
from PIL import Image, ImageCms, ImageFile, ImageOps

MOST_CELLS = int(sys.argv[1])
SRGB = ImageCms.createProfile("sRGB")
warnings.simplefilter("ignore")
Image.MAX_IMAGE_PIXELS = 200_000_000
# Whether enough of a picture is there is the other side's question.
ImageFile.LOAD_TRUNCATED_IMAGES = True


def largest_page(image):
    pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
    best, most = 0, -1
    for page in range(min(pages, 4096)):
        image.seek(page)
        reduced = image.tag_v2.get(254, 0) & 5 if image.format == "TIFF" else 0
        pixels = -1 if reduced else image.width * image.height
        if pixels > most:
            best, most = page, pixels
    image.seek(best)


def in_srgb(image):
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "L", "CMYK"):
        try:
            return ImageCms.profileToProfile(image, io.BytesIO(profile), SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            pass
    return image.convert("RGB")


def eight_bits(image):
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 257).convert("L")
    if image.mode == "F":
        return image.point(lambda value: value * 255).convert("L")
    return image


def cells(path):
    image = Image.open(path)
    largest_page(image)
    image.load()
    profile = image.info.get("icc_profile")
    image = eight_bits(ImageOps.exif_transpose(image))
    if profile:
        image.info["icc_profile"] = profile
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image)
        image = paper.convert("RGB")
        if profile:
            image.info["icc_profile"] = profile
    image = in_srgb(image)
    size = (min(image.width, MOST_CELLS), min(image.height, MOST_CELLS))
    return image.size, size, image.resize(size, Image.Resampling.BOX).tobytes()


out = sys.stdout.buffer
out.write(f"Pillow {PIL.__version__}\n".encode())
out.flush()
for line in sys.stdin:
    try:
        size, grid, data = cells(line.rstrip("\n"))
        out.write(f"{size[0]} {size[1]} {grid[0]} {grid[1]}\n".encode())
        out.write(data)
    except Exception as error:  # Whatever it is, it is this reader's answer.
        out.write(f"- {type(error).__name__}: {error}".replace("\n", " ").encode(errors="replace")[:300] + b"\n")
    out.flush()
