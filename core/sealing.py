"""Encryption of what must be read again: AES-256-GCM, one key per purpose, bound to what it belongs to (V11.3)."""

import os
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.office import Office

# First byte of a ciphertext: which key and algorithm made it, so that both can change (V11.2.2).
VERSION: Final = b"\x01"
_NONCE: Final = 12


def encrypt(office: Office, purpose: str, plain: bytes, *, bound_to: str) -> bytes:
    """`plain` sealed for `purpose`; it opens only with the same `bound_to` (the row it stands in)."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(office.key_for(f"aes/{purpose}")).encrypt(nonce, plain, VERSION + bound_to.encode())
    return VERSION + nonce + sealed


def decrypt(office: Office, purpose: str, sealed: bytes, *, bound_to: str) -> bytes:
    """What `encrypt` sealed; cryptography's InvalidTag when it was altered, moved or sealed with another key."""
    version, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    return AESGCM(office.key_for(f"aes/{purpose}")).decrypt(nonce, rest, version + bound_to.encode())
