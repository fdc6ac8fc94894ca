"""The page as text: complete, escaped, honest about what is simulated."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from endplate.exam.examination.types import Examination
from endplate.foundation.errors import InputError
from endplate.report import compare_report, write_report
from endplate.report.page import TITLE
from endplate.report.palette import DARK, LIGHT, TEXT_TONES, contrast
from endplate.report.png import png_bytes
from endplate.report.write import report_files

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&\x07{{ 7*7 }}"


@pytest.fixture(scope="module")
def files(everyone):
    def some(drawing, width_px=None):  # painting is most of a report's time: two pictures stand for all
        is_painted = drawing.key in ("overview", "2-lems-effort-1")
        return png_bytes(drawing, width_px=width_px) if is_painted else b"\x89PNG blank"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("endplate.report.write.png_bytes", some)
        return report_files(everyone)


@pytest.fixture(scope="module")
def page(files):
    return files["index.html"].decode()


def test_the_page_asks_nothing_of_any_network(page):
    assert "default-src 'none'" in page
    for address in re.findall(r"(?:src|href|url\()\s*=?\s*[\"'(]?([^\"')\s>]+)", page):
        assert not re.match(r"(https?:)?//", address), address


def test_every_simulated_drawing_carries_the_word_and_no_real_one_does(page):
    drawings = re.findall(r"<svg [^>]*class=\"drawing\".*?</svg>", page, flags=re.DOTALL)
    assert len(drawings) > 40
    for one in drawings:
        assert ('data-simulated="true"' in one) == (">SIMULATED</text>" in one)
    real = [one for one in drawings if "data-simulated" not in one]
    assert len(real) == 3  # its card, its sweeps, its recruitment curve


def test_every_exported_picture_of_a_simulation_carries_the_word(files):
    names = [name for name in files if name.endswith(".svg") and name != "overview.svg"]
    for name in names:
        is_real = name.startswith("5-recorded-file")
        assert (b">SIMULATED</text>" in files[name]) != is_real, name
    assert files["overview.svg"].count(b">SIMULATED</text>") == 5


def test_every_exported_svg_is_well_formed_and_has_a_png_beside_it(files):
    for name in (name for name in files if name.endswith(".svg")):
        ET.fromstring(files[name])
        assert files[name.replace(".svg", ".png")].startswith(b"\x89PNG")


def test_the_overview_picture_is_1600_pixels_wide(files):
    assert int.from_bytes(files["overview.png"][16:20], "big") == 1600


def test_four_examinations_stay_below_three_megabytes(build, fast):
    page = report_files([build.healthy(), build.lems(), build.treated(), build.mg()])["index.html"]
    assert len(page) < 3_000_000


def test_names_from_files_cannot_inject_anything(build, fast):
    one = build.lems()
    study = one.studies[0]
    recording = dataclasses.replace(
        study.recording, muscle=HOSTILE, source=HOSTILE, montage=HOSTILE, drug=HOSTILE, notes=(HOSTILE,),
        trains=tuple(dataclasses.replace(t, name=HOSTILE + t.name) for t in study.recording.trains),
    )  # fmt: skip
    bad = build.finding(HOSTILE, HOSTILE, 3.0, "supports", HOSTILE, flags=(HOSTILE,), missing=(HOSTILE,))
    study = dataclasses.replace(
        study, title=HOSTILE, recording=recording,
        findings=dataclasses.replace(study.findings, findings=(bad,), reference_set=HOSTILE),
    )  # fmt: skip
    hostile = Examination(
        HOSTILE, HOSTILE, HOSTILE, (study, study), True, {HOSTILE: HOSTILE}, (HOSTILE,), {HOSTILE: HOSTILE}, (HOSTILE,)
    )
    files = report_files([hostile], title=HOSTILE)
    page = files["index.html"].decode()
    assert page.count("<script") == 1
    assert "<img" not in page
    assert "\x07" not in page
    assert "{{ 7*7 }}" in page  # shown as it was written, not computed
    for name, content in files.items():
        assert re.fullmatch(r"[a-z0-9.-]+", name), name
        if name.endswith(".svg"):
            root = ET.fromstring(content)
            assert not root.findall(".//{*}script")
            assert not root.findall(".//{*}img")


def test_each_figure_has_a_name_and_a_description_and_identities_are_unique(page):
    identities = re.findall(r' id="([^"]+)"', page)
    assert len(identities) == len(set(identities))
    for title, words in re.findall(r'aria-labelledby="(\S+-t) (\S+-d)"', page):
        assert f'id="{title}"' in page
        assert f'id="{words}"' in page


def test_headings_go_down_one_level_at_a_time(page):
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_contrast_of_four_and_a_half_and_graphics_of_three(palette):
    for ground in ("ground", "raised", "band"):
        for tone in TEXT_TONES:
            assert contrast(palette[tone], palette[ground]) >= (4.5 if ground != "band" else 3.0), (tone, ground)
    assert contrast(palette["axis"], palette["raised"]) >= 3
    assert contrast(palette["ink"], palette["raised"]) >= 7


def test_verdicts_differ_by_word_and_shape(page):
    shapes = dict(re.findall(r'<span class="verdict (\w+)"><svg[^>]*>(<[^/]+)/></svg>', page))
    assert len(set(shapes.values())) == 3
    for words in ("supports</span>", "does not support</span>", "cannot tell</span>"):
        assert words in page


def test_the_header_says_what_nobody_stated(page):
    assert "not stated" in page
    for words in ("33.5 °C", "2 Hz to 10 kHz", "10 s effort", "amifampridine 20 mg, 1 h since dose", "synthetic set"):
        assert words in page


def test_the_footer_says_version_and_intended_use(page):
    assert "Not a medical device" in page
    assert TITLE in page
    assert "terminal 1, junction 1" in page


def test_the_table_of_a_train_has_change_against_the_first(page):
    rows = re.findall(r'<th scope="row">4</th><td class="strong">1\.37</td><td>−28\.0</td>', page)
    assert rows  # lems: 1.9 mV, down 28 % at the fourth


def test_one_report_twice_is_the_same_to_the_byte(build):
    assert report_files([build.real()]) == report_files([build.real()])


def test_a_report_of_nothing_is_refused(tmp_path):
    with pytest.raises(InputError, match="at least one examination"):
        write_report([], tmp_path)


def test_a_comparison_shows_the_difference_of_each_shared_number(build, tmp_path, fast):
    page = compare_report([build.lems(), build.treated()], tmp_path / "compare").read_text(encoding="utf-8")
    assert "Differences" in page
    assert "−168.0 points" in page  # increment 243 % before, 75 % on the drug
    assert "+2.7 mV" in page  # rest 1.9 mV, then 4.6 mV
    assert (tmp_path / "compare" / "compare-train.svg").is_file()


def test_a_comparison_of_one_is_refused(build, tmp_path):
    with pytest.raises(InputError, match="at least two"):
        compare_report([build.lems()], tmp_path)


def test_matplotlib_settings_of_the_caller_stay_as_they_are(build):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    report_files([build.real()])
    assert dict(mpl.rcParams) == before


def test_several_studies_of_one_muscle_are_set_side_by_side(build, fast):
    right, wrong = build.lems().studies[0], build.healthy().studies[0]
    both = (dataclasses.replace(right, title="as it should be"), dataclasses.replace(wrong, title="read late"))
    page = report_files([dataclasses.replace(build.lems(), studies=both)])["index.html"].decode()
    table = page[page.index("studied in different ways") :]
    assert table.index("As it should be") < table.index("+243 %") < table.index("Read late") < table.index("+6 %")


def test_one_number_read_by_two_rules_stands_on_one_card_with_both_verdicts(build, fast):
    study = build.lems().studies[0]
    kept = study.findings.findings[0]
    stricter = dataclasses.replace(kept, rule="a stricter rule, 2005", verdict="does not support")
    area = dataclasses.replace(kept, name=f"{kept.name}, area", rule="", verdict="cannot tell")
    findings = dataclasses.replace(study.findings, findings=(kept, stricter, area))
    one = dataclasses.replace(build.lems(), studies=(dataclasses.replace(study, findings=findings),))
    page = report_files([one])["index.html"].decode()
    assert page.count('<li class="finding box">') == 1
    card = page[page.index('<li class="finding box">') :].split("</ul>")[0]
    assert card.index("supports</span>") < card.index("a stricter rule, 2005")
    assert "All 3 findings with every rule" in page
