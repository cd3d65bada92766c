"""Dates as Arabic news writes them, to ISO 8601; what has no known form is None, never a guess."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from dataset_builder.text.characters import INVISIBLE, is_mark
from dataset_builder.text.normalise import fold

#: Every month under its names: Egypt and Gulf, Levant and Iraq, Tunisia and Algeria, Morocco, English.
MONTHS = (
    "يناير|كانون الثاني|كانون ثاني|جانفي|January|Jan",
    "فبراير|شباط|فيفري|February|Feb",
    "مارس|آذار|March|Mar",
    "أبريل|إبريل|نيسان|أفريل|April|Apr",
    "مايو|أيار|ماي|May",
    "يونيو|يونية|حزيران|جوان|June|Jun",
    "يوليو|يولية|تموز|جويلية|يوليوز|July|Jul",
    "أغسطس|آب|أوت|غشت|August|Aug",
    "سبتمبر|أيلول|شتنبر|September|Sep|Sept",
    "أكتوبر|تشرين الأول|تشرين أول|October|Oct",
    "نوفمبر|تشرين الثاني|تشرين ثاني|نونبر|November|Nov",
    "ديسمبر|كانون الأول|كانون أول|دجنبر|December|Dec",
)
WEEKDAYS = (
    "الاثنين|الإثنين|Monday|Mon",
    "الثلاثاء|Tuesday|Tue",
    "الأربعاء|Wednesday|Wed",
    "الخميس|Thursday|Thu",
    "الجمعة|Friday|Fri",
    "السبت|Saturday|Sat",
    "الأحد|Sunday|Sun",
)
_MONTH = {fold(name).letters: number for number, names in enumerate(MONTHS, 1) for name in names.split("|")}
_WEEKDAY = {fold(name).letters: number for number, names in enumerate(WEEKDAYS) for name in names.split("|")}
_AFTERNOON = {"ص": 0, "صباحا": 0, "am": 0, "م": 12, "مساء": 12, "ظهرا": 12, "pm": 12}

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?(?: ?(Z|[+-]\d\d:?\d\d))?)?")
_RFC822 = re.compile(r"(?:(\w{3}), ?)?\d{1,2} [A-Z][a-z]{2} \d{2,4} \d\d:\d\d(?::\d\d)?(?: [A-Z]{1,5}| [+-]\d{4})?")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)(.*)")
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?!\d)(.*)")
_DAY_MONTH = re.compile(r"(\d{1,2})[ -]([^\d]+?)[ ,،-]+(\d{4})(?!\d)(.*)")
_MONTH_DAY = re.compile(r"([^\d]+?) (\d{1,2})[ ,،]+(\d{4})(?!\d)(.*)")
_TIME = re.compile(
    r"(?:(?: ?م(?= |$|[,،|-]))?[ ,،|-]*(?:الساعة |at )?T?(\d{1,2}):(\d\d)(?::(\d\d))?"
    r"(?: ?(صباحا|مساء|ظهرا|ص|م|AM|PM|am|pm)\b)?"
    r"(?: ?\(?(Z|UTC|GMT|UT|[+-]\d\d:?\d\d|GMT[+-]\d{1,2}|بتوقيت غرينت?ش)\)?)?| ?م)?\.?"
)


def iso(text: str) -> str | None:
    """The ISO 8601 date, or date-time where a time stands there, of one date; None for an unknown or impossible one.

    Numbers with slashes, dots or hyphens are day first. A weekday must be that of the date, two month names the same
    month. A zone is kept as offset, never added.

    >>> iso("2017-04-24T08:34:00+01:00"), iso("19/02/2016"), iso("2024-12-10T09:00Z")
    ('2017-04-24T08:34:00+01:00', '2016-02-19', '2024-12-10T09:00:00+00:00')
    >>> iso("10 ديسمبر 2024"), iso("10 كانون الأول 2024"), iso("١٠ كانون الأول/ديسمبر ٢٠٢٤")
    ('2024-12-10', '2024-12-10', '2024-12-10')
    >>> iso("3 جوان 2017"), iso("الثلاثاء، 10 ديسمبر 2024 - 14:30"), iso("ديسمبر 10, 2024")
    ('2017-06-03', '2024-12-10T14:30:00', '2024-12-10')
    >>> iso("Tue, 10 Dec 2024 14:30:00 +0300"), iso("10 Dec 2024 14:30 GMT")
    ('2024-12-10T14:30:00+03:00', '2024-12-10T14:30:00+00:00')
    >>> [iso(unknown) for unknown in ("12/19/2016", "31 فبراير 2020", "5 رجب 1446", "الأحد 10 ديسمبر 2024", "أمس", "")]
    [None, None, None, None, None, None]
    """
    given = _plain(text)
    try:
        if found := _ISO.fullmatch(given):
            return _standard(*found.groups())
        if found := _RFC822.fullmatch(given):
            when = parsedate_to_datetime(given)
            return when.isoformat() if _agrees(found[1], when) else None
        return _written(given)
    except ValueError:  # a 31st of February, a 25th hour
        return None


def _plain(text: str) -> str:
    """Digits ASCII, direction marks and harakat gone, white space single."""
    kept = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text if c not in INVISIBLE and not is_mark(c))
    return " ".join("".join(kept).split())


def _standard(day: str, time: str | None, zone: str | None) -> str:
    if time is None:
        return date.fromisoformat(day).isoformat()
    return datetime.fromisoformat(f"{day}T{time}{zone or ''}").isoformat()


def _agrees(weekday: str | None, day: date) -> bool:
    return not weekday or _WEEKDAY.get(fold(weekday).letters) == day.weekday()


def _written(given: str) -> str | None:
    """A date in words or numbers, a weekday before it, a time after it."""
    weekday, rest = _weekday(given)
    if found := _NUMBERS.fullmatch(rest):
        day, _, month, year, time = found.groups()
        return _made(weekday, int(year), int(month), int(day), time)
    if found := _YEAR_FIRST.fullmatch(rest):
        year, month, day, time = found.groups()
        return _made(weekday, int(year), int(month), int(day), time)
    if found := _DAY_MONTH.fullmatch(rest):
        day, name, year, time = found.groups()
    elif found := _MONTH_DAY.fullmatch(rest):
        name, day, year, time = found.groups()
    else:
        return None
    number = _month(name)
    return _made(weekday, int(year), number, int(day), time) if number else None


def _weekday(given: str) -> tuple[str | None, str]:
    """(the weekday that the date begins with, the rest)."""
    words = given.removeprefix("يوم ")
    first, _, rest = words.partition(" ")
    first = first.rstrip(",،:-")
    return (first, rest.lstrip(",،- ")) if fold(first).letters in _WEEKDAY else (None, given)


def _month(names: str) -> int | None:
    """The month that one name, or two with a slash or in brackets, stand for."""
    numbers = {_MONTH.get(fold(name).letters) for name in re.split(r"[/()]", names) if fold(name).letters}
    return numbers.pop() if len(numbers) == 1 else None


def _made(weekday: str | None, year: int, month: int, day: int, time: str) -> str | None:
    found = _TIME.fullmatch(time)
    when = date(year, month, day)
    if not found or not _agrees(weekday, when):
        return None
    hour, minute, second, half, zone = found.groups()
    if hour is None:
        return when.isoformat()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + _AFTERNOON[half.lower()]
    return datetime.fromisoformat(f"{when}T{hours:02}:{minute}:{second or '00'}{_offset(zone)}").isoformat()


def _offset(zone: str | None) -> str:
    """`+hh:mm`, or "" where no zone is given."""
    if zone is None:
        return ""
    if signed := re.search(r"([+-])(\d{1,2}):?(\d\d)?$", zone):
        sign, hours, minutes = signed.groups()
        return f"{sign}{int(hours):02}:{minutes or '00'}"
    return "+00:00"
