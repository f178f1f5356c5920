// SPDX-License-Identifier: Apache-2.0
// libfacet_tiff.so: the first picture of TIFF files, by libtiff.
#include <tiffio.h>

#include <array>
#include <cstdarg>
#include <cstring>

#include "image/plugins/plugin_side.hpp"

namespace facet::plugin {
namespace {

constexpr tmsize_t kLargestBlock = tmsize_t{1} << 30;
constexpr int kMostDirectories = 100;

// The bytes of a file and where in them libtiff reads.
struct Source {
  std::span<const std::uint8_t> bytes;
  std::size_t at = 0;
  std::array<char, 160> error{};
};

Source& source_of(thandle_t handle) {
  return *static_cast<Source*>(handle);
}

tmsize_t read_bytes(thandle_t handle, void* to, tmsize_t count) {
  Source& source = source_of(handle);
  const std::size_t left = source.bytes.size() - std::min(source.at, source.bytes.size());
  const std::size_t size = std::min(static_cast<std::size_t>(count), left);
  if (size > 0) std::memcpy(to, source.bytes.data() + source.at, size);
  source.at += size;
  return static_cast<tmsize_t>(size);
}

tmsize_t write_nothing(thandle_t /*handle*/, void* /*from*/, tmsize_t /*count*/) {
  return -1;
}

toff_t seek(thandle_t handle, toff_t offset, int whence) {
  Source& source = source_of(handle);
  const toff_t base = whence == SEEK_CUR ? source.at : whence == SEEK_END ? source.bytes.size() : 0;
  source.at = static_cast<std::size_t>(base + offset);
  return source.at;
}

int close_nothing(thandle_t /*handle*/) {
  return 0;
}

toff_t size_of(thandle_t handle) {
  return source_of(handle).bytes.size();
}

int map_bytes(thandle_t handle, void** base, toff_t* size) {
  *base = const_cast<std::uint8_t*>(source_of(handle).bytes.data());
  *size = source_of(handle).bytes.size();
  return 1;
}

void unmap_nothing(thandle_t /*handle*/, void* /*base*/, toff_t /*size*/) {
}

// The first error is the one that says what is wrong.
int note_error(TIFF* /*file*/, void* user, const char* /*part*/, const char* format,
               va_list values) {
  auto& error = static_cast<Source*>(user)->error;
  if (error[0] == '\0') std::vsnprintf(error.data(), error.size(), format, values);
  return 1;
}

int ignore_warning(TIFF* /*file*/, void* /*user*/, const char* /*part*/, const char* /*format*/,
                   va_list /*values*/) {
  return 1;
}

struct Close {
  void operator()(TIFF* file) const { TIFFClose(file); }
};
struct FreeOptions {
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};

template <typename T>
T field(TIFF* file, std::uint32_t tag, T otherwise) {
  T value{};
  return TIFFGetFieldDefaulted(file, tag, &value) == 1 ? value : otherwise;
}

// How the samples of a picture lie in its rows.
struct Layout {
  std::uint16_t samples = 1;
  std::uint16_t bits = 1;
  std::uint16_t photometric = 0;
  std::uint16_t alpha = EXTRASAMPLE_UNSPECIFIED;  // of the sample behind the colours
  bool readable_by_row = false;                   // as 8- or 16-bit grey, RGB or ink, whole rows

  [[nodiscard]] bool ink() const { return photometric == PHOTOMETRIC_SEPARATED; }
  [[nodiscard]] std::size_t colours() const {
    return ink() ? 4 : photometric == PHOTOMETRIC_RGB ? 3 : 1;
  }
};

class TiffPhoto {
 public:
  explicit TiffPhoto(std::span<const std::uint8_t> bytes);
  [[nodiscard]] const FacetPhotoHeader& header() const { return header_; }
  void read(const FacetPhotoRequest& request, const FacetPixelTarget& target);

 private:
  void choose_directory();
  [[nodiscard]] Layout layout() const;
  void tell_profile(const Layout& layout, const FacetPixelTarget& target) const;
  // A row as libtiff gives it, as amounts of ink.
  static void to_ink(const Layout& layout, const std::uint8_t* samples,
                     std::span<std::uint8_t> ink);
  // The same as RGB.
  static void to_rgb(const Layout& layout, const std::uint8_t* samples,
                     std::span<std::uint8_t> rgb);
  // All rows from `first` on that were read; the number of the one that was not, or the height.
  int read_rows(const Layout& layout, bool tolerant, const FacetPixelTarget& target);
  int read_blocks(bool tolerant, const FacetPixelTarget& target);
  void put_block(std::span<const std::uint32_t> pixels, int left, int top, int width, int height,
                 int stride, const FacetPixelTarget& target) const;
  [[noreturn]] void fail() const;
  [[nodiscard]] std::string fault() const;

  Source source_;
  std::unique_ptr<TIFF, Close> file_;
  FacetPhotoHeader header_{};
};

TiffPhoto::TiffPhoto(std::span<const std::uint8_t> bytes) : source_{bytes} {
  const std::unique_ptr<TIFFOpenOptions, FreeOptions> options(TIFFOpenOptionsAlloc());
  if (!options) throw std::bad_alloc();
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kLargestBlock);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), note_error, &source_);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore_warning, &source_);
  file_.reset(TIFFClientOpenExt("photo", "r", &source_, read_bytes, write_nothing, seek,
                                close_nothing, size_of, map_bytes, unmap_nothing, options.get()));
  if (!file_) fail();
  choose_directory();
  const auto width = field<std::uint32_t>(file_.get(), TIFFTAG_IMAGEWIDTH, 0);
  const auto height = field<std::uint32_t>(file_.get(), TIFFTAG_IMAGELENGTH, 0);
  const auto orientation = field<std::uint16_t>(file_.get(), TIFFTAG_ORIENTATION, 1);
  header_ = header_of("TIFF", width, height);
  header_.orientation = orientation;
  header_.downwards = TIFFIsTiled(file_.get()) == 0 ? 1 : 0;  // a row of tiles comes tile by tile
  // libtiff would undo a part of it.
  TIFFSetField(file_.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
}

// The first picture, unless that says that it is the small form of another one.
void TiffPhoto::choose_directory() {
  const auto is_small = [&] {
    return (field<std::uint32_t>(file_.get(), TIFFTAG_SUBFILETYPE, 0) & FILETYPE_REDUCEDIMAGE) != 0;
  };
  if (!is_small()) return;
  for (int i = 1; i < kMostDirectories && TIFFReadDirectory(file_.get()) == 1; ++i) {
    if (!is_small()) return;
  }
  if (TIFFSetDirectory(file_.get(), 0) != 1) fail();
}

std::string TiffPhoto::fault() const {
  return "damaged or unsupported TIFF file: " +
         std::string(source_.error[0] != '\0' ? source_.error.data() : "no picture in it");
}

void TiffPhoto::fail() const {
  throw Unreadable(fault());
}

bool is_cmyk(TIFF* file) {
  return field<std::uint16_t>(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK) ==
             PHOTOMETRIC_SEPARATED &&
         field<std::uint16_t>(file, TIFFTAG_INKSET, INKSET_CMYK) == INKSET_CMYK;
}

Layout TiffPhoto::layout() const {
  TIFF* file = file_.get();
  Layout layout;
  layout.samples = field<std::uint16_t>(file, TIFFTAG_SAMPLESPERPIXEL, 1);
  layout.bits = field<std::uint16_t>(file, TIFFTAG_BITSPERSAMPLE, 1);
  layout.photometric = field<std::uint16_t>(file, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  const auto planes = field<std::uint16_t>(file, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  const auto kind = field<std::uint16_t>(file, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  std::uint16_t extra = 0;
  std::uint16_t* kinds = nullptr;
  if (TIFFGetFieldDefaulted(file, TIFFTAG_EXTRASAMPLES, &extra, &kinds) == 1 && extra > 0 &&
      kinds != nullptr) {
    layout.alpha = kinds[0];
  }
  const bool grey =
      layout.photometric == PHOTOMETRIC_MINISBLACK || layout.photometric == PHOTOMETRIC_MINISWHITE;
  layout.readable_by_row = TIFFIsTiled(file) == 0 && planes == PLANARCONFIG_CONTIG &&
                           kind == SAMPLEFORMAT_UINT && (layout.bits == 8 || layout.bits == 16) &&
                           (grey || layout.photometric == PHOTOMETRIC_RGB || is_cmyk(file)) &&
                           layout.samples >= layout.colours();
  return layout;
}

// Colours that libtiff converts by itself are not those of the profile.
void TiffPhoto::tell_profile(const Layout& layout, const FacetPixelTarget& target) const {
  switch (layout.photometric) {
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_PALETTE:
    case PHOTOMETRIC_YCBCR:
      break;
    case PHOTOMETRIC_SEPARATED:
      if (!layout.readable_by_row) return;
      break;
    default:
      return;
  }
  std::uint32_t size = 0;
  void* profile = nullptr;
  if (TIFFGetField(file_.get(), TIFFTAG_ICCPROFILE, &size, &profile) == 1) {
    target.profile(target.context, static_cast<const std::uint8_t*>(profile), size);
  }
}

// One of a row's samples, as a byte.
int sample_of(const Layout& layout, const std::uint8_t* samples, std::size_t index) {
  if (layout.bits == 8) return samples[index];
  std::uint16_t value = 0;
  std::memcpy(&value, samples + index * 2, 2);
  return static_cast<int>((std::uint32_t{value} * 255U + 32895U) >> 16U);
}

void TiffPhoto::to_ink(const Layout& layout, const std::uint8_t* samples,
                       std::span<std::uint8_t> ink) {
  std::size_t at = 0;
  for (std::size_t i = 0; i + 3 < ink.size(); i += 4, at += layout.samples) {
    for (std::size_t c = 0; c < 4; ++c) {
      ink[i + c] = static_cast<std::uint8_t>(sample_of(layout, samples, at + c));
    }
  }
}

void TiffPhoto::to_rgb(const Layout& layout, const std::uint8_t* samples,
                       std::span<std::uint8_t> rgb) {
  const std::size_t colours = layout.colours();
  const bool has_alpha = layout.samples > colours && layout.alpha != EXTRASAMPLE_UNSPECIFIED;
  const auto sample = [&](std::size_t index) { return sample_of(layout, samples, index); };
  std::size_t at = 0;
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3, at += layout.samples) {
    for (std::size_t c = 0; c < 3; ++c) {
      int value = sample(at + (colours == 3 ? c : 0));
      if (layout.photometric == PHOTOMETRIC_MINISWHITE) value = 255 - value;
      if (has_alpha) {
        const int alpha = sample(at + colours);
        if (layout.alpha == EXTRASAMPLE_UNASSALPHA) value = (value * alpha + 127) / 255;
        value = std::min(value + 255 - alpha, 255);
      }
      rgb[i + c] = static_cast<std::uint8_t>(value);
    }
  }
}

int TiffPhoto::read_rows(const Layout& layout, bool tolerant, const FacetPixelTarget& target) {
  const tmsize_t size = TIFFScanlineSize(file_.get());
  const auto needed = static_cast<tmsize_t>(header_.width) * layout.samples * (layout.bits / 8);
  if (size < needed) fail();
  std::vector<std::uint8_t> samples(static_cast<std::size_t>(size));
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(header_.width) *
                                   (layout.ink() ? 4 : 3));
  for (int y = 0; y < header_.height; ++y) {
    if (TIFFReadScanline(file_.get(), samples.data(), static_cast<std::uint32_t>(y), 0) != 1) {
      if (!tolerant) fail();
      return y;
    }
    if (layout.ink()) {
      to_ink(layout, samples.data(), pixels);
      target.put_ink(target.context, 0, y, header_.width, pixels.data());
    } else {
      to_rgb(layout, samples.data(), pixels);
      put_row(target, y, pixels);
    }
  }
  return header_.height;
}

// libtiff's pixels: alpha is multiplied in; the lowest row comes first.
void TiffPhoto::put_block(std::span<const std::uint32_t> pixels, int left, int top, int width,
                          int height, int stride, const FacetPixelTarget& target) const {
  const int columns = std::min(width, header_.width - left);
  const int rows = std::min(height, header_.height - top);
  std::vector<std::uint8_t> rgb(static_cast<std::size_t>(columns) * 3);
  for (int y = 0; y < rows; ++y) {
    const std::uint32_t* from =
        pixels.data() + static_cast<std::ptrdiff_t>(height - 1 - y) * stride;
    for (int x = 0; x < columns; ++x) {
      const std::uint32_t pixel = from[x];
      const unsigned white = 255U - TIFFGetA(pixel);
      std::uint8_t* to = rgb.data() + static_cast<std::ptrdiff_t>(x) * 3;
      to[0] = static_cast<std::uint8_t>(std::min(TIFFGetR(pixel) + white, 255U));
      to[1] = static_cast<std::uint8_t>(std::min(TIFFGetG(pixel) + white, 255U));
      to[2] = static_cast<std::uint8_t>(std::min(TIFFGetB(pixel) + white, 255U));
    }
    target.put(target.context, left, top + y, columns, rgb.data());
  }
}

int TiffPhoto::read_blocks(bool tolerant, const FacetPixelTarget& target) {
  TIFF* file = file_.get();
  const bool tiled = TIFFIsTiled(file) != 0;
  const auto whole_width = static_cast<std::uint32_t>(header_.width);
  const auto whole_height = static_cast<std::uint32_t>(header_.height);
  std::uint32_t width = whole_width;
  std::uint32_t height = 0;
  if (tiled) {
    width = field<std::uint32_t>(file, TIFFTAG_TILEWIDTH, 0);
    height = field<std::uint32_t>(file, TIFFTAG_TILELENGTH, 0);
  } else {
    height = std::min(field<std::uint32_t>(file, TIFFTAG_ROWSPERSTRIP, whole_height), whole_height);
  }
  if (width == 0 || height == 0 || std::uint64_t{width} * height > kLargestBlock / 4) fail();
  std::vector<std::uint32_t> pixels(std::size_t{width} * height);
  for (std::uint32_t top = 0; top < whole_height; top += height) {
    for (std::uint32_t left = 0; left < whole_width; left += width) {
      const int read = tiled ? TIFFReadRGBATileExt(file, left, top, pixels.data(), 1)
                             : TIFFReadRGBAStripExt(file, top, pixels.data(), 1);
      if (read != 1) {
        if (!tolerant) fail();
        return static_cast<int>(top);
      }
      // The last strip has the rows that are left; tiles are filled up.
      const std::uint32_t rows = tiled ? height : std::min(height, whole_height - top);
      put_block(pixels, static_cast<int>(left), static_cast<int>(top), static_cast<int>(width),
                static_cast<int>(rows), static_cast<int>(width), target);
    }
  }
  return header_.height;
}

void TiffPhoto::read(const FacetPhotoRequest& request, const FacetPixelTarget& target) {
  source_.error[0] = '\0';
  const Layout how = layout();
  const bool tolerant = request.tolerant != 0;
  tell_profile(how, target);
  begin(target, header_.width, header_.height);
  const int rows =
      how.readable_by_row ? read_rows(how, tolerant, target) : read_blocks(tolerant, target);
  if (rows == header_.height) return;
  const std::string text = fault() + ": rows from " + std::to_string(rows) + " of " +
                           std::to_string(header_.height) + " on are missing";
  target.warn(target.context, text.c_str());
}

}  // namespace
}  // namespace facet::plugin

extern "C" [[gnu::visibility("default")]] const FacetPhotoPlugin* facet_photo_plugin() {
  static const std::string library = [] {
    // "LIBTIFF, Version 4.5.0", then the copyright.
    const std::string text = TIFFGetVersion();
    const std::size_t number = text.find_first_of("0123456789");
    return "libtiff " + text.substr(number, text.find('\n') - number);
  }();
  static const FacetPhotoPlugin plugin =
      facet::plugin::plugin_of<facet::plugin::TiffPhoto>(library.c_str());
  return &plugin;
}
