"""Which fund a row belongs to: the one that was given, else one for each programme, else one for each funder."""

from collections.abc import Iterable

from django.utils.text import slugify

from core.bulk import insert_with_history
from core.errors import ActionRefused
from core.models import User
from grants.models import Fund
from grants.rules.import_rows import GrantRow

LONGEST_CODE = 50
NO_FUND = (
    "Nothing says which fund the grant belongs to. Name its programme or its funder, or say which fund it is."
)


class FundRefused(Exception):
    """A row's fund cannot be told; the message says what to do."""


class Funds:
    """The real register's funds by name; a new one is written once a row needs it."""

    def __init__(self, code: str | None) -> None:
        self.created = 0
        self._codes: set[str] = set()
        self._by_name: dict[str, list[Fund]] = {}
        for fund in Fund.objects.order_by("pk"):
            self._codes.add(fund.code.lower())
            if not fund.is_illustrative:
                for name in {_plain(fund.name), _plain(fund.published_name)} - {""}:
                    self._by_name.setdefault(name, []).append(fund)
        self._given = _given(code) if code is not None else None

    def of(self, row: GrantRow, standing: Fund | None) -> Fund:
        """The fund of a row, perhaps not written yet: see `keep`. Raises FundRefused.

        `standing` is the fund of the grant where it is in the register: a row without a programme leaves it there.
        """
        if self._given is not None:
            return self._given
        if standing is not None and not row.programme:
            return standing
        name = row.programme or row.funder
        if not name:
            raise FundRefused(NO_FUND)
        named = self._by_name.setdefault(_plain(name), [])
        if len(named) > 1:
            codes = ", ".join(fund.code for fund in named)
            raise FundRefused(f"More than one fund is called “{name}” ({codes}). Say which one it is.")
        if not named:
            named.append(Fund(code=self._code(name), name=name, source=row.source))
        return named[0]

    def _code(self, name: str) -> str:
        """A code that no fund has, in capitals or without: slugify writes none."""
        plain = slugify(name)[:LONGEST_CODE].strip("-") or "fund"
        code, number = plain, 1
        while code in self._codes:
            number += 1
            code = f"{plain}-{number}"
        self._codes.add(code)
        return code

    def keep(self, funds: Iterable[Fund], *, by: User, reason: str) -> None:
        """Write those that are new."""
        new = list({id(fund): fund for fund in funds if fund.pk is None}.values())
        insert_with_history(new, by=by, reason=reason)
        self.created += len(new)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _given(code: str) -> Fund:
    fund = Fund.objects.filter(code=code).first()
    if fund is None:
        known = ", ".join(Fund.objects.filter(is_illustrative=False).values_list("code", flat=True)[:20])
        raise ActionRefused(
            f"There is no fund “{code}”. Give the code of a fund: {known or 'there is none yet'}.", "fund"
        )
    if fund.is_illustrative:
        raise ActionRefused(f"The fund “{code}” is illustrative: real grants are never put into it.", "fund")
    return fund
