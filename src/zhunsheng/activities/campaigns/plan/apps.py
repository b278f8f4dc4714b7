from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "zhunsheng.activities.campaigns.plan"
    label = "campaigns"
