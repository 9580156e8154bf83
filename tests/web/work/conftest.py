"""A firm on its way to SPV, as the deliveries' tests have it."""

from ..delivery.conftest import connected, queue, spv  # noqa: F401 - fixtures
