"""SQL functions that both databases have under other names."""

from typing import Any

from django.db.models import CharField, Func, IntegerField


class DaysBetween(Func):
    """Whole days from one date to another: `DaysBetween(start, end)`; negative when the end comes first."""

    arity = 2
    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """One date less the other."""
        start, end, params = self._parts(compiler)
        return f"({end} - {start})", params

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """By the number of each day."""
        start, end, params = self._parts(compiler)
        return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)", params

    def _parts(self, compiler: Any) -> tuple[str, str, list[Any]]:
        """The SQL of start and end, and their parameters in the order in which they stand: the end first."""
        (start, of_start), (end, of_end) = map(compiler.compile, self.source_expressions)
        return start, end, [*of_end, *of_start]


class JoinedIds(Func):
    """The ids of all rows of a subquery, joined by commas; null where there are none."""

    function = "GROUP_CONCAT"
    arity = 1
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Under its other name, which takes text only."""
        return self.as_sql(compiler, connection, template="STRING_AGG(%(expressions)s::text, ',')", **extra)
