from django.apps import AppConfig


class PrepareConfig(AppConfig):
    name = "zhunsheng.activities.proficiency.prepare"
    label = "pt_prepare"
