"""`make words`: extract the texts from the code and merge them into every language, in place."""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
SOURCES = ("conversations", "bot")
LANGUAGES = tuple(
    sorted(file.parent.parent.name for file in (ROOT / "locales").glob("*/LC_MESSAGES/witness.po"))
)
"""A language is there because its file is."""
KEYWORDS = {"N_": None, "NN_": (1, 2)}
WIDTH = 110


def extracted() -> Catalog:
    """Every marked text, in the order of the files."""
    found = Catalog(project="firsthand", charset="utf-8")
    for source in SOURCES:
        method = [("**.py", "python")]
        for name, line, message, comments, context in extract_from_dir(
            ROOT / source, method, keywords=KEYWORDS
        ):
            found.add(
                message,
                locations=[(f"{source}/{name}", line)],
                auto_comments=comments,
                context=context,
            )
    return found


def begin(language: str) -> None:
    """An empty catalogue of a new language, with its plural forms. Raises FileExistsError, and
    UnknownLocaleError for a code that Unicode does not have.
    """
    path = ROOT / "locales" / language / "LC_MESSAGES" / "witness.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = Catalog(
        locale=language,
        project="firsthand",
        charset="utf-8",
        header_comment="# Reviewed by: nobody",
    )
    with path.open("xb") as file:
        write_po(file, catalogue, width=WIDTH)


def merge(language: str) -> Catalog:
    """A language's catalogue with the texts of today; translations of changed texts turn fuzzy."""
    path = ROOT / "locales" / language / "LC_MESSAGES" / "witness.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    catalogue.update(extracted(), no_fuzzy_matching=False, keep_user_comments=True)
    return catalogue


def main() -> None:
    for language in sys.argv[1:]:
        begin(language)
    for language in sorted({*LANGUAGES, *sys.argv[1:]}):
        catalogue = merge(language)
        path = ROOT / "locales" / language / "LC_MESSAGES" / "witness.po"
        written = io.BytesIO()
        write_po(
            written,
            catalogue,
            width=WIDTH,
            no_location=True,
            ignore_obsolete=True,
            sort_output=False,
        )
        if _dateless(written.getvalue()) != _dateless(path.read_bytes()):
            path.write_bytes(written.getvalue())
        left = [
            m for m in catalogue if m.id and (m.fuzzy or not m.string or not all(_forms(m.string)))
        ]
        print(f"{language}: {len(catalogue)} texts, {len(left)} to do")
    sys.exit(0)


def _dateless(catalogue: bytes) -> bytes:
    """What it says, whenever it was extracted."""
    return re.sub(rb'"POT-Creation-Date: .*\n', b"", catalogue)


def _forms(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (tuple, list)) else (str(string),)


if __name__ == "__main__":
    main()
