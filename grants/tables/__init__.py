"""Tables: the lists that fill a page, and the small ones inside one grant's story."""

from grants.tables.cells import level_tag, level_tags, link
from grants.tables.lists import AwardTable, FlagTable, FundTable, GrantTable, ReturnTable, RoundTable
from grants.tables.story import (
    CheckTable,
    CoverTable,
    HistoryTable,
    NoticeTable,
    PaymentTable,
    ScheduleTable,
    StopTable,
    StoryReturnTable,
)

__all__ = [
    "AwardTable",
    "CheckTable",
    "CoverTable",
    "FlagTable",
    "FundTable",
    "GrantTable",
    "HistoryTable",
    "NoticeTable",
    "PaymentTable",
    "ReturnTable",
    "RoundTable",
    "ScheduleTable",
    "StopTable",
    "StoryReturnTable",
    "level_tag",
    "level_tags",
    "link",
]
