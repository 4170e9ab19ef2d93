"""All rows: one for each address of the product."""

from tests.role_matrix import accounts, actions, reading

ROWS = [*accounts.ROWS, *reading.ROWS, *actions.ROWS]
