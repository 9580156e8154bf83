"""ANAF's hosts: each at its port, and each by its name at any port."""

import ssl
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from punte.anafsim import Simulator

from .conftest import PFA, Visitor

Visit = Callable[..., Visitor]
LISTING = f"/prod/FCTEL/rest/listaMesajeFactura?zile=1&cif={PFA}"


@pytest.mark.parametrize("port", ["login", "api", "public"])
def test_a_name_of_anafs_is_answered_at_any_port(ilinca: Visitor, port: str) -> None:
    def ask(name: str, path: str) -> httpx2.Response:
        return ilinca.http.get(getattr(ilinca.sim, port) + path, headers=ilinca.headers | {"Host": name})

    assert "Nu exista mesaje in ultimele 1 zile" in ask("api.anaf.ro", LISTING).text
    assert ask("API.ANAF.RO:443", LISTING).status_code == 200
    assert ask("logincert.anaf.ro", "/anything").headers["location"] == "/my.policy"
    assert ask("webservicesp.anaf.ro", "/anything").status_code == 404
    assert ask("api.anaf.ro", "/anything").status_code == 403


@pytest.mark.parametrize("name", ["evil.example", "anaf.ro", "api.anaf.ro.evil.example", ""])
def test_a_name_that_is_nobodys_is_refused(ilinca: Visitor, name: str) -> None:
    """A page on that name would reach the simulator through the browser."""
    for base in (ilinca.sim.api, ilinca.sim.door, ilinca.sim.control):
        assert ilinca.http.get(base + "/", headers={"Host": name}).status_code == 400


def test_the_control_interface_and_the_door_know_this_machine_alone(ilinca: Visitor) -> None:
    for base in (ilinca.sim.control, ilinca.sim.door):
        assert ilinca.http.get(base + "/world", headers={"Host": "api.anaf.ro"}).status_code == 400


def test_the_certificate_is_good_for_anafs_names(sim: Simulator) -> None:
    """As with curl --connect-to or a line in /etc/hosts: TLS asks for the name, and finds it."""
    context = ssl.create_default_context(cafile=str(sim.ca_file))
    with httpx2.Client(verify=context) as http:
        extensions = {"sni_hostname": "api.anaf.ro"}
        answer = http.get(sim.api + LISTING, headers={"Host": "api.anaf.ro"}, extensions=extensions)
    assert answer.status_code == 401


def test_webserviceapl_takes_the_certificate_in_place_of_a_token(visit: Visit, tmp_path: Path) -> None:
    def ask(visitor: Visitor) -> httpx2.Response:
        return visitor.http.get(visitor.sim.login + LISTING, headers={"Host": "webserviceapl.anaf.ro"})

    assert ask(visit("ilinca")).json()["eroare"] == "Nu exista mesaje in ultimele 1 zile"
    assert ask(visit("fara-drept")).json()["eroare"] == f"Nu aveti drept in SPV pentru CIF={PFA}"
    assert ask(visit("neinrolat")).json()["eroare"] == "Nu exista niciun CIF pentru care sa aveti drept in SPV"
    assert ask(visit()).status_code == 403
