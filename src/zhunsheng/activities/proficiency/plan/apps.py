from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "zhunsheng.activities.proficiency.plan"
    label = "pt_plan"
