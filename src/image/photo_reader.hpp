// SPDX-License-Identifier: Apache-2.0
// What the decoder of every file format is: a file opened, its header known, its pixels read as
// often as asked for, as stored: neither turned upright nor brought to sRGB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/pixel_sink.hpp"
#include "image/stored_colours.hpp"

namespace facet::detail {

struct StoredHeader {
  std::string format;  // as results name it
  int width = 0;
  int height = 0;
  int orientation = 1;  // EXIF's number, 1…8
};

// Whether regions of the photo will be asked for after it was read reduced. `perhaps`: their detail
// is kept where keeping it costs less than reading the file again.
enum class Detail { dropped, perhaps, kept };

class PhotoReader {
 public:
  PhotoReader() = default;
  PhotoReader(const PhotoReader&) = delete;
  PhotoReader& operator=(const PhotoReader&) = delete;
  virtual ~PhotoReader() = default;

  [[nodiscard]] virtual const StoredHeader& header() const = 0;
  // The photo with its sides divided by `reduce` (1, 2, 4 or 8) and rounded up. Throws
  // Error(unreadable).
  virtual Image read(int reduce, Detail detail) = 0;
  // Parts of it in full detail, all inside. Cheap after read() that kept the detail.
  virtual std::vector<Image> read_regions(std::span<const PixelRect> regions) = 0;
  // Known once pixels were read: what is wrong with the file ("" for nothing), and what the pixels
  // that were given mean.
  [[nodiscard]] const std::string& warning() const { return warning_; }
  [[nodiscard]] const StoredColours& colours() const { return colours_; }

 protected:
  std::string warning_;
  StoredColours colours_;
};

// Photos up to this many pixels are kept whole where regions of them will be asked for: to read
// them twice takes longer than that memory is worth.
constexpr std::int64_t kKeptPixels = 16'000'000;

// The reader of a format that gives its pixels one after the other.
class StreamReader : public PhotoReader {
 public:
  [[nodiscard]] const StoredHeader& header() const override { return header_; }
  Image read(int reduce, Detail detail) override;
  std::vector<Image> read_regions(std::span<const PixelRect> regions) override;

 protected:
  // Puts every pixel that the file has.
  virtual void read_pixels(PixelSink& sink) = 0;
  [[nodiscard]] virtual RowOrder row_order() const { return RowOrder::downwards; }
  // True where all pixels are to be kept.
  [[nodiscard]] bool keeps(Detail detail) const;
  // Keeps a photo for regions and returns it reduced.
  Image keep(Image whole, int reduce);

  StoredHeader header_;

 private:
  Image whole_;  // kept for regions
};

// Opens a file and reads its header: the bytes must stay until the reader is gone. A file whose
// pixels are wrong or missing is read as far as possible where `tolerant`. Throws
// Error(unreadable).
std::unique_ptr<PhotoReader> open_jpeg(std::span<const std::byte> bytes, bool tolerant);
std::unique_ptr<PhotoReader> open_png(std::span<const std::byte> bytes, bool tolerant);
std::unique_ptr<PhotoReader> open_bmp(std::span<const std::byte> bytes, bool tolerant);
std::unique_ptr<PhotoReader> open_webp(std::span<const std::byte> bytes, bool tolerant);

// What a library says of a file, as a part of one line: some end with a line break, some quote the
// file.
std::string foreign_text(std::string_view text);
[[noreturn]] void throw_unreadable(const std::string& reason);

// Throws Error where a photo cannot have this size, or is above the limit.
void check_size(std::int64_t width, std::int64_t height, std::int64_t max_pixels);

// `count` pixels of four amounts of ink as they look on white paper, where no profile says it
// better.
void inks_to_rgb(const std::uint8_t* ink, std::uint8_t* rgb, std::size_t count);

// Lays `count` RGBA pixels over white.
void rgba_over_white(const std::uint8_t* rgba, std::uint8_t* rgb, std::size_t count);

}  // namespace facet::detail
