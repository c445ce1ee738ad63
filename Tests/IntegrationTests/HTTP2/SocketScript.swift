/// A client in Python that speaks WebSocket on streams of HTTP/2, its frames made by hand.
enum SocketScript {
  /// Connects to the port that is the first argument, and defines what tests speak with.
  static let start = """
    import h2.connection, h2.config, h2.events, h2.exceptions, h2.settings
    import os, signal, socket, sys, time
    sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    sock.settimeout(10)
    conn = h2.connection.H2Connection(h2.config.H2Configuration(
        header_encoding="utf-8", validate_outbound_headers=False))
    conn.initiate_connection()
    sock.sendall(conn.data_to_send())
    seen = []
    held = bytearray()
    def more():
        # Frame by frame: behind a goodbye, the library takes no more.
        data = sock.recv(65536)
        held.extend(data)
        while len(held) >= 9 and len(held) >= 9 + int.from_bytes(held[:3], "big"):
            one = bytes(held[:9 + int.from_bytes(held[:3], "big")])
            del held[:len(one)]
            try:
                for event in conn.receive_data(one):
                    if isinstance(event, h2.events.DataReceived):
                        conn.acknowledge_received_data(
                            event.flow_controlled_length, event.stream_id)
                    seen.append(event)
            except h2.exceptions.ProtocolError:
                pass
        sock.sendall(conn.data_to_send())
        return data
    def wait(kind, stream=None):
        while True:
            for at, event in enumerate(seen):
                if isinstance(event, kind) and stream in (None, event.stream_id):
                    return seen.pop(at)
            if not more():
                return None
    def connect(stream, more=(), method="CONNECT", named="websocket", ends=False):
        conn.send_headers(stream, [(":method", method), (":protocol", named),
            (":scheme", "http"), (":path", "/chat"), (":authority", "a"),
            ("sec-websocket-version", "13"), ("sec-websocket-extensions", "permessage-deflate"),
            ("origin", "http://a")] + list(more), end_stream=ends)
        sock.sendall(conn.data_to_send())
    def status(stream):
        event = wait((h2.events.ResponseReceived, h2.events.StreamReset), stream)
        return dict(event.headers)[":status"] if hasattr(event, "headers") else event.error_code
    def frame(kind, content, mask=b"\\1\\2\\3\\4"):
        size = len(content)
        head = bytes([0x80 | kind]) + (bytes([0x80 | size]) if size < 126
            else b"\\xfe" + size.to_bytes(2, "big") if size < 65536
            else b"\\xff" + size.to_bytes(8, "big"))
        return head + mask + bytes(b ^ mask[i & 3] for i, b in enumerate(content))
    left = {}
    def say(stream, data, ends=False):
        while data:
            room = min(conn.local_flow_control_window(stream), 16384)
            if room == 0:
                more()
                for event in [e for e in seen if isinstance(e, h2.events.DataReceived)]:
                    seen.remove(event)
                    left[event.stream_id] = left.get(event.stream_id, b"") + event.data
                continue
            conn.send_data(stream, data[:room])
            sock.sendall(conn.data_to_send())
            data = data[room:]
        if ends:
            conn.end_stream(stream)
            sock.sendall(conn.data_to_send())
    def take(stream, count):
        while len(left.get(stream, b"")) < count:
            event = wait(h2.events.DataReceived, stream)
            left[stream] = left.get(stream, b"") + event.data
        taken, left[stream] = left[stream][:count], left[stream][count:]
        return taken
    def hear(stream):
        kind, size = take(stream, 2)
        if size > 125:
            size = int.from_bytes(take(stream, 2 if size == 126 else 8), "big")
        return kind & 15, take(stream, size)
    while not any(isinstance(e, h2.events.RemoteSettingsChanged) for e in seen):
        more()
    """
}
