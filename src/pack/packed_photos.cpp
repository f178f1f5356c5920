// SPDX-License-Identifier: Apache-2.0
#include "pack/packed_photos.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

template <typename Number>
Number parse(const std::string& text, const std::string& where) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw Error(ErrorCode::bad_label, where + ": '" + text + "' is not a number");
  }
  return value;
}

// The ten fields of a line.
std::vector<std::string> split_row(const std::string& line, const std::string& where) {
  std::vector<std::string> fields = csv_cells(line);
  if (fields.size() < 10) throw Error(ErrorCode::bad_label, where + ": fewer than 10 fields");
  if (fields.size() > 10) throw Error(ErrorCode::bad_label, where + ": more than 10 fields");
  return fields;
}

}  // namespace

PackedPhotos::PackedPhotos(const std::filesystem::path& folder, const std::string& name)
    : folder_(folder) {
  const auto description_path = folder / (name + ".json");
  std::ifstream description_file(description_path);
  if (!description_file) {
    throw Error(ErrorCode::not_found, description_path.string() + ": does not exist");
  }
  const auto description = nlohmann::json::parse(description_file, nullptr, false);
  if (!description.is_object() || !description.contains("shards")) {
    throw Error(ErrorCode::bad_label, description_path.string() + ": describes no pack");
  }
  shards_ = description.at("shards").get<std::vector<std::string>>();
  attributes_ = description.value("attributes", std::vector<std::string>{});
  const auto index_path = folder / (name + ".index.csv");
  std::ifstream index(index_path);
  if (!index) throw Error(ErrorCode::not_found, index_path.string() + ": does not exist");
  std::string line;
  std::getline(index, line);
  for (int number = 2; std::getline(index, line); ++number) {
    const std::string where = index_path.string() + ":" + std::to_string(number);
    const auto fields = split_row(line, where);
    PackEntry entry;
    entry.name = fields[0];
    entry.shard = parse<int>(fields[1], where);
    entry.offset = parse<std::uint64_t>(fields[2], where);
    entry.length = parse<std::uint64_t>(fields[3], where);
    entry.identity = parse<int>(fields[6], where);
    entry.category = parse<int>(fields[7], where);
    entry.partition = parse<int>(fields[8], where);
    for (const char c : fields[9]) {
      entry.labels.push_back(c == '1'   ? std::int8_t{1}
                             : c == '0' ? std::int8_t{0}
                                        : std::int8_t{-1});
    }
    if (entry.shard < 0 || static_cast<std::size_t>(entry.shard) >= shards_.size()) {
      throw Error(ErrorCode::bad_label, where + ": there is no shard " + fields[1]);
    }
    entries_.push_back(std::move(entry));
  }
}

Image PackedPhotos::read(const PackEntry& entry) const {
  const auto path = folder_ / shards_[static_cast<std::size_t>(entry.shard)];
  std::ifstream in(path, std::ios::binary);
  std::vector<char> bytes(entry.length);
  if (!in.seekg(static_cast<std::streamoff>(entry.offset)) ||
      !in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    throw Error(ErrorCode::io, path.string() + ": " + entry.name + " cannot be read");
  }
  return decode_image(std::as_bytes(std::span(bytes)));
}

std::vector<const PackEntry*> chosen_entries(const PackedPhotos& pack, int partition, int limit) {
  std::vector<const PackEntry*> entries;
  for (const auto& entry : pack.entries()) {
    if (partition < 0 || entry.partition == partition) entries.push_back(&entry);
  }
  const auto most = static_cast<std::size_t>(std::max(0, limit));
  if (most == 0 || entries.size() <= most) return entries;
  std::vector<const PackEntry*> spread;
  for (std::size_t i = 0; i < most; ++i) spread.push_back(entries[i * entries.size() / most]);
  return spread;
}

}  // namespace facet::detail
