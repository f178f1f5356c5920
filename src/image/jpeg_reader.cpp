// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "image/colour_conversion.hpp"
#include "image/jpeg_decompressor.hpp"
#include "image/photo_reader.hpp"

namespace facet::detail {
namespace {

std::string fault_of(const JpegErrors& errors) {
  if (errors.ended) return "truncated JPEG file";
  return "damaged or unsupported JPEG file: " + std::string(errors.message.data());
}

class JpegReader final : public PhotoReader {
 public:
  JpegReader(std::span<const std::byte> bytes, bool tolerant);
  [[nodiscard]] const StoredHeader& header() const override { return header_; }
  Image read(int reduce, Detail detail) override;
  std::vector<Image> read_regions(std::span<const PixelRect> regions) override;

 private:
  [[nodiscard]] std::unique_ptr<JpegDecompressor> open() const;
  // What the amounts of ink of a photo of four colours mean.
  void read_inks(std::vector<std::byte> profile);
  Image read_at_once(JpegDecompressor& input, int reduce);
  // Keeps the coefficients.
  Image read_by_coefficients(std::unique_ptr<JpegDecompressor> input, int reduce);
  // Nothing where it cannot be cut out of a damaged file.
  std::optional<Image> cut_region(const PixelRect& region);
  std::vector<Image> regions_of_whole(std::span<const PixelRect> regions);
  // Notes what is wrong with pixels, or throws where that is not asked for. `row`: from which on, 0
  // where that is unknown.
  void note_wrong_pixels(const JpegErrors& errors, int row);
  [[nodiscard]] Image blank(int reduce) const;

  std::span<const std::byte> bytes_;
  bool tolerant_;
  StoredHeader header_;
  ColourConversion inks_;
  std::unique_ptr<JpegDecompressor> kept_;
};

JpegReader::JpegReader(std::span<const std::byte> bytes, bool tolerant)
    : bytes_(bytes), tolerant_(tolerant) {
  const std::unique_ptr<JpegDecompressor> input = open();
  header_ = {"JPEG", input->width(), input->height(), input->orientation()};
  if (input->has_ink()) {
    read_inks(input->profile());
  } else {
    colours_.profile = input->profile();
  }
  const bool told = !colours_.profile.empty() || !colours_.fault.empty() || inks_.any();
  if (!told && input->has_damaged_profile()) {
    colours_.fault = "colours are taken for sRGB: parts of its colour profile are missing";
  }
}

void JpegReader::read_inks(std::vector<std::byte> profile) {
  if (profile.empty()) return;
  StoredColours colours;
  colours.profile = std::move(profile);
  inks_ = ColourConversion(colours, true);
  colours_.fault = inks_.fault();
}

std::unique_ptr<JpegDecompressor> JpegReader::open() const {
  auto input = std::make_unique<JpegDecompressor>(bytes_, tolerant_, inks_);
  if (!input->read_header()) throw_unreadable(fault_of(input->errors()));
  return input;
}

Image JpegReader::blank(int reduce) const {
  return missing_image(reduced_side(header_.width, reduce), reduced_side(header_.height, reduce));
}

void JpegReader::note_wrong_pixels(const JpegErrors& errors, int row) {
  warning_ = fault_of(errors);
  if (!tolerant_) throw_unreadable(warning_);
  warning_ += row == 0 ? ": pixels are missing or wrong"
                       : ": rows from about " + std::to_string(row) + " of " +
                             std::to_string(header_.height) + " on are missing or wrong";
}

Image JpegReader::read(int reduce, Detail detail) {
  kept_.reset();
  warning_.clear();
  std::unique_ptr<JpegDecompressor> input = open();
  const bool keeps_detail = input->keeps_detail(reduce);
  if (input->has_many_scans() || (detail == Detail::kept && keeps_detail)) {
    Image image = read_by_coefficients(std::move(input), reduce);
    if (detail == Detail::dropped || !keeps_detail) kept_.reset();
    return image;
  }
  return read_at_once(*input, reduce);
}

Image JpegReader::read_at_once(JpegDecompressor& input, int reduce) {
  Image image = blank(reduce);
  const bool read = input.start(reduce) && input.read_rows(image);
  const JpegErrors& errors = input.errors();
  if (!read || errors.wrong) {
    note_wrong_pixels(errors, errors.wrong_row);
  } else if (!input.finish() || errors.ended) {
    warning_ = "the end of the JPEG file is missing or damaged";
  }
  return image;
}

Image JpegReader::read_by_coefficients(std::unique_ptr<JpegDecompressor> input, int reduce) {
  Image image = blank(reduce);
  const bool read = input->read_coefficients(reduce);
  const JpegErrors& errors = input->errors();
  const bool cut_off = !read || errors.ended;
  if (errors.wrong || (cut_off && !input->has_every_scan())) {
    note_wrong_pixels(errors, input->has_many_scans() ? 0 : errors.wrong_row);
  } else if (cut_off) {
    warning_ = "the end of the JPEG file is missing or damaged";
  }
  if (!input->start_from_coefficients() || !input->read_rows(image) ||
      !input->finish_coefficients()) {
    note_wrong_pixels(errors, 0);
    return image;
  }
  kept_ = std::move(input);
  return image;
}

std::vector<Image> JpegReader::read_regions(std::span<const PixelRect> regions) {
  std::vector<PixelRect> needed(regions.begin(), regions.end());
  std::erase_if(needed,
                [](const PixelRect& region) { return region.width < 1 || region.height < 1; });
  RegionSink sink(regions);
  if (needed.empty()) return sink.take();
  std::unique_ptr<JpegDecompressor> input;
  if (kept_ == nullptr) {
    input = open();
    if (input->has_many_scans()) {
      const int cheapest = input->keeps_detail(8) ? 8 : 4;
      read_by_coefficients(std::move(input), cheapest);
    }
  }
  if (kept_ != nullptr) {
    std::vector<Image> images;
    for (const PixelRect& region : regions) {
      std::optional<Image> image = cut_region(region);
      if (!image) return regions_of_whole(regions);
      images.push_back(std::move(*image));
    }
    return images;
  }
  if (input == nullptr) input = open();
  if (!input->start(1) || !input->read_regions(needed, sink) || input->errors().wrong) {
    note_wrong_pixels(input->errors(), input->errors().wrong_row);
  }
  return sink.take();
}

std::vector<Image> JpegReader::regions_of_whole(std::span<const PixelRect> regions) {
  const Image whole = read(1, Detail::dropped);
  RegionSink sink(regions);
  for (int y = 0; y < whole.height; ++y) sink.put(0, y, whole.width, whole.row(y));
  return sink.take();
}

std::optional<Image> JpegReader::cut_region(const PixelRect& region) {
  Image image = missing_image(region.width, region.height);
  if (image.empty()) return image;
  // Upsampled colours depend on neighbours: a block more on every side.
  const int step_x = kept_->block_width();
  const int step_y = kept_->block_height();
  const int left = std::max(region.x / step_x - 1, 0) * step_x;
  const int top = std::max(region.y / step_y - 1, 0) * step_y;
  const int right = std::min(region.x + region.width + step_x, header_.width);
  const int bottom = std::min(region.y + region.height + step_y, header_.height);
  std::vector<std::byte> file;
  if (!kept_->cut({left, top, right - left, bottom - top}, file)) return std::nullopt;
  JpegDecompressor part(file, tolerant_, inks_);
  Image whole(right - left, bottom - top);
  if (!part.read_header() || !part.start(1) || !part.read_rows(whole)) {
    note_wrong_pixels(part.errors(), 0);
    return image;
  }
  const PixelRect inner{region.x - left, region.y - top, region.width, region.height};
  RegionSink sink(std::span(&inner, 1));
  for (int y = 0; y < whole.height; ++y) sink.put(0, y, whole.width, whole.row(y));
  return std::move(sink.take().front());
}

}  // namespace

std::unique_ptr<PhotoReader> open_jpeg(std::span<const std::byte> bytes, bool tolerant) {
  return std::make_unique<JpegReader>(bytes, tolerant);
}

}  // namespace facet::detail
