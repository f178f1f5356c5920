// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/kept_time.hpp"

#include <charconv>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMostHeader = 1U << 20U;  // bytes; ours are a few hundred

double seconds_of_result(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  const json stored = json::parse(text.str(), nullptr, false);
  if (!stored.is_object() || !stored.contains("seconds")) return 0;
  return stored.at("seconds").is_number() ? stored.at("seconds").get<double>() : 0;
}

// From the header alone: the tables may be large.
double seconds_of_tables(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::uint64_t size = 0;
  stream.read(reinterpret_cast<char*>(&size), sizeof size);
  if (!stream || size > kMostHeader) return 0;
  std::string text(size, '\0');
  if (!stream.read(text.data(), static_cast<std::streamsize>(size))) return 0;
  const json header = json::parse(text, nullptr, false);
  const json seconds =
      header.is_object() && header.contains("__metadata__") && header.at("__metadata__").is_object()
          ? header.at("__metadata__").value("seconds", json())
          : json();
  if (!seconds.is_string()) return 0;
  const auto& digits = seconds.get_ref<const std::string&>();
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

double kept_seconds(const std::filesystem::path& folder) {
  double seconds = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension == ".json") seconds += seconds_of_result(entry.path());
    if (extension == ".safetensors") seconds += seconds_of_tables(entry.path());
  }
  return seconds;
}

}  // namespace facet::detail
