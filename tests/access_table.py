"""Who may use which address, and what it answers: the one place to look, and to change when an address is added.

`ROUTES` has a row for every address of ours by its name, `FOREIGN` for those of the sign-in library. A row says

- `door`: the permissions its view asks for, any of which lets a person in; none: everyone, signed in or not;
- `who`: the callers that have one of them. Said again on purpose: a slip in `roles` shows here;
- `get`, `post`: the status of the answer to whoever is let in; None where the method is not offered (405);
- `of`: what the id in the address names, where there is one. Another organization's answers 404, like no one's;
- `agreement`: the organization's administrator must have accepted the terms;
- `second_factor`: the page opens only to members with a passkey or an authenticator app;
- `event`: what a GET leaves in the audit trail; None: nothing;
- `but`: callers who get other answers, as (get, post), each with its reason beside it.

POST sends a form in which nothing is filled in.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from pars.access.roles import OrganizationKind, Permission, Role


class Caller(StrEnum):
    """Everyone the program tells apart."""

    VISITOR = "visitor"
    VIEWER = "provider viewer"
    REPORTER = "provider reporter"
    PROVIDER_ADMIN = "provider administrator"
    REVIEWER = "board reviewer"
    BOARD_ADMIN = "board administrator"
    AUDITOR = "accreditor auditor"
    OPERATOR = "accreditor operator"
    PHYSICIAN = "physician with a record"
    NEWCOMER = "person without a record"


ROLE_OF = {
    Caller.VIEWER: (OrganizationKind.PROVIDER, Role.VIEWER),
    Caller.REPORTER: (OrganizationKind.PROVIDER, Role.REPORTER),
    Caller.PROVIDER_ADMIN: (OrganizationKind.PROVIDER, Role.ADMIN),
    Caller.REVIEWER: (OrganizationKind.BOARD, Role.REVIEWER),
    Caller.BOARD_ADMIN: (OrganizationKind.BOARD, Role.ADMIN),
    Caller.AUDITOR: (OrganizationKind.ACCREDITOR, Role.AUDITOR),
    Caller.OPERATOR: (OrganizationKind.ACCREDITOR, Role.OPERATOR),
}
EVERYONE = frozenset(Caller)
SIGNED_IN = EVERYONE - {Caller.VISITOR}
PROVIDERS = frozenset({Caller.VIEWER, Caller.REPORTER, Caller.PROVIDER_ADMIN})
REPORTERS = PROVIDERS - {Caller.VIEWER}
PROVIDER_ADMINS = frozenset({Caller.PROVIDER_ADMIN})
BOARDS = frozenset({Caller.REVIEWER, Caller.BOARD_ADMIN})
BOARD_ADMINS = frozenset({Caller.BOARD_ADMIN})
UPLOADERS = PROVIDERS | BOARD_ADMINS
OVERSEERS = frozenset({Caller.AUDITOR, Caller.OPERATOR})
OPERATORS = frozenset({Caller.OPERATOR})
MANAGERS = frozenset({Caller.PROVIDER_ADMIN, Caller.BOARD_ADMIN, Caller.OPERATOR})
PERSONS = frozenset({Caller.PHYSICIAN, Caller.NEWCOMER})

Answer = int | None


@dataclass(frozen=True)
class Route:
    """One row; the fields are explained at the top."""

    door: tuple[Permission, ...]
    who: frozenset[Caller]
    get: Answer = None
    post: Answer = None
    of: str = ""
    agreement: bool = False
    second_factor: bool = True
    event: str | None = None
    but: dict[Caller, tuple[Answer, Answer]] = field(default_factory=dict)

    def answers(self, caller: Caller) -> tuple[Answer, Answer]:
        """(get, post) for a caller who is let in."""
        return self.but.get(caller, (self.get, self.post))


def public(get: Answer, post: Answer = None, **fields: object) -> Route:
    return Route((), EVERYONE, get, post, second_factor=False, **fields)  # type: ignore[arg-type]


def _every(callers: frozenset[Caller], get: Answer, post: Answer) -> dict[Caller, tuple[Answer, Answer]]:
    return dict.fromkeys(callers, (get, post))


LOOK, REPORT = (Permission.PROVIDER_LOOK,), (Permission.REPORT,)
PROVIDER_MANAGE = (Permission.PROVIDER_MANAGE,)
BOARD_LOOK, BOARD_MANAGE = (Permission.BOARD_LOOK_UP,), (Permission.BOARD_MANAGE,)
UPLOAD = (Permission.PROVIDER_LOOK, Permission.BOARD_MANAGE)
OVERSEE, OPERATE = (Permission.OVERSEE,), (Permission.OPERATE,)
PEOPLE, OWN = (Permission.MANAGE_PEOPLE,), (Permission.OWN_RECORD,)
ANYONE = (Permission.SIGNED_IN,)

ROUTES: dict[str, Route] = {
    # The front door, and pages that belong to nobody
    "home": public(302, but={Caller.VISITOR: (200, None)}),  # everyone else goes where they work
    "gallery": public(200),
    "readyz": public(200),
    "terms": public(200, of="text"),
    "participating-boards": public(200),
    "find": public(200),
    "find-json": public(200),
    "find-activity": public(404, of="activity"),  # the world's is not listed; one that is answers everyone
    "find-activity-json": public(404, of="activity"),
    # The link is the key: whoever holds it may use it. The world's is sent to somebody without an account
    "invitation": public(200, 422, of="link"),
    # Signed in
    "switch": Route(ANYONE, SIGNED_IN, post=404, second_factor=False),  # 404: no organization was named
    "agreement": Route(
        ANYONE,
        SIGNED_IN,
        200,
        403,  # only the administrator accepts
        but={
            **_every(frozenset({Caller.PROVIDER_ADMIN, Caller.BOARD_ADMIN}), 200, 302),  # accepted already
            **_every(PERSONS | OVERSEERS, 404, 404),  # no terms for them
        },
    ),
    "mail-choice": Route(
        ANYONE,
        SIGNED_IN,
        200,
        422,  # nothing to choose
        but=_every(REPORTERS | BOARD_ADMINS, 200, 302),  # nothing ticked: no mail wanted
    ),
    # Whoever manages people
    "people": Route(PEOPLE, MANAGERS, 200),
    "invite": Route(PEOPLE, MANAGERS, post=422),
    "member": Route(PEOPLE, MANAGERS, 200, 422, of="member"),
    "member-remove": Route(PEOPLE, MANAGERS, post=302, of="member"),
    "invitation-renew": Route(PEOPLE, MANAGERS, post=302, of="invitation"),
    "invitation-revoke": Route(PEOPLE, MANAGERS, post=302, of="invitation"),
    # Providers
    "provider-dashboard": Route(LOOK, PROVIDERS, 200),
    "provider-profile": Route(LOOK, PROVIDERS, 200),
    "activity-list": Route(LOOK, PROVIDERS, 200),
    "activity-export-csv": Route(LOOK, PROVIDERS, 200, event="activity.exported"),
    "activity-export-xlsx": Route(LOOK, PROVIDERS, 200, event="activity.exported"),
    "activity-new": Route(REPORT, REPORTERS, 200, 422),
    "activity-files": Route(LOOK, PROVIDERS, 200),
    "activity-template": Route(REPORT, REPORTERS, 200, event="activities.template_downloaded"),
    "activity-workbook": Route(LOOK, PROVIDERS, 200, event="activities.downloaded"),
    "activity-document": Route(LOOK, PROVIDERS, 200, event="activities.downloaded"),
    "activity-document-xml": Route(LOOK, PROVIDERS, 200, event="activities.downloaded"),
    "activity-counts-workbook": Route(REPORT, REPORTERS, 200, event="activities.counts_downloaded"),
    "activity": Route(LOOK, PROVIDERS, 200, of="activity"),
    "activity-edit": Route(REPORT, REPORTERS, 302, of="activity"),  # to the section that lacks something
    "activity-section": Route(REPORT, REPORTERS, 200, 422, of="section"),
    "activity-copy": Route(REPORT, REPORTERS, 200, 422, of="activity"),
    "activity-repeat": Route(REPORT, REPORTERS, 200, 422, of="activity"),
    "activity-close": Route(REPORT, REPORTERS, 200, 422, of="activity"),
    "activity-reopen": Route(PROVIDER_MANAGE, PROVIDER_ADMINS, 302, 302, of="activity"),  # it is not closed
    "activity-delete": Route(REPORT, REPORTERS, 200, 422, of="activity"),  # credit hangs on it
    "year-end": Route(LOOK, PROVIDERS, 200),
    "year-end-agree": Route(PROVIDER_MANAGE, PROVIDER_ADMINS, post=422),
    "year-end-summary": Route(REPORT, REPORTERS, post=422),
    "year-end-learners": Route(REPORT, REPORTERS, post=302),  # nothing filled in: nothing said yet
    "year-end-close": Route(PROVIDER_MANAGE, PROVIDER_ADMINS, post=422),
    "credit-list": Route(LOOK, PROVIDERS, 200, 422, agreement=True, event="credit.listed"),
    "credit-new": Route(REPORT, REPORTERS, 200, 422, agreement=True),
    "credit-grid": Route(REPORT, REPORTERS, 200, 422, agreement=True),
    "credit-grid-row": Route(REPORT, REPORTERS, post=302, agreement=True),  # asked for by script only
    "credit-correct": Route(REPORT, REPORTERS, post=422, of="credit", agreement=True),
    "collection-form": Route(LOOK, PROVIDERS, 200, agreement=True),
    "collection-sheet": Route(REPORT, REPORTERS, 200, event="learners.collection_sheet_downloaded"),
    "credit-check": Route(REPORT, REPORTERS, post=422, agreement=True),
    "credit": Route(LOOK, PROVIDERS, 200, of="credit", agreement=True, event="credit.read"),
    "credit-found-read": Route(REPORT, REPORTERS, post=302),
    "credit-waiting": Route(LOOK, PROVIDERS, 200, agreement=True, event="credit.listed"),
    "credit-reword": Route(
        REPORT, REPORTERS, 200, 422, of="waiting credit", agreement=True, event="credit.read"
    ),
    "credit-withdraw": Route(REPORT, REPORTERS, post=422, of="credit", agreement=True),
    "check-learners": Route(REPORT, REPORTERS, 200, 422, agreement=True),
    "check-template": Route(REPORT, REPORTERS, 200, event="learners.check_template_downloaded"),
    "learner-template": Route(REPORT, REPORTERS, 200, event="learners.template_downloaded"),
    # Uploads: a provider's, and a board's rosters
    "batch-list": Route(
        UPLOAD,
        UPLOADERS,
        200,
        422,
        agreement=True,
        but={Caller.VIEWER: (200, 403)},  # sees uploads, may send none
    ),
    "batch": Route(UPLOAD, UPLOADERS, 200, of="batch"),
    "batch-answer": Route(
        UPLOAD,
        UPLOADERS,
        post=302,  # it asks nothing
        of="batch",
        agreement=True,
        but={Caller.VIEWER: (None, 403)},  # sees the question, may not answer
    ),
    "heading-list": Route(UPLOAD, UPLOADERS, 200),
    "heading-forget": Route(
        UPLOAD,
        UPLOADERS,
        post=302,
        of="heading",
        but={Caller.VIEWER: (None, 403)},  # sees what is remembered, may not change it
    ),
    "batch-row": Route(
        UPLOAD,
        UPLOADERS,
        200,
        422,
        of="batch row",
        agreement=True,
        event="batch.row_read",
        but={Caller.VIEWER: (403, 403)},  # sees what is to be fixed, and may fix nothing
    ),
    "batch-undo": Route(
        UPLOAD,
        UPLOADERS,
        200,
        302,
        of="batch",
        agreement=True,
        but={Caller.VIEWER: (403, 403), Caller.BOARD_ADMIN: (200, 409)},  # a roster cannot be undone
    ),
    "batch-errors": Route(UPLOAD, UPLOADERS, 200, of="batch", event="batch.errors_downloaded"),
    "batch-json": Route(UPLOAD, UPLOADERS, 200, of="batch", event="batch.result_downloaded"),
    "batch-original": Route(UPLOAD, UPLOADERS, 200, of="batch", event="batch.original_downloaded"),
    # Boards
    "board-search": Route(BOARD_LOOK, BOARDS, 200, 422, agreement=True),
    "board-licensee": Route(BOARD_LOOK, BOARDS, 200, of="license", agreement=True, event="physician.seen"),
    "board-licensee-pdf": Route(
        BOARD_LOOK, BOARDS, 200, of="license", agreement=True, event="physician.seen"
    ),
    "board-profile": Route(BOARD_MANAGE, BOARD_ADMINS, 200, 302),  # every field may be left empty
    "board-rosters": Route(BOARD_MANAGE, BOARD_ADMINS, 200),
    "roster-template": Route(BOARD_MANAGE, BOARD_ADMINS, 200, event="roster.template_downloaded"),
    "roster-absent": Route(
        BOARD_MANAGE,
        BOARD_ADMINS,
        200,
        422,  # no number of licenses was said
        of="roster",
        agreement=True,
        event="roster.absent_seen",
    ),
    # Physicians, and those who are about to claim their record
    "passport": Route(OWN, PERSONS, 200, but={Caller.NEWCOMER: (302, None)}),  # to the claim first
    "passport-pdf": Route(OWN, PERSONS, 200, but={Caller.NEWCOMER: (404, None)}),
    "passport-claim": Route(OWN, PERSONS, 200, 422, but={Caller.PHYSICIAN: (302, 302)}),  # has it already
    # The accreditor
    "operator-overview": Route(OVERSEE, OVERSEERS, 200),
    "organization-list": Route(OVERSEE, OVERSEERS, 200),
    "organization-new": Route(OPERATE, OPERATORS, 200),
    "provider-new": Route(OPERATE, OPERATORS, 200, 422),
    "board-new": Route(OPERATE, OPERATORS, 200, 422),
    "organization": Route(OVERSEE, OVERSEERS, 200, of="organization"),
    "organization-invite": Route(OPERATE, OPERATORS, post=422, of="organization"),
    "operator-batches": Route(OVERSEE, OVERSEERS, 200),
    "audit-trail": Route(OVERSEE, OVERSEERS, 200),
    "admin:index": Route(OVERSEE, OVERSEERS, 200),
    # One kind of record for all of them: see RECORDS
    "admin:learners_credit_changelist": Route(OVERSEE, OVERSEERS, 200, event="record.listed"),
    "admin:learners_credit_csv": Route(OVERSEE, OVERSEERS, 200, event="record.exported"),
    "admin:learners_credit_xlsx": Route(OVERSEE, OVERSEERS, 200, event="record.exported"),
    "admin:learners_credit_change": Route(OVERSEE, OVERSEERS, 200, of="credit", event="record.seen"),
    "retention": Route(OVERSEE, OVERSEERS, 200),
    "hold-place": Route(OPERATE, OPERATORS, post=422),
    "hold": Route(OVERSEE, OVERSEERS, 200, of="hold"),
    "hold-release": Route(OPERATE, OPERATORS, post=302, of="hold"),
    "outbox": Route(OVERSEE, OVERSEERS, 200),
    "outbox-again": Route(OPERATE, OPERATORS, post=302),
    "physician-list": Route(OVERSEE, OVERSEERS, 200, 422),
    "physician": Route(OVERSEE, OVERSEERS, 200, 422, of="physician", event="physician.seen"),
    "physician-merge": Route(OPERATE, OPERATORS, 200, 422, of="pair", event="physician.seen"),
    "merger-split": Route(OPERATE, OPERATORS, 200, 422, of="merger"),
    "claim-list": Route(OVERSEE, OVERSEERS, 200, event="claim.seen"),
    "claim-detail": Route(OVERSEE, OVERSEERS, 200, of="claim", event="claim.seen"),
    "claim-confirm": Route(OPERATE, OPERATORS, post=422, of="claim"),
    "claim-refuse": Route(OPERATE, OPERATORS, post=302, of="claim"),
    "mail-sink": Route(OVERSEE, OVERSEERS, 404),  # 200 in the demo only, which alone keeps its mail
}

# What an operator sees of everyone, so that there is no "another's" for them.
SEEN_BY_OVERSEERS = frozenset(
    {"physician", "pair", "merger", "organization", "hold", "claim", "invitation", "credit"}
)

# The kinds of record that operators and auditors look at under /operator/records/, each with these four addresses.
RECORDS = (
    *("access_organization", "access_user", "access_membership", "access_invitation", "access_agreement"),
    *("providers_provider", "boards_board", "boards_licenseaside", "boards_nppesimport"),
    *("activities_activity", "activities_listedactivity", "activities_boardregistration"),
    *("activities_creditoffered", "activities_figures", "activities_support"),
    *("year_end_year", "year_end_learnersofyear"),
    *("learners_credit", "learners_creditversion", "learners_creditpoints", "learners_learner"),
    *("learners_guess", "learners_arrival", "learners_hold", "learners_disposal", "learners_physician"),
    *("learners_license", "learners_licenseversion", "learners_alias", "learners_certification"),
    *("learners_merger", "passport_claim", "passport_passport"),
    *("batches_batch", "batches_chunk", "batches_issue", "outbox_message", "outbox_mute", "audit_event"),
)
RECORD_PAGES = ("changelist", "csv", "xlsx", "change")


@dataclass(frozen=True)
class Foreign:
    """An address of the sign-in library: the answers to a GET, to a visitor and to a person who signed in."""

    visitor: int
    person: int
    of: str = ""


_TO_SIGN_IN = 302

FOREIGN: dict[str, Foreign] = {
    # Signing in and up: whoever is signed in already is sent home
    "account_login": Foreign(200, 302),
    "account_signup": Foreign(200, 302),
    "account_confirm_login_code": Foreign(302, 302),  # not offered: back to signing in
    "mfa_authenticate": Foreign(302, 302),  # only on the way in
    "mfa_login_webauthn": Foreign(302, 302),  # asked for by script only
    "account_inactive": Foreign(200, 200),
    # Addresses and passwords by mail
    "account_email_verification_sent": Foreign(200, 200),
    "account_confirm_email": Foreign(200, 200, of="key"),  # says when the link is no good
    "account_reset_password": Foreign(200, 200),
    "account_reset_password_done": Foreign(200, 200),
    "account_reset_password_from_key": Foreign(200, 200, of="reset key"),
    "account_reset_password_from_key_done": Foreign(200, 200),
    # One's own account
    "account_logout": Foreign(302, 200),
    "account_reauthenticate": Foreign(_TO_SIGN_IN, 200),
    "account_email": Foreign(_TO_SIGN_IN, 200),
    "account_change_password": Foreign(_TO_SIGN_IN, 200),
    "account_set_password": Foreign(_TO_SIGN_IN, 302),
    "mfa_index": Foreign(_TO_SIGN_IN, 200),
    "mfa_reauthenticate": Foreign(_TO_SIGN_IN, 200),
    "mfa_activate_totp": Foreign(_TO_SIGN_IN, 302),
    "mfa_deactivate_totp": Foreign(_TO_SIGN_IN, 302),
    "mfa_view_recovery_codes": Foreign(_TO_SIGN_IN, 404),
    "mfa_generate_recovery_codes": Foreign(_TO_SIGN_IN, 302),
    "mfa_download_recovery_codes": Foreign(_TO_SIGN_IN, 404),  # none were made yet
    "mfa_list_webauthn": Foreign(_TO_SIGN_IN, 200),
    "mfa_add_webauthn": Foreign(_TO_SIGN_IN, 302),
    "mfa_reauthenticate_webauthn": Foreign(_TO_SIGN_IN, 302),
    "mfa_remove_webauthn": Foreign(_TO_SIGN_IN, 302, of="passkey"),
    "mfa_edit_webauthn": Foreign(_TO_SIGN_IN, 302, of="passkey"),
}
