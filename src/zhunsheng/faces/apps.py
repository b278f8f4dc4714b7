from typing import Any

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate


class FacesConfig(AppConfig):
    name = "zhunsheng.faces"
    label = "faces"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from zhunsheng.faces.factors import on_factor_added

        authenticator_added.connect(on_factor_added, dispatch_uid="factor_added")
        post_migrate.connect(make_shared_cache, sender=apps.get_app_config("accounts"), dispatch_uid="shared_cache")


def make_shared_cache(using: str, **said: Any) -> None:
    """Make the table of the cache that workers share, where it is one and is not there yet: Django migrates no cache."""
    call_command("createcachetable", database=using, verbosity=0)
