"""What people type into a referral."""

from referrals.forms.offers import BasisForm, EditForm, FieldsForm, ReferForm, TransferForm
from referrals.forms.words import MessageForm, NoteForm

__all__ = ["BasisForm", "EditForm", "FieldsForm", "MessageForm", "NoteForm", "ReferForm", "TransferForm"]
