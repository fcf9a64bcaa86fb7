"""Objects in a bucket of an S3-compatible store: streamed in parts, each with its checksum, into a
versioned bucket.

obstore carries the bytes. What it has no call for (versions, legal holds, the bucket's own rules)
goes through boto3, which is imported only then.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from obstore.exceptions import BaseError
from obstore.store import S3Store

from storage.store import Full, Missing, Rules, StoreAway

PART: Final = 8 * 1024 * 1024
"""Bytes of a part; S3 takes 10,000 of them, so that an object can have 80 GB."""
PARTS_AT_ONCE: Final = 2
NO_ROOM: Final = ("status code: 507", "InsufficientStorage", "QuotaExceeded", "XMinioStorageFull")
SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class Address:
    """`s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION`, and the key that opens it."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    key: str = field(repr=False)
    secret: str = field(repr=False)

    @classmethod
    def read(cls, url: str, key: str, secret: str) -> "Address":
        """Raises ValueError, which says what is missing."""
        parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
        if not parts.netloc or not key or not secret:
            raise ValueError("names no bucket" if not parts.netloc else "needs its key and secret")
        prefix = parts.path.strip("/")
        endpoint = query.get("endpoint", [""])[0]
        return cls(
            parts.netloc, prefix, endpoint, query.get("region", ["us-east-1"])[0], key, secret
        )


class Bucket:
    """A store (storage/store.py) that other machines share. `retention_days`: 0 for a legal hold
    alone.
    """

    def __init__(self, address: Address, *, retention_days: int = 0) -> None:
        self.address = address
        self._retention_days = retention_days
        options: dict[str, Any] = {
            "access_key_id": address.key,
            "secret_access_key": address.secret,
            "region": address.region,
            "virtual_hosted_style_request": False,
            "checksum_algorithm": "SHA256",
        }
        if address.endpoint:
            options["endpoint"] = address.endpoint
        if address.prefix:
            options["prefix"] = address.prefix
        patience = timedelta(seconds=SECONDS)
        self._store = S3Store(
            address.bucket,
            client_options={
                "allow_http": address.endpoint.startswith("http:"),
                "connect_timeout": patience,
            },
            retry_config={"max_retries": 3, "retry_timeout": patience},
            **options,
        )

    async def put(self, name: str, chunks: AsyncIterator[bytes | bytearray]) -> int:
        """Parts are held in memory, `PARTS_AT_ONCE` of them; a stream that breaks leaves no
        object.
        """
        size = 0

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                yield bytes(chunk)  # the library may hold on to it

        with _refusals():
            await self._store.put_async(
                name, counted(), use_multipart=True, chunk_size=PART, max_concurrency=PARTS_AT_ONCE
            )
        if await self.size(name) != size:
            await self.remove(name)
            raise StoreAway("the store kept another size than it was given")
        return size

    async def get(self, name: str) -> AsyncIterator[bytes]:
        """In ranges: one long answer would have to be read within the library's time for a whole
        request.
        """
        size = await self.size(name)
        if size is None:
            raise Missing("the store has no object of this name")
        for start in range(0, size, PART):
            with _refusals():
                piece = await self._store.get_range_async(
                    name, start=start, length=min(PART, size - start)
                )
            yield bytes(piece)

    async def size(self, name: str) -> int | None:
        try:
            with _refusals():
                return int((await self._store.head_async(name))["size"])
        except Missing:
            return None

    async def remove(self, name: str) -> None:
        """All its versions: in a versioned bucket a plain delete only hides them."""
        await asyncio.to_thread(self._remove, self._key(name))

    async def names(self) -> AsyncIterator[str]:
        with _refusals():
            async for some in self._store.list(chunk_size=500):
                for one in some:
                    yield str(one["path"]).rpartition("/")[2]

    async def hold(self, name: str) -> None:
        await asyncio.to_thread(self._hold, self._key(name))

    async def lift(self, name: str) -> None:
        await asyncio.to_thread(self._lift, self._key(name))

    async def rules(self) -> Rules:
        return await asyncio.to_thread(self._rules)

    def _rules(self) -> Rules:
        with _refusals():
            client, bucket = self._client(), {"Bucket": self.address.bucket}
            client.head_bucket(**bucket)
            versioned = client.get_bucket_versioning(**bucket).get("Status") == "Enabled"
            try:
                locking = client.get_object_lock_configuration(**bucket)["ObjectLockConfiguration"]
            except client.exceptions.ClientError:
                locking = {}
            return Rules(versioned, bool(locking.get("ObjectLockEnabled")), "Rule" in locking)

    def _key(self, name: str) -> str:
        return f"{self.address.prefix}/{name}" if self.address.prefix else name

    def _remove(self, key: str) -> None:
        with _refusals():
            client, bucket = self._client(), self.address.bucket
            found = client.list_object_versions(Bucket=bucket, Prefix=key)
            for version in (*found.get("Versions", ()), *found.get("DeleteMarkers", ())):
                if version["Key"] == key:
                    client.delete_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])
            # of an upload that a crash has cut off
            begun = client.list_multipart_uploads(Bucket=bucket, Prefix=key)
            for upload in begun.get("Uploads", ()):
                if upload["Key"] == key:
                    client.abort_multipart_upload(
                        Bucket=bucket, Key=key, UploadId=upload["UploadId"]
                    )

    def _hold(self, key: str) -> None:
        with _refusals():
            client, place = self._client(), {"Bucket": self.address.bucket, "Key": key}
            client.put_object_legal_hold(**place, LegalHold={"Status": "ON"})
            if self._retention_days:
                until = datetime.now(UTC) + timedelta(days=self._retention_days)
                client.put_object_retention(
                    **place, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until}
                )

    def _lift(self, key: str) -> None:
        with _refusals():
            place = {"Bucket": self.address.bucket, "Key": key}
            self._client().put_object_legal_hold(**place, LegalHold={"Status": "OFF"})

    def _client(self) -> Any:
        import boto3  # noqa: PLC0415 - heavy, and needed rarely
        from botocore.config import Config  # noqa: PLC0415

        a = self.address
        return boto3.session.Session().client(
            "s3",
            endpoint_url=a.endpoint or None,
            region_name=a.region,
            aws_access_key_id=a.key,
            aws_secret_access_key=a.secret,
            config=Config(
                connect_timeout=SECONDS, read_timeout=SECONDS, s3={"addressing_style": "path"}
            ),
        )


@contextmanager
def _refusals() -> Iterator[None]:
    """The libraries' texts name addresses and keys: what goes on is the kind of refusal alone."""
    try:
        yield
    except (StoreAway, Missing, Full):
        raise
    except FileNotFoundError:
        raise Missing("the store has no object of this name") from None
    except Exception as refused:
        if isinstance(refused, BaseError) or type(refused).__module__.startswith(
            ("botocore", "boto3")
        ):
            if any(word in str(refused) for word in NO_ROOM):
                raise Full("the store is full") from None
            raise StoreAway(type(refused).__name__) from None
        raise
