from django.apps import AppConfig


class EnrolConfig(AppConfig):
    name = "zhunsheng.activities.proficiency.enrol"
    label = "pt_enrol"
