from referrals.models.disclosure import Disclosure
from referrals.models.referral import Referral, ReferralEvent
from referrals.models.thread import Message, ServiceNote

__all__ = ["Disclosure", "Message", "Referral", "ReferralEvent", "ServiceNote"]
