"""What people type into a referral."""

from referrals.forms.offers import DraftForm, FieldsForm, ReferForm
from referrals.forms.words import MessageForm, NoteForm

__all__ = ["DraftForm", "FieldsForm", "MessageForm", "NoteForm", "ReferForm"]
