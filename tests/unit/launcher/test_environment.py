"""The environment that make serve keeps: drawn once, never changed by itself, contradictions refused."""

import base64
import re
import stat
from pathlib import Path

import pytest

from registry.config import Settings, read_environment_file
from registry.launcher.environment import SECRETS, RefusedError, describe
from registry.launcher.province import describe_province

SITE = "http://127.0.0.1:8000"
OUTSIDE = {"DATABASE_URL": "postgresql://app:a1@db/registry", "DATABASE_OWNER_URL": "postgresql://own:b2@db/registry"}


def test_what_was_drawn_is_kept(tmp_path: Path) -> None:
    first = describe({}, tmp_path, site_url=SITE)
    again = describe({}, tmp_path, site_url=SITE)
    assert again.variables == first.variables == read_environment_file(tmp_path / "environment")
    assert stat.S_IMODE((tmp_path / "environment").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["environment"]


def test_two_nodes_share_nothing(tmp_path: Path) -> None:
    nodes = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        nodes.append(describe({}, tmp_path / name, site_url=SITE).variables)
    same = {name for name in nodes[0] if nodes[0][name] == nodes[1][name]}
    assert same == {"REGISTRY_ENV", "REGISTRY_SITE_URL"}


def test_it_describes_a_demo_node_that_may_start(tmp_path: Path) -> None:
    describe({}, tmp_path, site_url=SITE)
    settings = Settings.from_env({"REGISTRY_DATA_DIR": str(tmp_path)})
    assert settings.environment == "demo"
    assert settings.site_url == SITE


def test_an_outside_database_needs_no_server(tmp_path: Path) -> None:
    node = describe(OUTSIDE, tmp_path, site_url=SITE)
    assert node.postgres is None
    assert OUTSIDE.items() <= node.variables.items()
    assert "POSTGRES_PASSWORD" not in node.variables


def test_an_outside_database_needs_both_roles(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="DATABASE_OWNER_URL: has to be given"):
        describe({"DATABASE_URL": OUTSIDE["DATABASE_URL"]}, tmp_path, site_url=SITE)


def test_a_key_that_the_data_were_not_made_with_is_refused(tmp_path: Path) -> None:
    kept = describe({}, tmp_path, site_url=SITE).variables["REGISTRY_PERSONAL_DATA_KEY"]
    describe({"REGISTRY_PERSONAL_DATA_KEY": kept}, tmp_path, site_url=SITE)
    with pytest.raises(RefusedError, match="REGISTRY_PERSONAL_DATA_KEY: differs") as refused:
        describe({"REGISTRY_PERSONAL_DATA_KEY": "another"}, tmp_path, site_url=SITE)
    assert kept not in str(refused.value)
    assert "another" not in str(refused.value)


def test_the_province_of_a_demo_names_persons_as_its_city_does_and_reads_none_of_its_data(tmp_path: Path) -> None:
    city = describe({}, tmp_path, site_url=SITE)
    province = describe_province({}, city, tmp_path, site_url=SITE)
    assert province is not None
    shared = {name for name in SECRETS if province.variables[name] == city.variables[name]}
    assert shared == {"REGISTRY_PERSON_MATCHING_KEY"}


def test_a_demo_made_before_names_persons_as_it_did(tmp_path: Path) -> None:
    before = describe({}, tmp_path, site_url=SITE).variables
    path = tmp_path / "environment"
    path.write_text(re.sub("REGISTRY_PERSON_MATCHING_KEY=.*\n", "", path.read_text()))
    derived = Settings.from_env({"REGISTRY_DATA_DIR": str(tmp_path)}).person_matching_key
    assert describe({}, tmp_path, site_url=SITE).variables == before
    assert base64.b64decode(before["REGISTRY_PERSON_MATCHING_KEY"]) == derived


def test_a_real_node_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="make serve runs a demo node"):
        describe({"REGISTRY_ENV": "production"}, tmp_path, site_url=SITE)
    assert list(tmp_path.iterdir()) == []
