// SPDX-License-Identifier: Apache-2.0
#include "evaluate/robustness_variants.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>

#include "evaluate/named_random.hpp"
#include "facet/error.hpp"
#include "image/resample.hpp"
#include "image/turn.hpp"

namespace facet::detail {
namespace {

using Colour = std::array<double, 3>;
using Change = std::function<ListedPhoto(const ListedPhoto&, NamedRandom&)>;

std::uint8_t byte(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

// value × gain + offset, a channel each.
Change channels(const Colour& gain, const Colour& offset) {
  return [gain, offset](const ListedPhoto& photo, NamedRandom&) {
    ListedPhoto result = photo;
    for (std::size_t i = 0; i < result.image.pixels.size(); ++i) {
      auto& value = result.image.pixels[i];
      value = byte(value * gain[i % 3] + offset[i % 3]);
    }
    return result;
  };
}

Change darker(double factor) {
  return channels({factor, factor, factor}, {});
}

Change less_contrast(double factor) {
  const double offset = 128 * (1 - factor);
  return channels({factor, factor, factor}, {offset, offset, offset});
}

// The face and what is below it dark, the rest bright: light from behind.
ListedPhoto light_from_behind(const ListedPhoto& photo, NamedRandom&) {
  ListedPhoto result = photo;
  const Box& face = photo.boxes.front();
  for (int y = 0; y < photo.image.height; ++y) {
    std::uint8_t* pixel = result.image.row(y);
    const double v = (y + 0.5 - face.centre_y()) / (0.8 * face.height);
    for (int x = 0; x < photo.image.width; ++x) {
      const double reach = v < 0 ? 1.0 : 1.0 + 0.8 * v;  // shoulders are wider
      const double u = (x + 0.5 - face.centre_x()) / (0.9 * face.width * reach);
      const double outside = std::hypot(u, std::min(v, 0.0)) - 1;
      const double share = 1 / (1 + std::exp(-8 * outside));
      for (int c = 0; c < 3; ++c, ++pixel) {
        *pixel = byte(*pixel * (0.25 + share * 1.0) + share * 70);
      }
    }
  }
  return result;
}

// A turn about the face's centre, clockwise; the photo's border is repeated.
Change turned(double degrees) {
  return [degrees](const ListedPhoto& photo, NamedRandom&) {
    ListedPhoto result = photo;
    const Box& face = photo.boxes.front();
    const double cosine = std::cos(degrees * M_PI / 180);
    const double sine = std::sin(degrees * M_PI / 180);
    const Image& from = photo.image;
    for (int y = 0; y < from.height; ++y) {
      std::uint8_t* out = result.image.row(y);
      const double dy = y + 0.5 - face.centre_y();
      for (int x = 0; x < from.width; ++x, out += 3) {
        const double dx = x + 0.5 - face.centre_x();
        const double u =
            std::clamp(face.centre_x() + cosine * dx + sine * dy - 0.5, 0.0, from.width - 1.0);
        const double v =
            std::clamp(face.centre_y() - sine * dx + cosine * dy - 0.5, 0.0, from.height - 1.0);
        const int left = std::min(static_cast<int>(u), std::max(0, from.width - 2));
        const int top = std::min(static_cast<int>(v), std::max(0, from.height - 2));
        const double fx = u - left;
        const double fy = v - top;
        const std::uint8_t* above = from.row(top) + static_cast<std::ptrdiff_t>(left) * 3;
        const std::uint8_t* below =
            from.row(std::min(top + 1, from.height - 1)) + static_cast<std::ptrdiff_t>(left) * 3;
        const int right = from.width > 1 ? 3 : 0;
        for (int c = 0; c < 3; ++c) {
          out[c] = byte((above[c] * (1 - fx) + above[c + right] * fx) * (1 - fy) +
                        (below[c] * (1 - fx) + below[c + right] * fx) * fy);
        }
      }
    }
    return result;
  };
}

Change quarter_turns(int degrees) {
  return [degrees](const ListedPhoto& photo, NamedRandom&) {
    ListedPhoto result;
    result.image = turn_clockwise(photo.image, degrees);
    result.boxes = {
        turn_clockwise(photo.boxes.front(), photo.image.width, photo.image.height, degrees)};
    return result;
  };
}

// Covers a part of the face's box; `covers` is asked for places in it, 0 … 1 from its upper left.
void cover(ListedPhoto& photo, const Colour& colour,
           const std::function<bool(double u, double v)>& covers) {
  const Box& face = photo.boxes.front();
  for (int y = 0; y < photo.image.height; ++y) {
    std::uint8_t* pixel = photo.image.row(y);
    const double v = (y + 0.5 - face.y) / face.height;
    for (int x = 0; x < photo.image.width; ++x, pixel += 3) {
      if (!covers((x + 0.5 - face.x) / face.width, v)) continue;
      for (std::size_t c = 0; c < 3; ++c) pixel[c] = byte(colour[c]);
    }
  }
}

Colour cloth(NamedRandom& random) {
  constexpr std::array<Colour, 6> colours = {{{235, 235, 235},
                                              {140, 190, 215},
                                              {40, 40, 45},
                                              {128, 128, 128},
                                              {60, 80, 140},
                                              {190, 150, 160}}};
  return colours.at(random.below(colours.size()));
}

void put_mask_on(ListedPhoto& photo, NamedRandom& random) {
  cover(photo, cloth(random), [](double u, double v) {
    if (v < 0.55 || v > 1.02) return false;
    const double half = v < 0.75 ? 0.47 : 0.47 * std::sqrt(std::max(0.0, 1 - (v - 0.75) / 0.32));
    return std::abs(u - 0.5) < half;
  });
}

void put_sunglasses_on(ListedPhoto& photo) {
  cover(photo, {15, 15, 18}, [](double u, double v) {
    const double side = std::hypot((std::abs(u - 0.5) - 0.24) / 0.2, (v - 0.38) / 0.1);
    return side < 1 || (std::abs(v - 0.35) < 0.02 && std::abs(u - 0.5) < 0.5);
  });
}

ListedPhoto masked(const ListedPhoto& photo, NamedRandom& random) {
  ListedPhoto result = photo;
  put_mask_on(result, random);
  return result;
}

ListedPhoto masked_with_sunglasses(const ListedPhoto& photo, NamedRandom& random) {
  ListedPhoto result = masked(photo, random);
  put_sunglasses_on(result);
  return result;
}

// A flat thing before the lower half of the face and what is below it.
ListedPhoto lower_half_hidden(const ListedPhoto& photo, NamedRandom& random) {
  ListedPhoto result = photo;
  cover(result, cloth(random),
        [](double u, double v) { return v >= 0.5 && v < 1.3 && u > -0.3 && u < 1.3; });
  return result;
}

ListedPhoto left_half_hidden(const ListedPhoto& photo, NamedRandom& random) {
  ListedPhoto result = photo;
  cover(result, cloth(random),
        [](double u, double v) { return u <= 0.5 && u > -0.4 && v > -0.3 && v < 1.15; });
  return result;
}

// The middle of the face's box, so many times as wide and high.
Change close_up(double share) {
  return [share](const ListedPhoto& photo, NamedRandom&) {
    const Box& face = photo.boxes.front();
    const auto size = [share](float length) {
      return std::max(1, static_cast<int>(std::lround(share * length)));
    };
    const int width = size(face.width);
    const int height = size(face.height);
    const Box window{
        static_cast<float>(std::lround(face.centre_x() - static_cast<float>(width) / 2)),
        static_cast<float>(std::lround(face.centre_y() - static_cast<float>(height) / 2)),
        static_cast<float>(width), static_cast<float>(height)};
    ListedPhoto result;
    result.image = resample(photo.image, window, width, height);
    result.boxes = {{0, 0, static_cast<float>(width), static_cast<float>(height)}};
    return result;
  };
}

std::vector<double> grey_of(const Image& image) {
  std::vector<double> grey(image.pixels.size() / 3);
  for (std::size_t i = 0; i < grey.size(); ++i) {
    const std::uint8_t* pixel = image.pixels.data() + i * 3;
    grey[i] = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
  }
  return grey;
}

void set_grey(Image& image, const std::vector<double>& grey) {
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = byte(grey[i / 3]);
}

// Grey over its own blurred self, darkened: strokes where it is darker than its surroundings.
ListedPhoto pencil_drawing(const ListedPhoto& photo, NamedRandom&) {
  ListedPhoto result = photo;
  const int width = photo.image.width;
  const int height = photo.image.height;
  const std::vector<double> grey = grey_of(photo.image);
  const int radius = std::max(2, std::min(width, height) / 40);
  const auto at = [width](int x, int y) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  };
  const auto mean_along = [&](const std::vector<double>& from, bool across) {
    std::vector<double> to(from.size());
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        double sum = 0;
        for (int k = -radius; k <= radius; ++k) {
          sum += across ? from[at(std::clamp(x + k, 0, width - 1), y)]
                        : from[at(x, std::clamp(y + k, 0, height - 1))];
        }
        to[at(x, y)] = sum / (2 * radius + 1);
      }
    }
    return to;
  };
  const std::vector<double> soft = mean_along(mean_along(grey, true), false);
  std::vector<double> strokes(grey.size());
  for (std::size_t i = 0; i < grey.size(); ++i) {
    strokes[i] = 255 * std::pow(std::min(1.0, (grey[i] + 1) / (soft[i] + 1)), 2.0);
  }
  set_grey(result.image, strokes);
  return result;
}

ListedPhoto dithered(const ListedPhoto& photo, NamedRandom&) {  // Floyd and Steinberg
  ListedPhoto result = photo;
  const int width = photo.image.width;
  const int height = photo.image.height;
  std::vector<double> grey = grey_of(photo.image);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      double* at = grey.data() + static_cast<std::ptrdiff_t>(y) * width + x;
      const double ink = *at > 127.5 ? 255 : 0;
      const double error = (*at - ink) / 16;
      *at = ink;
      if (x + 1 < width) at[1] += 7 * error;
      if (y + 1 == height) continue;
      if (x > 0) at[width - 1] += 3 * error;
      at[width] += 5 * error;
      if (x + 1 < width) at[width + 1] += error;
    }
  }
  set_grey(result.image, grey);
  return result;
}

struct Kind {
  RobustnessVariant variant;
  Change change;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {{"unchanged"}, channels({1, 1, 1}, {})},
      {{"dark-0.4"}, darker(0.4)},
      {{"dark-0.3"}, darker(0.3)},
      {{"dark-0.25"}, darker(0.25)},
      {{"dark-0.15", 90}, darker(0.15)},
      {{"contrast-0.4"}, less_contrast(0.4)},
      {{"contrast-0.3"}, less_contrast(0.3)},
      {{"haze"}, channels({0.25, 0.25, 0.25}, {165, 167, 170})},
      {{"blue-light"}, channels({0.15, 0.25, 1}, {})},
      {{"red-light"}, channels({1, 0.2, 0.2}, {})},
      {{"under-water"}, channels({0.15, 0.45, 0.5}, {5, 60, 75})},
      {{"back-light"}, light_from_behind},
      {{"pencil", 95, false}, pencil_drawing},
      {{"dithering", 95, false}, dithered},
      {{"turned-30"}, turned(30)},
      {{"turned-45"}, turned(45)},
      {{"turned-60"}, turned(60)},
      {{"turned-90"}, quarter_turns(90)},
      {{"upside-down"}, quarter_turns(180)},
      {{"mask", 95, false}, masked},
      {{"mask-sunglasses", 70, false}, masked_with_sunglasses},
      {{"lower-half-hidden", 80, false}, lower_half_hidden},
      {{"left-half-hidden", 80, false}, left_half_hidden},
      {{"close-up-0.9", 95, false}, close_up(0.9)},
      {{"close-up-0.8", 95, false}, close_up(0.8)},
      {{"close-up-0.7", 85, false}, close_up(0.7)},
  };
  return all;
}

}  // namespace

const std::vector<RobustnessVariant>& robustness_variants() {
  static const std::vector<RobustnessVariant> variants = [] {
    std::vector<RobustnessVariant> list;
    for (const Kind& kind : kinds()) list.push_back(kind.variant);
    return list;
  }();
  return variants;
}

ListedPhoto make_hard(const ListedPhoto& photo, const std::string& variant,
                      const std::string& name) {
  if (photo.boxes.empty() || !(photo.boxes.front().area() > 0)) {
    throw Error(ErrorCode::invalid_argument, name + ": no face is listed");
  }
  for (const Kind& kind : kinds()) {
    if (kind.variant.name != variant) continue;
    NamedRandom random("robustness 1 " + variant, name);
    ListedPhoto result = kind.change(photo, random);
    result.boxes.resize(1);
    return result;
  }
  throw Error(ErrorCode::invalid_argument, "there is no way to make a photo hard named " + variant);
}

bool stands_for(const Box& found, const Box& face) {
  const float side = std::sqrt(face.area());
  const float ratio = std::sqrt(found.area()) / side;
  return std::hypot(found.centre_x() - face.centre_x(), found.centre_y() - face.centre_y()) <=
             0.4F * side &&
         ratio >= 0.5F && ratio <= 2.0F;
}

}  // namespace facet::detail
