"""The variables of the templates, from the plain data of a release or a guideline."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import formats

from publications.rendering.charts import course_chart, sectors_chart
from publications.rendering.colour import colours_from
from publications.rendering.outline import is_tight, outline
from publications.rendering.register import register
from publications.rendering.typesetting import AROUND, RICH, Tongue, typeset

# The level of headings in the texts of these blocks; a chart's heading is its caption.
BLOCK_LEVELS = {"workshop": 5, "concept": 5, "sectors": 3, "course": 3}


def press_release_context(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of the template of a press release."""
    release = typeset(dict(content), Tongue.of(content))
    withdrawn = _withdrawn_concepts(release)
    return {
        **release,
        **colours_from(release["accent"]),
        "tongue": Tongue.of(release)._asdict(),
        "body": [
            {**block, **_parts(block, level=2), "withdrawn": withdrawn.get(_address(block), "")}
            for block in release["body"]
        ],
        "boilerplates": [
            {**standing, **_parts(standing, level=3)} for standing in release["boilerplates"]
        ],
        "character_count": formats.number_format(
            release["characters"], use_l10n=True, force_grouping=True
        ),
    }


def guideline_context(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of the template of a guideline."""
    guideline = typeset(dict(content), Tongue.of(content))
    colours = colours_from(guideline["accent"])
    withdrawn = _withdrawn_concepts(guideline)
    return {
        **guideline,
        **colours,
        "tongue": Tongue.of(guideline)._asdict(),
        "imprint_parts": outline(guideline["imprint"], level=3),
        "register": register(guideline["chapters"]),
        "chapters": [
            {**chapter, "blocks": [_block(block, withdrawn) for block in chapter["blocks"]]}
            for chapter in guideline["chapters"]
        ],
    }


def _withdrawn_concepts(content: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """What a print made today says about concepts that were withdrawn since the approval."""
    return {
        _address(concept): concept["sentence"] for concept in content.get("withdrawn_concepts", [])
    }


def _address(concept: Mapping[str, Any]) -> tuple[str, str]:
    return (concept.get("run_slug", ""), concept.get("slug", ""))


def _block(block: dict[str, Any], withdrawn: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    level = BLOCK_LEVELS.get(block["kind"], 4 if block["heading"] else 3)
    shown = {**block, **_parts(block, level=level)}
    if block["kind"] == "concept":
        shown["withdrawn"] = withdrawn.get(_address(block), "")
        shown["building_blocks"] = [
            {**part, **_parts(part, level=6)} for part in block["building_blocks"]
        ]
    elif block["kind"] == "table":
        shown["is_tight"] = is_tight([block["head"], *block["rows"]])
    elif block["kind"] == "sectors":
        shown["chart"] = sectors_chart(block["bars"])
    elif block["kind"] == "course":
        shown["chart"] = course_chart(block["stops"], block["undated"])
    elif block["kind"] == "figures":
        shown["source"] = _shared_source(block["entries"])
    return shown


def _shared_source(entries: Sequence[Mapping[str, Any]]) -> str:
    """The source of all figures, to be named once; empty where they have several."""
    sources = {(entry["source"], entry["date"]) for entry in entries}
    return ", ".join(filter(None, sources.pop())) if len(sources) == 1 else ""


def _parts(block: Mapping[str, Any], *, level: int) -> dict[str, Any]:
    """Every rich text of the block as headings and texts, under its own name."""
    texts = {name: outline(text, level=level) for name, text in block.items() if name in RICH}
    language = block.get("language", "") if "kind" in block else ""
    for name in texts.keys() - AROUND if language else ():
        texts[name] = [{**part, "language": language} for part in texts[name]]
    return texts
