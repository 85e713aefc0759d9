from django.urls import path

from .views import agreement, joining, members, operator

urlpatterns = [
    path("switch/", members.switch, name="switch"),
    path("people/", members.people, name="people"),
    path("people/invite/", members.invite, name="invite"),
    path("people/members/<int:member_id>/", members.member, name="member"),
    path("people/members/<int:member_id>/remove/", members.remove, name="member-remove"),
    path("people/invitations/<int:invitation_id>/renew/", members.renew, name="invitation-renew"),
    path("people/invitations/<int:invitation_id>/revoke/", members.revoke, name="invitation-revoke"),
    path("invitations/<str:token>/", joining.invitation, name="invitation"),
    path("agreement/", agreement.agreement, name="agreement"),
    path("terms/<str:edition>/<str:dated>/", agreement.terms, name="terms"),
    path("operator/", operator.overview_page, name="operator-overview"),
    path("operator/organizations/", operator.organization_list, name="organization-list"),
    path("operator/organizations/new/", operator.organization_new, name="organization-new"),
    path("operator/organizations/<str:code>/", operator.organization, name="organization"),
    path(
        "operator/organizations/<str:code>/invite/", operator.organization_invite, name="organization-invite"
    ),
    path("operator/audit/", operator.audit_trail, name="audit-trail"),
]
