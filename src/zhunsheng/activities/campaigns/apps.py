from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "zhunsheng.activities.campaigns"
    label = "campaigns"
