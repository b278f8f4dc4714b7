from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "zhunsheng.faces.jobs"
    label = "jobs"
