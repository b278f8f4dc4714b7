from django.apps import AppConfig


class SummaryConfig(AppConfig):
    name = "zhunsheng.activities.campaigns.summary"
    label = "campaign_summary"
