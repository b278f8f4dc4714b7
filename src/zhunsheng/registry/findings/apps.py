from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "zhunsheng.registry.findings"
    label = "findings"
