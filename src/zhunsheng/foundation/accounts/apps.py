from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zhunsheng.foundation.accounts"
    label = "accounts"
