"""What makes a child's file findable. All of it is derived, and left out of backups (`compose/database/back-up.sh`).

A copy of the database that lies somewhere else tells nothing by it, and an erased case cannot be recognised there.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from cases.models.case import Case
from vault.lexicon import LexiconEntry


class NameWord(LexiconEntry):
    """The words of all names in this installation, sealed, so that like ones can be found.

    No child's: whoever carries it stands nowhere here, and the row changes only when a common word is spread.
    """


class SearchTokens(models.Model):
    """Keyed tokens of the words of a child's names (vault.lexicon), its birth date, numbers and telephones.

    Without a row the file cannot be found; `after_restore` makes those that are missing.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="search_tokens")
    tokens = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        indexes = [GinIndex(fields=["tokens"], name="child_search_tokens")]

    def __str__(self) -> str:
        return str(self.pk)
