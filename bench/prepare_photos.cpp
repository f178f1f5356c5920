// SPDX-License-Identifier: Apache-2.0
// Lays out the photos that the benchmarks read, as files that every peer can decode:
//   portrait.jpg    300×300, one face
//   photos/         as many as asked for, from the collections, or from the samples without them
//   frames/         whole photos with listed faces, and frames.txt: `photo x y w h …` of each
//   sides/N.jpg     the portrait N×N
//   faces/N.jpg     N portraits in a photo of one size
//   phone/          photos of 12 megapixels: few/ with one to three people, group/ with 29
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "base/atomic_file.hpp"
#include "evaluate/photo_sets.hpp"
#include "facet/error.hpp"
#include "facet/image.hpp"
#include "image/encode.hpp"
#include "image/resample.hpp"
#include "phone_photos.hpp"

namespace facet::bench {
using namespace detail;
namespace {

namespace fs = std::filesystem;

constexpr int portrait_side = 300;
constexpr int faces_side = 1200;
constexpr int faces_a_row = 8;

void write_photo(const fs::path& path, const Image& photo) {
  fs::create_directories(path.parent_path());
  const std::vector<std::byte> bytes = encode_jpeg(photo);
  detail::AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

std::string numbered(std::size_t number) {
  char name[32];
  std::snprintf(name, sizeof name, "%05zu.jpg", number);
  return name;
}

// The astronaut's head and shoulders at their own scale.
Image make_portrait(const fs::path& samples) {
  const Image photo = read_image(samples / "astronaut.png");
  return resample(photo, {75, 0, portrait_side, portrait_side}, portrait_side, portrait_side);
}

void write_sides(const Image& portrait, const fs::path& folder) {
  for (const int side : {150, 300, 600, 1000, 2000, 4000}) {
    write_photo(folder / (std::to_string(side) + ".jpg"), resize(portrait, side, side));
  }
}

void write_faces(const Image& portrait, const fs::path& folder) {
  constexpr int cell = faces_side / faces_a_row;
  const Image tile = resize(portrait, cell, cell);
  for (const int faces : {1, 2, 4, 8, 16, 32, 64}) {
    Image photo(faces_side, faces_side);
    std::fill(photo.pixels.begin(), photo.pixels.end(), std::uint8_t{128});
    for (int i = 0; i < faces; ++i) {
      const int left = i % faces_a_row * cell;
      const int top = i / faces_a_row * cell;
      for (int y = 0; y < cell; ++y) {
        std::memcpy(photo.row(top + y) + static_cast<std::ptrdiff_t>(left) * 3, tile.row(y),
                    static_cast<std::size_t>(cell) * 3);
      }
    }
    write_photo(folder / (std::to_string(faces) + ".jpg"), photo);
  }
}

void write_sample_photos(const fs::path& samples, std::size_t count, const fs::path& folder) {
  std::vector<Image> photos;
  for (const char* name : {"astronaut.png", "chelsea.png", "coffee.png", "solvay_1927.jpg"}) {
    const Image photo = read_image(samples / name);
    const float scale = 320.0F / static_cast<float>(std::max(photo.width, photo.height));
    photos.push_back(resize(photo, static_cast<int>(static_cast<float>(photo.width) * scale),
                            static_cast<int>(static_cast<float>(photo.height) * scale)));
  }
  for (std::size_t i = 0; i < count; ++i) {
    write_photo(folder / numbered(i), photos[i % photos.size()]);
  }
}

// Photos of the test parts, as they are, the three collections mixed.
void write_collection_photos(const fs::path& data, std::size_t count, const fs::path& folder) {
  const int limit = static_cast<int>(count);
  std::vector<EvaluationPhoto> photos = lfwa_set(data, PhotoVariant::whole, limit).photos;
  for (EvaluationSet set : {wild_set(data, limit), test_frames_set(data, limit)}) {
    std::move(set.photos.begin(), set.photos.end(), std::back_inserter(photos));
  }
  std::size_t number = 0;
  for (const std::size_t i : spread_evenly(photos.size(), limit)) {
    write_photo(folder / numbered(number++), prepare(photos[i]).image);
  }
}

void write_frames(const fs::path& data, int count, const fs::path& folder) {
  std::string listed;
  std::size_t number = 0;
  for (const EvaluationPhoto& photo : test_frames_set(data, count).photos) {
    if (photo.boxes.empty()) continue;
    const fs::path path = folder / "frames" / numbered(number++);
    write_photo(path, prepare(photo).image);
    listed += path.string();
    for (const Box& box : photo.boxes) {
      for (const float side : {box.x, box.y, box.width, box.height}) {
        listed += ' ' + std::to_string(side);
      }
    }
    listed += '\n';
  }
  detail::AtomicFile file(folder / "frames.txt");
  file.write(listed);
  file.commit();
}

int run(int argument_count, char** arguments) {
  CLI::App app("Lays out the photos that the benchmarks read");
  fs::path samples;
  fs::path data;
  fs::path out;
  std::size_t count = 1000;
  int frames = 100;
  std::size_t phone = 20;
  app.add_option("--samples", samples, "Folder of the sample photos")->required();
  app.add_option("--data", data, "Folder of the collections; without it samples are repeated");
  app.add_option("--out", out, "Folder to write to")->required();
  app.add_option("--count", count, "Photos in photos/");
  app.add_option("--frames", frames, "Photos in frames/");
  app.add_option("--phone", phone, "Photos in phone/few");
  CLI11_PARSE(app, argument_count, arguments);
  try {
    const Image portrait = make_portrait(samples);
    write_photo(out / "portrait.jpg", portrait);
    write_sides(portrait, out / "sides");
    write_faces(portrait, out / "faces");
    write_phone_photos(samples, data, phone, out / "phone");
    if (data.empty()) {
      write_sample_photos(samples, count, out / "photos");
    } else {
      write_collection_photos(data, count, out / "photos");
      write_frames(data, frames, out);
    }
  } catch (const std::exception& error) {
    std::cerr << "prepare_photos: " << error.what() << '\n';
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace facet::bench

int main(int argument_count, char** arguments) {
  return facet::bench::run(argument_count, arguments);
}
