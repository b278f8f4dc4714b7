from django.apps import AppConfig


class ProficiencyConfig(AppConfig):
    name = "zhunsheng.activities.proficiency"
    label = "proficiency"
