import socket

from deploy.native.ports import HOST, free, is_free


def test_free_ports_differ_and_can_be_listened_on() -> None:
    ports = free(20)

    assert len(set(ports)) == 20
    assert all(is_free(port) for port in ports)


def test_port_that_is_listened_on_is_not_free() -> None:
    with socket.create_server((HOST, 0)) as server:
        assert not is_free(server.getsockname()[1])
