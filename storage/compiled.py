"""Statements of SQLAlchemy Core, compiled once each, as the driver wants them.

SQLAlchemy writes the SQL, for either database; what runs it is the driver itself, since most of
what a statement cost stood between the two (docs/decisions/0022).
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]
Sql = tuple[str, tuple[str, ...]]
"""What the driver is given, and the names of its parameters in their order."""


class Rows(list[Any]):
    """What a statement found: rows whose columns are attributes, or the values of one column.

    `rowcount`: how many rows a statement without RETURNING changed.
    """

    def __init__(self, rows: Iterable[Any] = (), rowcount: int = -1) -> None:
        super().__init__(rows)
        self.rowcount = rowcount

    def all(self) -> list[Any]:
        return self

    def first(self) -> Any | None:
        return self[0] if self else None

    def one(self) -> Any:
        """Raises ValueError unless there is one."""
        (only,) = self
        return only

    def scalars(self) -> "Rows":
        """The first column."""
        return Rows(row[0] for row in self)

    def scalar(self) -> Any | None:
        """The first column of the first row, if there is one."""
        return self[0][0] if self else None

    def scalar_one(self) -> Any:
        """Raises ValueError unless there is one row."""
        return self.one()[0]


class Statement:
    """One statement in one database's words.

    `keys`: the columns that an INSERT is given, where it does not say so itself.
    """

    def __init__(
        self, statement: Executable, dialect: Dialect, keys: Sequence[str] | None = None
    ) -> None:
        made = statement.compile(dialect=dialect, column_keys=keys)  # type: ignore[attr-defined]
        assert isinstance(made, SQLCompiler)  # noqa: S101 - what is executed here is a statement
        self._made = made
        self._fixed: dict[str, Any] = {
            name: bind.value for bind, name in made.bind_names.items() if not bind.required
        }
        for column in made.insert_prefetch:
            self._fixed[column.key] = column.default.arg  # type: ignore[union-attr]
        self._lists = tuple(made.bind_names[bind] for bind in made.post_compile_params)
        self._by_lengths: dict[tuple[int, ...], tuple[Sql, tuple[str, ...]]] = {}
        self._plain: Sql = (made.string, tuple(made.positiontup or ()))
        self._row: Callable[[Iterable[Any]], Any] | None = None
        columns = getattr(statement, "exported_columns", ())
        self._read = [
            (place, read)
            for place, column in enumerate(columns)
            if (read := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]
        changes = made.isinsert or made.isupdate or made.isdelete
        self.returns = len(columns) > 0 or not changes
        """Whether it finds rows; else it says how many it changed."""

    def bind(self, given: Values) -> tuple[str, list[Any]]:
        """The SQL with its parameters in order. Raises KeyError where one is missing."""
        values = {**self._fixed, **given}
        if self._lists:
            return self._with_lists(values)
        sql, names = self._plain
        return sql, [values[name] for name in names]

    def bind_many(self, rows: Iterable[Values]) -> tuple[str, list[list[Any]]]:
        """The SQL with the parameters of every row; none of them may be a list."""
        sql, names = self._plain
        fixed = self._fixed
        return sql, [[{**fixed, **row}[name] for name in names] for row in rows]

    def _with_lists(self, values: dict[str, Any]) -> tuple[str, list[Any]]:
        """An IN has as many parameters as its list; lists are filled up, so that few lengths
        occur.
        """
        for name in self._lists:
            values[name] = _filled_up(values[name])
        lengths = tuple(len(values[name]) for name in self._lists)
        if lengths not in self._by_lengths:
            state = self._made.construct_expanded_state(values)
            expanded = tuple(x for name in self._lists for x in state.parameter_expansion[name])
            sql = (state.statement, tuple(state.positiontup or ()))
            self._by_lengths[lengths] = sql, expanded
        (sql_, names), expanded = self._by_lengths[lengths]
        each = (_parts(value) for name in self._lists for value in values[name])
        values.update(zip(expanded, chain.from_iterable(each), strict=True))
        return sql_, [values[name] for name in names]

    def rows(self, names: Sequence[str], found: Iterable[Sequence[Any]]) -> Rows:
        """The driver's rows as ours; `names` are those of their columns."""
        if self._row is None:
            # by its own names: two columns of one name, or one without, get another
            made = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024
            self._row = made._make
        if self._read:
            found = (self._as_read(row) for row in found)
        return Rows(map(self._row, found))

    def _as_read(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, read in self._read:
            values[place] = read(values[place])
        return values


KEPT: Final = 512
"""Compiled statements that are kept: those of modules, which run again and again, and the last ones
of those that are built to run once.
"""


class Statements:
    """The statements of one database. They are known again by what they are, not by what they say:
    to find out the latter takes longer than to run one.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect: Final = dialect
        self._compiled = lru_cache(KEPT)(self._compile)

    def of(self, statement: Executable, row: Values) -> Statement:
        """`row`: what it is given. An INSERT need not name its columns itself."""
        return self._compiled(statement, tuple(row))

    def _compile(self, statement: Executable, keys: tuple[str, ...]) -> Statement:
        return Statement(statement, self.dialect, keys or None)


def _parts(value: Any) -> tuple[Any, ...]:
    """Of an IN of tuples every part is a parameter."""
    return value if isinstance(value, tuple) else (value,)


def _filled_up(values: Iterable[Any]) -> list[Any]:
    """Up to the next power of two, with what is in it already."""
    given = list(values)
    wanted = 1 << (len(given) - 1).bit_length() if given else 0
    return given + given[-1:] * (wanted - len(given))
