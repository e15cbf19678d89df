"""The key store: one wrapped data key per case, in a database of its own."""

from django.db import models

import clock
from vault.keyring import LONGEST_ID


class DataKey(models.Model):
    """Deleting a row makes everything sealed under it unreadable, in backups and history too."""

    scope = models.UUIDField(primary_key=True)
    kek_id = models.CharField(max_length=LONGEST_ID)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.scope)


class ErasedKey(models.Model):
    """That there was such a key. Outlives a restored backup of the other database, which does not know it yet."""

    scope = models.UUIDField(primary_key=True)
    erased_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.scope)


class KnownHead(models.Model):
    """The newest seal of the audit, told to the key store: whoever cuts the chain off does not reach it here."""

    number = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    told_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.number)
