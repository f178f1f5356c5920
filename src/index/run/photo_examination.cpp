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

std::vector<Examination> PhotoExaminer::examine(std::size_t first, std::size_t count) {
  std::vector<Examination> all(count);
  std::vector<std::size_t> which;
  std::vector<Image> photos;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    all[i].task = first + i;
    Image photo;
    if (!read(all[i], photo)) continue;
    bytes += photo.pixels.size();
    photos.push_back(std::move(photo));
    which.push_back(i);
    if (bytes >= kMostBytesTogether) {
      describe(all, which, photos);
      bytes = 0;
    }
  }
  describe(all, which, photos);
  return all;
}

// True where the photo is to be described.
bool PhotoExaminer::read(Examination& found, Image& photo) const {
  const IndexTask& task = plan_.tasks[found.task];
  const std::string path = task.file.path();
  found.state = task.file.state;
  try {
    // As it is before it is read: where it changes meanwhile the next run sees that.
    found.state = look_at_file(path);
    const std::vector<std::byte> bytes = read_bytes(path, found.state.size);
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
    photo = decode_image(bytes, settings_.decode);
    found.look = difference_hash(photo);
    found.taken = exif_date(bytes);
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

void PhotoExaminer::describe(std::vector<Examination>& all, std::vector<std::size_t>& which,
                             std::vector<Image>& photos) const {
  if (photos.empty()) return;
  std::vector<PhotoResult> results = describe_(photos);
  for (std::size_t i = 0; i < which.size(); ++i) {
    Examination& found = all[which[i]];
    found.result = std::move(results.at(i));
    if (found.result.status == PhotoStatus::unreadable) {
      found.finding = Finding::unreadable;
      continue;
    }
    found.finding = Finding::described;
    for (const Face& face : found.result.faces) {
      if (settings_.crop_side == 0) break;
      found.crops.push_back(face_crop(photos[i], face.box, settings_.crop_side));
    }
  }
  which.clear();
  photos.clear();
}

std::vector<std::byte> face_crop(const Image& photo, const Box& box, int side) {
  constexpr float around = 1.5F;  // of the box's longer side
  constexpr int quality = 80;
  const float length = around * std::max(box.width, box.height);
  const Box window{box.centre_x() - length / 2, box.centre_y() - length / 2, length, length};
  return encode_jpeg(resample(photo, window, side, side), quality);
}

}  // namespace facet::detail
