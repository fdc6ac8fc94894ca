"""lint-page: each class is found where it is, and nothing is found on a clean page."""

import html
from pathlib import Path

import pytest

from endplate.clinic.knowledge.claims import claims
from endplate.clinic.knowledge.glossary import glossary
from endplate.clinic.knowledge.rows import rows
from endplate.clinic.lint_page.lint import lint_page, lint_paths
from endplate.clinic.lint_page.listing import item_key
from endplate.clinic.lint_page.words import topics, warned


def _kinds(text, name="page.txt"):
    """Return the classes that a dated text is found guilty of."""
    return [one.kind for one in lint_page(name, f"{text}\n\nUpdated 2026-11-21.".encode())]


def _page(body):
    return f"<!doctype html><h1>LEMS</h1>{body}<p>Updated 2026-11-21.</p>".encode()


@pytest.mark.parametrize("field", ["patient", "clinician"])
def test_our_own_claims_and_glossary_are_found_clean(field):
    sections = "".join(
        f"<h2>{html.escape(rows()[one.id].title)}</h2><p>{html.escape(getattr(one, field))}</p>"
        + (f"<p>Refuted: {html.escape(one.refutes)}</p>" if one.refutes else "")
        for one in claims().values()
    )
    terms = "".join(f"<dt>{one.term}</dt><dd>{html.escape(one.plain)}</dd>" for one in glossary().values())
    assert lint_page("claims.html", _page(f"{sections}<dl>{terms}</dl>")) == ()


def test_a_refuted_statement_without_the_word_is_found():
    for name in ("M046", "M109", "M120", "M121"):
        kinds = _kinds(f"Facts\n\n{claims()[name].refutes}")
        assert kinds in (["contradiction"], ["unsafe-advice"]), name


@pytest.mark.parametrize(
    "text",
    [
        "New back pain with worse leg weakness, numbness, or bladder or bowel change: call for emergency help.",
        "Call an ambulance for signs of cauda equina trouble: numb skin, weak legs, loss of bladder control.",
        "New back pain together with weaker legs needs an emergency scan of the spine.",
    ],
)
def test_the_red_flag_of_back_pain_with_leg_weakness_is_not_banned(text):
    assert _kinds(text) == []
    assert _kinds(f"Get help now if:\n\n- {text}\n- you choke") == []


def test_back_pain_without_signs_of_the_cord_is_contamination():
    assert _kinds("See an orthopaedic surgeon for sciatica.") == ["contamination"]
    assert _kinds("Keep a good posture. It protects you from back pain.") == ["contamination"]


def test_one_weak_word_is_no_contamination():
    assert _kinds("Keep a good posture.") == []
    assert _kinds("A rash can follow a new medicine.") == []


@pytest.mark.parametrize(
    "text",
    [
        "LEMS does not make you sweat more.",
        "Pyridostigmine can cause increased sweating.",
        "It is a myth that most people get worse.",
        "Without a tumour, LEMS does not shorten life.",
        "There is no cure, but treatment helps.",
        "A negative test does not rule out LEMS.",
        "Amifampridine works by increased release of acetylcholine.",
        "In myasthenia gravis, antibodies attack the acetylcholine receptors.",
        "Genetic testing is used to look for congenital myasthenic syndromes.",
        "Call for help if weakness starts suddenly.",
        "Not everyone responds to treatment.",
    ],
)
def test_a_sentence_that_denies_or_explains_is_let_pass(text):
    assert _kinds(text) == []


@pytest.mark.parametrize("one", warned("contradictions"), ids=lambda one: one.id)
def test_every_contradiction_goes_against_a_claim_that_exists(one):
    assert one.claim in claims()
    assert one.why


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Most people with LEMS get worse over the years.", "M130"),
        ("LEMS shortens your life.", "M128"),
        ("Double vision is usually the first sign of LEMS.", "M035"),
        ("A chest X-ray is enough.", "M067"),
        ("A single scan is enough.", "M019"),
        ("Gene tests confirm LEMS.", "M072"),
        ("LEMS is an inherited disease.", "M020"),
        ("The antibodies attack acetylcholine receptors on the muscle.", "M003"),
        ("The nerve sets free too much acetylcholine.", "M004"),
        ("A negative antibody test rules out LEMS.", "M058"),
        ("Pyridostigmine is the best medicine for it.", "M085"),
        ("LEMS can be cured.", "M089"),
        ("An infection such as HIV causes LEMS.", "M022"),
        ("Aminoglycosides increase the risk of getting LEMS.", "M023"),
        ("Everyone with LEMS has cancer.", "M013"),
        ("LEMS begins suddenly.", "M193"),
        ("All patients respond to treatment.", "M194"),
        ("LEMS never affects breathing.", "M049"),
        ("LEMS causes excessive sweating.", "M046"),
    ],
)
def test_a_statement_against_a_claim_names_the_claim(text, claim):
    (finding,) = lint_page("page.txt", f"{text}\n\nUpdated 2026-11-21.".encode())
    assert (finding.kind, finding.claim) == ("contradiction", claim)


@pytest.mark.parametrize(
    "text",
    [
        "Double the next dose if you forgot one.",
        "Stop taking your steroids when you feel better.",
        "Raise your dose on your own when you feel weak.",
        "If you choke, there is no need to worry: it usually passes.",
        "There is no need to tell the anaesthetist.",
        "You can buy it without asking a doctor.",
        "Exercise until you drop.",
        "Hot baths help the muscles.",
        "Take amifampridine and fampridine together.",
        "Take 2 tablets each morning.",
        "Botox helps against spasm in LEMS.",
        "Quinine is recommended for cramps.",
        "Magnesium supplements improve strength.",
    ],
)
def test_advice_that_can_harm_is_found(text):
    assert _kinds(text) == ["unsafe-advice"]


@pytest.mark.parametrize(
    "text",
    [
        "Never double a dose.",
        "Do not stop taking your steroids on your own.",
        "Stop amifampridine and call your doctor if you have a seizure.",
        "Do not wait if you have trouble with breathing.",
        "Avoid hot baths: heat does not help.",
        "Never take amifampridine with fampridine.",
        "Botulinum toxin must be avoided; it is not a treatment.",
        "Sugammadex can reverse rocuronium and is effective in most reports.",
        "Verapamil can make you weaker; ask before you take it.",
    ],
)
def test_advice_that_protects_is_let_pass(text):
    assert _kinds(text) == []


def test_a_list_of_medicines_to_avoid_is_let_pass_and_the_same_list_as_treatment_is_not():
    items = "<ul><li>Botulinum toxin</li><li>Verapamil</li></ul>"
    assert lint_page("a.html", _page(f"<h2>Medicines to avoid</h2>{items}")) == ()
    kinds = [one.kind for one in lint_page("a.html", _page(f"<h2>Medicines</h2>{items}"))]
    assert kinds == ["unsafe-advice", "unsafe-advice"]


def test_two_names_of_one_test_are_one_item_and_two_scans_are_two():
    assert item_key("IVIg") == item_key("Intravenous immunoglobulin (IVIg)")
    assert item_key("Plasmapheresis") == item_key("plasma exchange")
    assert item_key("CT of the chest") != item_key("CT of the brain")


def test_the_same_item_in_two_lists_is_no_duplicate():
    body = "<h2>Signs</h2><ul><li>Dry mouth</li></ul><h2>Side effects</h2><ul><li>Dry mouth</li></ul>"
    assert lint_page("a.html", _page(body)) == ()


def test_labels_that_many_items_share_are_no_duplicates():
    items = "<li>Warning: no blocker</li><li>Warning: no magnesium</li><li>Critical: scan</li><li>Critical: bed</li>"
    assert lint_page("a.html", _page(f"<ul>{items}</ul>")) == ()


def test_one_test_that_is_described_twice_is_a_duplicate():
    items = "<li>Antibody test: looks for antibodies</li><li>CT scan</li><li>Antibody testing (repeated)</li>"
    assert [one.kind for one in lint_page("a.html", _page(f"<ul>{items}</ul>"))] == ["duplicate-item"]


def test_a_note_that_stands_under_many_sections_is_no_duplicate_and_a_doubled_paragraph_is():
    note = "<h2>{0}</h2><p>Part {0}.</p><p>Unverified: general knowledge that a person has still to check here.</p>"
    assert lint_page("a.html", _page("".join(note.format(name) for name in "ABC"))) == ()
    doubled = "<p>Rest helps for a while.</p>" * 2
    assert [one.kind for one in lint_page("a.html", _page(doubled))] == ["duplicate-item"]
    folded = "<details><p>The basis of this line is a rule of the year 2026, class C.</p></details>"
    assert lint_page("a.html", _page(f"{folded}<p>Rest helps.</p>{folded}")) == ()


def test_what_text_marks_as_code_is_shown_on_purpose():
    assert _kinds("Write `[[trains]]` or `<div class='x'>`.\n\nFor example:\n\n```\nTODO: <p>\n```") == []


def test_a_paragraph_may_end_with_a_comma_before_a_formula_and_not_before_a_heading():
    assert lint_page("a.html", _page("<p>The mean is the sum,</p><pre>x = 1</pre><p>where x is one.</p>")) == ()
    cut = _page("<p>Signs are weak legs,</p><h2>Tests</h2><p>Many.</p>")
    assert [one.kind for one in lint_page("a.html", cut)] == ["truncated-list"]


def test_the_way_to_the_top_is_no_broken_link():
    assert lint_page("a.html", _page('<a href="#">Back to top</a><nav><a href="#">Menu</a></nav>')) == ()
    assert [one.kind for one in lint_page("a.html", _page('<p><a href="#">A source</a></p>'))] == ["references"]


def test_a_page_of_navigation_alone_is_read():
    assert [one.kind for one in lint_page("a.html", b"<nav><p>Home</p></nav>")] == ["missing-date"]


def test_a_list_inside_an_item_keeps_the_promise_of_its_colon():
    body = "<ul><li>Signs:<ul><li>weak legs</li><li>dry mouth</li></ul></li><li>Tests</li></ul>"
    assert lint_page("a.html", _page(body)) == ()


def test_an_empty_item_is_a_truncated_list():
    kinds = [one.kind for one in lint_page("a.html", _page("<ul><li>weak legs</li><li></li></ul>"))]
    assert kinds == ["truncated-list"]
    assert _kinds("Signs\n\n- weak legs\n-\n") == ["truncated-list"]


def test_markup_inside_code_is_shown_on_purpose():
    assert lint_page("a.html", _page("<pre>&lt;div class='x'&gt;</pre>")) == ()


def test_scripts_styles_and_comments_are_not_read():
    hidden = "<script>var todo = 'TODO: lorem ipsum';</script><style>p{}</style><!-- TODO: write -->"
    assert lint_page("a.html", _page(f"{hidden}<p>Rest helps.</p>")) == ()


def test_a_named_reviewer_in_text_or_in_json_ld_carries_a_badge():
    assert _kinds("Medically reviewed by Asha Rahman, MD.") == []
    data = '<script type="application/ld+json">{"reviewedBy": [{"name": "Asha Rahman"}]}</script>'
    assert lint_page("a.html", _page(f"{data}<p>Medically reviewed</p>")) == ()
    assert _kinds("Medically reviewed by Our Medical Team.") == ["badge-without-reviewer"]


def test_a_page_that_says_it_has_no_reviewer_is_honest():
    assert _kinds("No clinician has reviewed this page. It has not been medically reviewed.") == []


@pytest.mark.parametrize("day", ["2026-11-21", "21 November 2026", "November 21, 2026", "Nov 2026"])
def test_a_clear_date_is_read_in_several_forms(day):
    assert lint_page("a.txt", f"Rest helps.\n\nLast reviewed: {day}".encode()) == ()


def test_a_date_of_something_else_is_no_date_of_review():
    (finding,) = lint_page("a.txt", b"LEMS was first named on 1 May 1956 in a paper.")
    assert finding.kind == "missing-date"


def test_references_on_many_other_things_are_told_once():
    items = "".join(f"<li>A long title about economics, number {number}. Journal, 2020.</li>" for number in range(4))
    (finding,) = lint_page("a.html", _page(f"<h2>References</h2><ol>{items}</ol>"))
    assert "4 of 4 references name nothing of LEMS" in finding.text


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.id)
def test_no_word_of_another_condition_stands_in_our_own_symptoms(topic):
    for claim in claims().values():
        if claim.id != "M134":  # the warning of a pressed cord
            assert not topic.strong.search(claim.patient), claim.id


def test_a_folder_is_read_in_order_and_one_bad_page_does_not_hide_the_others(tmp_path):
    (tmp_path / "b.html").write_bytes(_page("<p>LEMS can be cured.</p>"))
    (tmp_path / "a.txt").write_bytes(b"\x00\x01")
    (tmp_path / "data.csv").write_bytes(b"not a page")
    found = lint_paths([tmp_path])
    assert [Path(one.path).name for one in found] == ["a.txt", "b.html"]
    assert "no text (byte 0x00" in found[0].error
    assert [one.kind for one in found[1].findings] == ["contradiction"]
