"""The nightly schedule over a year with both clock changes, as the server's own scheduler reckons it."""

import asyncio
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import yaml
from prefect.server.schemas.schedules import CronSchedule

from server.deploy import declared, last_due

HERE = ZoneInfo("Europe/Amsterdam")


def schedule() -> CronSchedule:
    (nightly,) = (each for each in declared() if each["name"] == "nightly")
    (only,) = nightly["schedules"]
    return CronSchedule(cron=only["cron"], timezone=only["timezone"])


def dates(start: datetime, end: datetime) -> list[datetime]:
    return [each.astimezone(HERE) for each in asyncio.run(schedule().get_dates(n=1000, start=start, end=end))]


def test_every_night_of_the_year_has_exactly_one_run() -> None:
    found = dates(datetime(2027, 1, 1, tzinfo=HERE), datetime(2028, 1, 1, tzinfo=HERE))

    assert [each.date() for each in found] == [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    assert {each.strftime("%H:%M") for each in found if each.date() != date(2027, 3, 28)} == {"02:15"}


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_asking_again_at_any_moment_of_the_night_adds_no_run(day: date) -> None:
    # The server asks for the coming dates again and again; what it made before is known by its moment.
    midnight = datetime(day.year, day.month, day.day, tzinfo=HERE).timestamp()
    found = set()
    for minute in range(0, 6 * 60, 5):
        now = datetime.fromtimestamp(midnight + 60 * minute, HERE)
        found |= {each.timestamp() for each in dates(now, now + timedelta(hours=3))}

    that_night = {each for each in found if midnight <= each < midnight + 6 * 3600}
    assert len(that_night) == 1


def test_the_night_that_was_due_last_is_known() -> None:
    assert last_due(datetime(2027, 6, 3, 12, tzinfo=HERE)) == datetime(2027, 6, 3, 2, 15, tzinfo=HERE)
    assert last_due(datetime(2027, 6, 3, 1, tzinfo=HERE)) == datetime(2027, 6, 2, 2, 15, tzinfo=HERE)


def test_every_deployment_tells_a_steward_what_it_does_in_both_languages() -> None:
    for each in declared():
        dutch, english = each["description"].split("**English.**")
        assert dutch.startswith("**Nederlands.**"), each["name"]
        assert min(len(dutch), len(english)) > 40, each["name"]
        assert yaml.safe_dump(each)
