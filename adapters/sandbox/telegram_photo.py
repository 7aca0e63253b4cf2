"""Photos: what Telegram takes for one."""

import re
import struct
import zlib
from dataclasses import replace

from adapters.sandbox import telegram_limits as limits
from adapters.sandbox.telegram_chats import Photo
from adapters.sandbox.telegram_given import Given
from adapters.sandbox.telegram_limits import bad

_PNG = re.compile(rb"\x89PNG\r\n\x1a\n.{4}IHDR(.{4})(.{4})", re.DOTALL)
_JPEG = re.compile(rb"\xff[\xc0-\xc3].{3}(.{2})(.{2})", re.DOTALL)


class Photos:
    """Every photo that was sent, by its file id."""

    def __init__(self) -> None:
        self._known: dict[str, Photo] = {}

    def read(self, given: Given) -> Photo:
        """The photo of a call: a new file, or one that was sent before. Raises Refusal."""
        upload, told = given.upload("photo"), given.text("photo")
        if upload is not None:
            return self.keep(upload.content)
        if not told:
            raise bad(limits.NO_PHOTO)
        if told not in self._known:
            raise bad(limits.PHOTO_UNKNOWN)
        return self._known[told]

    def keep(self, content: bytes) -> Photo:
        """The file as a photo with an id of its own. Raises Refusal where it is none."""
        photo = replace(_measured(content), file=f"photo-{len(self._known) + 1}")
        self._known[photo.file] = photo
        return photo


def _measured(content: bytes) -> Photo:
    if len(content) > limits.PHOTO_BYTES:
        raise bad(limits.PHOTO_TOO_BIG.format(size=len(content), most=limits.PHOTO_BYTES))
    width, height = _sides(content)
    if width + height > limits.PHOTO_SIDES or max(width, height) > limits.PHOTO_RATIO * min(width, height):
        raise bad(limits.PHOTO_DIMENSIONS)
    return Photo("", content, width, height)


def _sides(content: bytes) -> tuple[int, int]:
    if png := _PNG.match(content):
        return int.from_bytes(png[1]), int.from_bytes(png[2])
    found = _JPEG.search(content) if content.startswith(b"\xff\xd8\xff") else None
    if found is None:
        raise bad(limits.PHOTO_FAILED)
    return int.from_bytes(found[2]), int.from_bytes(found[1])


def smallest_png() -> bytes:
    """The smallest picture there is: one grey pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
