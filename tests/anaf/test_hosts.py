import pytest

from punte.anaf.hosts import Hosts


def test_the_environments_of_the_real_anaf_differ_by_a_path_segment():
    assert Hosts.named("test").efactura == "https://api.anaf.ro/test/FCTEL/rest"
    assert Hosts.named("prod").efactura == "https://api.anaf.ro/prod/FCTEL/rest"
    assert Hosts.named("test").login == Hosts.named("prod").login == "https://logincert.anaf.ro"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"api": "http://api.anaf.ro"}, "https"),  # a bearer token in clear
        ({"api": "api.anaf.ro"}, "https"),
        ({"login": "https://logincert.anaf.ro/"}, "trailing slash"),
        ({"authorize": "ftp://127.0.0.1"}, "authorize"),
        ({"environment": "production"}, "'test', 'prod'"),
    ],
)
def test_a_wrong_address_is_refused_at_once_and_named(change, complaint):
    good = {"login": "https://a", "api": "https://b", "public": "https://c", "environment": "test"}
    with pytest.raises(ValueError, match=complaint):
        Hosts(**{**good, **change})


@pytest.mark.parametrize("loopback", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_loopback_may_do_without_tls(loopback):
    assert Hosts(loopback, loopback, loopback, "test").api == loopback
