"""lint-page: files that are no pages, hostile ones, and the forms of the output."""

import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.clinic.lint_page.defects import CLASSES, Finding
from endplate.clinic.lint_page.lint import Linted, lint_page, lint_paths
from endplate.clinic.lint_page.opening import LARGEST_BYTES, page_of
from endplate.clinic.lint_page.sarif import sarif
from endplate.foundation.errors import FileFormatError

# the parts of the SARIF 2.1.0 schema that a log of ours uses, with what the standard requires of them
SARIF_PART = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {"type": "array", "uniqueItems": True, "items": {"required": ["id"]}}
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"type": "object", "required": ["text"]},
                                "locations": {
                                    "items": {
                                        "properties": {
                                            "physicalLocation": {
                                                "required": ["artifactLocation"],
                                                "properties": {
                                                    "region": {
                                                        "properties": {"startLine": {"type": "integer", "minimum": 1}}
                                                    }
                                                },
                                            }
                                        }
                                    }
                                },
                                "partialFingerprints": {"additionalProperties": {"type": "string"}},
                            },
                        },
                    },
                    "invocations": {"items": {"required": ["executionSuccessful"]}},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                },
            },
        },
    },
}


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "no text to read. An empty page is not a clean one"),
        (b"   \n\n", "no text to read"),
        (b"<html><body><script>x</script></body></html>", "no text to read"),
        (b"%PDF-1.7\n\x00\x01\x02", "no text (byte 0x00 at place 9)"),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8 at byte 0 (0x89)"),
        ("Überblick".encode("cp1252"), "not UTF-8 at byte 0 (0xdc). It was probably saved in another encoding"),
        (b'<meta charset="koi8-r"><p>x', "the page states the encoding 'koi8-r'; save it as UTF-8"),
        (b'<meta charset="ascii"><p>\xc3\xa9', "not ASCII at byte 25"),
        (b"a" * (LARGEST_BYTES + 1), "4,000,001 bytes, at most 4,000,000"),
    ],
)
def test_what_is_no_page_is_refused_in_one_sentence(content, part):
    with pytest.raises(FileFormatError) as told:
        page_of("page.html", content)
    assert part in str(told.value)
    assert str(told.value).startswith("page.html: ")


def test_a_page_in_a_stated_older_encoding_and_one_with_a_byte_order_mark_are_read():
    older = '<meta charset="windows-1252"><h1>LEMS</h1><p>32 °C</p>'.encode("cp1252")
    assert page_of("a.html", older).blocks[1].text == "32 °C"
    assert page_of("a.txt", "Ünder".encode("utf-16")).blocks[0].text == "Ünder"
    assert page_of("a.txt", "Ünder".encode("utf-8-sig")).blocks[0].text == "Ünder"


@pytest.mark.parametrize(
    "content",
    [
        "<p>x" + "<!--" * 50_000,
        "<p>x" + "<![CDATA[" * 30_000,
        "<p>" + "</" * 60_000 + "x",
        "<p>" + "<" * 60_000,
        "<div>" * 50_000 + "x" + "</p>" * 50_000,
        "<ul><li>" * 20_000 + "x",
        "<p>x <a href='" + "a" * 500_000 + "'>y</a>",
        "x" + "<b " + "a=" * 50_000,
        "- " + "word " * 40_000,
        "[" * 40_000 + "](" * 20_000,
        "**" * 100_000 + "x",
        "{{" * 100_000 + "x",
        "A" + ": " * 100_000,
        '<p>x<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        "x " + "doi:" * 20_000,
        "&#" * 50_000 + " x",
    ],
    ids=lambda content: content[:16],
)
def test_hostile_markup_is_read_to_its_end(content):
    findings = lint_page("hostile.html", content.encode())
    assert any(one.kind == "missing-date" for one in findings)


@given(st.binary(max_size=300))
@settings(max_examples=150)
def test_any_bytes_are_linted_or_refused_in_a_sentence(content):
    try:
        findings, told = lint_page("any", content), "any: read"
    except FileFormatError as error:
        findings, told = (), str(error)
    assert told.startswith("any: ")
    assert all(one.kind in CLASSES for one in findings)


_PIECES = st.sampled_from(
    ["<p>", "</p>", "<ul>", "<li>", "</li>", "</ul>", "<h2>", "</h2>", "<a href='#x'>", "</a>", "<td>", "<br>", "&amp;",
     "\n", "Signs:", "weak legs", "and", "- item", "# Head", "<script>", "</script>", "<!-- ", " -->", "back pain",
     "2026-11-21", "Reviewed by", "<", ">"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25))
@settings(max_examples=150)
def test_the_line_of_a_finding_is_a_line_of_the_file(pieces):
    text = " ".join(["LEMS.", *pieces])
    for finding in lint_page("any.html", text.encode()):
        assert 1 <= finding.line <= text.count("\n") + 1


def test_a_missing_path_and_a_folder_without_pages_are_refused(tmp_path):
    with pytest.raises(FileFormatError, match="there is no such file or folder"):
        lint_paths([tmp_path / "gone.html"])
    with pytest.raises(FileFormatError, match="no page in this folder"):
        lint_paths([tmp_path])


def test_links_to_folders_are_not_followed(tmp_path):
    (tmp_path / "page.txt").write_text("Rest helps.\n\nUpdated 2026-11-21.", encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(lint_paths([tmp_path])) == 1


def test_sarif_keeps_what_the_standard_requires():
    linted = [
        Linted(
            "pages/a b.html", (Finding(3, "contradiction", "x: y.", "x", "M046"), Finding(9, "missing-date", "no."))
        ),
        Linted("bad.txt", (), "bad.txt: no text."),
    ]
    log = json.loads(json.dumps(sarif(linted, version="0.1")))
    jsonschema.Draft202012Validator(SARIF_PART).validate(log)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == list(CLASSES)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "pages/a%20b.html"
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "bad.txt: no text."


def test_the_fingerprint_of_a_finding_stays_when_lines_move():
    def marks(line):
        log = sarif([Linted("a.html", (Finding(line, "missing-date", "no date."),))], version="1")
        return log["runs"][0]["results"][0]["partialFingerprints"]

    assert marks(3) == marks(30)
