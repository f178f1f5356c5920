// SPDX-License-Identifier: Apache-2.0
#include "image/plugin_files.hpp"

#include <gif_lib.h>
#include <gtest/gtest.h>
#include <jxl/encode.h>
#include <libheif/heif.h>
#include <tiffio.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>

namespace facet::detail::test {
namespace {

// Lets `write` write a file, and reads it.
Bytes written(const std::function<void(const std::string&)>& write) {
  const std::string file =
      std::filesystem::temp_directory_path() / ("facet-plugin-" + std::to_string(getpid()));
  write(file);
  std::ifstream stream(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)),
                         std::istreambuf_iterator<char>());
  std::filesystem::remove(file);
  return bytes_of(text);
}

std::uint16_t channels_of(TiffPixels pixels) {
  return pixels == TiffPixels::rgb ? 3 : pixels == TiffPixels::grey ? 1 : 4;
}

std::uint16_t photometric_of(const TiffForm& form) {
  if (form.pixels == TiffPixels::rgb) return PHOTOMETRIC_RGB;
  if (form.pixels == TiffPixels::ink) return PHOTOMETRIC_SEPARATED;
  return form.white_is_zero ? PHOTOMETRIC_MINISWHITE : PHOTOMETRIC_MINISBLACK;
}

// Bytes as samples of that many bits, in the machine's order.
std::vector<std::uint8_t> as_samples(std::span<const std::uint8_t> bytes, int bits) {
  std::vector<std::uint8_t> samples;
  for (const std::uint8_t byte : bytes) samples.insert(samples.end(), bits == 16 ? 2 : 1, byte);
  return samples;
}

void put_pixels(heif_image& image, const Image& photo, int bits) {
  int stride = 0;
  std::uint8_t* plane = heif_image_get_plane(&image, heif_channel_interleaved, &stride);
  for (int y = 0; y < photo.height; ++y, plane += stride) {
    for (int i = 0; i < photo.width * 3; ++i) {
      const unsigned value = photo.row(y)[i];
      if (bits == 8) {
        plane[i] = static_cast<std::uint8_t>(value);
        continue;
      }
      const unsigned wide = value << (bits - 8) | value >> (16 - bits);
      plane[2 * i] = static_cast<std::uint8_t>(wide & 255U);
      plane[2 * i + 1] = static_cast<std::uint8_t>(wide >> 8U);
    }
  }
}

heif_orientation orientation_of(int turn) {
  switch (turn) {
    case 90:
      return heif_orientation_rotate_90_cw;
    case 180:
      return heif_orientation_rotate_180;
    case 270:
      return heif_orientation_rotate_270_cw;
    default:
      return heif_orientation_normal;
  }
}

heif_error append_bytes(heif_context* /*context*/, const void* data, std::size_t size, void* to) {
  const auto* begin = static_cast<const std::byte*>(data);
  auto* bytes = static_cast<Bytes*>(to);
  bytes->insert(bytes->end(), begin, begin + size);
  return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

}  // namespace

Bytes make_tiff(int width, int height, std::span<const std::uint8_t> samples,
                const TiffForm& form) {
  constexpr int tile = 16;
  const std::uint16_t channels = channels_of(form.pixels);
  const auto part = [&](int x, int y, int count) {
    return as_samples(samples.subspan(static_cast<std::size_t>((y * width + x) * channels),
                                      static_cast<std::size_t>(count * channels)),
                      form.bits);
  };
  return written([&](const std::string& file) {
    TIFF* tiff = TIFFOpen(file.c_str(), "w");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, channels);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, form.bits);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, photometric_of(form));
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, form.compression);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, form.orientation);
    if (!form.profile.empty()) {
      TIFFSetField(tiff, TIFFTAG_ICCPROFILE, static_cast<std::uint32_t>(form.profile.size()),
                   form.profile.data());
    }
    if (form.tiled) {
      TIFFSetField(tiff, TIFFTAG_TILEWIDTH, tile);
      TIFFSetField(tiff, TIFFTAG_TILELENGTH, tile);
      const std::size_t row_size =
          std::size_t{tile} * channels * static_cast<unsigned>(form.bits / 8);
      for (int top = 0; top < height; top += tile) {
        for (int left = 0; left < width; left += tile) {
          std::vector<std::uint8_t> pixels(row_size * tile);
          for (int y = top; y < std::min(top + tile, height); ++y) {
            const std::vector<std::uint8_t> row = part(left, y, std::min(tile, width - left));
            std::copy(row.begin(), row.end(),
                      pixels.begin() + static_cast<std::ptrdiff_t>(row_size) * (y - top));
          }
          TIFFWriteTile(tiff, pixels.data(), static_cast<std::uint32_t>(left),
                        static_cast<std::uint32_t>(top), 0, 0);
        }
      }
    } else {
      TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 8);
      for (int y = 0; y < height; ++y) {
        std::vector<std::uint8_t> row = part(0, y, width);
        TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0);
      }
    }
    TIFFClose(tiff);
  });
}

Bytes make_bmp(const Image& image) {
  const std::size_t stride = (static_cast<std::size_t>(image.width) * 3 + 3) / 4 * 4;
  std::string text = "BM";
  const auto number = [&](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i) & 255U);
  };
  number(static_cast<std::uint32_t>(54 + stride * static_cast<std::size_t>(image.height)), 4);
  number(0, 4);
  number(54, 4);
  number(40, 4);
  number(static_cast<std::uint32_t>(image.width), 4);
  number(static_cast<std::uint32_t>(image.height), 4);
  number(1, 2);
  number(24, 2);
  for (int i = 0; i < 6; ++i) number(0, 4);
  for (int y = image.height - 1; y >= 0; --y) {
    std::string row;
    for (int x = 0; x < image.width; ++x) {
      for (int c = 2; c >= 0; --c) row += static_cast<char>(image.row(y)[x * 3 + c]);
    }
    row.resize(stride);
    text += row;
  }
  return bytes_of(text);
}

Image few_colours(int width, int height) {
  Image image = noise(width, height);
  for (std::uint8_t& value : image.pixels) value = static_cast<std::uint8_t>(value / 64 * 80);
  return image;
}

Bytes make_gif(const Image& image, const GifForm& form) {
  return written([&](const std::string& file) {
    int error = 0;
    GifFileType* gif = EGifOpenFileName(file.c_str(), false, &error);
    ColorMapObject* colours = GifMakeMapObject(64, nullptr);
    for (int i = 0; i < 64; ++i) {
      colours->Colors[i] = {static_cast<GifByteType>(i / 16 * 80),
                            static_cast<GifByteType>(i / 4 % 4 * 80),
                            static_cast<GifByteType>(i % 4 * 80)};
    }
    EGifPutScreenDesc(gif, image.width, image.height, 8, 0, colours);
    EGifPutImageDesc(gif, 0, 0, image.width, image.height, form.interlaced, nullptr);
    const auto put = [&](int y) {
      std::vector<GifPixelType> row;
      for (int x = 0; x < image.width; ++x) {
        const std::uint8_t* rgb = image.row(y) + x * 3;
        row.push_back(static_cast<GifPixelType>(rgb[0] / 80 * 16 + rgb[1] / 80 * 4 + rgb[2] / 80));
      }
      EGifPutLine(gif, row.data(), image.width);
    };
    if (form.interlaced) {
      for (int y = 0; y < image.height; y += 8) put(y);
      for (int y = 4; y < image.height; y += 8) put(y);
      for (int y = 2; y < image.height; y += 4) put(y);
      for (int y = 1; y < image.height; y += 2) put(y);
    } else {
      for (int y = 0; y < image.height; ++y) put(y);
    }
    for (int frame = 1; frame < form.frames; ++frame) {
      EGifPutImageDesc(gif, 0, 0, image.width, image.height, false, nullptr);
      std::vector<GifPixelType> row(static_cast<std::size_t>(image.width),
                                    static_cast<GifPixelType>(frame));
      for (int y = 0; y < image.height; ++y) EGifPutLine(gif, row.data(), image.width);
    }
    EGifCloseFile(gif, &error);
    GifFreeMapObject(colours);
  });
}

Bytes make_jxl(const Image& image, const Bytes& profile) {
  JxlEncoder* encoder = JxlEncoderCreate(nullptr);
  JxlBasicInfo info;
  JxlEncoderInitBasicInfo(&info);
  info.xsize = static_cast<std::uint32_t>(image.width);
  info.ysize = static_cast<std::uint32_t>(image.height);
  info.bits_per_sample = 8;
  info.uses_original_profile = JXL_TRUE;
  JxlEncoderSetBasicInfo(encoder, &info);
  if (profile.empty()) {
    JxlColorEncoding colours{};
    JxlColorEncodingSetToSRGB(&colours, JXL_FALSE);
    JxlEncoderSetColorEncoding(encoder, &colours);
  } else {
    JxlEncoderSetICCProfile(encoder, reinterpret_cast<const std::uint8_t*>(profile.data()),
                            profile.size());
  }
  JxlEncoderFrameSettings* settings = JxlEncoderFrameSettingsCreate(encoder, nullptr);
  JxlEncoderSetFrameLossless(settings, JXL_TRUE);
  const JxlPixelFormat format{3, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
  JxlEncoderAddImageFrame(settings, &format, image.pixels.data(), image.pixels.size());
  JxlEncoderCloseInput(encoder);
  std::vector<std::uint8_t> out(image.pixels.size() * 2 + 10'000);
  std::uint8_t* next = out.data();
  std::size_t left = out.size();
  EXPECT_EQ(JxlEncoderProcessOutput(encoder, &next, &left), JXL_ENC_SUCCESS);
  JxlEncoderDestroy(encoder);
  const auto bytes = std::as_bytes(std::span(out).first(out.size() - left));
  return {bytes.begin(), bytes.end()};
}

std::optional<Bytes> make_heif(const Image& photo, const HeifForm& form) {
  const heif_compression_format format =
      form.codec == HeifCodec::av1 ? heif_compression_AV1 : heif_compression_HEVC;
  if (heif_have_encoder_for_format(format) == 0) return std::nullopt;
  const std::unique_ptr<heif_context, decltype(&heif_context_free)> context(heif_context_alloc(),
                                                                            heif_context_free);
  heif_encoder* encoder = nullptr;
  heif_context_get_encoder_for_format(context.get(), format, &encoder);
  heif_encoder_set_lossy_quality(encoder, 95);
  heif_encoder_set_parameter(encoder, "chroma", "444");
  heif_image* image = nullptr;
  heif_image_create(
      photo.width, photo.height, heif_colorspace_RGB,
      form.bits == 8 ? heif_chroma_interleaved_RGB : heif_chroma_interleaved_RRGGBB_LE, &image);
  heif_image_add_plane(image, heif_channel_interleaved, photo.width, photo.height, form.bits);
  put_pixels(*image, photo, form.bits);
  heif_color_profile_nclx* coded = heif_nclx_color_profile_alloc();
  coded->color_primaries = static_cast<heif_color_primaries>(form.primaries);
  coded->transfer_characteristics = static_cast<heif_transfer_characteristics>(form.transfer);
  coded->matrix_coefficients = heif_matrix_coefficients_ITU_R_BT_601_6;
  coded->full_range_flag = 1;
  heif_image_set_nclx_color_profile(image, coded);
  if (!form.profile.empty()) {
    heif_image_set_raw_color_profile(image, "prof", form.profile.data(), form.profile.size());
  }
  heif_encoding_options* options = heif_encoding_options_alloc();
  options->output_nclx_profile = coded;
  options->macOS_compatibility_workaround_no_nclx_profile = 0;
  options->image_orientation = orientation_of(form.turn);
  const heif_error error =
      heif_context_encode_image(context.get(), image, encoder, options, nullptr);
  EXPECT_EQ(error.code, heif_error_Ok) << error.message;
  Bytes bytes;
  heif_writer writer{1, append_bytes};
  heif_context_write(context.get(), &writer, &bytes);
  heif_encoding_options_free(options);
  heif_nclx_color_profile_free(coded);
  heif_image_release(image);
  heif_encoder_release(encoder);
  return bytes;
}

}  // namespace facet::detail::test
