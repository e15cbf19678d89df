"""That something was told, so that a page which lost its line can ask whether it missed it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

import clock


class ToldHint(models.Model):
    """One for each hint of a kind that has no numbers of its own (`accounts.live`). Of what changed nothing is kept."""

    deletable = True

    # The keyed digest under which the broker knows it, too.
    topic = models.CharField(max_length=32)
    told_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("told hint")
        verbose_name_plural = _("told hints")
        indexes = [models.Index(fields=["topic", "id"], name="told_hint_latest")]

    def __str__(self) -> str:
        return self.topic
