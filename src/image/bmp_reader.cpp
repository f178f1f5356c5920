// SPDX-License-Identifier: Apache-2.0
// BMP: small enough to read without a library.
#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <vector>

#include "image/photo_reader.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kFileHeader = 14;
constexpr std::uint32_t kOldHeader = 12;  // of OS/2, with sizes of 16 bits
constexpr std::uint32_t kNewHeader = 40;

enum Compression : std::uint32_t {
  plain = 0,
  rle8 = 1,
  rle4 = 2,
  bit_fields = 3,
  alpha_fields = 6
};

using Colour = std::array<std::uint8_t, 3>;

// The bits of a pixel that one colour has.
struct Field {
  std::uint32_t mask = 0;

  [[nodiscard]] std::uint8_t value(std::uint32_t pixel) const {
    if (mask == 0) return 0;
    const std::uint32_t most = mask >> std::countr_zero(mask);
    const std::uint64_t bits = (pixel & mask) >> std::countr_zero(mask);
    return static_cast<std::uint8_t>((bits * 255 + most / 2) / most);
  }
};

class BmpReader final : public StreamReader {
 public:
  BmpReader(std::span<const std::byte> bytes, bool tolerant);

 protected:
  void read_pixels(PixelSink& sink) override;
  // The lowest row comes first, mostly; but every row can be reached.
  [[nodiscard]] RowOrder row_order() const override {
    return compression_ == rle4 || compression_ == rle8 ? RowOrder::any : RowOrder::downwards;
  }

 private:
  [[nodiscard]] std::uint32_t number(std::size_t at, int size) const;
  void read_header();
  void read_fields();
  void read_colours(std::size_t at, std::size_t end, std::size_t entry_size);
  void to_rgb(std::size_t row_at, std::uint8_t* rgb) const;
  void read_packed(PixelSink& sink);
  void put_indices(PixelSink& sink, int row, const std::vector<std::uint8_t>& indices) const;
  [[noreturn]] static void fail() { throw_unreadable("damaged or unsupported BMP file"); }
  // Throws where that is not asked for.
  void note_missing(int rows);

  std::span<const std::byte> bytes_;
  bool tolerant_;
  bool downwards_ = false;
  int bits_ = 0;
  std::uint32_t compression_ = plain;
  std::size_t pixels_at_ = 0;
  std::array<Field, 3> fields_{};
  std::vector<Colour> colours_;
};

BmpReader::BmpReader(std::span<const std::byte> bytes, bool tolerant)
    : bytes_(bytes), tolerant_(tolerant) {
  if (bytes.size() < kFileHeader + kOldHeader) throw_unreadable("truncated BMP file");
  read_header();
}

std::uint32_t BmpReader::number(std::size_t at, int size) const {
  if (at + static_cast<std::size_t>(size) > bytes_.size()) throw_unreadable("truncated BMP file");
  std::uint32_t value = 0;
  for (int i = size - 1; i >= 0; --i) {
    value = value * 256 + std::to_integer<std::uint32_t>(bytes_[at + static_cast<std::size_t>(i)]);
  }
  return value;
}

void BmpReader::read_header() {
  header_.format = "BMP";
  pixels_at_ = number(10, 4);
  const std::uint32_t size = number(kFileHeader, 4);
  if (size == kOldHeader) {
    header_.width = static_cast<int>(number(18, 2));
    header_.height = static_cast<int>(number(20, 2));
    bits_ = static_cast<int>(number(24, 2));
    read_colours(kFileHeader + size, pixels_at_, 3);
  } else if (size >= kNewHeader) {
    const auto height = static_cast<std::int64_t>(static_cast<std::int32_t>(number(22, 4)));
    downwards_ = height < 0;
    header_.width = std::max(static_cast<int>(static_cast<std::int32_t>(number(18, 4))), 0);
    header_.height = static_cast<int>(std::min<std::int64_t>(std::abs(height), INT32_MAX));
    bits_ = static_cast<int>(number(28, 2));
    compression_ = number(30, 4);
    read_fields();
    const bool fields_behind =
        size == kNewHeader && (compression_ == bit_fields || compression_ == alpha_fields);
    const std::size_t behind = fields_behind ? (compression_ == alpha_fields ? 16 : 12) : 0;
    read_colours(kFileHeader + size + behind, pixels_at_, 4);
  } else {
    fail();
  }
  const bool packed = (compression_ == rle8 && bits_ == 8) || (compression_ == rle4 && bits_ == 4);
  const bool by_fields =
      (compression_ == bit_fields || compression_ == alpha_fields) && (bits_ == 16 || bits_ == 32);
  const bool unpacked =
      compression_ == plain && (bits_ == 1 || bits_ == 2 || bits_ == 4 || bits_ == 8 ||
                                bits_ == 16 || bits_ == 24 || bits_ == 32);
  if (!packed && !by_fields && !unpacked) fail();
}

void BmpReader::read_fields() {
  if (compression_ == bit_fields || compression_ == alpha_fields) {
    // Behind a header of 40 bytes, and at the same place inside a longer one.
    for (std::size_t c = 0; c < 3; ++c) fields_[c].mask = number(54 + 4 * c, 4);
  } else if (bits_ == 16) {
    fields_ = {Field{0x7C00}, Field{0x03E0}, Field{0x001F}};
  } else {
    fields_ = {Field{0xFF0000}, Field{0x00FF00}, Field{0x0000FF}};
  }
}

void BmpReader::read_colours(std::size_t at, std::size_t end, std::size_t entry_size) {
  if (bits_ > 8) return;
  const std::size_t most = std::size_t{1} << static_cast<unsigned>(bits_);
  end = std::min(end, bytes_.size());
  for (; colours_.size() < most && at + entry_size <= end; at += entry_size) {
    colours_.push_back({static_cast<std::uint8_t>(number(at + 2, 1)),
                        static_cast<std::uint8_t>(number(at + 1, 1)),
                        static_cast<std::uint8_t>(number(at, 1))});
  }
  colours_.resize(256);  // what a file lacks is black
}

void BmpReader::note_missing(int rows) {
  warning_ = "truncated BMP file";
  if (!tolerant_) throw_unreadable(warning_);
  warning_ +=
      ": " + std::to_string(rows) + " of " + std::to_string(header_.height) + " rows are missing";
}

void BmpReader::to_rgb(std::size_t row_at, std::uint8_t* rgb) const {
  const auto byte = [&](std::size_t at) {
    return std::to_integer<std::uint8_t>(bytes_[row_at + at]);
  };
  for (std::size_t x = 0; x < static_cast<std::size_t>(header_.width); ++x, rgb += 3) {
    if (bits_ <= 8) {
      const std::size_t bit = x * static_cast<std::size_t>(bits_);
      const unsigned shift = 8U - static_cast<unsigned>(bits_) - bit % 8;
      const unsigned index = byte(bit / 8) >> shift & ((1U << static_cast<unsigned>(bits_)) - 1U);
      std::copy_n(colours_[index].data(), 3, rgb);
    } else if (bits_ == 24) {
      for (std::size_t c = 0; c < 3; ++c) rgb[c] = byte(x * 3 + 2 - c);
    } else {
      const std::size_t size = static_cast<std::size_t>(bits_) / 8;
      std::uint32_t pixel = 0;
      for (std::size_t i = size; i-- > 0;) pixel = pixel << 8U | byte(x * size + i);
      for (std::size_t c = 0; c < 3; ++c) rgb[c] = fields_[c].value(pixel);
    }
  }
}

void BmpReader::read_pixels(PixelSink& sink) {
  warning_.clear();
  if (compression_ == rle8 || compression_ == rle4) {
    read_packed(sink);
    return;
  }
  const auto width = static_cast<std::size_t>(header_.width);
  const std::size_t stride = (width * static_cast<std::size_t>(bits_) + 31) / 32 * 4;
  const std::size_t used = (width * static_cast<std::size_t>(bits_) + 7) / 8;
  std::vector<std::uint8_t> rgb(width * 3);
  int missing = 0;
  for (int y = 0; y < header_.height; ++y) {
    const int stored = downwards_ ? y : header_.height - 1 - y;
    const std::size_t at = pixels_at_ + static_cast<std::size_t>(stored) * stride;
    if (at + used > bytes_.size()) {
      ++missing;
      continue;
    }
    to_rgb(at, rgb.data());
    sink.put(0, y, header_.width, rgb.data());
  }
  if (missing > 0) note_missing(missing);
}

void BmpReader::put_indices(PixelSink& sink, int row,
                            const std::vector<std::uint8_t>& indices) const {
  std::vector<std::uint8_t> rgb;
  for (const std::uint8_t index : indices) {
    rgb.insert(rgb.end(), colours_[index].begin(), colours_[index].end());
  }
  const int y = downwards_ ? row : header_.height - 1 - row;
  sink.put(0, y, header_.width, rgb.data());
}

// Runs of one index, or of indices as they are; places that a file leaves out have index 0.
void BmpReader::read_packed(PixelSink& sink) {
  const auto width = static_cast<std::size_t>(header_.width);
  std::vector<std::uint8_t> row(width);
  std::size_t x = 0;
  int y = 0;
  std::size_t at = pixels_at_;
  const auto put = [&](unsigned index) {
    if (x < width) row[x] = static_cast<std::uint8_t>(index);
    ++x;
  };
  const auto finish_row = [&] {
    put_indices(sink, y, row);
    std::fill(row.begin(), row.end(), std::uint8_t{0});
    ++y;
  };
  const auto half = [&](unsigned pair, std::size_t i) {
    return i % 2 == 0 ? pair >> 4U : pair & 15U;
  };
  while (y < header_.height) {
    if (at + 2 > bytes_.size()) {
      note_missing(header_.height - y);
      return;
    }
    const unsigned count = number(at, 1);
    const unsigned value = number(at + 1, 1);
    at += 2;
    if (count > 0) {
      for (unsigned i = 0; i < count; ++i) put(bits_ == 8 ? value : half(value, i));
    } else if (value == 0) {  // the end of a row
      finish_row();
      x = 0;
    } else if (value == 1) {  // the end of the picture
      while (y < header_.height) finish_row();
    } else if (value == 2) {  // a step to the right and on
      if (at + 2 > bytes_.size()) continue;
      x += number(at, 1);
      for (unsigned rows = number(at + 1, 1); rows > 0 && y < header_.height; --rows) finish_row();
      at += 2;
    } else {
      const std::size_t size = bits_ == 8 ? value : (value + 1) / 2;
      if (at + size > bytes_.size()) {
        at = bytes_.size();
        continue;
      }
      for (std::size_t i = 0; i < value; ++i) {
        put(bits_ == 8 ? number(at + i, 1) : half(number(at + i / 2, 1), i));
      }
      at += size + size % 2;
    }
  }
}

}  // namespace

std::unique_ptr<PhotoReader> open_bmp(std::span<const std::byte> bytes, bool tolerant) {
  return std::make_unique<BmpReader>(bytes, tolerant);
}

}  // namespace facet::detail
