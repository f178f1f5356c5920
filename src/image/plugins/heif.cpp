// SPDX-License-Identifier: Apache-2.0
// libfacet_heif.so: HEIC, HEIF and AVIF by libheif, which turns photos upright by itself.
#include <libheif/heif.h>

#include <cstring>

#include "image/plugins/plugin_side.hpp"

namespace facet::plugin {
namespace {

template <auto Release>
struct Releaser {
  template <typename T>
  void operator()(T* object) const {
    Release(object);
  }
};
using Context = std::unique_ptr<heif_context, Releaser<heif_context_free>>;
using Handle = std::unique_ptr<heif_image_handle, Releaser<heif_image_handle_release>>;
using Pixels = std::unique_ptr<const heif_image, Releaser<heif_image_release>>;
using Options = std::unique_ptr<heif_decoding_options, Releaser<heif_decoding_options_free>>;

void check(const heif_error& error) {
  if (error.code == heif_error_Ok) return;
  std::string text = error.message != nullptr ? error.message : "unknown error";
  if (error.subcode == heif_suberror_End_of_data) throw Unreadable("truncated HEIF file");
  throw Unreadable("damaged or unsupported HEIF file: " + text);
}

bool has_brand(std::span<const std::uint8_t> bytes, const char* brand) {
  return heif_has_compatible_brand(bytes.data(), static_cast<int>(bytes.size()), brand) == 1;
}

const char* name_of(std::span<const std::uint8_t> bytes) {
  if (has_brand(bytes, "avif")) return "AVIF";
  for (const char* brand : {"heic", "heix", "heim", "heis"}) {
    if (has_brand(bytes, brand)) return "HEIC";
  }
  return "HEIF";
}

class HeifPhoto {
 public:
  explicit HeifPhoto(std::span<const std::uint8_t> bytes);
  [[nodiscard]] const FacetPhotoHeader& header() const { return header_; }
  void read(const FacetPhotoRequest& request, const FacetPixelTarget& target) const;

 private:
  // The smallest thumbnail that is large enough, or null.
  [[nodiscard]] Handle thumbnail(int reduce) const;
  // False where nothing is said.
  static bool tell_colours(const heif_image_handle& handle, const FacetPixelTarget& target);

  Context context_{heif_context_alloc()};
  Handle handle_;
  FacetPhotoHeader header_{};
};

HeifPhoto::HeifPhoto(std::span<const std::uint8_t> bytes) {
  check(heif_context_read_from_memory_without_copy(context_.get(), bytes.data(), bytes.size(),
                                                   nullptr));
  // facet reads photos side by side.
  heif_context_set_max_decoding_threads(context_.get(), 0);
  heif_image_handle* handle = nullptr;
  check(heif_context_get_primary_image_handle(context_.get(), &handle));
  handle_.reset(handle);
  header_ = header_of(name_of(bytes), heif_image_handle_get_width(handle),
                      heif_image_handle_get_height(handle));
}

Handle HeifPhoto::thumbnail(int reduce) const {
  Handle best;
  const int count = heif_image_handle_get_number_of_thumbnails(handle_.get());
  std::vector<heif_item_id> ids(static_cast<std::size_t>(std::max(count, 0)));
  heif_image_handle_get_list_of_thumbnail_IDs(handle_.get(), ids.data(), count);
  for (const heif_item_id id : ids) {
    heif_image_handle* found = nullptr;
    if (heif_image_handle_get_thumbnail(handle_.get(), id, &found).code != heif_error_Ok) continue;
    Handle handle(found);
    const std::int64_t width = heif_image_handle_get_width(found);
    const std::int64_t height = heif_image_handle_get_height(found);
    const bool large_enough = width * reduce >= header_.width && height * reduce >= header_.height;
    // Of the same shape, to a pixel: some cameras lay thumbnails on black.
    const std::int64_t skew = width * header_.height - height * header_.width;
    const bool same_shape = std::abs(skew) <= std::max(header_.width, header_.height);
    if (!large_enough || !same_shape) continue;
    if (best == nullptr || width < heif_image_handle_get_width(best.get()))
      best = std::move(handle);
  }
  return best;
}

bool HeifPhoto::tell_colours(const heif_image_handle& handle, const FacetPixelTarget& target) {
  if (const std::size_t size = heif_image_handle_get_raw_color_profile_size(&handle); size > 0) {
    std::vector<std::uint8_t> profile(size);
    check(heif_image_handle_get_raw_color_profile(&handle, profile.data()));
    target.profile(target.context, profile.data(), size);
    return true;
  }
  heif_color_profile_nclx* colours = nullptr;
  if (heif_image_handle_get_nclx_color_profile(&handle, &colours).code != heif_error_Ok) {
    return false;
  }
  target.colours(target.context, colours->color_primaries, colours->transfer_characteristics);
  heif_nclx_color_profile_free(colours);
  return true;
}

void HeifPhoto::read(const FacetPhotoRequest& request, const FacetPixelTarget& target) const {
  const Handle small = request.reduce > 1 ? thumbnail(request.reduce) : nullptr;
  const heif_image_handle* handle = small ? small.get() : handle_.get();
  const bool alpha = heif_image_handle_has_alpha_channel(handle) != 0;
  const Options options(heif_decoding_options_alloc());
  options->convert_hdr_to_8bit = 1;
  heif_image* decoded = nullptr;
  check(heif_decode_image(handle, &decoded, heif_colorspace_RGB,
                          alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB,
                          options.get()));
  const Pixels pixels(decoded);
  const int width = heif_image_get_width(decoded, heif_channel_interleaved);
  const int height = heif_image_get_height(decoded, heif_channel_interleaved);
  int stride = 0;
  const std::uint8_t* rows =
      heif_image_get_plane_readonly(decoded, heif_channel_interleaved, &stride);
  if (rows == nullptr) throw Unreadable("damaged or unsupported HEIF file: no pixels");
  heif_error fault{};
  if (heif_image_get_decoding_warnings(decoded, 0, &fault, 1) > 0 && fault.message != nullptr) {
    target.warn(target.context, ("the HEIF file is odd: " + std::string(fault.message)).c_str());
  }
  // A thumbnail may leave its colours to the photo.
  if (!tell_colours(*handle, target)) tell_colours(*handle_, target);
  begin(target, width, height);
  const bool premultiplied = alpha && heif_image_handle_is_premultiplied_alpha(handle) != 0;
  std::vector<std::uint8_t> row(static_cast<std::size_t>(width) * 3);
  for (int y = 0; y < height; ++y, rows += stride) {
    if (premultiplied) {
      premultiplied_over_white(rows, row.data(), static_cast<std::size_t>(width));
    } else if (alpha) {
      over_white(rows, row.data(), static_cast<std::size_t>(width));
    } else {
      std::memcpy(row.data(), rows, row.size());
    }
    put_row(target, y, row);
  }
}

}  // namespace
}  // namespace facet::plugin

extern "C" [[gnu::visibility("default")]] const FacetPhotoPlugin* facet_photo_plugin() {
  static const std::string library = std::string("libheif ") + heif_get_version();
  static const FacetPhotoPlugin plugin =
      facet::plugin::plugin_of<facet::plugin::HeifPhoto>(library.c_str());
  return &plugin;
}
