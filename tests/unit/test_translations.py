"""Every message has its words in both languages, and the compiled catalogues are those of the sources."""

import gettext
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "registry" / "translations"


def extracted() -> set[str]:
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = set()
    for folder in ("registry", "blueprints", "templates"):
        patterns = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods]
        for _, _, message, _, _ in extract_from_dir(str(ROOT / folder), patterns, options):
            found.add(message if isinstance(message, str) else message[0])
    return found


def catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file)


def first_id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_chinese_is_complete() -> None:
    translated = {first_id(message) for message in catalogue("zh_Hans_CN") if message.id and any(message.string)}
    assert extracted() - translated == set()


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
def test_nothing_is_left_of_messages_that_are_gone(language: str) -> None:
    assert {first_id(message) for message in catalogue(language) if message.id} - extracted() == set()


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
def test_the_compiled_catalogue_is_that_of_the_source(language: str) -> None:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in catalogue(language):
        if message.id and not message.pluralizable and message.string:
            assert compiled.gettext(first_id(message)) == message.string


def test_translations_keep_their_places_for_values() -> None:
    for message in catalogue("zh_Hans_CN"):
        if message.id:
            assert not [str(error) for error in message.check()], message.id
