import uuid

from django.db import models

import clock


class DataKey(models.Model):
    """One data key, wrapped. Lives in the key store, outside the application's database and its dumps.

    Destroying the row makes everything that was sealed in its scope unreadable, in every backup too.
    """

    deletable = True

    scope = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kek_id = models.CharField(max_length=40)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.scope)
