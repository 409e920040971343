"""What uvicorn is told behind Streamlit's back."""

import os
import socket

import pytest
import uvloop
from uvicorn import Config

from web import listening


@pytest.fixture
def config():
    """The configuration of a server that is about to start."""
    made = Config("server:app")
    made.encoded_headers = [(b"server", b"uvicorn"), (b"x-other", b"1")]
    return made


def test_a_server_that_imports_us_believes_no_proxy(config, monkeypatch):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    listening.believe_nobody()
    assert config.proxy_headers is False


def test_a_server_made_later_believes_no_proxy(monkeypatch):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    listening.believe_nobody()
    assert os.environ["FORWARDED_ALLOW_IPS"] == ""
    assert Config("server:app").forwarded_allow_ips == ""


def test_the_server_does_not_say_what_it_is(config):
    listening.tune()
    assert config.encoded_headers == [(b"x-other", b"1")]


def test_packets_leave_at_once_on_every_connection():
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as closed:
        closed.close()
        listening.tune()
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_loop_wakes_once_for_many_messages():
    assert Config("server:app").get_loop_factory() is uvloop.new_event_loop
