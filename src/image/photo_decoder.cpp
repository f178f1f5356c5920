// SPDX-License-Identifier: Apache-2.0
#include "image/photo_decoder.hpp"

#include <algorithm>
#include <new>
#include <string>
#include <utility>

#include "facet/error.hpp"
#include "image/exif_orientation.hpp"
#include "image/photo_format.hpp"

namespace facet::detail {
namespace {

bool stands_on_its_side(int orientation) {
  return orientation >= 5;
}

PhotoFacts facts_of(const StoredHeader& header) {
  PhotoFacts facts{header.format, header.width, header.height};
  if (stands_on_its_side(header.orientation)) std::swap(facts.width, facts.height);
  return facts;
}

std::unique_ptr<PhotoReader> open_checked(std::span<const std::byte> bytes,
                                          const DecodeOptions& options) {
  std::unique_ptr<PhotoReader> reader = open_photo(bytes, options.tolerant);
  check_size(reader->header().width, reader->header().height, options.max_pixels);
  return reader;
}

// Where a rectangle of the upright photo lies in the stored one of the given size.
PixelRect stored_place(const PixelRect& upright, int orientation, int width, int height) {
  PixelRect rect = upright;
  if (stands_on_its_side(orientation)) {
    std::swap(rect.x, rect.y);
    std::swap(rect.width, rect.height);
  }
  const bool from_right =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool from_below =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  if (from_right) rect.x = width - rect.x - rect.width;
  if (from_below) rect.y = height - rect.y - rect.height;
  return rect;
}

PixelRect inside(const PixelRect& rect, int width, int height) {
  const int left = std::clamp(rect.x, 0, width);
  const int top = std::clamp(rect.y, 0, height);
  const int right = std::clamp(rect.x + rect.width, left, width);
  const int bottom = std::clamp(rect.y + rect.height, top, height);
  return {left, top, right - left, bottom - top};
}

template <typename Step>
auto within_memory(const Step& step) {
  try {
    return step();
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::unreadable, "not enough memory");
  }
}

}  // namespace

PhotoDecoder::PhotoDecoder(std::span<const std::byte> bytes, const DecodeOptions& options)
    : reader_(within_memory([&] { return open_checked(bytes, options); })),
      facts_(facts_of(reader_->header())) {
}

PhotoDecoder::PhotoDecoder(std::vector<std::byte>&& bytes, const DecodeOptions& options)
    : bytes_(std::move(bytes)),
      reader_(within_memory([&] { return open_checked(bytes_, options); })),
      facts_(facts_of(reader_->header())) {
}

PhotoDecoder::~PhotoDecoder() = default;

Image PhotoDecoder::finished(Image stored) {
  if (!colours_) colours_.emplace(reader_->colours());
  colours_->convert(stored);
  return make_upright(std::move(stored), reader_->header().orientation);
}

DecodedPhoto PhotoDecoder::decode(int reduce, Detail detail) {
  if (reduce != 1 && reduce != 2 && reduce != 4 && reduce != 8) {
    throw Error(ErrorCode::invalid_argument,
                "a photo can be reduced by 1, 2, 4 or 8, not by " + std::to_string(reduce));
  }
  const StoredHeader& header = reader_->header();
  DecodedPhoto photo;
  photo.format = facts_.format;
  photo.full_width = facts_.width;
  photo.full_height = facts_.height;
  photo.reduce = reduce;
  photo.image = within_memory([&] { return finished(reader_->read(reduce, detail)); });
  photo.warning = reader_->warning();
  if (!colours_->fault().empty()) {
    photo.warning += (photo.warning.empty() ? "" : "; ") + colours_->fault();
  }
  // Squares begin at the stored photo's first pixel, which may now be at the right or below.
  const PixelRect covered =
      stored_place({0, 0, photo.image.width * reduce, photo.image.height * reduce},
                   header.orientation, header.width, header.height);
  const bool turned = stands_on_its_side(header.orientation);
  photo.offset_x = turned ? covered.y : covered.x;
  photo.offset_y = turned ? covered.x : covered.y;
  return photo;
}

std::vector<Image> PhotoDecoder::regions(std::span<const PixelRect> rectangles) {
  const StoredHeader& header = reader_->header();
  std::vector<PixelRect> places;
  for (const PixelRect& rectangle : rectangles) {
    places.push_back(stored_place(inside(rectangle, facts_.width, facts_.height),
                                  header.orientation, header.width, header.height));
  }
  return within_memory([&] {
    std::vector<Image> images = reader_->read_regions(places);
    for (Image& image : images) image = finished(std::move(image));
    return images;
  });
}

}  // namespace facet::detail
