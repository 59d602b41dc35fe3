"""Names of records."""

from uuid import UUID

from registry.services.record_ids import new_record_id, new_record_ids


def test_a_name_is_node_resource_and_a_uuid_of_version_7():
    node, resource, number = new_record_id("130100", "operator").split(".")
    assert (node, resource, UUID(number).version, UUID(number).variant) == (
        "130100",
        "operator",
        7,
        "specified in RFC 4122",
    )


def test_names_are_never_drawn_twice():
    assert len(set(new_record_ids("130100", "operator", 10_000))) == 10_000
