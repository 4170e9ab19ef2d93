"""However long the register, a page sends the same number of queries, at most fifteen; so does the flag pass."""

import pytest

from tests.scale.conftest import LARGE, ROLES, SMALL, Measured

pytestmark = [pytest.mark.scale, pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.timeout(900)]

AT_MOST = 15
# Queries of each page for each role, as the first after something was written; "14>12" is 14 at a hundred grants and 12
# at ten thousand, where the list is too long to add up or has fewer kinds of flags, or the one flag has cleared. "-" is
# a page that the role may not open.
# The columns: commissioner, finance, scrutiny, administrator, provider.
COUNTS = """
today                                          13     13      9     13     10
today?news=all                                 13     13      9     13     10
funds                                           5      5      5      5      -
fund                                            9      9      9      9      -
rounds                                          5      5      5      5      -
grants                                      13>12  13>12  12>11  13>12     13
grants?sort=-ends_on                        13>12  13>12  12>11  13>12     13
grants?sort=awarded&tracked=yes             13>12  13>12  12>11  13>12     13
grants?search=youth                            13     13     12     13     13
grants?level=critical                          13     13     12     13     13
grants?ends=3&state=running                    13     13     12     13      7
grants?page=4                               13>12  13>12  12>11  13>12     13
grant                                          15     15     13     15     14
payments                                       12     12      -     12      -
returns                                         5      5      -      5      5
returns?sort=period_to                          5      5      -      5      5
returns?state=late                              5      5      -      5      5
returns?page=3                                  5      5      -      5      5
flags                                        13>9   13>9      -   13>9      -
flags?sort=-opened_on                       15>14  15>14      -  15>14      -
flags?rule=cliff_edge&level=critical            9      9      -      9      -
flags?show=cleared                              9      9      -      9      -
flag                                         10>6   10>6      -   10>6      -
messages                                        5      5      4      4      4
deliveries                                      -      -      -      4      -
duplicates                                      3      -      -      3      -
jobs                                            3      3      3      3      3
job                                             -      -      -      -      3
reports                                         2      2      2      2      -
scrutiny                                        7      7      7      7      -
speed                                          10     10     10     10      -
sustainability                                 15     15     15     15      -
completeness                                    5      5      -      5      -
record_payment?instalment=2                     -     11      -      -      -
reverse_payment                                 -      6      -      -      -
recover_payment                                 -      5      -      -      -
confirm_receipt                                 -      -      -      -      6
authorise_instalment                            5      5      -      5      -
meet_condition                                  4      4      -      4      -
record_claim                                    4      4      -      4      -
start_clock_stop                                3      3      -      3      -
end_clock_stop                                  4      4      -      4      -
correct_clock_stop                              4      4      -      4      -
record_agreement                                4      -      -      4      -
add_check                                       3      3      -      3      -
record_check                                    4      4      -      4      -
bank_details_changed                            4      4      -      4      -
vary_grant                                      6      -      -      6      -
record_details                                 10      -      -     10      -
name_provider                                   4      -      -      4      -
close_grant                                     4      -      -      4      -
extend_round                                    3      -      -      3      -
change_award                                    3      -      -      3      -
record_caseload                                 4      -      -      4      5
record_plan                                     5      -      -      5      -
add_cover                                       4      -      -      4      -
change_cover                                    5      -      -      5      -
record_notice                                   4      -      -      4      -
acknowledge_flag                              9>5    9>5      -    9>5      -
assign_flag                                  10>6   10>6      -   10>6      -
date_flag                                     9>5    9>5      -    9>5      -
note_flag                                     8>4    8>4      -    8>4      -
snooze_flag                                   9>5    9>5      -    9>5      -
wake_flag                                     9>5    9>5      -    9>5      -
closure_days                                    -      -      -      3      -
remove_closure_day                              -      -      -      3      -
imports                                         4      -      -      4      -
import_result                                   4      -      -      -      -
duplicate                                       9      -      -      9      -
message_preference                              2      2      2      2      2
retry_delivery                                  -      -      -      3      -
"""


def lines(found: dict[int, Measured]) -> list[str]:
    """What was measured, in the form of COUNTS."""
    small, large = found[SMALL].pages, found[LARGE].pages

    def cell(page: str, role: str) -> str:
        few, many = small.get((page, role)), large.get((page, role))
        return "-" if few is None else str(few) if few == many else f"{few}>{many}"

    pages = dict.fromkeys(page for page, _ in small)
    return [f"{page:<42}" + "".join(f"{cell(page, role):>7}" for role in ROLES) for page in pages]


def test_every_page_sends_as_many_queries_at_ten_thousand_grants_as_at_a_hundred(
    measured: dict[int, Measured],
) -> None:
    found = lines(measured)
    assert found == [line for line in COUNTS.splitlines() if line], "\n" + "\n".join(found)


def test_no_page_sends_more_than_fifteen(measured: dict[int, Measured]) -> None:
    sent = {page: n for size in (SMALL, LARGE) for page, n in measured[size].pages.items()}
    assert len(sent) > 100
    assert {page: n for page, n in sent.items() if n > AT_MOST} == {}


def test_no_page_sends_more_at_ten_thousand(measured: dict[int, Measured]) -> None:
    small, large = measured[SMALL].pages, measured[LARGE].pages
    assert {page: (small[page], n) for page, n in large.items() if n > small[page]} == {}


def test_the_second_pass_sends_at_most_fifteen_and_writes_nothing(measured: dict[int, Measured]) -> None:
    small, large = (measured[size].second_pass for size in (SMALL, LARGE))
    assert small == large
    assert small.queries <= AT_MOST
    assert small.writes == []
