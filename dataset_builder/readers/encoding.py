"""Bytes to text, by evidence: which encoding it is gets proved and recorded, or the input is refused with the reason.

Arabic news comes as UTF-8, UTF-16, Windows-1256 and ISO-8859-6. Valid UTF-8 is proof, a byte order mark too. The two
one-byte encodings share half of their letters, so a text must read as Arabic in one of them and not in the other; where
it reads well in both, or in neither, only the reader's user can know.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dataset_builder.readers.article import Refused

ONE_BYTE = {"cp1256": "windows-1256", "iso8859-6": "iso-8859-6"}
NAMES = {**ONE_BYTE, "utf-8": "utf-8", "utf-8-sig": "utf-8", "utf-16": "utf-16", "utf-16-le": "utf-16-le"}
NAMES |= {"utf-16-be": "utf-16-be", "ascii": "utf-8"}
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
BINARY = {
    b"%PDF": "a PDF file",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive (or an office document)",
    b"\x1f\x8b": "gzip data",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"\x7fELF": "a program",
    b"7z\xbc\xaf": "a 7z archive",
    b"SQLite": "a SQLite database",
    b"PAR1": "a Parquet file",
}
#: So many Arabic letters must speak for a one-byte encoding that nothing declares.
ENOUGH = 30
_COMMON = frozenset("اليمونرتبعد")
_CONTROLS = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_WORD = re.compile(r"[^\W\d_]+")
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, byte order mark still on it, and how it was read ("utf-8, declared windows-1256" where they differ)."""

    text: str
    encoding: str


def decode(data: bytes, declared: Sequence[str] = ()) -> Decoded:
    """The text of `data`; `declared` are the encodings that a header, the markup or the user names, most trusted first.

    Raises Refused where the bytes are no text, or where their encoding cannot be told.

    >>> decode("قالت الوزارة إن القافلة عبرت الجسر أمس".encode("cp1256")).encoding
    'windows-1256'
    >>> decode("خبر".encode("cp1256"))
    Traceback (most recent call last):
    ...
    dataset_builder.readers.article.Refused: 3 bytes beyond ASCII read as Arabic both in windows-1256 and iso-8859-6
    """
    if not data.strip(b" \t\r\n"):
        raise Refused("empty-file", "there is nothing in it" if not data else "there is only white space in it")
    named = [name for name in map(known_encoding, declared) if name]
    for mark, name in MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data, name), _noted(name, named))
    if wide := _utf16(data):
        return Decoded(data.decode(wide), _noted(wide, named))
    _refuse_binary(data)
    try:
        return Decoded(data.decode("utf-8"), _noted("utf-8", [] if data.isascii() else named))
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(data) or (error.start >= len(data) - 3 and not data[: error.start].isascii()):
            raise _broken_utf8(data, error) from None
    return _one_byte(data, named)


def known_encoding(name: str) -> str:
    """The name under which an encoding is recorded here, or "" for one that cannot hold Arabic."""
    try:
        return NAMES.get(codecs.lookup(name.strip().strip("\"'")).name, "")
    except LookupError:
        return ""


def _noted(name: str, declared: Sequence[str]) -> str:
    other = [d for d in declared if not name.startswith(d)]
    return f"{name}, declared {other[0]}" if other else name


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        if name == "utf-8":
            raise _broken_utf8(data, error) from None
        raise Refused(
            "undecodable", f"byte {error.start + 1} is no {name}, which its byte order mark promises"
        ) from None


def _broken_utf8(data: bytes, error: UnicodeDecodeError) -> Refused:
    if error.end == len(data) and "end of data" in error.reason:
        return Refused("truncated-utf8", f"the UTF-8 ends inside a character, at byte {error.start + 1}")
    line = data.count(b"\n", 0, error.start) + 1
    what = f"byte {error.start + 1} (0x{data[error.start]:02X}, on line {line})"
    return Refused("undecodable", f"{what} is no UTF-8, though the rest is")


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether most bytes beyond ASCII stand in whole UTF-8 sequences; Arabic in one byte a letter has almost none."""
    high = sum(byte > 127 for byte in data)
    return sum(len(found) for found in _SEQUENCE.findall(data)) > high / 2


def _utf16(data: bytes) -> str:
    """The UTF-16 that bytes without a mark are, or ""; Arabic in it has 0x06 in every second place."""
    if len(data) % 2 or (b"\0" not in data and data.count(6) * 5 < len(data)):
        return ""
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if sum(c in "\t\n\r" or " " <= c <= "~" or "\u0600" <= c <= "\u06ff" for c in text) > 0.9 * len(text):
            return name
    return ""


def _refuse_binary(data: bytes) -> None:
    for magic, what in BINARY.items():
        if data.startswith(magic):
            raise Refused("binary-file", f"it is {what}, not text")
    controls = len(_CONTROLS.findall(data))
    if controls * 200 > len(data) or data.count(0) * 20 > len(data):
        raise Refused("binary-file", f"{controls + data.count(0)} of {len(data)} bytes are control characters")
    if b"\0" in data:
        at = data.index(0)
        raise Refused("nul-character", f"a NUL as byte {at + 1}, on line {data.count(10, 0, at) + 1}")


def _one_byte(data: bytes, declared: Sequence[str]) -> Decoded:
    """The text of bytes that are not UTF-8, by what it reads like and what is declared."""
    readings = {}
    for codec, name in ONE_BYTE.items():
        try:
            readings[name] = data.decode(codec)
        except UnicodeDecodeError:
            continue
    good = [name for name, text in readings.items() if _reads_as_arabic(text)]
    high = sum(byte > 127 for byte in data)
    if declared:
        if declared[0] in good:
            return Decoded(readings[declared[0]], declared[0])
        found = f"it reads as {good[0]}" if len(good) == 1 else "it does not read as Arabic in it"
        raise Refused("encoding-contradicted", f"{declared[0]} is declared, but {found}")
    if not good:
        raise Refused(
            "undecodable", f"{high} bytes beyond ASCII are no UTF-8, no windows-1256 and no iso-8859-6 Arabic"
        )
    if len(good) > 1:
        raise Refused("encoding-ambiguous", f"{high} bytes beyond ASCII read as Arabic both in {' and '.join(good)}")
    if high < ENOUGH:
        raise Refused("encoding-ambiguous", f"{high} bytes beyond ASCII are too few to tell {good[0]} from others")
    return Decoded(readings[good[0]], good[0])


def _reads_as_arabic(text: str) -> bool:
    """Whether its words look like Arabic: none of two alphabets, and the letters that are frequent in Arabic are so."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    arabic = [c for word in words for c in word if "\u0621" <= c <= "\u064a"]
    mixed = sum(any("\u0621" <= c <= "\u064a" for c in w) and any("\x80" <= c <= "\u024f" for c in w) for w in words)
    common = sum(c in _COMMON for c in arabic)
    return len(arabic) > 0 and mixed * 50 <= len(words) and common * 10 >= 4 * len(arabic)
