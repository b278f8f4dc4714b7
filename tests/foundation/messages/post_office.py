"""A mail server on a real socket that keeps what it gets and misbehaves on demand."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class PostOffice:
    """What has arrived, and what to answer: `on_rcpt` and `on_data` are replies, "hang up" breaks the connection after the data."""

    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    on_rcpt: str = ""
    on_data: str = ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if not self.on_rcpt:
            envelope.rcpt_tos.append(address)
        return self.on_rcpt or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.on_data and self.on_data != "hang up":
            return self.on_data
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        self.encrypted.append(session.ssl is not None)
        if self.on_data == "hang up":
            server.transport.abort()
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        return [str(one["Message-ID"]) for one in self.received]


def text_of(letter: EmailMessage) -> str:
    """The e-mail as whoever intercepts it reads it: every header, decoded, and the body."""
    headers = "\n".join(f"{name}: {value}" for name, value in letter.items())
    return f"{headers}\n\n{letter.get_content()}"


@contextmanager
def post_office(**options: Any) -> Iterator[PostOffice]:
    office = PostOffice()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        office.port = probe.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def guarded(certificate: Path, user: str, password: str) -> dict[str, Any]:
    """Options of a server that wants STARTTLS and then a name and a password."""

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=good, handled=False)  # the server itself answers 535

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return {
        "tls_context": context, "require_starttls": True, "authenticator": authenticate, "auth_required": True,
        "auth_exclude_mechanism": [],
    }  # fmt: skip


def self_signed(path: Path) -> Path:
    """A certificate and its key for `localhost`, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
