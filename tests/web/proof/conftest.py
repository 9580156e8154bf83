"""A firm connected to the simulator, and documents on their way: `delivery`'s fixtures."""

from ..delivery.conftest import connected, queue, spv  # noqa: F401
