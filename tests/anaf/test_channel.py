"""What left this machine, and what did not. Real sockets: a patched call cannot lose a reply."""

import logging
import socket

import pytest

from anaf.server import Answer
from punte.anaf.channel import ANSWER_LIMIT, Channel, Timeouts
from punte.anaf.efactura import EFactura
from punte.anaf.errors import NotSent, ReplyLost, Unwell
from punte.anaf.hosts import Hosts

XML = b"<Invoice/>"


def _upload(hosts: Hosts, timeouts: Timeouts | None = None) -> object:
    with EFactura(hosts, "token", timeouts=timeouts) as spv:
        return spv.upload(XML, cif="18547290")


def test_a_refused_connection_sent_nothing(anaf):
    anaf.stop()
    with pytest.raises(NotSent, match="ConnectError"):
        _upload(anaf.hosts())


def test_an_unresolved_name_sent_nothing(anaf):
    with pytest.raises(NotSent):
        _upload(anaf.hosts(api="https://anaf.invalid"))


def test_a_connection_that_is_never_made_sent_nothing(anaf, impatient):
    with socket.socket() as full:  # the one place in its queue is taken: further connections hang
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        with socket.create_connection(full.getsockname()):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
            with waiting, pytest.raises(NotSent, match="ConnectTimeout"):
                _upload(anaf.hosts(api=f"http://127.0.0.1:{full.getsockname()[1]}"), impatient)


def test_a_certificate_of_a_stranger_ends_the_talk_before_it_begins(anaf_tls):
    with pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
        _upload(anaf_tls.hosts())
    assert anaf_tls.requests == []


def test_a_certificate_for_another_name_ends_the_talk_before_it_begins(anaf_tls, tls):
    with pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
        _upload(anaf_tls.hosts(api=anaf_tls.base.replace("127.0.0.1", "localhost"), ca_file=tls.ca_file))
    assert anaf_tls.requests == []


def test_a_server_without_tls_never_sees_the_token(anaf):
    with pytest.raises(NotSent):
        _upload(anaf.hosts(api=anaf.base.replace("http:", "https:")))
    assert anaf.requests == []


def test_a_handshake_that_is_hung_up_sent_nothing(anaf_tls, tls):
    anaf_tls.close_on_accept = True
    with pytest.raises(NotSent):
        _upload(anaf_tls.hosts(ca_file=tls.ca_file))


def test_a_handshake_that_never_ends_sent_nothing(anaf, impatient):
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(NotSent, match="ConnectTimeout"):
        _upload(anaf.hosts(api=f"https://127.0.0.1:{mute.getsockname()[1]}"), impatient)


def test_our_own_authority_is_trusted_when_named(anaf_tls, tls, wire):
    anaf_tls.answer(wire("upload-ok.xml"))
    assert _upload(anaf_tls.hosts(ca_file=tls.ca_file)).upload_index == "5001131297"


def test_closed_after_reading_is_a_lost_reply_and_was_sent_once(anaf):
    anaf.answer("close")
    with pytest.raises(ReplyLost):
        _upload(anaf.hosts())
    assert [request.body for request in anaf.requests] == [XML]  # it arrived: again would file it twice


def test_closed_after_reading_over_tls_is_a_lost_reply(anaf_tls, tls):
    anaf_tls.answer("close")
    with pytest.raises(ReplyLost):
        _upload(anaf_tls.hosts(ca_file=tls.ca_file))
    assert [request.body for request in anaf_tls.requests] == [XML]


def test_a_document_stuck_halfway_may_have_left(anaf, impatient):
    with socket.create_server(("127.0.0.1", 0)) as mute:  # accepts, and reads nothing
        hosts = anaf.hosts(api=f"http://127.0.0.1:{mute.getsockname()[1]}")
        with EFactura(hosts, "token", timeouts=impatient) as spv, pytest.raises(ReplyLost, match="WriteTimeout"):
            spv.upload(bytes(20 * 2**20), cif="18547290")


def test_closed_before_reading_may_still_have_left(anaf):
    anaf.close_on_accept = True
    with pytest.raises(ReplyLost):
        _upload(anaf.hosts())


def test_a_slow_answer_is_a_lost_reply(anaf, impatient, wire):
    anaf.answer(Answer(wire("upload-ok.xml"), delay=1))
    with pytest.raises(ReplyLost, match="ReadTimeout"):
        _upload(anaf.hosts(), impatient)
    assert len(anaf.requests) == 1


def test_half_an_answer_is_a_lost_reply(anaf, wire):
    anaf.answer(Answer(wire("upload-ok.xml"), cut=100))
    with pytest.raises(ReplyLost):
        _upload(anaf.hosts())


@pytest.mark.parametrize("answer", ["close", Answer(b"PK\x03\x04", cut=2), Answer(b"late", delay=1)])
def test_the_same_bad_days_on_a_call_safe_to_repeat_are_anaf_being_unwell(anaf, impatient, answer):
    anaf.answer(answer)
    with EFactura(anaf.hosts(), "token", timeouts=impatient) as spv, pytest.raises(Unwell):
        spv.download("3001474425")
    assert len(anaf.requests) == 1  # repeating is the caller's to decide


def test_an_endless_answer_is_cut_short(anaf, hosts):
    anaf.answer(Answer(bytes(ANSWER_LIMIT + 1)))
    with Channel(hosts) as channel, pytest.raises(Unwell, match="answer above"):
        channel.ask("GET", f"{hosts.api}/endless")


def test_every_call_opens_its_own_connection(anaf, hosts, wire):
    anaf.answer(wire("stare-in-prelucrare.xml"), wire("upload-ok.xml"))
    with EFactura(hosts, "token") as spv:
        spv.state("5001131297")
        spv.upload(XML, cif="18547290")
    assert len({request.port for request in anaf.requests}) == 2


def test_a_redirect_is_not_followed_with_the_token_in_hand(anaf, hosts):
    anaf.answer(Answer(status=302, headers={"Location": "/my.policy"}))
    with Channel(hosts, bearer="token") as channel:
        assert channel.send("GET", f"{hosts.api}/x").status == 302
    assert len(anaf.requests) == 1


def test_the_environment_cannot_route_tokens_through_a_proxy(anaf, hosts, monkeypatch, wire):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    anaf.answer(wire("upload-ok.xml"))
    assert _upload(hosts).upload_index == "5001131297"


def test_logs_name_neither_token_nor_cnp(anaf, hosts, caplog, wire):
    for name in (None, "httpx2", "httpcore2"):  # the product quietens them in its own processes
        caplog.set_level(logging.DEBUG, logger=name)
    anaf.answer(wire("upload-ok.xml"))
    with EFactura(hosts, "s3cret-token") as spv:
        spv.upload(b"<Invoice>s3cret-text</Invoice>", cif="1900101410011")
    assert caplog.records  # the connection below does speak
    assert not [line for line in caplog.messages if "s3cret" in line or "1900101410011" in line]
