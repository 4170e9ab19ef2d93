"""The lists around imports: rows that cannot be taken, what was noticed of the others, like organisations."""

import django_tables2 as tables2
from django.utils.safestring import SafeString

from core.web.tables import DateColumn, NumberColumn, Table, WordsColumn
from grants.tables.cells import link
from providers.models import ProbableDuplicate


class RefusedRowTable(Table):
    """Rows of a file that cannot be taken."""

    caption = "Rows that cannot be taken"

    row = NumberColumn("Row", orderable=False)
    column = tables2.Column("Column", orderable=False)
    value = tables2.Column("What stands there", orderable=False, default="nothing")
    message = WordsColumn("What to do", orderable=False)

    def render_column(self, value: str) -> str:
        """The column as the file calls it."""
        return value or "the whole row"


class WarningTable(Table):
    """What was noticed of rows that are taken."""

    caption = "Taken, but look at them"
    row_header = "message"

    message = tables2.Column("What was noticed", orderable=False)
    column = tables2.Column("Column", orderable=False)
    count = NumberColumn("Rows", orderable=False)
    rows = tables2.Column("Which (the first)", orderable=False)

    def render_rows(self, value: list[int]) -> str:
        """Row numbers."""
        return ", ".join(str(row) for row in value)


class DuplicateTable(Table):
    """Pairs of organisations that may be one."""

    caption = "Probable duplicates"
    show_caption = False

    newer = tables2.Column("Newer record", accessor="newer__name", order_by="newer__name")
    older = tables2.Column("Older record", accessor="older__name", order_by="older__name")
    why = tables2.Column("Why", orderable=False)
    found_on = DateColumn("Found", order_by="found_on")

    def render_newer(self, value: str, record: ProbableDuplicate) -> SafeString:
        """The name leads to the page of the pair."""
        return link("duplicate", str(record.pk), value)


class OrganisationTable(Table):
    """The two records of a pair, side by side."""

    caption = "The two records"

    name = tables2.Column("Name", orderable=False)
    which = tables2.Column("Record", orderable=False)
    kind = tables2.Column("Kind", orderable=False)
    numbers = tables2.Column("Numbers", orderable=False, default="none")
    grants = NumberColumn("Grants", orderable=False)
    funds = tables2.Column("Funds", orderable=False, default="none")
