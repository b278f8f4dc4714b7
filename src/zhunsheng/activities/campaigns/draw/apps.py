from django.apps import AppConfig


class DrawConfig(AppConfig):
    name = "zhunsheng.activities.campaigns.draw"
    label = "draws"
