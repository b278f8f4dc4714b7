"""How django-allauth keeps the secrets of second factors."""

import base64
import logging
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter

from zhunsheng.foundation.accounts.factors import CannotOpen, opened, sealed

log = logging.getLogger(__name__)


class FactorAdapter(DefaultMFAAdapter):
    """Secrets are sealed on the way into the database and opened on the way out."""

    def encrypt(self, text: str) -> str:
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; for one that cannot be opened a new one that nobody knows, so that every code is simply wrong.

        An empty secret would have codes that anybody can compute, and an error would tell a stranger that the key is missing.
        """
        try:
            return opened(encrypted_text)
        except CannotOpen as fault:
            log.error("the secret of a second factor cannot be opened: %s; see zhunsheng forget-factors", fault)
            return base64.b32encode(secrets.token_bytes(20)).decode()
