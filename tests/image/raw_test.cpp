// SPDX-License-Identifier: Apache-2.0
// Raw photos of cameras, made here: a DNG is a TIFF file with a picture of the sensor and a
// preview.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "facet/error.hpp"
#include "facet/photo.hpp"
#include "image/encode.hpp"
#include "image/photo_files.hpp"
#include "image/plugin_files.hpp"

namespace facet::detail {
namespace {

using test::Bytes;

constexpr int kSensorWidth = 240;
constexpr int kSensorHeight = 160;

void append(std::string& text, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i) & 255U);
}

// A folder of TIFF; what does not fit an entry lies behind it.
class Folder {
 public:
  void shorts(int tag, const std::vector<std::uint32_t>& values) { add(tag, 3, 2, values); }
  void longs(int tag, const std::vector<std::uint32_t>& values) { add(tag, 4, 4, values); }
  void bytes(int tag, const std::vector<std::uint32_t>& values) { add(tag, 1, 1, values); }
  void rationals(int tag, const std::vector<std::uint32_t>& values, bool with_sign) {
    std::string data;
    for (const std::uint32_t value : values) append(data, value, 4);
    entries_.push_back(
        {tag, with_sign ? 10 : 5, static_cast<std::uint32_t>(values.size() / 2), std::move(data)});
  }
  void text(int tag, const std::string& value) {
    entries_.push_back(
        {tag, 2, static_cast<std::uint32_t>(value.size() + 1), value + std::string(1, '\0')});
  }
  [[nodiscard]] std::size_t size() const {
    std::size_t size = 2 + 12 * entries_.size() + 4;
    for (const Entry& entry : entries_) size += entry.data.size() > 4 ? entry.data.size() : 0;
    return size;
  }
  // As it stands at that place of the file. Entries were added in the order of their tags.
  [[nodiscard]] std::string at(std::size_t place) const {
    std::string folder;
    std::string behind;
    append(folder, static_cast<std::uint32_t>(entries_.size()), 2);
    const std::size_t begin = place + 2 + 12 * entries_.size() + 4;
    for (const Entry& entry : entries_) {
      append(folder, static_cast<std::uint32_t>(entry.tag), 2);
      append(folder, static_cast<std::uint32_t>(entry.type), 2);
      append(folder, entry.count, 4);
      if (entry.data.size() <= 4) {
        folder += entry.data + std::string(4 - entry.data.size(), '\0');
      } else {
        append(folder, static_cast<std::uint32_t>(begin + behind.size()), 4);
        behind += entry.data;
      }
    }
    append(folder, 0, 4);
    return folder + behind;
  }

 private:
  struct Entry {
    int tag;
    int type;
    std::uint32_t count;
    std::string data;
  };
  void add(int tag, int type, int size, const std::vector<std::uint32_t>& values) {
    std::string data;
    for (const std::uint32_t value : values) append(data, value, size);
    entries_.push_back({tag, type, static_cast<std::uint32_t>(values.size()), std::move(data)});
  }

  std::vector<Entry> entries_;
};

// Every second row of the sensor sees red and green, the others green and blue.
std::string sensor_pixels() {
  std::string pixels;
  for (int y = 0; y < kSensorHeight; ++y) {
    for (int x = 0; x < kSensorWidth; ++x) append(pixels, x < kSensorWidth / 2 ? 2000 : 40000, 2);
  }
  return pixels;
}

Folder sensor_folder(std::uint32_t pixels_at, std::uint32_t length) {
  Folder folder;
  folder.longs(254, {0});
  folder.longs(256, {kSensorWidth});
  folder.longs(257, {kSensorHeight});
  folder.shorts(258, {16});
  folder.shorts(259, {1});
  folder.shorts(262, {32803});  // a mosaic of colours
  folder.longs(273, {pixels_at});
  folder.shorts(277, {1});
  folder.longs(278, {kSensorHeight});
  folder.longs(279, {length});
  folder.shorts(33421, {2, 2});
  folder.bytes(33422, {0, 1, 1, 2});
  return folder;
}

// The first folder: the camera, its preview, and where the sensor's picture is.
Folder camera_folder(const Image& preview, std::uint32_t preview_at, std::uint32_t length,
                     std::uint32_t sensor_at, int orientation) {
  Folder folder;
  folder.longs(254, {1});
  folder.longs(256, {static_cast<std::uint32_t>(preview.width)});
  folder.longs(257, {static_cast<std::uint32_t>(preview.height)});
  folder.shorts(258, {8, 8, 8});
  folder.shorts(259, {7});  // JPEG
  folder.shorts(262, {6});
  folder.text(271, "facet");
  folder.text(272, "test camera");
  folder.longs(273, {preview_at});
  folder.shorts(274, {static_cast<std::uint32_t>(orientation)});
  folder.shorts(277, {3});
  folder.longs(278, {static_cast<std::uint32_t>(preview.height)});
  folder.longs(279, {length});
  folder.longs(330, {sensor_at});
  folder.bytes(50706, {1, 4, 0, 0});
  folder.text(50708, "facet test camera");
  const auto one = [](bool at) { return at ? 10000U : 0U; };
  std::vector<std::uint32_t> matrix;
  for (int i = 0; i < 9; ++i) {
    matrix.push_back(one(i % 4 == 0));
    matrix.push_back(10000);
  }
  folder.rationals(50721, matrix, true);
  folder.rationals(50728, {1, 1, 1, 1, 1, 1}, false);
  return folder;
}

Bytes make_dng(const Image& preview, int orientation = 1) {
  const std::vector<std::byte> encoded = encode_jpeg(preview, 95);
  const std::string jpeg(reinterpret_cast<const char*>(encoded.data()), encoded.size());
  const std::string sensor = sensor_pixels();
  const auto length = [](const std::string& text) {
    return static_cast<std::uint32_t>(text.size());
  };
  // How long folders are does not depend on what they point to.
  const std::size_t first = 8;
  const std::size_t second = first + camera_folder(preview, 0, length(jpeg), 0, orientation).size();
  const auto preview_at =
      static_cast<std::uint32_t>(second + sensor_folder(0, length(sensor)).size());
  const std::uint32_t sensor_at = preview_at + length(jpeg) + length(jpeg) % 2;
  std::string file = "II";
  append(file, 42, 2);
  append(file, first, 4);
  file += camera_folder(preview, preview_at, length(jpeg), static_cast<std::uint32_t>(second),
                        orientation)
              .at(first);
  file += sensor_folder(sensor_at, length(sensor)).at(second);
  file += jpeg + std::string(jpeg.size() % 2, '\0') + sensor;
  return test::bytes_of(file);
}

class RawPhoto : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      decode_image(make_dng(test::blocks(16, 12)));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unsupported) GTEST_SKIP() << error.what();
      throw;
    }
  }
};

TEST_F(RawPhoto, ShowsItsPreview) {
  const Image preview = test::blocks(16, 12);
  ASSERT_GE(preview.width, kSensorWidth / 2) << "no smaller than the sensor's picture would be";
  const DecodedPhoto photo = decode_photo(make_dng(preview));
  EXPECT_EQ(photo.format, "RAW");
  EXPECT_EQ(photo.image.width, preview.width);
  EXPECT_EQ(photo.image.height, preview.height);
  EXPECT_EQ(photo.warning, "");
  double sum = 0;
  for (std::size_t i = 0; i < preview.pixels.size(); ++i) {
    sum += std::abs(photo.image.pixels[i] - preview.pixels[i]);
  }
  EXPECT_LT(sum / static_cast<double>(preview.pixels.size()), 4);
}

TEST_F(RawPhoto, IsTurnedAsTheCameraWasHeld) {
  const Image preview = test::blocks(16, 12);
  const Image upright = decode_image(make_dng(preview, 6));
  ASSERT_EQ(upright.width, preview.height);
  ASSERT_EQ(upright.height, preview.width);
  // Clockwise: what was at the left below is at the left above.
  const std::uint8_t* from = preview.row(preview.height - 4) + 4 * 3;
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(from[c], upright.row(4)[4 * 3 + c], 16);
}

TEST_F(RawPhoto, ShowsTheSensorAtHalfItsSidesWhereThePreviewIsSmall) {
  const Image photo = decode_image(make_dng(test::noise(16, 12)));
  EXPECT_EQ(photo.width, kSensorWidth / 2);
  EXPECT_EQ(photo.height, kSensorHeight / 2);
  EXPECT_LT(photo.row(40)[3 * 20 + 1] + 60, photo.row(40)[3 * 100 + 1])
      << "dark left, bright right";
}

TEST_F(RawPhoto, ThatIsCutIsRefusedInOneLine) {
  const Bytes whole = make_dng(test::noise(16, 12));
  for (const std::size_t kept : {whole.size() / 2, std::size_t{700}, std::size_t{300}}) {
    ::testing::internal::CaptureStderr();
    try {
      decode_image(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(kept)));
      ADD_FAILURE() << kept << " bytes are read";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::unreadable);
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    }
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "") << "the library never prints";
  }
}

}  // namespace
}  // namespace facet::detail
