from django.apps import AppConfig


class ReportConfig(AppConfig):
    name = "zhunsheng.activities.proficiency.report"
    label = "pt_report"
