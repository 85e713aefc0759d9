"""Django's admin as operators use it: every record may be looked at, none is written (docs/adr/0024).

Its pages stand behind our own door, show what `visible_to` and row security let the accreditor see, and leave an event
for each list, each record and each file. An address holds ids and codes, never a name.
"""

import tempfile
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import BinaryField, Field, ForeignKey, GeneratedField, Model, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views.decorators.http import require_safe
from import_export.resources import modelresource_factory

from pars.access.doors import ActorRequest, requires
from pars.access.models import Organization
from pars.access.roles import Permission
from pars.audit.actions import record
from pars.web.exports import Cell, write_csv, write_xlsx
from pars.web.listing import COUNT_CAP, PAGE_SIZE, Pages

MOST_EXPORTED = COUNT_CAP
WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
# Secrets, and names a second time as the program compares them.
UNSEEN = {"password", "digest", "first_key", "last_key", "number_key", "title_key"}

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
    _Paginator = Paginator[Any]
else:
    _Admin = admin.ModelAdmin
    _Paginator = Paginator


class Capped(_Paginator):
    """Counts up to one more than the cap: a list of two hundred million credits is not counted."""

    @cached_property
    def count(self) -> int:
        return int(self.object_list[: COUNT_CAP + 1].count())  # type: ignore[attr-defined]


class RecordList(ChangeList, Pages):
    """A page of records; `Pages` draws the way to the others."""

    @property
    def count(self) -> int:
        return int(self.result_count)

    @property
    def number(self) -> int:
        return int(self.page_num)

    def url(self, **changes: Any) -> str:
        return str(self.get_query_string({"p": changes["page"]}, remove=["p"]))


class RecordAdmin(_Admin):
    """One kind of record, to look at. Registered with its columns and what it can be found by (`search_fields`: exact).

    `plural` is what it is called under its `group`, `about` what it is. `subjects`: paths to the physicians a record is
    about, by id. `hidden`: fields not shown, besides secrets, birthdays and the program's own keys.
    """

    actions = None
    list_max_show_all = 0
    list_per_page = PAGE_SIZE
    ordering = ("-pk",)
    paginator = Capped
    show_full_result_count = False
    sortable_by = ()
    empty_value_display = "–"
    change_list_template = "records/list.html"
    change_form_template = "records/record.html"
    group, plural, about = "", "", ""
    subjects: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """A list, its files, a record: nothing that writes."""
        label = f"{self.opts.app_label}_{self.opts.model_name}"
        door = self.admin_site.admin_view
        files = [
            path(f"export.{kind}", door(self.export), {"kind": kind}, name=f"{label}_{kind}")
            for kind in WRITERS
        ]
        return [
            path("", door(self.changelist_view), name=f"{label}_changelist"),
            *files,
            path("<str:object_id>/", door(self.change_view), name=f"{label}_change"),
        ]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        manager = self.model._default_manager
        found = manager.visible_to(request.actor) if hasattr(manager, "visible_to") else manager.all()  # type: ignore[attr-defined]
        return found.order_by(*self.ordering)  # type: ignore[no-any-return]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id)
        if found is None:
            raise Http404
        return found

    def shown(self) -> list["Field[Any, Any]"]:
        """The fields of a record that are shown, in the model's order."""
        left_out = UNSEEN.union(self.hidden)
        return [
            field
            for field in self.opts.concrete_fields
            if field.name not in left_out and not isinstance(field, BinaryField | GeneratedField)
        ]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:  # type: ignore[override]
        return [field.name for field in self.shown()]

    get_readonly_fields = get_fields

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        keys = {field.name for field in self.opts.fields if isinstance(field, ForeignKey)}
        return sorted(keys.intersection(map(str, self.list_display)))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordList

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        try:
            return super().get_changelist_instance(request)
        except IncorrectLookupParameters:
            raise Http404 from None

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the page offers to filter by: not, say, a name in the address."""
        return lookup.removesuffix("__exact").removesuffix("__isnull") in self.list_filter

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        """Whole ids and codes, so that no part of a name is looked for."""
        if not search_term:
            return queryset, False
        found = Q(pk__in=[])
        for name in self.search_fields:
            try:
                said = get_fields_from_path(self.model, name)[-1].to_python(search_term)
            except ValidationError:
                continue  # a code where a number would stand
            found |= Q(**{name: said})
        return queryset.filter(found), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        files = {kind: self.address(kind) + _query(request) for kind in WRITERS}
        context = {"title": self.plural, "index": self.address("index"), "files": files}
        answer: Any = super().changelist_view(request, context | (extra_context or {}))
        if "cl" in (getattr(answer, "context_data", None) or {}):
            self._tell("record.listed", request, list(answer.context_data["cl"].result_list))
        return answer

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> Any:  # type: ignore[override]
        self._tell("record.seen", request, [kwargs["obj"]], of=kwargs["obj"])
        name = capfirst(str(self.opts.verbose_name))
        context["title"] = f"{name} {kwargs['obj'].pk}"
        context["links"] = [("Records", self.address("index")), (self.plural, self.address("changelist"))]
        return super().render_change_form(request, context, **kwargs)

    def export(self, request: HttpRequest, kind: str) -> FileResponse:
        """What the list shows under its filters, on all its pages, as a file for a spreadsheet."""
        found = self.get_changelist_instance(request).get_queryset(request)[:MOST_EXPORTED]
        rows = list(found)
        self._tell("record.exported", request, rows)
        names = [self._exported(field) for field in self.shown()]
        resource = modelresource_factory(self.model, meta_options={"fields": names, "export_order": names})()
        data = resource.export(rows, force_native_type=True)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "records"
            WRITERS[kind](file, [*map(_heading, names)], ([*map(_cell, row)] for row in data))
            content = BytesIO(file.read_bytes())
        return FileResponse(content, as_attachment=True, filename=f"{self.opts.model_name}.{kind}")

    def address(self, what: str) -> str:
        """Where its list or its file of a kind is; `index`: where all kinds are."""
        own = "" if what == "index" else f"{self.opts.app_label}_{self.opts.model_name}_"
        return reverse(f"{self.admin_site.name}:{own}{what}")

    @staticmethod
    def _exported(field: "Field[Any, Any]") -> str:
        """An organization goes out by its code, anything else by its own value or id."""
        return f"{field.name}__code" if field.related_model is Organization else field.name

    def _tell(self, verb: str, request: Any, rows: Iterable[Model], *, of: Model | None = None) -> None:
        rows = list(rows)
        subjects = {one for row in rows for name in self.subjects if (one := getattr(row, name)) is not None}
        kind = self.opts.label_lower
        record(verb, by=request.actor, of=of, subjects=sorted(subjects), records=len(rows), kind=kind)


class RecordSite(admin.AdminSite):
    """Every kind of record by its group, and nothing of the admin's own sign-in."""

    empty_value_display = "–"

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        return require_safe(requires(Permission.OVERSEE)(view))

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.actor.may(Permission.OVERSEE))  # type: ignore[attr-defined]

    def get_urls(self) -> list[Any]:
        kinds = [
            path(f"{model._meta.app_label}/{model._meta.model_name}/", _included(kind))
            for model, kind in self._registry.items()
        ]
        return [path("", self.admin_view(self.all_kinds), name="index"), *kinds]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """None: our own navigation stands above these pages."""
        return []

    def all_kinds(self, request: ActorRequest) -> HttpResponseBase:
        """What there is to look at."""
        groups: dict[str, list[tuple[str, str, str]]] = {}
        for kind in self._registry.values():
            assert isinstance(kind, RecordAdmin)
            groups.setdefault(kind.group, []).append((kind.plural, kind.address("changelist"), kind.about))
        return render(request, "records/index.html", {"groups": groups.items()})


def _included(kind: Any) -> Any:
    return (kind.get_urls(), None, None)


def _query(request: HttpRequest) -> str:
    """The address's own question, for the files of the same list."""
    asked = request.GET.copy()
    asked.pop("p", None)
    return f"?{asked.urlencode()}" if asked else ""


def _heading(name: str) -> str:
    return name.removesuffix("__code")


def _cell(value: Any) -> Cell:
    return value if value is None or isinstance(value, Cell) else str(value)


site = RecordSite()
OWNER = ("organization__code",)


def register(group: str, model: type[Model], plural: str, about: str, *columns: str, **options: Any) -> None:
    """Let operators look at a kind of record: `options` are RecordAdmin's."""
    site.register(
        model, RecordAdmin, group=group, plural=plural, about=about, list_display=columns, **options
    )
