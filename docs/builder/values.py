"""The role ``value``: a parameter's number in running text, always the one in force."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from docs.builder import parameters
from docs.builder.markdown import in_words
from endplate.foundation.errors import EndplateError
from endplate.foundation.parameters import parameters_of


class ValueRole(SphinxRole):
    """Turn ``room:name`` into the number with its unit, linked to its row in the parameter table."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link."""
        room, _, name = self.text.partition(":")
        try:
            parameter = parameters_of(room)[name]
        except (EndplateError, KeyError):
            message = self.inliner.reporter.error(f"no parameter {self.text!r}", line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        page = f"reference/generated/{parameters.page_of(room)}"
        address = self.env.app.builder.get_relative_uri(self.env.docname, page)
        shown = nodes.reference(
            "",
            in_words(parameter.value, parameter.unit),
            refuri=f"{address}#{parameters.anchor(room, name)}",
            internal=True,
            reftitle=f"{name}: {parameter.status}",
        )
        return [shown], []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the role."""
    app.add_role("value", ValueRole())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
