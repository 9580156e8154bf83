"""The product's settings for tests: a data directory of its own, quick passwords, no collected static files.

A module, not a fixture: Django reads settings before any conftest runs.
"""

import atexit
import os
import shutil
import tempfile

_directory = tempfile.mkdtemp(prefix="punte-tests-")
os.mkdir(os.path.join(_directory, "static"))  # else whitenoise warns
atexit.register(shutil.rmtree, _directory, ignore_errors=True)
os.environ["PUNTE_DATA_DIR"] = _directory
os.environ["PUNTE_ANAF"] = "custom"

from punte.web.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ANAF_MINUTE = 120_000  # a test waits for no slot, but for those of the limits
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, as in the product: threads sharing a database in memory lock each other's tables without waiting.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_directory, "test.sqlite3")}  # noqa: F405
    pragmas = DATABASES["default"]["OPTIONS"]["init_command"]  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = pragmas.replace("synchronous=FULL", "synchronous=OFF")  # noqa: F405
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405 - kept in a thread, it would outlive its test
