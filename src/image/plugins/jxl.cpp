// SPDX-License-Identifier: Apache-2.0
// libfacet_jxl.so: JPEG XL by libjxl, which turns photos upright by itself.
#include <jxl/decode.h>

#include <cstring>

#include "image/plugins/plugin_side.hpp"

namespace facet::plugin {
namespace {

struct Destroy {
  void operator()(JxlDecoder* decoder) const { JxlDecoderDestroy(decoder); }
};

// A decoder that has read the header of the bytes.
class Decoder {
 public:
  Decoder(std::span<const std::uint8_t> bytes, int events) : decoder_(JxlDecoderCreate(nullptr)) {
    if (!decoder_) throw std::bad_alloc();
    if (JxlDecoderSubscribeEvents(get(), JXL_DEC_BASIC_INFO | events) != JXL_DEC_SUCCESS ||
        JxlDecoderSetInput(get(), bytes.data(), bytes.size()) != JXL_DEC_SUCCESS) {
      fail();
    }
    JxlDecoderCloseInput(get());
    const JxlDecoderStatus status = next();
    if (status == JXL_DEC_NEED_MORE_INPUT) throw Unreadable("truncated JPEG XL file");
    if (status != JXL_DEC_BASIC_INFO || JxlDecoderGetBasicInfo(get(), &info_) != JXL_DEC_SUCCESS) {
      fail();
    }
  }

  [[nodiscard]] JxlDecoder* get() const { return decoder_.get(); }
  [[nodiscard]] const JxlBasicInfo& info() const { return info_; }
  // The next event. Throws where the file is damaged.
  JxlDecoderStatus next() {
    const JxlDecoderStatus status = JxlDecoderProcessInput(get());
    if (status == JXL_DEC_ERROR) fail();
    return status;
  }
  [[noreturn]] static void fail() { throw Unreadable("damaged or unsupported JPEG XL file"); }

 private:
  std::unique_ptr<JxlDecoder, Destroy> decoder_;
  JxlBasicInfo info_{};
};

// Runs of pixels on their way from libjxl.
struct Run {
  const FacetPixelTarget* target = nullptr;
  bool has_alpha = false;
  bool premultiplied = false;
  std::vector<std::uint8_t> rgb;

  void put(std::size_t x, std::size_t y, std::size_t count, const std::uint8_t* pixels) {
    const std::uint8_t* out = pixels;
    if (has_alpha) {
      if (premultiplied) {
        premultiplied_over_white(pixels, rgb.data(), count);
      } else {
        over_white(pixels, rgb.data(), count);
      }
      out = rgb.data();
    }
    target->put(target->context, static_cast<std::int32_t>(x), static_cast<std::int32_t>(y),
                static_cast<std::int32_t>(count), out);
  }
};

void take_run(void* run, std::size_t x, std::size_t y, std::size_t count, const void* pixels) {
  static_cast<Run*>(run)->put(x, y, count, static_cast<const std::uint8_t*>(pixels));
}

class JxlPhoto {
 public:
  explicit JxlPhoto(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
    const Decoder decoder(bytes, 0);
    header_ = header_of("JPEG XL", decoder.info().xsize, decoder.info().ysize);
    header_.downwards = 0;
  }
  [[nodiscard]] const FacetPhotoHeader& header() const { return header_; }
  void read(const FacetPhotoRequest& request, const FacetPixelTarget& target) const;

 private:
  static void tell_colours(const Decoder& decoder, const JxlPixelFormat& format,
                           const FacetPixelTarget& target);
  // Shows what a file holds that ends too early.
  void put_what_is_there(const Decoder& decoder, std::span<const std::uint8_t> pixels,
                         const FacetPixelTarget& target, Run& run) const;

  std::span<const std::uint8_t> bytes_;
  FacetPhotoHeader header_{};
};

void JxlPhoto::tell_colours(const Decoder& decoder, const JxlPixelFormat& format,
                            const FacetPixelTarget& target) {
  if (decoder.info().uses_original_profile == JXL_FALSE) {
    JxlColorEncoding srgb{};
    const bool grey = decoder.info().num_color_channels == 1;
    srgb.color_space = grey ? JXL_COLOR_SPACE_GRAY : JXL_COLOR_SPACE_RGB;
    srgb.white_point = JXL_WHITE_POINT_D65;
    srgb.primaries = JXL_PRIMARIES_SRGB;
    srgb.transfer_function = JXL_TRANSFER_FUNCTION_SRGB;
    srgb.rendering_intent = JXL_RENDERING_INTENT_RELATIVE;
    JxlDecoderSetPreferredColorProfile(decoder.get(), &srgb);
  }
  std::size_t size = 0;
  if (JxlDecoderGetICCProfileSize(decoder.get(), &format, JXL_COLOR_PROFILE_TARGET_DATA, &size) !=
      JXL_DEC_SUCCESS) {
    return;
  }
  std::vector<std::uint8_t> profile(size);
  if (JxlDecoderGetColorAsICCProfile(decoder.get(), &format, JXL_COLOR_PROFILE_TARGET_DATA,
                                     profile.data(), size) == JXL_DEC_SUCCESS) {
    target.profile(target.context, profile.data(), size);
  }
}

void JxlPhoto::put_what_is_there(const Decoder& decoder, std::span<const std::uint8_t> pixels,
                                 const FacetPixelTarget& target, Run& run) const {
  if (JxlDecoderFlushImage(decoder.get()) == JXL_DEC_SUCCESS) {
    const std::size_t width = static_cast<std::size_t>(header_.width);
    const std::size_t stride = width * (run.has_alpha ? 4 : 3);
    for (std::size_t y = 0; y < static_cast<std::size_t>(header_.height); ++y) {
      run.put(0, y, width, pixels.data() + y * stride);
    }
  }
  target.warn(target.context, "truncated JPEG XL file: pixels are missing");
}

void JxlPhoto::read(const FacetPhotoRequest& request, const FacetPixelTarget& target) const {
  Decoder decoder(bytes_, JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
  const bool tolerant = request.tolerant != 0;
  const auto width = static_cast<std::size_t>(header_.width);
  const auto height = static_cast<std::size_t>(header_.height);
  Run run{&target, decoder.info().alpha_bits > 0, decoder.info().alpha_premultiplied != 0, {}};
  run.rgb.resize(width * 3);
  const std::size_t channels = run.has_alpha ? 4 : 3;
  const JxlPixelFormat format{static_cast<std::uint32_t>(channels), JXL_TYPE_UINT8,
                              JXL_NATIVE_ENDIAN, 0};
  std::vector<std::uint8_t> pixels(tolerant ? width * height * channels : 0);
  for (;;) {
    switch (decoder.next()) {
      case JXL_DEC_COLOR_ENCODING:
        tell_colours(decoder, format, target);
        break;
      case JXL_DEC_NEED_IMAGE_OUT_BUFFER: {
        begin(target, header_.width, header_.height);
        // Only from a buffer can be shown what a file holds that ends too early.
        const JxlDecoderStatus status =
            tolerant
                ? JxlDecoderSetImageOutBuffer(decoder.get(), &format, pixels.data(), pixels.size())
                : JxlDecoderSetImageOutCallback(decoder.get(), &format, take_run, &run);
        if (status != JXL_DEC_SUCCESS) Decoder::fail();
        break;
      }
      case JXL_DEC_FULL_IMAGE:
        for (std::size_t y = 0; tolerant && y < height; ++y) {
          run.put(0, y, width, pixels.data() + y * width * channels);
        }
        return;
      case JXL_DEC_NEED_MORE_INPUT:
        if (!tolerant || pixels.empty()) throw Unreadable("truncated JPEG XL file");
        put_what_is_there(decoder, pixels, target, run);
        return;
      default:
        Decoder::fail();
    }
  }
}

}  // namespace
}  // namespace facet::plugin

extern "C" [[gnu::visibility("default")]] const FacetPhotoPlugin* facet_photo_plugin() {
  static const std::string library = [] {
    const std::uint32_t version = JxlDecoderVersion();
    return "libjxl " + std::to_string(version / 1000000) + "." +
           std::to_string(version / 1000 % 1000) + "." + std::to_string(version % 1000);
  }();
  static const FacetPhotoPlugin plugin =
      facet::plugin::plugin_of<facet::plugin::JxlPhoto>(library.c_str());
  return &plugin;
}
