"""Dates as outlets write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.readers.dates import MONTHS, iso

CASES = {
    "2017-04-24T08:34:00+01:00": "2017-04-24T08:34:00+01:00",
    "2017-04-24T08:34:00.123Z": "2017-04-24T08:34:00+00:00",
    "2017-04-24 08:34": "2017-04-24T08:34:00",
    "2024/3/9": "2024-03-09",
    "19/02/2016": "2016-02-19",
    "1/2/2016 - 7:05": "2016-02-01T07:05:00",
    "10.12.2024": "2024-12-10",
    "10 ديسمبر 2024": "2024-12-10",
    "10 كانون الأول 2024": "2024-12-10",
    "10 كانون الأول/ديسمبر 2024": "2024-12-10",
    "10 كانون الأول (ديسمبر) 2024": "2024-12-10",
    "١٠ ديسمبر، ٢٠٢٤": "2024-12-10",
    "۱۰ دسمبر ۲۰۲۴": None,
    "الثلاثاء 10 ديسمبر 2024م": "2024-12-10",
    "يوم الثلاثاء، 10 ديسمبر 2024 الساعة 02:30 م": "2024-12-10T14:30:00",
    "الثلاثاء ١٠ ديسمبر ٢٠٢٤ - ١٢:١٥ صباحاً": "2024-12-10T00:15:00",
    "ديسمبر 10, 2024": "2024-12-10",
    "December 10, 2024": "2024-12-10",
    "Tue, 10 Dec 2024 09:30:00 GMT": "2024-12-10T09:30:00+00:00",
    "Tue, 10 Dec 24 09:30:00 +0300": "2024-12-10T09:30:00+03:00",
    "10 Dec 2024": "2024-12-10",
    "3 جانفي 2018": "2018-01-03",
    "3 فيفري 2018": "2018-02-03",
    "3 أفريل 2018": "2018-04-03",
    "3 ماي 2018": "2018-05-03",
    "3 جوان 2018": "2018-06-03",
    "3 جويلية 2018": "2018-07-03",
    "3 أوت 2018": "2018-08-03",
    "3 غشت 2018": "2018-08-03",
    "3 آب 2018": "2018-08-03",
    "29 فبراير 2024 18:00 بتوقيت غرينتش": "2024-02-29T18:00:00+00:00",
    "\u200f10 ديسمبر 2024\u200e": "2024-12-10",
    # Wrong weekday, impossible day, two months that differ, month first, Hijri, relative, a range, no year.
    "الأحد 10 ديسمبر 2024": None,
    "Mon, 10 Dec 2024 09:30:00 GMT": None,
    "29 فبراير 2023": None,
    "10 كانون الثاني/ديسمبر 2024": None,
    "12/19/2016": None,
    "5 رجب 1446": None,
    "منذ ساعتين": None,
    "10-12 ديسمبر 2024": None,
    "10 ديسمبر": None,
    "آخر تحديث 10 ديسمبر 2024": None,
    "10 ديسمبر 2024 25:00": None,
    "10/12/24": None,
    "1733820600": None,
}


@pytest.mark.parametrize("given_text", CASES)
def test_a_date_is_read_as_written_or_not_at_all(given_text: str) -> None:
    assert iso(given_text) == CASES[given_text]


@given(st.dates(date(1990, 1, 1), date(2035, 1, 1)), st.data())
def test_every_month_name_gives_its_month(day: date, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(MONTHS[day.month - 1].split("|")))
    assert iso(f"{day.day} {name} {day.year}") == day.isoformat()


@given(st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1)), st.integers(-12, 14))
def test_iso_comes_back_as_it_is(when: datetime, hours: int) -> None:
    written = when.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours))).isoformat()
    assert iso(written) == written


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    found = iso(text)
    assert found is None or datetime.fromisoformat(found)
