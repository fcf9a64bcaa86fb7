"""Importing a library of pydantic models without building those that are never used.

aiogram's import ends with `model_rebuild` of all its types: 2 of its 2.6 seconds and 100 of its 165
MB are validators for some 600 classes, of which a bot meets a few dozen; whoever writes while a
process starts again waits for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel


@contextmanager
def unbuilt(package: str) -> Iterator[None]:
    """Within, models of `package` are imported, not built: pydantic builds each of them when it is
    first used.

    Then it needs the names that the package gave it for its types; they are kept here, for pydantic
    to ask for again.
    """
    build: Any = vars(BaseModel)["model_rebuild"].__func__
    names: dict[str, Any] = {}
    importing = True

    def model_rebuild(cls: type[BaseModel], **how: Any) -> Any:
        if cls.__module__.partition(".")[0] != package:
            return build(cls, **how)
        names.update(how.pop("_types_namespace", None) or {})
        return None if importing else build(cls, **how, _types_namespace=names)

    BaseModel.model_rebuild = classmethod(model_rebuild)  # type: ignore[assignment, arg-type]
    try:
        yield
    finally:
        importing = False
