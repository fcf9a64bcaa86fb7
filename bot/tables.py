"""Tables for the terminal; plain, tab-separated lines where the output is not one."""

import sys
from collections.abc import Sequence


def show(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a head; an empty table says so."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    from rich.console import Console  # noqa: PLC0415 - takes a tenth of a second
    from rich.table import Table  # noqa: PLC0415

    table = Table(*head)
    for row in rows:
        table.add_row(*row)
    Console().print(table if rows else "Nothing is here yet.")
