from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    name = "zhunsheng.decisions.eligibility"
    label = "eligibility"
