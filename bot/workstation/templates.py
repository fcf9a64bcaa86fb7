"""The templates of an officer's pages: HTML that a designer can read, with everything escaped.

What is marked safe in them is our own style and our own script, and nothing else.
"""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

PAGES: Final = Path(__file__).parent / "pages"
STYLE: Final = (PAGES / "style.css").read_text("utf-8")
SORT: Final = (PAGES / "sort.js").read_text("utf-8")
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined
)


def render(name: str, **values: object) -> str:
    """A page. Raises jinja2.UndefinedError where a template asks for what is not given."""
    return _TEMPLATES.get_template(name).render(style=STYLE, **values)
