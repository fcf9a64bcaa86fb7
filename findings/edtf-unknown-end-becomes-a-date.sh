#!/usr/bin/env bash
# python-edtf 5.0.2 and a stretch whose end is not known.
#
# In EDTF (ISO 8601-2:2019, level 1) "2022-03-12/" is a stretch that began on that day and whose end is *unknown*, and
# "2022-03-12/.." one that is *open*. The library's strict bounds are the earliest and the latest day that a date can
# mean. Of the two
#   1. the unknown end is given a strict latest day: ten years after the beginning, in the future as it may be; an
#      unknown beginning lies ten years before the end. It is a setting (DELTA_IF_UNKNOWN), which the package's own
#      description does not name, and nothing in the result tells a day that was written from one that was added;
#   2. the open end has no day: the same method returns the float inf instead of a struct_time, so that whoever takes
#      the year from it fails on this form and on no other.
# Whoever files witnesses' dates by their strict bounds files a day that nobody said, or an error, by one sign.
#
# Seen:
#   2022-03-12/      strict: 2022-03-12 to 2032-03-12
#   /2022-03-12      strict: 2012-03-12 to 2022-03-12
#   2022-03-12/..    strict: 2022-03-12 to float inf
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check edtf==5.0.2
cat > "$folder/try.py" <<'PYTHON'
from importlib.metadata import metadata, version

from edtf import parse_edtf


def day(bound: object) -> str:
    """A day as it is written, or what was given instead of one."""
    if isinstance(bound, float):
        return f"float {bound}"
    return "-".join(f"{part:02}" for part in tuple(bound)[:3])


def bounds(text: str) -> str:
    date = parse_edtf(text)
    return f"{day(date.lower_strict())} to {day(date.upper_strict())}"


EXPECTED = {
    "2022-03-12/": "2022-03-12 to 2032-03-12",
    "/2022-03-12": "2012-03-12 to 2022-03-12",
    "2022-03-12/..": "2022-03-12 to float inf",
}
print("edtf", version("edtf"))
for text, expected in EXPECTED.items():
    found = bounds(text)
    print(f"{text:15}  strict: {found}")
    assert found == expected, (text, found)
assert "DELTA_IF_UNKNOWN" not in (metadata("edtf").get_payload() or "")
PYTHON
"$folder/venv/bin/python" -W ignore "$folder/try.py"
