# SPDX-License-Identifier: Apache-2.0
"""A thousand clients that say nothing beside 64 that ask all the time."""
import http.client
import threading
import time
import unittest

from running_server import ServerTest


class ManyClients(ServerTest):
    def test_idle_ones_do_not_slow_busy_ones(self):
        idle = []
        try:
            for _ in range(1000):
                connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
                connection.request("GET", "/v1/health")
                self.assertEqual(connection.getresponse().read()[:1], b"{")
                idle.append(connection)
            photo = self.photo()
            failures = []
            times = []

            def ask():
                connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
                for _ in range(10):
                    began = time.monotonic()
                    connection.request("POST", "/v1/predict", photo, {"Content-Type": "image/png"})
                    response = connection.getresponse()
                    body = response.read()
                    times.append(time.monotonic() - began)
                    if response.status != 200:
                        failures.append((response.status, body))
                connection.close()

            threads = [threading.Thread(target=ask) for _ in range(64)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(failures, [])
            self.assertEqual(len(times), 640)
            # None of the silent ones was dropped.
            for connection in idle[:20] + idle[-20:]:
                connection.request("GET", "/v1/health")
                self.assertEqual(connection.getresponse().read()[:1], b"{")
        finally:
            for connection in idle:
                connection.close()
        text = self.server.ask("GET", "/metrics").body.decode()
        self.assertRegex(text, r"facet_photos_total 640\b")


class Crowded(ServerTest):
    arguments = ("--max-connections", "20")

    def test_the_client_that_was_silent_for_the_longest_makes_room(self):
        idle = [self.server.socket() for _ in range(60)]
        self.ask("GET", "/v1/health")
        closed = 0
        for connection in idle:
            connection.settimeout(0.05)
            try:
                closed += connection.recv(1) == b""
            except TimeoutError:
                pass
            connection.close()
        self.assertGreaterEqual(closed, 40)


if __name__ == "__main__":
    unittest.main(verbosity=2)
