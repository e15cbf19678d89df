"""What people type into a referral."""

from referrals.forms.offers import BasisForm, DraftForm, FieldsForm, ReferForm, TransferForm
from referrals.forms.words import MessageForm, NoteForm

__all__ = ["BasisForm", "DraftForm", "FieldsForm", "MessageForm", "NoteForm", "ReferForm", "TransferForm"]
