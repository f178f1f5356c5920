// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/exiftool.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace facet::detail {
namespace {

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

// What it wrote to standard output.
std::string run(const std::vector<std::string>& words) {
  std::string line = "exiftool";
  for (const std::string& word : words) line += ' ' + quoted(word);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen((line + " 2>&1").c_str(), "r"),
                                                   ::pclose);
  if (!pipe) throw std::runtime_error("cannot run exiftool");
  std::string out;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;) {
    out.append(buffer.data(), got);
  }
  return out;
}

}  // namespace

std::string missing_exiftool() {
  static const std::string version = run({"-ver"});
  return !version.empty() && version[0] >= '0' && version[0] <= '9'
             ? std::string()
             : "exiftool is missing (Debian: libimage-exiftool-perl)";
}

void exiftool_write(const std::filesystem::path& file, std::vector<std::string> arguments) {
  arguments.emplace_back("-overwrite_original");
  arguments.push_back(file.string());
  const std::string out = run(arguments);
  if (out.find(" 1 image files") == std::string::npos) throw std::runtime_error("exiftool: " + out);
}

nlohmann::json exiftool_read(const std::filesystem::path& file) {
  nlohmann::json read =
      nlohmann::json::parse(run({"-j", "-G1", "-struct", "-XMP:All", file.string()})).at(0);
  read.erase("SourceFile");
  read.erase("XMP-x:XMPToolkit");
  return read;
}

}  // namespace facet::detail
