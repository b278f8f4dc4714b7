from django.apps import AppConfig


class ScopesConfig(AppConfig):
    name = "zhunsheng.registry.scopes"
    label = "scopes"
