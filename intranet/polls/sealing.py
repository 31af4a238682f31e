"""Boxes that only one key opens: ECDH on P-256 with a fresh key each, HKDF-SHA-256, AES-256-GCM.

WebCrypto knows all of it, so the box is closed on the phone (static/polls/sealing.js does the same). What is inside is
padded to one length, so that a box says nothing by its size.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .choices import Choice

CURVE = ec.SECP256R1()
POINT = 65
TAG = 16
SHORT, LONG = 1024, 3072  # what is inside a box, in bytes: without and with a sentence
MOST_SENTENCE = 500
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: a code is read out aloud


@dataclass(frozen=True, slots=True)
class Inside:
    """What lies in a box."""

    code: str
    choice: Choice
    sentence: str = ""


def new_key() -> bytes:
    """A private key."""
    return ec.generate_private_key(CURVE).private_numbers().private_value.to_bytes(32, "big")


def public_of(key: bytes) -> str:
    """The public key, as browsers take it."""
    private = ec.derive_private_key(int.from_bytes(key, "big"), CURVE)
    return _text(private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def print_of(public: str) -> str:
    """A short name of a public key."""
    return hashlib.sha256(public.encode()).hexdigest()[:16]


def new_code() -> str:
    """Eight letters and figures, by which a voter finds their own ballot."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def is_code(text: str) -> bool:
    """Whether a code looks like one."""
    return len(text) == 9 and text[4] == "-" and set(text[:4] + text[5:]) <= set(ALPHABET)


def size_of(texts: int) -> int:
    """The length of every box of a poll."""
    return POINT + (LONG if texts else SHORT) + TAG


def close_box(public: str, poll: int, inside: Inside, *, texts: int) -> bytes:
    """The box. Its content is padded to one length."""
    written: dict[str, object] = {"code": inside.code, "yes": inside.choice.yes, "maybe": inside.choice.maybe}
    if inside.sentence:
        written["text"] = inside.sentence
    plain = json.dumps(written, separators=(",", ":"), ensure_ascii=False).encode()
    fresh = ec.generate_private_key(CURVE)
    point = fresh.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = _bytes(public)
    shared = fresh.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    key, nonce = _derived(shared, point + theirs)
    return point + AESGCM(key).encrypt(nonce, plain.ljust(LONG if texts else SHORT), _about(poll))


def open_box(key: bytes, poll: int, box: bytes) -> Inside | None:
    """What is inside; None for what no phone of ours has made."""
    private = ec.derive_private_key(int.from_bytes(key, "big"), CURVE)
    own = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, box[:POINT])
        content, nonce = _derived(private.exchange(ec.ECDH(), point), box[:POINT] + own)
        found = json.loads(AESGCM(content).decrypt(nonce, box[POINT:], _about(poll)))
        choice = Choice(tuple(map(int, found["yes"])), tuple(map(int, found.get("maybe", ()))))
        inside = Inside(str(found["code"]), choice, str(found.get("text", "")).strip()[:MOST_SENTENCE])
    except (InvalidTag, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return inside if is_code(inside.code) else None


def from_text(box: str) -> bytes:
    """A box as it travels. Raises ValueError."""
    return _bytes(box)


def _derived(shared: bytes, parties: bytes) -> tuple[bytes, bytes]:
    made = HKDF(hashes.SHA256(), 44, salt=None, info=b"binnen ballot 1" + parties).derive(shared)
    return made[:32], made[32:]


def _about(poll: int) -> bytes:
    return f"poll {poll}".encode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)


__all__ = [
    "MOST_SENTENCE", "Inside", "close_box", "from_text", "is_code", "new_code", "new_key", "open_box", "print_of",
    "public_of", "size_of",
]  # fmt: skip
