from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "zhunsheng.activities.proficiency.collect"
    label = "pt_collect"
