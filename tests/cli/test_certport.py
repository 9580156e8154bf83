"""`punte certport`, and when `punte serve` and `punte demo` run it."""

from __future__ import annotations

import os
import subprocess
import sys
from ipaddress import ip_network

import pytest

from punte.cli import demo, product
from punte.web.config.certificate_port import CertificatePort


@pytest.mark.parametrize(
    ("port", "runs"),
    [
        (None, False),
        (CertificatePort(url="https://localhost:8443", host="127.0.0.1", port=8443), True),
        (CertificatePort(url="https://cert.punte.example", proxies=(ip_network("127.0.0.1"),)), False),
    ],
)
def test_it_runs_where_a_port_is_configured(settings, port, runs):
    settings.CERT_PORT = port
    assert ("certport" in product.certport_command()) is runs


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "PUNTE_CERT_LISTEN is not set"),
        ({"PUNTE_CERT_LISTEN": "127.0.0.1:8443"}, "PUNTE_CERT_TLS_CERT=''"),
        ({"PUNTE_CERT_LISTEN": "127.0.0.1:8443", "PUNTE_CERT_TLS_CERT": __file__}, "are not a PEM certificate"),
    ],
)
def test_without_what_it_needs_it_says_so_and_ends(tmp_path, variables, says):
    env = os.environ | demo.settings("http://localhost:8000", tmp_path) | variables
    env |= {"DJANGO_SETTINGS_MODULE": "punte.web.config.settings", "PUNTE_ANAF": "test"}
    command = [sys.executable, "-m", "punte", "certport"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr
