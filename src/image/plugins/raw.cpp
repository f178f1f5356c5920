// SPDX-License-Identifier: Apache-2.0
// libfacet_raw.so: raw photos of cameras by libraw: the preview that they hold, or, where that is
// small, the sensor's picture at half its sides.
#include <libraw/libraw.h>

#include "image/plugins/plugin_side.hpp"

namespace facet::plugin {
namespace {

constexpr int kSmallPreview = 1024;  // of its long side, in pixels
constexpr unsigned kMostMegabytes = 2048;

void check(int status) {
  if (status == LIBRAW_SUCCESS) return;
  if (status == LIBRAW_IO_ERROR) throw Unreadable("truncated raw file");
  if (status == LIBRAW_UNSUFFICIENT_MEMORY || status == ENOMEM) throw std::bad_alloc();
  throw Unreadable(std::string("damaged or unsupported raw file: ") + libraw_strerror(status));
}

struct Free {
  void operator()(libraw_processed_image_t* image) const { LibRaw::dcraw_clear_mem(image); }
};

// EXIF's number for libraw's turn.
int orientation_of(int flip) {
  switch (flip) {
    case 3:
      return 3;
    case 5:
      return 8;
    case 6:
      return 6;
    default:
      return 1;
  }
}

// Little-endian or, where `big`, big-endian; 0 beyond the end.
std::uint32_t number_at(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t size,
                        bool big) {
  if (size > bytes.size() || at > bytes.size() - size) return 0;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value = value << 8U | bytes[big ? at + i : at + size - 1 - i];
  }
  return value;
}

// Maker and model of the camera, in the first folder of files that are like TIFF, are text. libraw
// 0.20 ends the program where a model it looks into is none.
void check_camera_names(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 8 || (bytes[0] != 'I' && bytes[0] != 'M') || bytes[1] != bytes[0]) return;
  const bool big = bytes[0] == 'M';
  constexpr std::uint32_t kMaker = 271;
  constexpr std::uint32_t kModel = 272;
  constexpr std::size_t kMostOfName = 63;
  const std::size_t folder = number_at(bytes, 4, 4, big);
  const std::uint32_t entries = number_at(bytes, folder, 2, big);
  for (std::uint32_t i = 0; i < entries; ++i) {
    const std::size_t entry = folder + 2 + std::size_t{12} * i;
    const std::uint32_t tag = number_at(bytes, entry, 2, big);
    if (tag != kMaker && tag != kModel) continue;
    const std::uint32_t length = number_at(bytes, entry + 4, 4, big);
    std::size_t at = length <= 4 ? entry + 8 : number_at(bytes, entry + 8, 4, big);
    // libraw reads a line of so many bytes, however long the file says that the name is.
    for (const std::size_t end = at + kMostOfName;
         at < end && at < bytes.size() && bytes[at] != 0 && bytes[at] != '\n'; ++at) {
      if (bytes[at] < 0x20 || bytes[at] > 0x7E) {
        throw Unreadable("damaged raw file: the name of its camera is no text");
      }
    }
  }
}

class RawPhoto {
 public:
  explicit RawPhoto(std::span<const std::uint8_t> bytes);
  [[nodiscard]] const FacetPhotoHeader& header() const { return header_; }
  [[nodiscard]] std::span<const std::uint8_t> embedded() const;
  void read(const FacetPhotoRequest& request, const FacetPixelTarget& target);

 private:
  // Whether the preview is a JPEG that is large enough.
  bool find_preview();

  std::unique_ptr<LibRaw> raw_ = std::make_unique<LibRaw>();  // too large for a stack
  bool has_preview_ = false;
  FacetPhotoHeader header_{};
};

RawPhoto::RawPhoto(std::span<const std::uint8_t> bytes) {
  check_camera_names(bytes);
  raw_->set_dataerror_handler(nullptr, nullptr);  // it would print
  auto& settings = raw_->imgdata.params;
  settings.max_raw_memory_mb = kMostMegabytes;
  settings.half_size = 1;
  settings.output_bps = 8;
  settings.output_color = 1;  // sRGB
  settings.use_camera_wb = 1;
  settings.user_flip = 0;  // facet turns photos itself
  check(raw_->open_buffer(const_cast<std::uint8_t*>(bytes.data()), bytes.size()));
  const libraw_image_sizes_t& sizes = raw_->imgdata.sizes;
  header_ = header_of("RAW", sizes.width / 2, sizes.height / 2);
  header_.orientation = orientation_of(sizes.flip);
  has_preview_ = find_preview();
}

bool RawPhoto::find_preview() {
  if (raw_->unpack_thumb() != LIBRAW_SUCCESS) return false;
  const libraw_thumbnail_t& preview = raw_->imgdata.thumbnail;
  if (preview.tformat != LIBRAW_THUMBNAIL_JPEG || preview.thumb == nullptr) return false;
  const int width = preview.twidth;
  const int height = preview.theight;
  if (std::max(width, height) < std::min(kSmallPreview, std::max(header_.width, header_.height))) {
    return false;
  }
  // One that stands upright while the sensor lay on its side has been turned already.
  const bool lay = header_.orientation >= 5;
  if (lay && (width < height) == (header_.width > header_.height)) header_.orientation = 1;
  header_.width = width;
  header_.height = height;
  return true;
}

std::span<const std::uint8_t> RawPhoto::embedded() const {
  if (!has_preview_) return {};
  const libraw_thumbnail_t& preview = raw_->imgdata.thumbnail;
  return {reinterpret_cast<const std::uint8_t*>(preview.thumb), preview.tlength};
}

void RawPhoto::read(const FacetPhotoRequest& /*request*/, const FacetPixelTarget& target) {
  check(raw_->unpack());
  check(raw_->dcraw_process());
  int status = LIBRAW_SUCCESS;
  const std::unique_ptr<libraw_processed_image_t, Free> image(raw_->dcraw_make_mem_image(&status));
  check(status);
  if (!image || image->type != LIBRAW_IMAGE_BITMAP || image->bits != 8 || image->colors != 3) {
    throw Unreadable("unsupported raw file");
  }
  begin(target, image->width, image->height);
  const std::size_t stride = std::size_t{3} * image->width;
  for (int y = 0; y < image->height; ++y) {
    put_row(target, y, std::span(image->data + static_cast<std::size_t>(y) * stride, stride));
  }
}

}  // namespace
}  // namespace facet::plugin

extern "C" [[gnu::visibility("default")]] const FacetPhotoPlugin* facet_photo_plugin() {
  static const std::string library = std::string("libraw ") + LibRaw::version();
  static const FacetPhotoPlugin plugin =
      facet::plugin::plugin_of<facet::plugin::RawPhoto>(library.c_str());
  return &plugin;
}
