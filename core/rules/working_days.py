"""Working days between two dates, read from one numbered calendar.

The number of a day is the count of working days before it, from an arbitrary zero. A day that is not
worked carries the number of the next working day, so a period is the difference of two numbers and
splitting it anywhere never changes its total. Worked examples: docs/rules/working-days.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

_MONDAY_TO_FRIDAY = 5


class CalendarRangeError(ValueError):
    """A date or a count of working days lies outside the days that the calendar holds."""


class WorkingDays:
    """A calendar of contiguous days, each with its working-day number. Immutable once made."""

    __slots__ = ("_first_ordinal", "_first_places", "_numbers", "_size", "first", "last")

    def __init__(self, first: date, numbers: Sequence[int]) -> None:
        """Take the first day and one number for each day from it on.

        Raises ValueError when there is no day, or when a number is not the one before it or one more.
        """
        if not numbers:
            raise ValueError("A calendar needs at least one day: give it the numbers of its days.")
        self._numbers = tuple(numbers)
        self._size = len(self._numbers)
        self._first_ordinal = first.toordinal()
        self.first = first
        self.last = date.fromordinal(self._first_ordinal + self._size - 1)
        self._first_places = self._places_where_a_number_begins()

    @classmethod
    def from_days_off(cls, first: date, last: date, days_off: Collection[date]) -> WorkingDays:
        """Number every day from `first` to `last`: weekends and `days_off` are not worked."""
        closed = frozenset(days_off)
        numbers: list[int] = []
        number = 0
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            numbers.append(number)
            number += day.weekday() < _MONDAY_TO_FRIDAY and day not in closed
        return cls(first, numbers)

    def _places_where_a_number_begins(self) -> tuple[int, ...]:
        places = [0]
        for place in range(1, self._size):
            step = self._numbers[place] - self._numbers[place - 1]
            if step == 1:
                places.append(place)
            elif step != 0:
                day = date.fromordinal(self._first_ordinal + place)
                raise ValueError(
                    f"The calendar is broken at {day.isoformat()}: its number must be that of the "
                    "day before, or one more. Build the calendar again."
                )
        return tuple(places)

    def number(self, day: date) -> int:
        """Working days before `day`, from this calendar's zero."""
        place = day.toordinal() - self._first_ordinal
        if 0 <= place < self._size:
            return self._numbers[place]
        raise CalendarRangeError(f"{day.isoformat()} is outside the calendar. {self._what_to_do()}")

    def between(self, start: date, end: date) -> int:
        """Working days from `start` to `end`, the end not counted; negative when `end` comes first."""
        return self.number(end) - self.number(start)

    def first_date(self, number: int) -> date:
        """The earliest date that bears `number`: it may be a Saturday or a holiday.

        The first number of the calendar may begin before its first day, so it is refused.
        """
        index = number - self._numbers[0]
        if 0 < index < len(self._first_places):
            return date.fromordinal(self._first_ordinal + self._first_places[index])
        raise self._no_such_number(number)

    def working_day(self, number: int) -> date:
        """The working day that bears `number`: the last of the dates that share it.

        The last number of the calendar may go on after its last day, so it is refused.
        """
        index = number - self._numbers[0] + 1
        if 0 < index < len(self._first_places):
            return date.fromordinal(self._first_ordinal + self._first_places[index] - 1)
        raise self._no_such_number(number)

    def plus(self, day: date, working_days: int) -> date:
        """The working day that many working days after `day`."""
        return self.working_day(self.number(day) + working_days)

    def minus(self, day: date, working_days: int) -> date:
        """The working day that many working days before `day`."""
        return self.working_day(self.number(day) - working_days)

    def cut_off(self, on: date, working_days: int) -> date:
        """The latest date from which more than `working_days` working days have gone by on `on`.

        What started on or before it is past the standard, so lateness is one comparison of dates.
        """
        return self.working_day(self.number(on) - working_days - 1)

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked. The last day of the calendar cannot be told, and is refused."""
        return self.number(day + timedelta(days=1)) > self.number(day)

    def _no_such_number(self, number: int) -> CalendarRangeError:
        steps = number - self._numbers[0]
        return CalendarRangeError(
            f"A day {steps} working days from the calendar's first is outside it. {self._what_to_do()}"
        )

    def _what_to_do(self) -> str:
        return (
            f"It runs from {self.first.isoformat()} to {self.last.isoformat()}: "
            "add days to the calendar, or put the date right."
        )
