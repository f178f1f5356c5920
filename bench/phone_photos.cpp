// SPDX-License-Identifier: Apache-2.0
#include "phone_photos.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "base/atomic_file.hpp"
#include "evaluate/named_random.hpp"
#include "evaluate/photo_sets.hpp"
#include "facet/image.hpp"
#include "image/encode.hpp"
#include "image/resample.hpp"

namespace facet::bench {
using namespace detail;
namespace {

namespace fs = std::filesystem;

constexpr int long_side = 4000;
constexpr int short_side = 3000;
constexpr int quality = 90;
constexpr int grain = 10;  // most that a value is moved by

// Sensors' noise, which makes files as large, and as slow to decode, as phones' are.
void add_grain(Image& photo, const std::string& name) {
  NamedRandom seed("grain", name);
  auto state = static_cast<std::uint32_t>(seed.below(0xffffffffU)) | 1U;
  for (std::uint8_t& value : photo.pixels) {
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    // Two throws: small moves are likelier.
    const int move =
        static_cast<int>(state % (grain + 1)) - static_cast<int>((state >> 16U) % (grain + 1));
    value = static_cast<std::uint8_t>(std::clamp(value + move, 0, 255));
  }
}

void write_photo(const fs::path& path, const Image& photo) {
  fs::create_directories(path.parent_path());
  AtomicFile file(path);
  file.write(encode_jpeg(photo, quality, JpegColours::halved));
  file.commit();
}

std::string numbered(std::size_t number) {
  char name[32];
  std::snprintf(name, sizeof name, "%03zu.jpg", number);
  return name;
}

// The photo, cut to four by three, as large as a phone's.
Image as_background(const Image& photo) {
  const float width = std::min(static_cast<float>(photo.width),
                               static_cast<float>(photo.height) * long_side / short_side);
  const float height = width * short_side / long_side;
  return resample(photo,
                  {(static_cast<float>(photo.width) - width) / 2,
                   (static_cast<float>(photo.height) - height) / 2, width, height},
                  long_side, short_side);
}

// Copies a picture of a person into the photo's column `place` of `places`.
void place_person(Image& photo, const Image& person, int place, int places, NamedRandom& random) {
  const int room = long_side / places;
  const double height = random.between_ratios(700, 1800);
  double scale = height / person.height;
  scale = std::min(scale, 0.95 * room / person.width);
  const Image larger = resize(person, static_cast<int>(person.width * scale),
                              static_cast<int>(person.height * scale));
  const int left =
      place * room +
      static_cast<int>(random.below(static_cast<std::uint64_t>(room - larger.width + 1)));
  const int top =
      static_cast<int>(random.below(static_cast<std::uint64_t>(short_side - larger.height + 1)));
  for (int y = 0; y < larger.height; ++y) {
    std::memcpy(photo.row(top + y) + static_cast<std::ptrdiff_t>(left) * 3, larger.row(y),
                static_cast<std::size_t>(larger.width) * 3);
  }
}

struct Sources {
  std::vector<fs::path> places;
  std::vector<EvaluationPhoto> people;
};

Sources sources_of(const fs::path& samples, const fs::path& data) {
  Sources sources;
  if (data.empty()) {
    sources.places = {samples / "coffee.png", samples / "chelsea.png"};
    EvaluationPhoto astronaut;
    astronaut.path = samples / "astronaut.png";
    sources.people = {astronaut};
    return sources;
  }
  for (const EvaluationPhoto& scene : empty_scenes(data, false, 40)) {
    sources.places.push_back(scene.path);
  }
  sources.people = lfwa_set(data, PhotoVariant::whole, 60).photos;
  for (EvaluationPhoto& photo : test_frames_set(data, 60).photos) {
    sources.people.push_back(std::move(photo));
  }
  return sources;
}

}  // namespace

void write_phone_photos(const fs::path& samples, const fs::path& data, std::size_t count,
                        const fs::path& folder) {
  const Sources sources = sources_of(samples, data);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = numbered(i);
    NamedRandom random("phone", name);
    Image photo = as_background(read_image(sources.places[i % sources.places.size()]));
    const int people = 1 + static_cast<int>(i % 3);
    for (int place = 0; place < people; ++place) {
      const EvaluationPhoto& person = sources.people[random.below(sources.people.size())];
      place_person(photo, prepare(person).image, place, people, random);
    }
    add_grain(photo, name);
    write_photo(folder / "few" / name, photo);
  }
  const Image group = read_image(samples / "solvay_1927.jpg");
  const int height =
      static_cast<int>(std::lround(static_cast<double>(group.height) * long_side / group.width));
  const Image large = resize(group, long_side, height);
  for (std::size_t i = 0; i < (count + 3) / 4; ++i) {
    Image photo = i % 2 == 0 ? large : mirror(large);
    add_grain(photo, numbered(i));
    write_photo(folder / "group" / numbered(i), photo);
  }
}

}  // namespace facet::bench
