// SPDX-License-Identifier: Apache-2.0
#include "image/stored_colours.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace facet::detail {
namespace {

using Chromaticities = std::array<double, 8>;

constexpr Chromaticities kSrgb = {0.3127, 0.3290, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060};

double light_of_srgb(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

// An ICC profile's numbers and tags; what lies outside its bytes is not there.
class ProfileBytes {
 public:
  explicit ProfileBytes(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t size) const {
    std::uint32_t value = 0;
    if (at > bytes_.size() || size > bytes_.size() - at) return value;
    for (std::size_t i = 0; i < size; ++i) {
      value = value << 8U | std::to_integer<std::uint32_t>(bytes_[at + i]);
    }
    return value;
  }
  // s15Fixed16Number
  [[nodiscard]] double fixed(std::size_t at) const {
    return static_cast<std::int32_t>(number(at, 4)) / 65536.0;
  }
  [[nodiscard]] bool has(std::size_t at, std::string_view text) const {
    return at <= bytes_.size() && text.size() <= bytes_.size() - at &&
           std::memcmp(bytes_.data() + at, text.data(), text.size()) == 0;
  }
  // Where a tag's data begins; 0 where there is none.
  [[nodiscard]] std::size_t tag(std::string_view name) const {
    const std::size_t count = std::min<std::size_t>(number(128, 4), 200);
    for (std::size_t i = 0; i < count; ++i) {
      if (has(132 + 12 * i, name)) return number(132 + 12 * i + 4, 4);
    }
    return 0;
  }

 private:
  std::span<const std::byte> bytes_;
};

bool is_colorant(const ProfileBytes& profile, std::string_view name, std::array<double, 3> xyz) {
  constexpr double tolerance = 0.002;
  const std::size_t at = profile.tag(name);
  if (at == 0 || !profile.has(at, "XYZ ")) return false;
  for (std::size_t i = 0; i < 3; ++i) {
    if (std::abs(profile.fixed(at + 8 + 4 * i) - xyz[i]) > tolerance) return false;
  }
  return true;
}

bool is_srgb_formula(const ProfileBytes& profile, std::size_t at) {
  constexpr std::array<double, 5> expected = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  constexpr std::uint32_t kind = 3;
  if (profile.number(at + 8, 2) != kind) return false;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (std::abs(profile.fixed(at + 12 + 4 * i) - expected[i]) > 0.002) return false;
  }
  return true;
}

bool is_srgb_curve(const ProfileBytes& profile, std::string_view name) {
  const std::size_t at = profile.tag(name);
  if (at == 0) return false;
  if (profile.has(at, "para")) return is_srgb_formula(profile, at);
  const std::size_t size = profile.number(at + 8, 4);
  constexpr std::size_t fewest = 16;  // a single one is a power, which sRGB is not
  if (!profile.has(at, "curv") || size < fewest || size > 65'536) return false;
  for (int i = 1; i <= 16; ++i) {
    const std::size_t place = (size - 1) * static_cast<std::size_t>(i) / 16;
    const double value = static_cast<double>(place) / static_cast<double>(size - 1);
    const double light = profile.number(at + 12 + 2 * place, 2) / 65535.0;
    if (std::abs(light - light_of_srgb(value)) > 0.004) return false;
  }
  return true;
}

std::optional<Chromaticities> chromaticities_of(int primaries) {
  switch (primaries) {
    case 4:
      return Chromaticities{0.310, 0.316, 0.67, 0.33, 0.21, 0.71, 0.14, 0.08};
    case 8:
      return Chromaticities{0.310, 0.316, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049};
    case 9:
      return Chromaticities{0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046};
    case 11:
      return Chromaticities{0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060};
    case 12:
      return Chromaticities{0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060};
    default:
      return std::nullopt;
  }
}

// Curves that are not shown as sRGB's is.
bool is_other_transfer(int transfer) {
  return transfer == 4 || transfer == 5 || transfer == 8 || transfer == 16 || transfer == 18;
}

constexpr int kSrgbTransfer = 13;

}  // namespace

CodedColours srgb_colours() {
  return {kSrgb, kSrgbTransfer, 1};
}

std::optional<CodedColours> coded_colours(int primaries, int transfer) {
  const std::optional<Chromaticities> chromaticities = chromaticities_of(primaries);
  const bool other = is_other_transfer(transfer);
  if (!chromaticities && !other) return std::nullopt;
  return CodedColours{chromaticities.value_or(kSrgb), other ? transfer : kSrgbTransfer, 1};
}

bool is_srgb_profile(std::span<const std::byte> profile) {
  const ProfileBytes bytes(profile);
  // Tables come before curves where a profile has both.
  for (const char* table : {"A2B0", "A2B1", "D2B0", "D2B1"}) {
    if (bytes.tag(table) != 0) return false;
  }
  // Of sRGB's primaries as profiles hold them, adapted to D50.
  return bytes.has(16, "RGB ") && bytes.has(20, "XYZ ") &&
         is_colorant(bytes, "rXYZ", {0.4361, 0.2225, 0.0139}) &&
         is_colorant(bytes, "gXYZ", {0.3851, 0.7169, 0.0971}) &&
         is_colorant(bytes, "bXYZ", {0.1431, 0.0606, 0.7141}) && is_srgb_curve(bytes, "rTRC") &&
         is_srgb_curve(bytes, "gTRC") && is_srgb_curve(bytes, "bTRC");
}

bool is_srgb(const CodedColours& colours) {
  const bool same_primaries =
      std::equal(kSrgb.begin(), kSrgb.end(), colours.chromaticities.begin(),
                 [](double a, double b) { return std::abs(a - b) < 0.005; });
  const bool same_curve = colours.transfer == 0 ? std::abs(colours.gamma - 2.2) < 0.1
                                                : !is_other_transfer(colours.transfer);
  return same_primaries && same_curve;
}

}  // namespace facet::detail
