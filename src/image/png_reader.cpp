// SPDX-License-Identifier: Apache-2.0
#include <png.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/exif_orientation.hpp"
#include "image/photo_reader.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t signature_size = 8;
constexpr std::size_t chunk_overhead = 12;  // length and name before the data, checksum behind
constexpr std::size_t ihdr_end = 33;        // signature, then the IHDR chunk

std::int64_t big_endian_32(const std::byte* at) {
  std::int64_t value = 0;
  for (int i = 0; i < 4; ++i) value = value * 256 + std::to_integer<int>(at[i]);
  return value;
}

// EXIF may stand before or behind the pixels.
int orientation_of(std::span<const std::byte> bytes) {
  std::size_t at = signature_size;
  while (bytes.size() - at > chunk_overhead) {
    const auto size = static_cast<std::size_t>(big_endian_32(bytes.data() + at));
    if (size > bytes.size() - at - chunk_overhead) break;
    if (std::memcmp(bytes.data() + at + 4, "eXIf", 4) == 0) {
      return exif_orientation(bytes.subspan(at + 8, size));
    }
    at += size + chunk_overhead;
  }
  return 1;
}

// What libpng's functions work on while it is fed. It calls back with rows as it meets them, so
// that what a broken file holds is known to the row. Methods that return bool are the ones that
// libpng may leave by longjmp: false then. No object with a destructor may live in them.
class PngFeed {
 public:
  explicit PngFeed(PixelSink& sink) : sink_(sink) {}
  PngFeed(const PngFeed&) = delete;
  PngFeed& operator=(const PngFeed&) = delete;
  ~PngFeed() { png_destroy_read_struct(&png_, &info_, nullptr); }

  bool start(bool tolerant);
  bool feed(std::span<const std::byte> bytes);

  // False where a checksum, or the compressed pixels themselves, say that pixels are wrong.
  [[nodiscard]] bool pixels_are_right() const {
    return pixels_ == expected_ && expected_ > 0 && !message().starts_with("IDAT");
  }
  [[nodiscard]] bool ended() const { return ended_; }
  [[nodiscard]] std::string_view message() const { return message_.data(); }
  // What is missing, for people.
  [[nodiscard]] std::string missing() const;
  // What the file says of its colours. libpng refuses a profile that is not for such a photo.
  [[nodiscard]] StoredColours colours() const;

 private:
  static PngFeed& of(png_structp png) {
    return *static_cast<PngFeed*>(png_get_progressive_ptr(png));
  }
  static void begin(png_structp png, png_infop info);
  static void take_row(png_structp png, png_bytep row, png_uint_32 y, int pass);
  static void end(png_structp png, png_infop /*info*/) { of(png).ended_ = true; }
  [[noreturn]] static void fail(png_structp png, png_const_charp message);
  static void warn(png_structp png, png_const_charp message);
  void put_row(const std::uint8_t* row, png_uint_32 y, int pass);
  [[nodiscard]] std::optional<CodedColours> coded_colours() const;

  PixelSink& sink_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  png_uint_32 width_ = 0;
  png_uint_32 height_ = 0;
  bool interlaced_ = false;
  bool has_alpha_ = false;
  bool ended_ = false;
  int rows_ = 0;
  std::int64_t pixels_ = 0;
  std::int64_t expected_ = 0;
  std::vector<std::uint8_t> rgb_;
  std::array<char, 128> message_{};
  std::array<char, 128> profile_message_{};
};

bool PngFeed::start(bool tolerant) {
  png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, fail, warn);
  info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
  if (info_ == nullptr) {
    std::strncpy(message_.data(), "out of memory", message_.size() - 1);
    return false;
  }
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  // The limit is ours, and was checked.
  png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  if (tolerant) png_set_crc_action(png_, PNG_CRC_WARN_USE, PNG_CRC_DEFAULT);
  png_set_progressive_read_fn(png_, this, begin, take_row, end);
  return true;
}

bool PngFeed::feed(std::span<const std::byte> bytes) {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  auto* data = reinterpret_cast<png_bytep>(const_cast<std::byte*>(bytes.data()));
  png_process_data(png_, info_, data, bytes.size());
  return true;
}

void PngFeed::begin(png_structp png, png_infop info) {
  PngFeed& self = of(png);
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_read_update_info(png, info);
  self.width_ = png_get_image_width(png, info);
  self.height_ = png_get_image_height(png, info);
  self.interlaced_ = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
  self.has_alpha_ = png_get_channels(png, info) == 4;
  self.expected_ = std::int64_t{self.width_} * self.height_;
  try {
    self.rgb_.resize(std::size_t{self.width_} * 3);
    return;
  } catch (const std::bad_alloc&) {  // must not pass through libpng
  }
  png_error(png, "out of memory");
}

void PngFeed::take_row(png_structp png, png_bytep row, png_uint_32 y, int pass) {
  if (row != nullptr) of(png).put_row(row, y, pass);
}

// The rows of an interlaced file hold every so manyeth pixel of every so manyeth row.
void PngFeed::put_row(const std::uint8_t* row, png_uint_32 y, int pass) {
  const png_uint_32 count = interlaced_ ? PNG_PASS_COLS(width_, pass) : width_;
  if (count == 0 || (interlaced_ && y >= PNG_PASS_ROWS(height_, pass))) return;
  const std::uint8_t* rgb = row;
  if (has_alpha_) {
    rgba_over_white(row, rgb_.data(), count);
    rgb = rgb_.data();
  }
  pixels_ += count;
  if (!interlaced_) {
    sink_.put(0, static_cast<int>(y), static_cast<int>(count), rgb);
    rows_ = static_cast<int>(y) + 1;
    return;
  }
  const int place = static_cast<int>(PNG_ROW_FROM_PASS_ROW(y, pass));
  for (png_uint_32 i = 0; i < count; ++i, rgb += 3) {
    sink_.put(static_cast<int>(PNG_COL_FROM_PASS_COL(i, pass)), place, 1, rgb);
  }
}

void PngFeed::fail(png_structp png, png_const_charp message) {
  auto* self = static_cast<PngFeed*>(png_get_error_ptr(png));
  std::strncpy(self->message_.data(), message, self->message_.size() - 1);
  png_longjmp(png, 1);
}

// Checksums that were passed over in a tolerant reading, and profiles; the rest does not change
// pixels.
void PngFeed::warn(png_structp png, png_const_charp message) {
  auto* self = static_cast<PngFeed*>(png_get_error_ptr(png));
  if (std::string_view(message).starts_with("IDAT")) {
    std::strncpy(self->message_.data(), message, self->message_.size() - 1);
  } else if (std::string_view(message).starts_with("iCCP")) {
    std::strncpy(self->profile_message_.data(), message, self->profile_message_.size() - 1);
  }
}

std::string PngFeed::missing() const {
  if (pixels_ == expected_) return "some are wrong";
  if (interlaced_) return "pixels are missing";
  return "rows from " + std::to_string(rows_) + " of " + std::to_string(height_) +
         " on are missing";
}

StoredColours PngFeed::colours() const {
  StoredColours colours;
  png_charp name = nullptr;
  png_bytep data = nullptr;
  png_uint_32 size = 0;
  int compression = 0;
  if (png_get_iCCP(png_, info_, &name, &compression, &data, &size) != 0) {
    const auto* begin = reinterpret_cast<const std::byte*>(data);
    colours.profile.assign(begin, begin + size);
  } else if (profile_message_[0] != '\0') {
    colours.fault = "colours are taken for sRGB: its colour profile is damaged (" +
                    std::string(profile_message_.data()) + ")";
  } else {
    colours.coded = coded_colours();
  }
  return colours;
}

std::optional<CodedColours> PngFeed::coded_colours() const {
  int intent = 0;
  if (png_get_sRGB(png_, info_, &intent) != 0) return std::nullopt;
  CodedColours colours = srgb_colours();
  std::array<double, 8>& xy = colours.chromaticities;
  const bool primaries = png_get_cHRM(png_, info_, &xy[0], &xy[1], &xy[2], &xy[3], &xy[4], &xy[5],
                                      &xy[6], &xy[7]) != 0;
  double file_gamma = 0;
  // Others are slips: nobody could see such a photo.
  if (png_get_gAMA(png_, info_, &file_gamma) != 0 && file_gamma > 0.2 && file_gamma < 2) {
    colours.transfer = 0;
    colours.gamma = 1 / file_gamma;
  } else if (!primaries) {
    return std::nullopt;
  }
  return colours;
}

class PngReader final : public StreamReader {
 public:
  PngReader(std::span<const std::byte> bytes, bool tolerant) : bytes_(bytes), tolerant_(tolerant) {
    if (bytes.size() < ihdr_end) throw_unreadable("truncated PNG file");
    constexpr std::int64_t most = PNG_UINT_31_MAX;
    header_.format = "PNG";
    header_.width = static_cast<int>(std::min(big_endian_32(bytes.data() + 16), most));
    header_.height = static_cast<int>(std::min(big_endian_32(bytes.data() + 20), most));
    header_.orientation = orientation_of(bytes);
    interlaced_ = std::to_integer<int>(bytes[28]) != 0;
  }

 protected:
  void read_pixels(PixelSink& sink) override;
  [[nodiscard]] RowOrder row_order() const override {
    return interlaced_ ? RowOrder::any : RowOrder::downwards;
  }

 private:
  std::span<const std::byte> bytes_;
  bool tolerant_;
  bool interlaced_ = false;
};

void PngReader::read_pixels(PixelSink& sink) {
  PngFeed feed(sink);
  const bool started = feed.start(tolerant_);
  const bool failed = !started || !feed.feed(bytes_);
  colours_ = started ? feed.colours() : StoredColours();
  if (feed.pixels_are_right()) {
    warning_ = failed || !feed.ended() ? "the end of the PNG file is missing or damaged" : "";
    return;
  }
  const bool truncated = !failed && !feed.ended();
  warning_ = truncated ? "truncated PNG file" : "damaged PNG file";
  if (!feed.message().empty()) warning_.append(": ").append(feed.message());
  if (!tolerant_) throw_unreadable(warning_);
  warning_ += ": " + feed.missing();
}

}  // namespace

std::unique_ptr<PhotoReader> open_png(std::span<const std::byte> bytes, bool tolerant) {
  return std::make_unique<PngReader>(bytes, tolerant);
}

}  // namespace facet::detail
