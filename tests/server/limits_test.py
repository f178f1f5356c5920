# SPDX-License-Identifier: Apache-2.0
"""Clients that send too much, too slowly, broken or nothing at all."""
import struct
import threading
import time
import unittest
import zlib

from running_server import ServerTest, check_answer, read_raw_answer

IMAGE = {"Content-Type": "image/png"}
HEAD = (b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n")


def bomb(side=30000):
    """A PNG of a few kilobytes that claims side × side pixels."""
    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))
    rows = zlib.compress(b"\0" * (1 << 22), 9)
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", rows) + chunk(b"IEND", b""))


class Limits(ServerTest):
    arguments = ("--max-body", "1", "--max-megapixels", "20", "--max-photos", "3",
                 "--header-time", "1", "--body-time", "2", "--idle-time", "2")

    def raw(self, data):
        with self.server.socket() as connection:
            connection.sendall(data)
            answer = read_raw_answer(connection)
        if answer.status:
            check_answer(self, "POST", "/v1/predict", answer)
        return answer

    def alive(self):
        self.ask("GET", "/v1/health")

    def test_a_body_that_states_too_much_is_refused_before_it_comes(self):
        answer = self.raw(HEAD + b"Content-Length: 99999999999\r\n\r\n")
        self.assertEqual(answer.status, 413)
        self.alive()

    def test_an_endless_chunked_body_is_cut_at_the_limit(self):
        sent = 0
        with self.server.socket() as connection:
            connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
            piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
            try:
                while sent < 64 << 20:
                    connection.sendall(piece)
                    sent += len(piece)
                    if sent > 1 << 21:
                        time.sleep(0.01)
                        if sent > 1 << 22:
                            break
            except OSError:
                pass
            self.assertEqual(read_raw_answer(connection).status, 413)
        self.assertLess(sent, 64 << 20)
        self.alive()

    def test_chunk_extensions_do_not_escape_the_limit(self):
        before = self.server.memory()
        with self.server.socket() as connection:
            connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;a=")
            try:
                for _ in range(512):
                    connection.sendall(b"y" * 0x10000)
            except OSError:
                pass
            self.assertIn(read_raw_answer(connection).status, (0, 400, 408, 413, 431))
        self.assertLess(self.server.memory() - before, 16 << 20)
        self.alive()

    def test_a_slow_header_ends_in_408(self):
        began = time.monotonic()
        with self.server.socket() as connection:
            connection.sendall(b"POST /v1/pre")
            answer = read_raw_answer(connection)
        self.assertEqual(answer.status, 408)
        self.assertLess(time.monotonic() - began, 20)

    def test_a_header_that_drips_ends_too(self):
        with self.server.socket() as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n")
            began = time.monotonic()
            try:
                while time.monotonic() - began < 20:
                    connection.sendall(b"X-A: b\r\n")
                    time.sleep(0.1)
            except OSError:
                pass
            self.assertLess(time.monotonic() - began, 15)

    def test_a_slow_body_ends_in_408(self):
        self.assertEqual(self.raw(HEAD + b"Content-Length: 1000\r\n\r\nabc").status, 408)

    def test_a_long_header_is_431(self):
        answer = self.raw(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 40000 + b"\r\n\r\n")
        self.assertEqual(answer.status, 431)

    def test_an_idle_connection_is_forgotten(self):
        with self.server.socket() as connection:
            connection.settimeout(20)
            self.assertEqual(connection.recv(1), b"")

    def test_a_photo_bomb_is_refused_before_it_is_decoded(self):
        before = self.server.memory()
        answer = self.ask("POST", "/v1/predict", bomb(), IMAGE, status=413)
        self.assertEqual(answer.json["error"]["code"], "too_large")
        self.assertLess(self.server.memory() - before, 64 << 20)

    def test_too_many_photos_are_413(self):
        body = b"".join(b'--b\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n.\r\n'
                        for _ in range(4)) + b"--b--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        self.ask("POST", "/v1/predict", body, headers, status=413)

    def test_forms_that_are_cut_off_are_400(self):
        whole = (b'--b\r\nContent-Disposition: form-data; name="a"; filename="a.png"\r\n\r\n' +
                 self.photo() + b"\r\n--b--\r\n")
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        self.ask("POST", "/v1/predict", whole, headers)
        for end in (3, 20, 60, len(whole) // 2, len(whole) - 5):
            self.ask("POST", "/v1/predict", whole[:end], headers, status=400)
        for kind in ("multipart/form-data", "multipart/form-data; boundary=",
                     "multipart/form-data; boundary=" + "b" * 71):
            self.ask("POST", "/v1/predict", whole, {"Content-Type": kind}, status=400)

    def test_connections_that_are_cut_leave_the_server_well(self):
        for data in (b"", b"PO", HEAD, HEAD + b"Content-Length: 500000\r\n\r\n" + b"x" * 1000,
                     HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"):
            with self.server.socket() as connection:
                connection.sendall(data)
        whole = HEAD + b"Content-Length: %d\r\n\r\n" % len(self.photo()) + self.photo()
        for _ in range(20):
            with self.server.socket() as connection:
                connection.sendall(whole)  # and away, before the answer
        self.ask("POST", "/v1/predict", self.photo(), IMAGE)

    def test_what_is_no_http_is_400(self):
        for data in (b"hello\r\n\r\n", b"GET x HTTP/1.1\r\nHost: localhost\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: other\r\n\r\n",
                     b"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                     b"GET /v1/health?a=1&a=2 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                     b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
                     b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc"):
            self.assertIn(self.raw(data).status, (400, 0), data)
        self.alive()

    def test_requests_in_a_row_are_answered_in_a_row(self):
        ask = b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
        last = ask.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        with self.server.socket() as connection:
            connection.sendall(ask * 2 + last)
            answers = b""
            while piece := connection.recv(65536):
                answers += piece
        self.assertEqual(answers.count(b"HTTP/1.1 200 OK\r\n"), 3)

    def test_a_client_that_waits_for_continue_is_told_to_go_on(self):
        photo = self.photo()
        with self.server.socket() as connection:
            connection.sendall(HEAD + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n"
                               % len(photo))
            self.assertEqual(connection.recv(64), b"HTTP/1.1 100 Continue\r\n\r\n")
            connection.sendall(photo)
            self.assertEqual(read_raw_answer(connection).status, 200)

    def test_methods_and_addresses_that_there_are_not(self):
        self.assertEqual(self.server.ask("GET", "/v1/nothing").status, 404)
        answer = self.ask("GET", "/v1/predict", status=405)
        self.assertEqual(answer.headers["Allow"], "POST")
        head = self.server.ask("HEAD", "/v1/model")
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertGreater(int(head.headers["Content-Length"]), 100)


class TooMuchAtOnce(ServerTest):
    arguments = ("--max-waiting", "4", "--threads", "1")

    def test_is_429_with_a_time_to_try_again(self):
        statuses = []

        def ask():
            answer = self.server.ask("POST", "/v1/predict?turns=all", self.photo(), IMAGE)
            statuses.append((answer.status, answer.headers.get("Retry-After")))

        threads = [threading.Thread(target=ask) for _ in range(80)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({status for status, _ in statuses}, {200, 429})
        self.assertTrue(all(retry for status, retry in statuses if status == 429))
        self.ask("POST", "/v1/predict", self.photo(), IMAGE)


class Deadline(ServerTest):
    arguments = ("--deadline", "0.01", "--threads", "1")

    def test_is_kept(self):
        began = time.monotonic()
        photo = self.photo()
        statuses = {self.server.ask("POST", "/v1/predict?turns=all&min_face=8", photo, IMAGE).status
                    for _ in range(10)}
        self.assertIn(503, statuses)
        self.assertLessEqual(statuses, {200, 503})
        self.assertLess(time.monotonic() - began, 30)


if __name__ == "__main__":
    unittest.main(verbosity=2)
