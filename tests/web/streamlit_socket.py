"""Streamlit's websocket as a stranger may speak it: from the handshake to the identifier of the session it gives."""

from collections.abc import Mapping

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.serving import Server


def opened(
    server: Server, cookies: Mapping[str, str], *, resume: str = "", origin: str | None = None, **headers: str
) -> ClientConnection:
    """A websocket of a page of this server, or of `origin`; `resume` is a Streamlit session to ask for."""
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return connect(
        server.url.replace("http", "ws") + "/_stcore/stream",
        origin=server.url if origin is None else origin or None,
        additional_headers=headers,
        subprotocols=["streamlit", "token", resume] if resume else ["streamlit"],
        proxy=None,
        close_timeout=0.1,  # nobody reads what the page still sends
    )


def session_of(websocket: ClientConnection) -> str:
    """Run the page and return the identifier of the Streamlit session behind the websocket."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    websocket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(websocket.recv(timeout=30))
        if answer.WhichOneof("type") == "new_session":
            return answer.new_session.initialize.session_id


def titles_of(websocket: ClientConnection, page: str) -> list[str]:
    """Open the address `page` and return the titles of what is drawn there, up to the end of the run."""
    message = BackMsg()
    message.rerun_script.page_name = page
    websocket.send(message.SerializeToString())
    titles = []
    while True:
        answer = ForwardMsg.FromString(websocket.recv(timeout=60))
        if answer.delta.new_element.heading.tag == "h1":
            titles.append(answer.delta.new_element.heading.body)
        if (
            answer.WhichOneof("type") == "script_finished"
            and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        ):
            return titles
