// SPDX-License-Identifier: Apache-2.0
#include "index/browse/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>

#include "facet/encoded_photo.hpp"
#include "facet/error.hpp"
#include "image/encode.hpp"
#include "image/resample.hpp"
#include "index/run/photo_examination.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

constexpr float kAround = 1.5F;  // as face_crop() shows of a box

EncodedPhoto open_photo(const PhotoRow& photo) {
  const fs::path file(photo.path());
  std::error_code error;
  // Nothing that could be waited for, such as a pipe.
  if (!fs::is_regular_file(file, error)) {
    throw Error(ErrorCode::not_found, "the photo's file is not there now");
  }
  DecodeOptions options;
  options.tolerant = true;  // it was read once
  EncodedPhoto encoded = EncodedPhoto::read(file, options);
  if (encoded.facts().width != photo.width || encoded.facts().height != photo.height) {
    throw Error(ErrorCode::not_found, "the photo's file has changed since it was indexed");
  }
  return encoded;
}

// How far a photo may be reduced so that `pixels` of it still make `wanted` ones.
int reduction(double pixels, double wanted) {
  int reduce = 1;
  while (reduce < 8 && pixels / (2 * reduce) >= wanted) reduce *= 2;
  return reduce;
}

std::vector<std::byte> kept_crop(SqlDatabase& database, const PhotoRow& photo, int number) {
  std::vector<std::byte> jpeg;
  database.run("SELECT jpeg FROM crop WHERE id = $1", {crop_id(photo.id, number)},
               [&](const SqlRow& row) {
                 const SqlBytes bytes = row.bytes(0);
                 jpeg.assign(bytes.begin(), bytes.end());
               });
  return jpeg;
}

}  // namespace

std::vector<std::byte> face_picture(SqlDatabase& database, const PhotoRow& photo,
                                    const KnownFace& face, int side) {
  try {
    EncodedPhoto encoded = open_photo(photo);
    const Box box = pixel_box(face.box, photo.width, photo.height);
    const DecodedPhoto decoded =
        encoded.decode(reduction(kAround * std::max(box.width, box.height), side));
    const auto reduce = static_cast<float>(decoded.reduce);
    return face_crop(decoded.image,
                     {(box.x - static_cast<float>(decoded.offset_x)) / reduce,
                      (box.y - static_cast<float>(decoded.offset_y)) / reduce, box.width / reduce,
                      box.height / reduce},
                     side);
  } catch (const Error&) {
    std::vector<std::byte> crop = kept_crop(database, photo, face.number);
    if (crop.empty()) throw;
    return crop;
  }
}

std::vector<std::byte> photo_picture(const PhotoRow& photo, int longest_side) {
  constexpr int quality = 85;
  EncodedPhoto encoded = open_photo(photo);
  const int longest = std::max(photo.width, photo.height);
  const DecodedPhoto decoded = encoded.decode(reduction(longest, longest_side));
  if (longest <= longest_side) return encode_jpeg(decoded.image, quality);
  const double scale = static_cast<double>(longest_side) / longest;
  const auto scaled = [&](int side) {
    return std::max(1, static_cast<int>(std::lround(side * scale)));
  };
  return encode_jpeg(resize(decoded.image, scaled(photo.width), scaled(photo.height)), quality);
}

}  // namespace facet::detail
