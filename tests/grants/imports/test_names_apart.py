"""The codes and references that an import makes differ from those that stand by more than capitals."""

import pytest

from grants.models import Fund, Grant
from tests import factories as make
from tests.grants.imports.lists import as_csv, bring, cells, counts

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_new_fund_s_code_is_not_another_s_in_small_letters() -> None:
    Fund.objects.create(code="CSF", name="Community Safety Fund")
    assert counts(bring(as_csv([cells(programme="CSF")]))) == (1, 0, 0, 0)
    assert Grant.objects.get().fund.code == "csf-2"


def test_a_new_grant_s_reference_is_not_another_s_in_small_letters() -> None:
    make.make_grant(ref="CSF-2023-01")
    assert counts(bring(as_csv([cells(id="CSF-2023-01"), cells(id="csf 2023 01"), cells(id="other")]))) == (
        3,
        0,
        0,
        0,
    )
    refs = set(Grant.objects.values_list("ref", flat=True))
    assert len({ref.lower() for ref in refs}) == 4
    assert "other" in refs
