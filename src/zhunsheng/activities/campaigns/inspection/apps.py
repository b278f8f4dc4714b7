from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "zhunsheng.activities.campaigns.inspection"
    label = "inspections"
