from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "zhunsheng.activities.campaigns.rectification"
    label = "rectification"
