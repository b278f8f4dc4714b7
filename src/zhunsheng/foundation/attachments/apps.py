from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "zhunsheng.foundation.attachments"
    label = "attachments"
