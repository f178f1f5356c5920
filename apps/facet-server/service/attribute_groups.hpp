// SPDX-License-Identifier: Apache-2.0
// What attributes are about, in the words that everyday words are grouped by.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace facet::server {

// "other" for what is none of CelebA's forty.
constexpr std::string_view attribute_group(std::string_view name) {
  constexpr std::array groups = {
      std::pair{"people", " Attractive Male Young "},
      std::pair{"expression", " Mouth_Slightly_Open Smiling "},
      std::pair{"hair",
                " Bald Bangs Black_Hair Blond_Hair Brown_Hair Gray_Hair Receding_Hairline "
                "Straight_Hair Wavy_Hair "},
      std::pair{"beard", " 5_o_Clock_Shadow Goatee Mustache No_Beard Sideburns "},
      std::pair{"wears",
                " Eyeglasses Heavy_Makeup Wearing_Earrings Wearing_Hat Wearing_Lipstick "
                "Wearing_Necklace Wearing_Necktie "},
      std::pair{"face",
                " Arched_Eyebrows Bags_Under_Eyes Big_Lips Big_Nose Bushy_Eyebrows Chubby "
                "Double_Chin High_Cheekbones Narrow_Eyes Oval_Face Pale_Skin Pointy_Nose "
                "Rosy_Cheeks "},
      std::pair{"photo", " Blurry "}};
  for (const auto& [group, names] : groups) {
    const std::string_view all = names;
    for (std::size_t at = all.find(name); at != std::string_view::npos;
         at = all.find(name, at + 1)) {
      if (!name.empty() && all[at - 1] == ' ' && all[at + name.size()] == ' ') return group;
    }
  }
  return "other";
}

}  // namespace facet::server
