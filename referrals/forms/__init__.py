"""What people type into a referral."""

from referrals.forms.offers import DraftForm, FieldsForm, ReferForm, TransferForm
from referrals.forms.words import MessageForm, NoteForm

__all__ = ["DraftForm", "FieldsForm", "MessageForm", "NoteForm", "ReferForm", "TransferForm"]
