"""Who may ask for shred keys: each role has a certificate of the installation's own authority, and
its name in it.
"""

import datetime
import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.errors import Misconfigured
from storage.keys import write_new

SERVICE: Final = "keys"
ROLES: Final = (SERVICE, "witness", "files")
AUTHORITY: Final = "ca.pem"
DAYS: Final = 1096
"""Three years; doctor says two months before that it is time to make new ones."""


def make(folder: Path, hosts: Sequence[str]) -> None:
    """An authority and a certificate a role, each with its private key in one file; `hosts`: where
    the service is.

    The authority's own private key is forgotten: to renew or to add a host, all are made anew.
    Raises FileExistsError.
    """
    now = datetime.datetime.now(datetime.UTC)
    authority = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Firsthand keys")])
    root = _builder(issuer, issuer, authority.public_key(), now)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    write_new(folder / AUTHORITY, _pem(root.sign(authority, hashes.SHA256())))
    for role in ROLES:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, role)])
        builder = _builder(name, issuer, key.public_key(), now)
        builder = builder.add_extension(
            x509.BasicConstraints(ca=False, path_length=None), critical=True
        )
        if role == SERVICE:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_host(h) for h in hosts]), critical=False
            )
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        write_new(folder / f"{role}.pem", private + _pem(builder.sign(authority, hashes.SHA256())))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=DAYS))
    )


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def context(folder: Path, role: str) -> ssl.SSLContext:
    """For the service, or a role that asks it; either refuses whom the authority did not sign.
    Raises Misconfigured.
    """
    purpose = ssl.Purpose.CLIENT_AUTH if role == SERVICE else ssl.Purpose.SERVER_AUTH
    try:
        # and none of the system's authorities
        made = ssl.create_default_context(purpose, cafile=folder / AUTHORITY)
        made.minimum_version = ssl.TLSVersion.TLSv1_3
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_cert_chain(folder / f"{role}.pem")
    except (OSError, ssl.SSLError):
        raise Misconfigured(
            f"FIRSTHAND_KEYS_TLS: {folder} must hold {AUTHORITY} and {role}.pem; they are made "
            "with: firsthand keys certificates"
        ) from None
    return made


def ends(folder: Path) -> dict[str, datetime.datetime]:
    """Until when each certificate in this folder is good."""
    found = {}
    for path in sorted(folder.glob("*.pem")):
        found[path.name] = x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
    return found
