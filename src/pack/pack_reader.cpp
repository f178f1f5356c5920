// SPDX-License-Identifier: Apache-2.0
#include "pack/pack_reader.hpp"

#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wshadow"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/csv.hpp"
#include "base/parallel_loop.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

struct IndexRow {
  std::size_t shard = 0;
  std::size_t offset = 0;
  std::size_t length = 0;
};

std::vector<std::uint8_t> read_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) throw Error(ErrorCode::not_found, path.string() + ": cannot be opened");
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(in.tellg()));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!in) throw Error(ErrorCode::io, path.string() + ": cannot be read");
  return bytes;
}

template <typename Number>
Number parse(const std::string& text, const std::string& where) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw Error(ErrorCode::bad_label, where + ": '" + text + "' is not a number");
  }
  return value;
}

Raster halve(const Raster& from) {
  Raster to;
  to.width = std::max(1, from.width / 2);
  to.height = std::max(1, from.height / 2);
  to.pixels.resize(static_cast<std::size_t>(to.width) * static_cast<std::size_t>(to.height) * 3 +
                   1);
  std::uint8_t* out = to.pixels.data();
  for (int y = 0; y < to.height; ++y) {
    const int y1 = std::min(2 * y + 1, from.height - 1);
    for (int x = 0; x < to.width; ++x) {
      const int x1 = std::min(2 * x + 1, from.width - 1);
      for (int c = 0; c < 3; ++c) {
        const int sum = from.at(2 * x, 2 * y)[c] + from.at(x1, 2 * y)[c] + from.at(2 * x, y1)[c] +
                        from.at(x1, y1)[c];
        *out++ = static_cast<std::uint8_t>((sum + 2) / 4);
      }
    }
  }
  return to;
}

Raster decode(const std::uint8_t* bytes, std::size_t length, const std::string& what) {
  int width = 0;
  int height = 0;
  int channels = 0;
  stbi_uc* pixels =
      stbi_load_from_memory(bytes, static_cast<int>(length), &width, &height, &channels, 3);
  if (pixels == nullptr) throw Error(ErrorCode::unreadable, what + ": " + stbi_failure_reason());
  Raster raster;
  raster.width = width;
  raster.height = height;
  const auto count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  raster.pixels.resize(count + 1);
  std::copy_n(pixels, count, raster.pixels.data());
  stbi_image_free(pixels);
  return raster;
}

}  // namespace

std::vector<Raster> with_halvings(Raster photo, int halvings) {
  std::vector<Raster> levels;
  levels.push_back(std::move(photo));
  for (int i = 0; i < halvings; ++i) levels.push_back(halve(levels.back()));
  return levels;
}

Pack read_pack(const std::filesystem::path& folder, const std::string& name, int levels,
               int partition, int threads) {
  const auto json_path = folder / (name + ".json");
  const auto json_bytes = read_bytes(json_path);
  const auto description = nlohmann::json::parse(json_bytes, nullptr, false);
  if (description.is_discarded()) {
    throw Error(ErrorCode::bad_label, json_path.string() + ": is not JSON");
  }
  Pack pack;
  pack.name = name;
  pack.attributes = description.at("attributes").get<std::vector<std::string>>();
  const auto shard_names = description.at("shards").get<std::vector<std::string>>();

  const auto index_path = folder / (name + ".index.csv");
  std::ifstream index(index_path);
  if (!index) throw Error(ErrorCode::not_found, index_path.string() + ": cannot be opened");
  std::string line;
  std::getline(index, line);  // header
  std::vector<IndexRow> rows;
  for (int number = 2; std::getline(index, line); ++number) {
    const std::string where = index_path.string() + ":" + std::to_string(number);
    const auto fields = csv_cells(line);
    if (fields.size() != 10) {
      throw Error(ErrorCode::bad_label,
                  where + ": " + std::to_string(fields.size()) + " fields instead of 10");
    }
    PackedPhoto photo;
    photo.name = fields[0];
    photo.identity = parse<int>(fields[6], where);
    photo.category = parse<int>(fields[7], where);
    photo.partition = parse<int>(fields[8], where);
    if (partition >= 0 && photo.partition != partition) continue;
    for (const char c : fields[9]) {
      photo.labels.push_back(c == '1'   ? std::int8_t{1}
                             : c == '0' ? std::int8_t{0}
                                        : std::int8_t{-1});
    }
    const auto shard = std::find(shard_names.begin(), shard_names.end(), fields[1]);
    IndexRow row;
    row.shard = shard != shard_names.end() ? static_cast<std::size_t>(shard - shard_names.begin())
                                           : parse<std::size_t>(fields[1], where);
    row.offset = parse<std::size_t>(fields[2], where);
    row.length = parse<std::size_t>(fields[3], where);
    rows.push_back(row);
    pack.photos.push_back(std::move(photo));
  }

  // A shard at a time is in memory; its photos are decoded by all threads.
  for (std::size_t s = 0; s < shard_names.size(); ++s) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].shard == s) members.push_back(i);
    }
    if (members.empty()) continue;
    const auto bytes = read_bytes(folder / shard_names[s]);
    for_each_parallel(members.size(), threads, [&](std::size_t k) {
      const IndexRow& row = rows[members[k]];
      PackedPhoto& photo = pack.photos[members[k]];
      const std::string what = shard_names[s] + ": " + photo.name;
      if (row.offset > bytes.size() || row.length > bytes.size() - row.offset) {
        throw Error(ErrorCode::bad_label, what + " lies outside the shard");
      }
      photo.levels = with_halvings(decode(bytes.data() + row.offset, row.length, what), levels);
    });
  }
  return pack;
}

}  // namespace facet::detail
