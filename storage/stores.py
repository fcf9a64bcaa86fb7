"""Which store an address names: file:///PATH or s3://BUCKET/PREFIX?endpoint=…&region=…"""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from storage.folder import Folder
from storage.store import Store


def open_store(url: str, *, key: str = "", secret: str = "", retention_days: int = 0) -> Store:
    """Raises ValueError, which names what is wrong with the address and no secret."""
    match urlsplit(url).scheme:
        case "file":
            if urlsplit(url).netloc:
                raise ValueError("names a host; a folder has three slashes: file:///PATH")
            return Folder(Path(unquote(urlsplit(url).path)))
        case "s3":
            # only who has a bucket pays for it
            from storage.s3 import Address, Bucket  # noqa: PLC0415

            return Bucket(Address.read(url, key, secret), retention_days=retention_days)
        case _:
            raise ValueError(
                "is neither file:///PATH nor s3://BUCKET?endpoint=https://HOST&region=REGION"
            )
