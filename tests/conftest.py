"""What every test needs first: a data directory of its own and quick password hashing."""

import os
import tempfile

os.environ.setdefault("PUNTE_DATA_DIR", tempfile.mkdtemp(prefix="punte-tests-"))
os.environ.setdefault("PUNTE_ANAF", "custom")
