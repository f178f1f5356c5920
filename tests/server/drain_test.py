# SPDX-License-Identifier: Apache-2.0
"""How the server ends, and how it begins."""
import signal
import threading
import time
import unittest

from running_server import Inputs, Server, read_raw_answer

IMAGE = {"Content-Type": "image/png"}


class End(unittest.TestCase):
    def test_answers_what_was_asked(self):
        server = Server("--threads", "1", index=False)
        photo = (Inputs.get() / "photos" / "blob70.png").read_bytes()
        statuses = []

        def ask():
            statuses.append(server.ask("POST", "/v1/predict?turns=all&min_face=8", photo,
                                       IMAGE).status)

        threads = [threading.Thread(target=ask) for _ in range(12)]
        for thread in threads:
            thread.start()
        while b'facet_http_requests_total{method="POST"' not in server.ask("GET", "/metrics").body:
            time.sleep(0.01)  # until the first of them is answered
        server.process.send_signal(signal.SIGTERM)
        for thread in threads:
            thread.join()
        self.assertEqual(server.stop(), 0)
        # Those that came in time were answered; none was cut off in the middle.
        self.assertTrue(set(statuses) <= {200, 503}, statuses)
        self.assertIn(200, statuses)

    def test_does_not_wait_for_idle_clients(self):
        server = Server(index=False)
        with server.socket() as connection:
            connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertEqual(read_raw_answer(connection).status, 200)
            began = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(timeout=20), 0)
            self.assertLess(time.monotonic() - began, 10)
        server.stop()

    def test_waits_no_longer_than_it_was_told(self):
        server = Server("--drain-time", "1", index=False)
        with server.socket() as connection:
            connection.sendall(b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\n"
                               b"Content-Type: image/png\r\nContent-Length: 1000\r\n\r\n")
            time.sleep(0.2)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(timeout=20), 0)
        server.stop()

    def test_comes_at_once_by_the_second_signal(self):
        server = Server(index=False)
        with server.socket() as connection:
            connection.sendall(b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\n"
                               b"Content-Type: image/png\r\nContent-Length: 1000\r\n\r\n")
            time.sleep(0.2)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            self.assertIsNone(server.process.poll())
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(timeout=20), 0)
        server.stop()


class Begin(unittest.TestCase):
    def test_health_says_when_the_model_is_there(self):
        server = Server(index=False, wait=False)
        seen = set()
        while 200 not in seen:
            answer = server.ask("GET", "/v1/health")
            seen.add(answer.status)
            self.assertEqual(answer.json["status"], "ok" if answer.status == 200 else "loading")
        self.assertLessEqual(seen, {200, 503})
        server.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
