// SPDX-License-Identifier: Apache-2.0
// What one file turns out to be: new, known, moved, forgotten, unreadable. The part of a run that
// many threads do at once; nothing here asks the database.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "facet/encoded_photo.hpp"
#include "facet/image.hpp"
#include "facet/prediction.hpp"
#include "index/run/known_photos.hpp"
#include "index/store/region_table.hpp"
#include "index/store/tombstone_table.hpp"

namespace facet::detail {

// Finds the faces of some photos and describes them: a result each, in order.
struct DescribePhotos {
  using Decoded = std::function<std::vector<PhotoResult>(std::span<const Image>)>;
  using Encoded = std::function<std::vector<PhotoResult>(std::span<EncodedPhoto>)>;

  DescribePhotos() = default;
  // Of decoded photos alone.
  template <typename Describe>
  DescribePhotos(Describe describe)  // NOLINT(google-explicit-constructor)
      : decoded(std::move(describe)) {}
  DescribePhotos(Decoded of_decoded, Encoded of_encoded)
      : decoded(std::move(of_decoded)), encoded(std::move(of_encoded)) {}

  Decoded decoded;
  Encoded encoded;  // for large photos, which need not be decoded as a whole; may be empty
};
// Reads names of faces from the bytes of a photo and from the XMP files beside it; nothing where
// that cannot be done, so that names that are known stay.
using ReadRegions = std::function<std::optional<std::vector<NamedRegion>>(
    const std::filesystem::path& photo, std::span<const std::byte> bytes)>;

struct Examination {
  enum class Finding {
    described,    // read, looked at: `result` says what it shows
    same,         // at this place as before, but for its time or its sidecar
    known,        // its content is known from `original`
    unreadable,   // `result.reason` says why
    forgotten,    // shall not return
    vanished,     // no longer there
    own_picture,  // facet drew it
  };
  std::size_t task = 0;
  Finding finding = Finding::described;
  PhotoFileState state;  // before it was read
  std::optional<ContentHash> content;
  std::uint64_t look = 0;
  std::optional<std::int64_t> taken;
  PhotoResult result;
  std::optional<std::vector<NamedRegion>> regions;  // nothing: they could not be read
  std::vector<std::vector<std::byte>> crops;        // a JPEG for each face, where wanted
  const PhotoRow* original = nullptr;
};

struct ExaminationSettings {
  DecodeOptions decode;
  int generation = 0;
  bool renew = false;  // describe again what an older generation described
  int crop_side = 0;   // pixels; 0: no crops
};

// Belongs to one thread. What it refers to must outlive it.
class PhotoExaminer {
 public:
  PhotoExaminer(const IndexPlan& plan, const KnownPhotos& known, const Tombstones& tombstones,
                ExaminationSettings settings, DescribePhotos describe, ReadRegions read_regions);

  // One each of the tasks first … first + count - 1.
  std::vector<Examination> examine(std::size_t first, std::size_t count);

 private:
  struct Waiting;
  bool read(Examination& found, Waiting& waiting) const;
  void describe(std::vector<Examination>& all, Waiting& waiting) const;
  [[nodiscard]] bool may_stay_encoded(std::span<const std::byte> bytes) const;
  void take_result(Examination& found, PhotoResult result, const Image* photo) const;

  const IndexPlan& plan_;
  const KnownPhotos& known_;
  const Tombstones& tombstones_;
  ExaminationSettings settings_;
  DescribePhotos describe_;
  ReadRegions read_regions_;
};

// A face cut out with some of what is around it, as a JPEG.
std::vector<std::byte> face_crop(const Image& photo, const Box& box, int side);

}  // namespace facet::detail
