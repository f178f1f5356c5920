// SPDX-License-Identifier: Apache-2.0
// What a photo file says its pixels' values mean, and whether that is sRGB.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace facet::detail {

// Colours that are said without a profile.
struct CodedColours {
  std::array<double, 8> chromaticities{};  // x and y of white, red, green and blue
  int transfer = 0;                        // ITU-T H.273's number; 0: `gamma` says it
  double gamma = 1;                        // a value to this power is light
};

struct StoredColours {
  std::vector<std::byte> profile;     // ICC
  std::optional<CodedColours> coded;  // used where there is no profile
  std::string fault;                  // what is wrong with what the file says, "" for nothing
};

// sRGB itself, said so.
CodedColours srgb_colours();

// The colours that ITU-T H.273 numbers so; nothing for sRGB, for what differs from it by less than
// anybody sees (television's of standard and high definition), and for numbers that say nothing.
std::optional<CodedColours> coded_colours(int primaries, int transfer);

// True where an ICC profile is one of sRGB, whoever made it: by its primaries and curves, not by
// its name. False where it is damaged.
bool is_srgb_profile(std::span<const std::byte> profile);

// True for colours that are sRGB's but for rounding.
bool is_srgb(const CodedColours& colours);

}  // namespace facet::detail
