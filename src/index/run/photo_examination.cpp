// SPDX-License-Identifier: Apache-2.0
#include "index/run/photo_examination.hpp"

#include <algorithm>
#include <fstream>
#include <new>
#include <utility>

#include "base/picture_mark.hpp"
#include "facet/error.hpp"
#include "image/encode.hpp"
#include "image/exif_date.hpp"
#include "image/resample.hpp"
#include "index/photo_file/content_hash.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using Finding = Examination::Finding;

// What waits to be described together: large photos not with others.
constexpr std::size_t kMostBytesTogether = std::size_t{16} << 20;

std::vector<std::byte> read_bytes(const fs::path& file, std::int64_t size) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::io, "cannot be opened");
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::max<std::int64_t>(size, 0)));
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (stream.bad()) throw Error(ErrorCode::io, "cannot be read");
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

}  // namespace

PhotoExaminer::PhotoExaminer(const IndexPlan& plan, const KnownPhotos& known,
                             const Tombstones& tombstones, ExaminationSettings settings,
                             DescribePhotos describe, ReadRegions read_regions)
    : plan_(plan),
      known_(known),
      tombstones_(tombstones),
      settings_(settings),
      describe_(std::move(describe)),
      read_regions_(std::move(read_regions)) {
}

// Photos that are described together, and which of the examinations they belong to.
struct PhotoExaminer::Waiting {
  std::vector<Image> decoded;
  std::vector<std::size_t> which_decoded;
  std::vector<EncodedPhoto> encoded;
  std::vector<std::size_t> which_encoded;
  std::size_t bytes = 0;
};

std::vector<Examination> PhotoExaminer::examine(std::size_t first, std::size_t count) {
  std::vector<Examination> all(count);
  Waiting waiting;
  for (std::size_t i = 0; i < count; ++i) {
    all[i].task = first + i;
    const std::size_t encoded = waiting.encoded.size();
    if (!read(all[i], waiting)) continue;
    (waiting.encoded.size() > encoded ? waiting.which_encoded : waiting.which_decoded).push_back(i);
    if (waiting.bytes >= kMostBytesTogether) describe(all, waiting);
  }
  describe(all, waiting);
  return all;
}

// True where the photo is to be described.
bool PhotoExaminer::read(Examination& found, Waiting& waiting) const {
  const IndexTask& task = plan_.tasks[found.task];
  const std::string path = task.file.path();
  found.state = task.file.state;
  try {
    // As it is before it is read: where it changes meanwhile the next run sees that.
    found.state = look_at_file(path);
    std::vector<std::byte> bytes = read_bytes(path, found.state.size);
    if (has_picture_mark(bytes)) {
      found.finding = Finding::own_picture;
      return false;
    }
    found.content = content_hash(bytes);
    if (tombstones_.photo(*found.content, path)) {
      found.finding = Finding::forgotten;
      return false;
    }
    const PhotoRow* here = task.known;
    const bool outdated =
        settings_.renew && here != nullptr && here->generation != settings_.generation;
    if (read_regions_) found.regions = read_regions_(path, bytes);
    if (here != nullptr && here->content == found.content && !outdated &&
        here->status != PhotoStatus::unreadable) {
      found.finding = Finding::same;
      return false;
    }
    found.original = known_.with_content(*found.content, settings_.generation);
    if (found.original != nullptr && found.original != here &&
        !(settings_.renew && found.original->generation != settings_.generation)) {
      found.finding = Finding::known;
      return false;
    }
    found.taken = exif_date(bytes);
    if (may_stay_encoded(bytes)) {
      EncodedPhoto photo(std::move(bytes), settings_.decode);
      constexpr int enough = 8;  // the hash is of 9 × 8 fields
      found.look = difference_hash(photo.decode(enough).image);
      waiting.bytes += photo.file_size();
      waiting.encoded.push_back(std::move(photo));
    } else {
      Image photo = decode_image(bytes, settings_.decode);
      found.look = difference_hash(photo);
      waiting.bytes += photo.pixels.size();
      waiting.decoded.push_back(std::move(photo));
    }
    return true;
  } catch (const Error& error) {
    found.finding = error.code() == ErrorCode::not_found ? Finding::vanished : Finding::unreadable;
    const std::string start = path + ": ";
    const std::string message = error.what();
    found.result.reason = message.starts_with(start) ? message.substr(start.size()) : message;
  } catch (const std::bad_alloc&) {
    found.finding = Finding::unreadable;
    found.result.reason = "not enough memory";
  }
  return false;
}

// Small photos are decoded once, for their hash and for their faces; so are those of which crops
// are kept.
bool PhotoExaminer::may_stay_encoded(std::span<const std::byte> bytes) const {
  constexpr std::int64_t large = 3'000'000;
  if (!describe_.encoded || settings_.crop_side > 0) return false;
  const PhotoFacts facts = photo_facts(bytes);
  return std::int64_t{facts.width} * facts.height >= large;
}

void PhotoExaminer::describe(std::vector<Examination>& all, Waiting& waiting) const {
  if (!waiting.decoded.empty()) {
    std::vector<PhotoResult> results = describe_.decoded(waiting.decoded);
    for (std::size_t i = 0; i < waiting.which_decoded.size(); ++i) {
      take_result(all[waiting.which_decoded[i]], std::move(results.at(i)), &waiting.decoded[i]);
    }
  }
  if (!waiting.encoded.empty()) {
    std::vector<PhotoResult> results = describe_.encoded(waiting.encoded);
    for (std::size_t i = 0; i < waiting.which_encoded.size(); ++i) {
      take_result(all[waiting.which_encoded[i]], std::move(results.at(i)), nullptr);
    }
  }
  waiting = {};
}

// `photo` is needed where crops are.
void PhotoExaminer::take_result(Examination& found, PhotoResult result, const Image* photo) const {
  found.result = std::move(result);
  if (found.result.status == PhotoStatus::unreadable) {
    found.finding = Finding::unreadable;
    return;
  }
  found.finding = Finding::described;
  if (photo == nullptr || settings_.crop_side == 0) return;
  for (const Face& face : found.result.faces) {
    found.crops.push_back(face_crop(*photo, face.box, settings_.crop_side));
  }
}

std::vector<std::byte> face_crop(const Image& photo, const Box& box, int side) {
  constexpr float around = 1.5F;  // of the box's longer side
  constexpr int quality = 80;
  const float length = around * std::max(box.width, box.height);
  const Box window{box.centre_x() - length / 2, box.centre_y() - length / 2, length, length};
  return encode_jpeg(resample(photo, window, side, side), quality);
}

}  // namespace facet::detail
