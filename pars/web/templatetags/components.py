"""`{% component %}`: a component that also takes a body, as `{% include … only %}` takes arguments.

    {% component "card" heading="Due soon" %}<p>Three activities …</p>{% endcomponent %}

renders components/card.html with `heading` and `body` and nothing else of the page.
"""

from decimal import Decimal

from django import template
from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    Parser,
    Token,
    token_kwargs,
)
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pars.web.numbers import trimmed

register = template.Library()


@register.filter
def amount(value: Decimal | float | None) -> str:
    """A number as pages write it (`pars.web.numbers`); a dash where there is none."""
    return "–" if value is None else trimmed(value)


@register.simple_tag
def chip(text: str, tone: str = "neutral") -> SafeString:
    """A status in a word or two, for components/tag.html and for tags that long lists have many of."""
    return format_html('<span class="status status--{}">{}</span>', tone, text)


class ComponentNode(Node):
    def __init__(
        self,
        name: FilterExpression,
        arguments: dict[str, FilterExpression],
        nodelist: NodeList,
    ) -> None:
        self.name = name
        self.arguments = arguments
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        values = {key: value.resolve(context) for key, value in self.arguments.items()}
        values["body"] = self.nodelist.render(context)
        values["csrf_token"] = context.get("csrf_token")
        engine = context.template.engine  # type: ignore[union-attr]
        component = engine.get_template(f"components/{self.name.resolve(context)}.html")
        return component.render(context.new(values))


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    """{% component "name" key=value … %} body {% endcomponent %}"""
    _, name, *rest = token.split_contents()
    arguments = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError("component takes its name, then key=value arguments.")
    nodelist = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(parser.compile_filter(name), arguments, nodelist)
