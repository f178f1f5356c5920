// SPDX-License-Identifier: Apache-2.0
// Photo files that are decoded by those who look at them, in the detail that they need.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <vector>

#include "facet/api.hpp"
#include "facet/image.hpp"
#include "facet/photo.hpp"

namespace facet {

namespace detail {
class PhotoDecoder;
struct EncodedPhotoAccess;
}  // namespace detail

// A photo as it lies in its file. Faces of a large photo are found in a reduced one, which costs
// half the time or less, and described in full detail of the places where they are small: see
// Predictor. Used by one thread at a time.
class FACET_API EncodedPhoto {
 public:
  // Reads the header only. `reduce` of the options is not used. Throws Error: unreadable (with the
  // reason), too_large.
  explicit EncodedPhoto(std::vector<std::byte> bytes, const DecodeOptions& options = {});
  // The same from a file; not_found where it does not exist, io where it cannot be read.
  static EncodedPhoto read(const std::filesystem::path& path, const DecodeOptions& options = {});
  ~EncodedPhoto();
  EncodedPhoto(EncodedPhoto&&) noexcept;
  EncodedPhoto& operator=(EncodedPhoto&&) noexcept;

  [[nodiscard]] const PhotoFacts& facts() const;
  [[nodiscard]] std::size_t file_size() const;  // in bytes
  // The photo, its sides divided by 1, 2, 4 or 8. Throws Error(unreadable).
  [[nodiscard]] DecodedPhoto decode(int reduce = 1);

 private:
  friend struct detail::EncodedPhotoAccess;
  std::unique_ptr<detail::PhotoDecoder> decoder_;
};

}  // namespace facet
