"""How an account comes to be: somebody was invited and took the invitation up."""

from allauth.account.models import EmailAddress

from zhunsheng.foundation.accounts.models import User


def open_account(*, username: str, password: str, name: str, email: str, confirmed: bool) -> User:
    """Open an account. The address counts as confirmed when the invitation reached it by mail.

    An address that another account has already is left out without a word: to say so would tell the inviter who has an account.
    """
    email = email.lower()
    taken = (
        User.objects.filter(email__iexact=email).exists() or EmailAddress.objects.filter(email__iexact=email).exists()
    )
    user = User.objects.create_user(
        username=username, password=password, first_name=name[:150], email="" if taken else email
    )
    if email and not taken:
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=confirmed)
    return user
