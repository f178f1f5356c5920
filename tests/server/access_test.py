# SPDX-License-Identifier: Apache-2.0
"""Who may ask: hosts, pages of other sites, tokens."""
import json
import subprocess
import tempfile
import unittest

from running_server import BUILD, Inputs, ServerTest

TOKEN = "a-token-of-some-length"
BEARER = {"Authorization": "Bearer " + TOKEN}


class Hosts(ServerTest):
    arguments = ("--allow-host", "photos.example", "--allow-origin", "https://album.example")

    def test_that_the_server_goes_by_are_answered(self):
        for host in ("localhost", "127.0.0.1:8080", "[::1]:80", "PHOTOS.example", "10.1.2.3"):
            self.ask("GET", "/v1/health", headers={"Host": host})

    def test_that_it_does_not_go_by_are_421(self):
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", ""):
            for path in ("/v1/health", "/", "/v1/model"):
                answer = self.server.ask("GET", path, headers={"Host": host})
                self.assertEqual(answer.status, 421, (host, path))
            self.assertNotIn("Access-Control-Allow-Origin", answer.headers)

    def test_pages_of_other_sites_may_not_ask(self):
        headers = {"Origin": "https://evil.example", "Content-Type": "image/png"}
        self.ask("POST", "/v1/predict", self.photo(), headers, status=403)
        self.ask("GET", "/v1/health", headers={"Origin": "null"}, status=403)
        self.ask("GET", "/v1/model", headers={"Sec-Fetch-Site": "cross-site",
                                              "Sec-Fetch-Mode": "no-cors"}, status=403)
        self.assertEqual(self.server.ask("OPTIONS", "/v1/predict", headers=dict(
            headers, **{"Access-Control-Request-Method": "POST"})).status, 403)

    def test_its_own_page_may_ask(self):
        own = f"http://127.0.0.1:{self.server.port}"
        self.ask("GET", "/v1/health", headers={"Origin": own, "Sec-Fetch-Site": "same-origin"})
        self.assertEqual(self.server.ask("GET", "/", headers={
            "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status, 200)

    def test_a_site_that_is_let_in_may_ask(self):
        origin = {"Origin": "https://album.example"}
        answer = self.ask("GET", "/v1/health", headers=origin)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "https://album.example")
        answer = self.server.ask("OPTIONS", "/v1/predict", headers=dict(
            origin, **{"Access-Control-Request-Method": "POST"}))
        self.assertEqual(answer.status, 204)
        self.assertIn("POST", answer.headers["Access-Control-Allow-Methods"])


class Tokens(ServerTest):
    @classmethod
    def setUpClass(cls):
        cls.file = tempfile.NamedTemporaryFile("w", suffix=".token")
        cls.file.write(TOKEN + "\n")
        cls.file.flush()
        cls.arguments = ("--token-file", cls.file.name)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.file.close()

    def test_are_asked_for(self):
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic " + TOKEN},
                        {"Authorization": "Bearer " + TOKEN[:-1] + "x"},
                        {"Cookie": "facet_session=" + TOKEN}):
            answer = self.ask("GET", "/v1/model", headers=headers, status=401)
            self.assertEqual(answer.headers["WWW-Authenticate"], "Bearer")
            self.ask("POST", "/v1/predict", self.photo(),
                     dict(headers, **{"Content-Type": "image/png"}), status=401)
            self.ask("GET", "/metrics", headers=headers, status=401)

    def test_open_the_server(self):
        self.ask("GET", "/v1/model", headers=BEARER)
        self.ask("POST", "/v1/predict", self.photo(), dict(BEARER, **{"Content-Type": "image/png"}))

    def test_are_not_asked_for_by_health_and_page(self):
        self.assertTrue(self.ask("GET", "/v1/health").json["token_required"])
        self.ask("GET", "/v1/openapi.json")
        self.assertEqual(self.server.ask("GET", "/").status, 200)

    def test_become_a_cookie_for_pages(self):
        body = json.dumps({"token": TOKEN})
        answer = self.ask("POST", "/v1/session", body, status=204)
        cookie = answer.headers["Set-Cookie"]
        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Strict", cookie)
        self.assertNotIn(TOKEN, cookie)
        cookie = {"Cookie": "other=1; " + cookie.split(";")[0]}
        self.ask("GET", "/v1/model", headers=cookie)
        self.ask("DELETE", "/v1/session", headers=cookie, status=204)
        self.ask("GET", "/v1/model", headers=cookie, status=401)
        self.ask("POST", "/v1/session", json.dumps({"token": "wrong"}), status=401)
        self.ask("POST", "/v1/session", "[]", status=400)


class Start(unittest.TestCase):
    def refuse(self, *arguments):
        ran = subprocess.run([BUILD / "facet-server", "--port", "0", *arguments], text=True,
                             capture_output=True, timeout=60)
        self.assertEqual(ran.returncode, 2, ran.stderr)
        return ran.stderr

    def test_is_refused_where_others_could_ask_without_a_token(self):
        for address in ("0.0.0.0", "::", "192.0.2.1"):
            self.assertIn("--token-file", self.refuse("--listen", address))

    def test_is_refused_with_a_token_that_is_none(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("short\n")
            file.flush()
            self.assertIn("16 characters", self.refuse("--token-file", file.name))
        self.assertIn("cannot be read", self.refuse("--token-file", "/nonexistent"))

    def test_is_refused_without_a_model(self):
        self.assertIn("nonexistent", self.refuse("--model", "/nonexistent.safetensors"))

    def test_is_refused_where_it_cannot_listen(self):
        self.assertIn("192.0.2.1", self.refuse("--listen", "192.0.2.1", "--token-file",
                                               self.token()))

    def token(self):
        file = Inputs.get() / "token"
        file.write_text(TOKEN)
        return str(file)


if __name__ == "__main__":
    unittest.main(verbosity=2)
