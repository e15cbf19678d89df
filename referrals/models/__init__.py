from referrals.models.disclosure import Disclosure
from referrals.models.referral import Referral, ReferralEvent
from referrals.models.thread import Attachment, Message, ServiceNote

__all__ = ["Attachment", "Disclosure", "Message", "Referral", "ReferralEvent", "ServiceNote"]
