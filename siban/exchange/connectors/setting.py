"""Which channels this installation has: from the settings, nothing else."""

from django.conf import settings

from .protocol import Gateway


def is_set_up(channel: str) -> bool:
    """Whether there is anything to send through; a channel that is not there gets no messages."""
    if channel == "email":
        return bool(settings.EMAIL_URL)
    return bool(settings.SMS_URL) or bool(settings.SIBAN_SITE["demo"])


def gateway(channel: str) -> Gateway | None:
    """The channel, ready to send; None when it is not set up."""
    if not is_set_up(channel):
        return None
    if channel == "email":
        from .email import Smtp

        return Smtp(settings.EMAIL_URL, sender=settings.EMAIL_SENDER)
    from .sms import DemoSmsGateway, HttpSmsGateway

    if settings.SMS_URL:
        return HttpSmsGateway(settings.SMS_URL, key=settings.SMS_KEY, secret=settings.SMS_SECRET)
    return DemoSmsGateway()
