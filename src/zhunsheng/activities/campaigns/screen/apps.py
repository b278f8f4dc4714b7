from django.apps import AppConfig


class ScreenConfig(AppConfig):
    name = "zhunsheng.activities.campaigns.screen"
    label = "screening"
