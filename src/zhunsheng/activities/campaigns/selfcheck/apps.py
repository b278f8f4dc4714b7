from django.apps import AppConfig


class SelfcheckConfig(AppConfig):
    name = "zhunsheng.activities.campaigns.selfcheck"
    label = "selfcheck"
