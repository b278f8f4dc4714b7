from django.apps import AppConfig


class ManagementConfig(AppConfig):
    name = "zhunsheng.registry.management"
    label = "management"
