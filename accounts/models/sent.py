"""Which form was sent already, and where it led."""

from django.db import models
from django.utils.translation import gettext_lazy as _

import clock
from accounts.models.users import User


class SentForm(models.Model):
    """Of what was typed nothing is kept: `digest` is keyed, so that nobody who holds this table can guess it."""

    deletable = True

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    number = models.UUIDField()
    digest = models.CharField(max_length=64)
    # An address of ours, written after the answer; empty when the answer led nowhere, or never came.
    led_to = models.TextField(blank=True)
    sent_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        constraints = [models.UniqueConstraint(fields=["account", "number"], name="form_sent_once")]

    def __str__(self) -> str:
        return str(self.number)
