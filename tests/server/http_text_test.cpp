// SPDX-License-Identifier: Apache-2.0
// What clients write: addresses, headers, forms, base64.
#include <gtest/gtest.h>

#include <string>

#include "http/access.hpp"
#include "http/base64.hpp"
#include "http/header_text.hpp"
#include "http/multipart.hpp"
#include "http/route_table.hpp"
#include "http/target.hpp"

namespace facet::server {
namespace {

int status_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const HttpError& error) {
    return error.status();
  }
  return 200;
}

TEST(Target, IsReadWithItsEscapes) {
  const Target target = read_target("/v1/photos/a%2Fb?q=a+b%2B%26&empty=&bare#part");
  EXPECT_EQ(target.path, "/v1/photos/a/b");
  EXPECT_EQ(target.query.at("q"), "a b+&");
  EXPECT_EQ(target.query.at("empty"), "");
  EXPECT_EQ(target.query.at("bare"), "");
  EXPECT_EQ(read_target("/a+b").path, "/a+b");
}

TEST(Target, ThatIsNoneIsRefused) {
  for (const char* text : {"", "v1", "*", "http://host/", "/%", "/%4", "/%zz", "/%00", "/?a=%",
                           "/?a=1&a=2", "/?a=1&%61=2"}) {
    EXPECT_EQ(status_of([&] { (void)read_target(text); }), 400) << text;
  }
}

TEST(HeaderValue, IsReadWithItsParameters) {
  const HeaderValue value =
      read_header_value(R"( Form-Data ; Name="a;\"b" ;x=1; filename="C:\new.jpg";=; y )");
  EXPECT_EQ(value.value, "form-data");
  EXPECT_EQ(value.parameters.at("name"), "a;\"b");
  EXPECT_EQ(value.parameters.at("x"), "1");
  EXPECT_EQ(value.parameters.at("filename"), "C:\\new.jpg");
  EXPECT_TRUE(accepts("br, GZIP;q=0.5", "gzip"));
  EXPECT_FALSE(accepts("gzip;q=0, br", "gzip"));
  EXPECT_FALSE(accepts("gzipped", "gzip"));
}

TEST(Form, IsReadPartByPart) {
  const std::string body =
      "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"one\"\r\n\r\n\r\n"
      "--b  \r\ncontent-disposition: form-data; name=two; filename=\"/home/me/p.jpg\"\r\n"
      "Content-Type: image/jpeg\r\n\r\na\r\n--\r\n--b--\r\nepilogue";
  const auto parts = read_form("multipart/form-data; boundary=\"b\"", body, 2);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].name, "one");
  EXPECT_FALSE(parts[0].is_file);
  EXPECT_EQ(parts[0].content, "");
  EXPECT_EQ(parts[1].file_name, "p.jpg");
  EXPECT_TRUE(parts[1].is_file);
  EXPECT_EQ(parts[1].content, "a\r\n--");
  EXPECT_EQ(status_of([&] { (void)read_form("multipart/form-data; boundary=b", body, 1); }), 413);
}

TEST(Form, ThatIsCutAnywhereIsRefused) {
  const std::string body =
      "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\nabc\r\n--b--";
  EXPECT_EQ(read_form("multipart/form-data; boundary=b", body, 1).size(), 1U);
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_EQ(status_of([&] {
                (void)read_form("multipart/form-data; boundary=b", body.substr(0, size), 1);
              }),
              400)
        << size;
  }
}

TEST(Base64, IsReadInBothAlphabets) {
  const auto text = [](std::string_view encoded) -> std::string {
    const auto bytes = base64_decoded(encoded);
    if (!bytes) return "none";
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
  };
  EXPECT_EQ(text(""), "");
  EXPECT_EQ(text("Zg=="), "f");
  EXPECT_EQ(text("Zm9v"), "foo");
  EXPECT_EQ(text("Zm9vYg"), "foob");
  EXPECT_EQ(text("-_-_"), text("+/+/"));
  EXPECT_EQ(text("Z"), "none");
  EXPECT_EQ(text("Zm 9"), "none");
  for (const std::string whole : {"", "a", "ab", "abc", "\xff\xfe\xfd\xfc"}) {
    EXPECT_EQ(text(base64_encoded(whole)), whole);
  }
}

TEST(Routes, AreFoundByMethodAndAddress) {
  RouteTable routes;
  routes.add({"GET", "/v1/faces/{id}", {}});
  routes.add({"PUT", "/v1/faces/{id}/labels", {}});
  routes.add({"DELETE", "/v1/faces/{id}/labels", {}});
  const auto match = routes.find("GET", "/v1/faces/3f9a.1");
  EXPECT_EQ(match.captured, std::vector<std::string>{"3f9a.1"});
  EXPECT_EQ(routes.find("HEAD", "/v1/faces/3f9a.1").route, match.route);
  for (const char* path :
       {"/v1/faces", "/v1/faces/", "/v1/faces/a/b", "/v1/faces/a/labels/", "/"}) {
    EXPECT_EQ(status_of([&] { (void)routes.find("GET", path); }), 404) << path;
  }
  EXPECT_EQ(status_of([&] { (void)routes.find("GET", "/v1/faces/a/labels"); }), 405);
  EXPECT_EQ(routes.pattern_of("/v1/faces/a/labels"), "/v1/faces/{id}/labels");
  EXPECT_EQ(routes.pattern_of("/etc/passwd"), "other");
}

TEST(Hosts, AreReadWithAndWithoutPorts) {
  EXPECT_EQ(host_name("Name:80"), "name");
  EXPECT_EQ(host_name("[::1]:80"), "::1");
  EXPECT_EQ(host_name("10.0.0.1"), "10.0.0.1");
  EXPECT_TRUE(is_loopback("127.8.9.1"));
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_FALSE(is_loopback("0.0.0.0"));
  EXPECT_FALSE(is_loopback("::"));
  EXPECT_FALSE(is_loopback("128.0.0.1"));
}

}  // namespace
}  // namespace facet::server
