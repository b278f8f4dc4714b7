from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "zhunsheng.foundation.messages"
    label = "notices"  # Django's own app of one-time messages has the label `messages`
