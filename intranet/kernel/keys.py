"""The server key and what is derived from it. One secret, one purpose per derived key."""

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from .durable import flush_folder

FILE = "server.key"


@dataclass(frozen=True, slots=True)
class Keys:
    """Derived from the installation's one secret (HKDF-like: HMAC with the purpose as message)."""

    receipts: bytes
    tokens: bytes
    sealing: bytes
    marks: bytes

    def receipt(self, author: int, client_id: str) -> bytes:
        """The receipt key of one author's client id: 16 bytes."""
        return hmac.digest(self.receipts, f"{author} {client_id}".encode(), "sha256")[:16]

    def digest(self, canonical: bytes) -> bytes:
        """The receipt digest of a canonical write: 16 bytes."""
        return hmac.digest(self.receipts, b"content " + canonical, "sha256")[:16]

    def token(self, author: int, client_id: str, purpose: str) -> str:
        """A secret that is the same at every retry of one write; only its hash is ever stored."""
        return hmac.digest(self.tokens, f"{purpose} {author} {client_id}".encode(), "sha256").hex()

    def seal(self, person: int) -> bytes:
        """The key with which a person's browser seals its own rows: 32 bytes."""
        return hmac.digest(self.sealing, f"person {person}".encode(), "sha256")

    def veiled(self, text: str) -> bytes:
        """What stands for a text that is not to be kept: 16 bytes."""
        return hmac.digest(self.marks, b"veiled " + text.encode(), "sha256")[:16]

    def mark(self, purpose: str) -> str:
        """A name that tells nothing and that all who have the secret share: 16 characters."""
        return hmac.digest(self.marks, purpose.encode(), "sha256").hex()[:16]


def derive(secret: bytes) -> Keys:
    """All keys from the installation's secret."""
    return Keys(
        *(hmac.digest(secret, purpose.encode(), "sha256") for purpose in ("receipts", "tokens", "sealing", "marks"))
    )


def hashed(token: str) -> str:
    """What is stored of a random token: SHA-256, hex. Tokens carry 256 bits, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def load_secret(setting: str, folder: Path) -> bytes:
    """The secret from the settings, or from `keys/server.key` in the data folder, made on first start."""
    if setting:
        return setting.encode()
    path = folder / "keys" / FILE
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            secret = secrets.token_bytes(32)
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        for each in (path.parent, folder):  # a power cut must not take it, or nobody's receipts are known any more
            flush_folder(each)
        return secret
