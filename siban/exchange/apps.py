from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "siban.exchange"
    label = "exchange"
