// SPDX-License-Identifier: Apache-2.0
#include "pack/pack_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/csv.hpp"
#include "base/output_guard.hpp"
#include "base/parallel_loop.hpp"
#include "facet/error.hpp"
#include "facet/image.hpp"
#include "image/encode.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPhotosAtOnce = 512;  // bounds the encoded photos kept in memory

struct EncodedPhoto {
  int width = 0;
  int height = 0;
  std::vector<std::byte> jpeg;
  std::string failure;
};

Image shrink(Image photo, int max_side) {
  const int side = std::max(photo.width, photo.height);
  if (max_side <= 0 || side <= max_side) return photo;
  const double scale = static_cast<double>(max_side) / side;
  const auto scaled = [&](int length) {
    return std::max(1, static_cast<int>(std::lround(length * scale)));
  };
  return resize(photo, scaled(photo.width), scaled(photo.height));
}

EncodedPhoto encode(const LabelledPhoto& photo, const PackOptions& options) {
  EncodedPhoto result;
  try {
    const Image image = shrink(read_image(photo.path), options.max_side);
    result.width = image.width;
    result.height = image.height;
    result.jpeg = encode_jpeg(image, options.jpeg_quality);
  } catch (const Error& error) {
    result.failure = error.what();
  }
  return result;
}

// One file after the other, each below the limit unless a single photo exceeds it.
class Shards {
 public:
  Shards(fs::path folder, std::string name, std::int64_t limit)
      : folder_(std::move(folder)), name_(std::move(name)), limit_(limit) {}

  struct Place {
    std::size_t shard;
    std::int64_t offset;
  };
  Place append(std::span<const std::byte> bytes) {
    const auto length = static_cast<std::int64_t>(bytes.size());
    if (file_ && used_ + length > limit_) finish();
    if (!file_) {
      names_.push_back(file_name(names_.size()));
      file_.emplace(folder_ / names_.back());
      used_ = 0;
    }
    file_->write(bytes);
    used_ += length;
    return {names_.size() - 1, used_ - length};
  }
  void finish() {
    if (file_) file_->commit();
    file_.reset();
  }
  // Shards that an earlier, longer pack of this name left.
  void remove_leftovers() const {
    for (std::size_t i = names_.size(); fs::remove(folder_ / file_name(i)); ++i) {
    }
  }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  [[nodiscard]] std::string file_name(std::size_t number) const {
    std::string digits = std::to_string(number);
    if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
    return name_ + "-" + digits + ".shard";
  }

  fs::path folder_;
  std::string name_;
  std::int64_t limit_;
  std::vector<std::string> names_;
  std::optional<AtomicFile> file_;
  std::int64_t used_ = 0;
};

std::string index_row(const LabelledPhoto& photo, const EncodedPhoto& encoded,
                      const Shards::Place& place) {
  std::string row = csv_cell(photo.name);
  for (const std::int64_t number :
       {static_cast<std::int64_t>(place.shard), place.offset,
        static_cast<std::int64_t>(encoded.jpeg.size()), std::int64_t{encoded.width},
        std::int64_t{encoded.height}, std::int64_t{photo.identity}, std::int64_t{photo.category},
        std::int64_t{photo.partition}}) {
    row += ',' + std::to_string(number);
  }
  row += ',';
  for (const std::int8_t label : photo.labels) row += label > 0 ? '1' : label < 0 ? '0' : '?';
  return row + '\n';
}

const char* kind_name(CollectionKind kind) {
  switch (kind) {
    case CollectionKind::celeba:
      return "celeba";
    case CollectionKind::lfwa:
      return "lfwa";
    case CollectionKind::categories:
      return "categories";
    case CollectionKind::photos:
      break;
  }
  return "photos";
}

void check_options(const PackOptions& options) {
  const auto refuse = [](const std::string& message) {
    throw Error(ErrorCode::invalid_argument, message);
  };
  if (options.name.empty() || options.name.find_first_of("/\\,") != std::string::npos) {
    refuse("'" + options.name + "' is no name for a pack");
  }
  if (options.max_side < 0) refuse("the longest side of packed photos cannot be negative");
  if (options.jpeg_quality < 1 || options.jpeg_quality > 100) {
    refuse("JPEG quality " + std::to_string(options.jpeg_quality) + " is not in 1…100");
  }
  if (options.shard_bytes < 1) refuse("shards must have room for a byte");
}

}  // namespace

int write_pack(const Collection& collection, const std::vector<const LabelledPhoto*>& photos,
               const fs::path& out, const PackOptions& options, std::vector<std::string>& skipped) {
  check_options(options);
  std::error_code failure;
  fs::create_directories(out, failure);
  OutputGuard(options.overwrite).check_all(out, FileKind::result, [&](const std::string& name) {
    return name == options.name + ".json" || name == options.name + ".index.csv" ||
           (name.starts_with(options.name + "-") && name.ends_with(".shard"));
  });
  const fs::path description_path = out / (options.name + ".json");
  // Without its description a pack that is being replaced is no pack.
  if (!failure) fs::remove(description_path, failure);
  if (failure) {
    throw Error(ErrorCode::io, "cannot write into " + out.string() + ": " + failure.message());
  }

  Shards shards(out, options.name, options.shard_bytes);
  AtomicFile index(out / (options.name + ".index.csv"));
  index.write("name,shard,offset,length,width,height,identity,category,partition,labels\n");
  int packed = 0;
  for (std::size_t first = 0; first < photos.size(); first += kPhotosAtOnce) {
    std::vector<EncodedPhoto> encoded(std::min(kPhotosAtOnce, photos.size() - first));
    for_each_parallel(encoded.size(), options.threads,
                      [&](std::size_t i) { encoded[i] = encode(*photos[first + i], options); });
    for (std::size_t i = 0; i < encoded.size(); ++i) {
      const LabelledPhoto& photo = *photos[first + i];
      if (!encoded[i].failure.empty()) {
        skipped.push_back(photo.name + ": " + encoded[i].failure);
        continue;
      }
      index.write(index_row(photo, encoded[i], shards.append(encoded[i].jpeg)));
      ++packed;
    }
  }
  shards.finish();
  shards.remove_leftovers();
  index.commit();

  nlohmann::ordered_json description;
  description["name"] = options.name;
  description["kind"] = kind_name(collection.kind);
  description["attributes"] = collection.attribute_names;
  description["categories"] = collection.category_names;
  description["shards"] = shards.names();
  description["photos"] = packed;
  if (!options.made_from.is_null()) description["made_from"] = options.made_from;
  AtomicFile file(description_path);
  file.write(description.dump(1) + "\n");
  file.commit();
  return packed;
}

}  // namespace facet::detail
