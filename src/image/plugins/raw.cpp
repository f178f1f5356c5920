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
