// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper_figures.hpp"

#include <algorithm>
#include <array>

namespace facet::detail {
namespace {

struct PaperRow {
  std::string_view attribute;
  int celeba;
  int lfwa;
};

constexpr std::array<PaperRow, 40> table_1 = {{
    {"5_o_Clock_Shadow", 91, 84},
    {"Arched_Eyebrows", 79, 82},
    {"Attractive", 81, 83},
    {"Bags_Under_Eyes", 79, 83},
    {"Bald", 98, 88},
    {"Bangs", 95, 88},
    {"Big_Lips", 68, 75},
    {"Big_Nose", 78, 81},
    {"Black_Hair", 88, 90},
    {"Blond_Hair", 95, 97},
    {"Blurry", 84, 74},
    {"Brown_Hair", 80, 77},
    {"Bushy_Eyebrows", 90, 82},
    {"Chubby", 91, 73},
    {"Double_Chin", 92, 78},
    {"Eyeglasses", 99, 95},
    {"Goatee", 95, 78},
    {"Gray_Hair", 97, 84},
    {"Heavy_Makeup", 90, 95},
    {"High_Cheekbones", 87, 88},
    {"Male", 98, 94},
    {"Mouth_Slightly_Open", 92, 82},
    {"Mustache", 95, 92},
    {"Narrow_Eyes", 81, 81},
    {"No_Beard", 95, 79},
    {"Oval_Face", 66, 74},
    {"Pale_Skin", 91, 84},
    {"Pointy_Nose", 72, 80},
    {"Receding_Hairline", 89, 85},
    {"Rosy_Cheeks", 90, 78},
    {"Sideburns", 96, 77},
    {"Smiling", 92, 91},
    {"Straight_Hair", 73, 76},
    {"Wavy_Hair", 80, 76},
    {"Wearing_Earrings", 82, 94},
    {"Wearing_Hat", 99, 88},
    {"Wearing_Lipstick", 93, 95},
    {"Wearing_Necklace", 71, 88},
    {"Wearing_Necktie", 93, 79},
    {"Young", 87, 86},
}};

}  // namespace

std::optional<int> paper_accuracy(std::string_view labels, std::string_view attribute) {
  const auto* const row = std::find_if(table_1.begin(), table_1.end(),
                                       [&](const PaperRow& r) { return r.attribute == attribute; });
  if (row == table_1.end()) return std::nullopt;
  if (labels == "CelebA") return row->celeba;
  if (labels == "LFWA") return row->lfwa;
  return std::nullopt;
}

std::optional<int> paper_average(std::string_view labels) {
  if (labels == "CelebA") return 87;
  if (labels == "LFWA") return 84;
  return std::nullopt;
}

}  // namespace facet::detail
