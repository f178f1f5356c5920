# SPDX-License-Identifier: Apache-2.0
"""The page and the interface's description, as the program holds them."""
import gzip
import json
import unittest

from running_server import DESCRIPTION, SOURCE, ServerTest


class Page(ServerTest):
    def test_is_served_with_a_policy(self):
        answer = self.server.ask("GET", "/")
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.headers["Content-Type"].startswith("text/html"))
        policy = answer.headers["Content-Security-Policy"]
        self.assertIn("default-src 'self'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(answer.body, self.server.ask("GET", "/index.html").body)

    def test_files_are_those_of_the_sources(self):
        folder = SOURCE / "apps/facet-server/web/dist"
        if not (folder / "index.html").exists():
            folder = SOURCE / "apps/facet-server/plain_page"
        files = [file for file in folder.rglob("*") if file.is_file()]
        self.assertTrue(files)
        for file in files:
            answer = self.server.ask("GET", "/" + file.relative_to(folder).as_posix())
            self.assertEqual((answer.status, answer.body), (200, file.read_bytes()), file)

    def test_is_packed_for_those_who_can_unpack(self):
        plain = self.server.ask("GET", "/")
        packed = self.server.ask("GET", "/", headers={"Accept-Encoding": "br;q=1, gzip;q=0.8"})
        self.assertEqual(packed.headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertNotEqual(packed.headers["ETag"], plain.headers["ETag"])
        for words in ("gzip;q=0", "br", "x-gzip"):
            self.assertNotIn("Content-Encoding", self.server.ask(
                "GET", "/", headers={"Accept-Encoding": words}).headers)

    def test_is_not_sent_again_to_those_who_have_it(self):
        tag = self.server.ask("GET", "/").headers["ETag"]
        answer = self.server.ask("GET", "/", headers={"If-None-Match": tag})
        self.assertEqual((answer.status, answer.body), (304, b""))

    def test_has_no_files_but_its_own(self):
        for path in ("/../etc/passwd", "/%2e%2e/etc/passwd", "/openapi.json", "//", "/assets",
                     "/index.html/", "/%00"):
            self.assertIn(self.server.ask("GET", path).status, (400, 404), path)
        self.assertEqual(self.server.ask("POST", "/").status, 405)

    def test_the_description_is_served(self):
        self.assertEqual(self.ask("GET", "/v1/openapi.json").json, DESCRIPTION)

    def test_every_address_of_the_description_is_known(self):
        for path, item in DESCRIPTION["paths"].items():
            for method in item:
                if method == "parameters":
                    continue
                target = path.replace("{id}", "0123456789ab.1" if "faces" in path else "0123456789ab")
                answer = self.server.ask(method.upper(), target)
                self.assertNotEqual(answer.status, 405, (method, path))
                if answer.status == 404:
                    self.assertEqual(json.loads(answer.body)["error"]["code"], "no_index", path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
