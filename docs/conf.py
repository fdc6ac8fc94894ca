import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from docs import figures  # noqa: E402
from docs.builder import pages  # noqa: E402
from endplate import __version__  # noqa: E402

project = "Endplate"
author = "The Endplate contributors"
copyright = "The Endplate contributors, Apache-2.0"
version = release = __version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
    "docs.builder.values",
    "docs.builder.formulas",
    "docs.builder.offline",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "builder", "figures"]
suppress_warnings = []

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autosummary_generate = False
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = f"Endplate {__version__}"
html_static_path = ["static"]
html_css_files = ["endplate.css"]
html_math_renderer = "svg"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {
    "footer_icons": [],
    "light_css_variables": {"color-brand-primary": "#14599b", "color-brand-content": "#14599b"},
    "dark_css_variables": {"color-brand-primary": "#8cc4f7", "color-brand-content": "#8cc4f7"},
}

# Pages and figures are made from the package's own data before anything is read.
pages.write()
figures.write()
