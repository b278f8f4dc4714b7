"""How this product uses django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given by an institution's administrator: nobody signs up by himself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
