"""What is pasted from other programs says the same here, and nothing that was hidden there."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.texts.clips import CLIPS
from texts.pasting import tidy_pasted, without_comments
from texts.richtext import MAX_LENGTH, clean_rich_text

CUT = 7
parts = sorted(
    {clip[i : i + 40] for clip, _text in CLIPS.values() for i in range(0, len(clip), CUT)}
)


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_becomes_the_text_that_is_meant(name):
    clip, text = CLIPS[name]

    assert clean_rich_text(clip) == text


@pytest.mark.parametrize("name", CLIPS)
def test_a_clean_clip_stays(name):
    _clip, text = CLIPS[name]

    assert clean_rich_text(text) == text


@given(st.lists(st.sampled_from(parts), max_size=6).map("".join))
def test_torn_clips_are_clean_after_the_first_time(html):
    once = clean_rich_text(html)

    assert clean_rich_text(once) == once


@given(st.lists(st.sampled_from(parts), max_size=6).map("".join))
def test_what_is_visible_stays(html):
    marked = f"<div>KANARIE</div>{html}"

    assert "KANARIE" in clean_rich_text(marked)


def test_sixty_points_of_word_are_not_too_deep():
    clip = "".join(
        f"<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><!--[if !supportLists]-->"
        f"<span style='mso-list:Ignore'>{n}. </span><!--[endif]-->Punkt {n}</p>"
        for n in range(1, 61)
    )

    assert clean_rich_text(clip).count("<li>") == 60


@pytest.mark.parametrize("html", ["<!--", "<!-- -->", "<!-- --><!--", "-->"])
def test_comments_cost_time_in_proportion(html):
    begin = time.process_time()

    without_comments(html * (MAX_LENGTH // len(html)))

    assert time.process_time() - begin < 0.3


def test_a_long_clip_is_tidied_in_time():
    clip = "".join(clip for clip, _text in CLIPS.values())
    begin = time.process_time()

    tidy_pasted(clip * (MAX_LENGTH // len(clip)))

    assert time.process_time() - begin < 3
