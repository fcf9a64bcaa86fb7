"""What keeps objects keeps them whole: a folder, and a bucket of a real object store, by the same tests."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from storage import age, schema
from storage.copying import Kept, copy
from storage.database import Database
from storage.folder import Folder
from storage.store import Missing, Rules, Store, StoreAway
from storage.stores import open_store
from storage.vault import Vault
from tests import seaweed
from tests.reader import decrypt, rows

KINDS = ("file", "s3")
NAME = "ab" * 20


def a_store(kind: str, folder: Path) -> Store:
    url = (folder / "vault").as_uri() if kind == "file" else seaweed.address(seaweed.bucket())
    return open_store(url, key=seaweed.KEY, secret=seaweed.SECRET)


async def stream(content: bytes, piece: int = 1_000_003) -> AsyncIterator[bytes]:
    for at in range(0, len(content), piece):
        yield content[at : at + piece]


async def whole(store: Store, name: str) -> bytes:
    return b"".join([piece async for piece in store.get(name)])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [0, 1, 8 * 1024 * 1024, 20_000_001])
async def test_what_is_put_comes_back_byte_for_byte(kind: str, size: int, tmp_path: Path) -> None:
    store, content = a_store(kind, tmp_path), os.urandom(size)
    assert await store.put(NAME, stream(content)) == size == await store.size(NAME)
    assert hashlib.sha256(await whole(store, NAME)).digest() == hashlib.sha256(content).digest()
    assert [name async for name in store.names()] == [NAME]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_stream_that_breaks_leaves_no_object_and_removing_is_final(
    kind: str, tmp_path: Path
) -> None:
    store = a_store(kind, tmp_path)

    async def broken() -> AsyncIterator[bytes]:
        yield os.urandom(17_000_000)
        raise EOFError

    with pytest.raises(EOFError):
        await store.put(NAME, broken())
    assert await store.size(NAME) is None and [name async for name in store.names()] == []
    with pytest.raises(Missing):
        await whole(store, NAME)
    await store.put(NAME, stream(b"kept"))
    await store.remove(NAME)
    await store.remove(NAME)
    assert await store.size(NAME) is None


@pytest.mark.parametrize("kind", KINDS)
async def test_the_vault_seals_into_it(kind: str, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'v.db'}")
    await schema.prepare(database, practice=True)
    recipient, identity = age.new_identity()
    vault, content = Vault(a_store(kind, tmp_path), database), os.urandom(9_000_000)
    stored = await vault.put(stream(content), recipient, hour=1)
    assert rows(tmp_path / "v.db", "SELECT name, stored FROM objects") == [(stored.object, 0)]
    (tmp_path / "key").write_text(identity)
    sealed = await whole(vault.store, stored.object)
    assert (len(sealed), hashlib.sha256(sealed).hexdigest()) == (
        stored.sealed_size,
        stored.sealed_sha256,
    )
    assert decrypt(sealed, tmp_path / "key") == content
    assert await vault.collect(100) == 1 and await vault.store.size(stored.object) is None
    await database.close()


async def test_a_bucket_removes_every_version_and_says_nothing_of_the_content() -> None:
    name = seaweed.bucket()
    store = open_store(seaweed.address(name), key=seaweed.KEY, secret=seaweed.SECRET)
    await store.put(NAME, stream(b"first"))
    head = seaweed.client().head_object(Bucket=name, Key=f"sealed/{NAME}")
    assert (head["Metadata"], head["ContentType"]) == ({}, "application/octet-stream")
    seaweed.client().put_object(Bucket=name, Key=f"sealed/{NAME}", Body=b"second")
    await store.remove(NAME)
    left = seaweed.client().list_object_versions(Bucket=name)
    assert not left.get("Versions") and not left.get("DeleteMarkers")


async def test_what_is_held_cannot_be_removed_until_it_is_let_go() -> None:
    name = seaweed.bucket()
    store = open_store(seaweed.address(name), key=seaweed.KEY, secret=seaweed.SECRET)
    await store.put(NAME, stream(b"evidence"))
    await store.hold(NAME)
    await store.hold(NAME)
    with pytest.raises(StoreAway, match="AccessDenied"):
        await store.remove(NAME)
    assert await whole(store, NAME) == b"evidence"
    await store.lift(NAME)
    await store.remove(NAME)
    assert await store.size(NAME) is None


async def test_retention_is_in_governance_mode_and_only_where_it_is_asked_for() -> None:
    name = seaweed.bucket()
    store = open_store(
        seaweed.address(name), key=seaweed.KEY, secret=seaweed.SECRET, retention_days=3
    )
    await store.put(NAME, stream(b"evidence"))
    client, place = seaweed.client(), {"Bucket": name, "Key": f"sealed/{NAME}"}
    with pytest.raises(client.exceptions.ClientError):
        client.get_object_retention(**place)
    await store.hold(NAME)
    assert client.get_object_retention(**place)["Retention"]["Mode"] == "GOVERNANCE"


async def test_a_bucket_says_its_rules() -> None:
    async def rules(name: str) -> Rules:
        return await open_store(
            seaweed.address(name), key=seaweed.KEY, secret=seaweed.SECRET
        ).rules()

    good = seaweed.bucket()
    assert await rules(good) == Rules(versioned=True, lockable=True, default_retention=False)
    plain = seaweed.bucket(ObjectLockEnabledForBucket=False)
    assert await rules(plain) == Rules(versioned=False, lockable=False, default_retention=False)
    rule = {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}},
    }
    seaweed.client().put_object_lock_configuration(Bucket=good, ObjectLockConfiguration=rule)
    assert (await rules(good)).default_retention


@pytest.mark.parametrize("key, secret, url", [
    (seaweed.KEY, "wrong", ""),
    ("nobody", seaweed.SECRET, ""),
    (seaweed.KEY, seaweed.SECRET, "s3://vault?endpoint=http://127.0.0.1:9"),
])  # fmt: skip
async def test_a_store_that_refuses_says_so_without_address_or_key(
    key: str, secret: str, url: str
) -> None:
    store = open_store(url or seaweed.address(seaweed.bucket()), key=key, secret=secret)
    for ask in (
        store.put(NAME, stream(b"x")),
        store.size(NAME),
        store.hold(NAME),
        whole(store, NAME),
    ):
        with pytest.raises(StoreAway) as refused:
            await ask
        said = str(refused.value) + repr(refused.value)
        assert refused.value.__cause__ is None and not any(
            word in said for word in ("127", key, secret, NAME)
        )


@pytest.mark.parametrize("url, key", [
    ("https://x", "k"), ("s3:///no-bucket", "k"), ("s3://vault", ""), ("", "k"), ("/just/a/path", "k"),
])  # fmt: skip
def test_an_address_that_is_none_is_refused(url: str, key: str) -> None:
    with pytest.raises(ValueError, match=r"file|bucket|key"):
        open_store(url, key=key, secret=seaweed.SECRET)


def test_the_server_is_a_real_one() -> None:
    assert httpx.get(f"{seaweed.endpoint()}/some-bucket").status_code == 403


async def test_a_copy_never_replaces_what_is_whole_by_what_is_not(tmp_path: Path) -> None:
    """Night by night: the source is damaged, then gone; then the copy is, and the source is well again."""
    source, target = Folder(tmp_path / "a"), Folder(tmp_path / "b")
    content = os.urandom(8000)
    kept = {NAME: Kept(hashlib.sha256(content).hexdigest(), filed=True, needed=True)}
    await source.put(NAME, stream(content))
    assert (await copy(source, target, kept)).copied == 1

    for damage in (content[:-1], content[:-1] + bytes([content[-1] ^ 1])):
        source.path(NAME).write_bytes(damage)
        done = await copy(source, target, kept, check=True)
        assert await whole(target, NAME) == content and done.digests == {NAME: kept[NAME].sha256}
    source.path(NAME).unlink()
    done = await copy(source, target, kept)
    assert (done.gone, done.digests) == ([NAME], {NAME: kept[NAME].sha256}) and await whole(
        target, NAME
    ) == content

    await source.put(NAME, stream(content))
    target.path(NAME).write_bytes(content[:-1])
    done = await copy(source, target, kept)
    assert (done.copied, done.wrong) == (1, []) and await whole(target, NAME) == content
    target.path(NAME).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert (await copy(source, target, kept, check=True)).copied == 1 and await whole(
        target, NAME
    ) == content


async def test_an_upload_that_a_crash_has_cut_off_is_removed_with_its_object() -> None:
    name = seaweed.bucket()
    client, place = seaweed.client(), {"Bucket": name, "Key": f"sealed/{NAME}"}
    begun = client.create_multipart_upload(**place)
    client.upload_part(**place, UploadId=begun["UploadId"], PartNumber=1, Body=b"x" * 6_000_000)
    await open_store(seaweed.address(name), key=seaweed.KEY, secret=seaweed.SECRET).remove(NAME)
    assert not client.list_multipart_uploads(Bucket=name).get("Uploads")
