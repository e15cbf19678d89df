"""What an account is told: a numbered row that says where to look, never what is there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

import clock
from accounts.models.users import User


class Notification(models.Model):
    """Numbers have no gap and no late arrival, so a screen that has seen number n asks for what follows n."""

    id = models.BigAutoField(primary_key=True)
    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notifications")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    target_label = models.CharField(max_length=100)
    target_id = models.UUIDField()
    case_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["receiver", "number"], name="notification_number_once"),
        ]
        # Every page counts them.
        indexes = [
            models.Index(
                fields=["receiver"], condition=models.Q(read_at__isnull=True), name="notification_unseen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
