"""PURE: moments as people and JSON say them; everything is UTC."""

import datetime


def iso_time(seconds: int) -> str:
    """Whole seconds since 1970 as ISO 8601 in UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def readable_minute(seconds: int) -> str:
    """Whole seconds since 1970 as a minute in UTC, for people."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")


def readable_hour(hours: int) -> str:
    """An hour since 1970 as people say it; where this is used nothing finer is kept."""
    start = datetime.datetime.fromtimestamp(hours * 3600, datetime.UTC)
    return f"{start:%-d %B %Y}, {start:%H}:00–{(start.hour + 1) % 24:02}:00 UTC"
