"""What is not known of a funding award, filled in."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.errors import ActionRefused
from core.models import User
from grants.operations.funds import change_award
from tests import factories as make
from tests.grants.operations.conftest import TODAY, last_history

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_what_is_not_known_of_an_award_is_filled_in_once(commissioner: User) -> None:
    award = make.make_award(total_amount=None, spent_means=None, spend_by=None)
    facts = {"total_amount": Decimal("300000.00"), "spent_means": "defrayed"}
    form = {"award": award, "spend_by": None, "reason": "Letter", "by": commissioner, "on": TODAY}
    key = uuid.uuid4()
    for _ in range(2):
        done = change_award(**form, **facts, request_key=key, version=1)
    assert (done.total_amount, done.spent_means, done.version) == (Decimal(300000), "defrayed", 2)
    assert last_history(done) == (commissioner, "Letter")
    for name, value in {"total_amount": Decimal(1), "spent_means": "paid"}.items():
        with pytest.raises(ActionRefused, match="known already") as refused:
            change_award(**form, **{name: value})
        assert refused.value.field == name
    assert change_award(**{**form, "spend_by": date(2028, 3, 31)}).total_amount == Decimal(300000)


@pytest.mark.parametrize(
    ("field", "value"),
    [("total_amount", Decimal(-1)), ("total_amount", Decimal("0.001")), ("spent_means", "x")],
)
def test_what_is_no_amount_or_no_meaning_is_refused(field: str, value: Any, commissioner: User) -> None:
    award = make.make_award(total_amount=None, spent_means=None)
    with pytest.raises(ActionRefused) as refused:
        change_award(
            award=award, spend_by=award.spend_by, reason="Letter", **{field: value}, by=commissioner, on=TODAY
        )
    assert refused.value.field == field
