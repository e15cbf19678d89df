from django.urls import path

from accounts.views.proving import proven, proven_to_send
from referrals.views import basis, board, boxes, drafts, given, ledger, letter, referral, register, thread

urlpatterns = [
    path("referrals/", boxes.referrals, name="referrals"),
    path("referrals/board/", board.referral_board, name="referral_board"),
    path("referrals/register/", register.referral_register, name="referral_register"),
    path("referrals/register.csv", proven(register.referral_register_csv), name="referral_register_csv"),
    path("cases/<uuid:case_id>/who-holds-what/", ledger.case_ledger, name="case_ledger"),
    path("cases/<uuid:case_id>/who-holds-what.pdf", proven(ledger.case_ledger_pdf), name="case_ledger_pdf"),
    path("cases/<uuid:case_id>/referrals/", drafts.case_referrals, name="case_referrals"),
    path("cases/<uuid:case_id>/refer/", drafts.referral_new, name="referral_new"),
    path("cases/<uuid:case_id>/hand-over/", drafts.transfer_new, name="transfer_new"),
    path("referrals/<uuid:referral_id>/", referral.referral, name="referral"),
    path("referrals/<uuid:referral_id>/letter.pdf", proven(letter.referral_letter), name="referral_letter"),
    path("referrals/<uuid:referral_id>/edit/", drafts.referral_edit, name="referral_edit"),
    path("referrals/<uuid:referral_id>/pack/", drafts.referral_pack, name="referral_pack"),
    path("referrals/<uuid:referral_id>/preview/", drafts.referral_preview, name="referral_preview"),
    path("referrals/<uuid:referral_id>/cosign/", drafts.referral_cosign, name="referral_cosign"),
    path("referrals/<uuid:referral_id>/again/", drafts.referral_again, name="referral_again"),
    path("referrals/<uuid:referral_id>/basis/", basis.referral_basis, name="referral_basis"),
    path("referrals/<uuid:referral_id>/messages/", referral.referral_message, name="referral_message"),
    path(
        "referrals/<uuid:referral_id>/files/<uuid:attachment_id>/", thread.referral_file, name="referral_file"
    ),
    path(
        "referrals/<uuid:referral_id>/files/<uuid:attachment_id>/report/",
        thread.referral_file_report,
        name="referral_file_report",
    ),
    path(
        "referrals/<uuid:referral_id>/documents/<uuid:document_id>/",
        given.referral_document,
        name="referral_document",
    ),
    path(
        "referrals/<uuid:referral_id>/documents/<uuid:document_id>/report/",
        given.referral_document_report,
        name="referral_document_report",
    ),
    path("referrals/<uuid:referral_id>/notes/", referral.referral_note, name="referral_note"),
    path(
        "referrals/<uuid:referral_id>/steps/<slug:edge_name>/",
        proven_to_send("send")(referral.referral_step),
        name="referral_step",
    ),
    path(
        "referrals/<uuid:referral_id>/steps/<slug:edge_name>/without/<slug:guard_code>/",
        referral.referral_override,
        name="referral_override",
    ),
]
