"""What people type into a referral."""

from referrals.forms.offers import BasisForm, ChangeDraftForm, FieldsForm, ReferForm, TransferForm
from referrals.forms.words import MessageForm, NoteForm

__all__ = [
    "BasisForm",
    "ChangeDraftForm",
    "FieldsForm",
    "MessageForm",
    "NoteForm",
    "ReferForm",
    "TransferForm",
]
