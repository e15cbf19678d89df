"""What people type into a referral."""

from referrals.forms.offers import BasisForm, DraftForm, FieldsForm, ReferForm
from referrals.forms.words import MessageForm, NoteForm

__all__ = ["BasisForm", "DraftForm", "FieldsForm", "MessageForm", "NoteForm", "ReferForm"]
