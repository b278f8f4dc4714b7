from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "zhunsheng.registry.institutions"
    label = "institutions"
