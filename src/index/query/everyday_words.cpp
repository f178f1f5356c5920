// SPDX-License-Identifier: Apache-2.0
#include "index/query/everyday_words.hpp"

#include <array>

namespace facet::detail {
namespace {

constexpr auto words = std::to_array<EverydayWord>({
    {"people", "man", "male"},
    {"people", "men", "male"},
    {"people", "woman", "-male"},
    {"people", "women", "-male"},
    {"people", "female", "-male"},
    {"people", "boy", "male young"},
    {"people", "girl", "-male young"},
    {"people", "old", "-young"},
    {"people", "elderly", "-young"},
    {"expression", "smile", "smiling"},
    {"expression", "open_mouth", "mouth_slightly_open"},
    {"expression", "closed_mouth", "-mouth_slightly_open"},
    {"hair", "blond", "blond_hair"},
    {"hair", "blonde", "blond_hair"},
    {"hair", "fair_hair", "blond_hair"},
    {"hair", "brunette", "brown_hair"},
    {"hair", "brown_haired", "brown_hair"},
    {"hair", "black_haired", "black_hair"},
    {"hair", "dark_hair", "black_hair | brown_hair"},
    {"hair", "dark_haired", "black_hair | brown_hair"},
    {"hair", "grey_hair", "gray_hair"},
    {"hair", "grey", "gray_hair"},
    {"hair", "gray", "gray_hair"},
    {"hair", "white_hair", "gray_hair"},
    {"hair", "wavy", "wavy_hair"},
    {"hair", "curly", "wavy_hair"},
    {"hair", "curly_hair", "wavy_hair"},
    {"hair", "straight", "straight_hair"},
    {"hair", "fringe", "bangs"},
    {"hair", "bald_head", "bald"},
    {"beard", "beard", "-no_beard"},
    {"beard", "bearded", "-no_beard"},
    {"beard", "facial_hair", "-no_beard"},
    {"beard", "shaven", "no_beard"},
    {"beard", "clean_shaven", "no_beard"},
    {"beard", "moustache", "mustache"},
    {"beard", "stubble", "5_o_clock_shadow"},
    {"wears", "glasses", "eyeglasses"},
    {"wears", "spectacles", "eyeglasses"},
    {"wears", "hat", "wearing_hat"},
    {"wears", "cap", "wearing_hat"},
    {"wears", "earrings", "wearing_earrings"},
    {"wears", "necklace", "wearing_necklace"},
    {"wears", "necktie", "wearing_necktie"},
    {"wears", "tie", "wearing_necktie"},
    {"wears", "lipstick", "wearing_lipstick"},
    {"wears", "makeup", "heavy_makeup"},
    {"wears", "make_up", "heavy_makeup"},
    {"face", "pale", "pale_skin"},
    {"face", "rosy", "rosy_cheeks"},
    {"face", "red_cheeks", "rosy_cheeks"},
    {"face", "eye_bags", "bags_under_eyes"},
    {"face", "thick_eyebrows", "bushy_eyebrows"},
    {"face", "full_lips", "big_lips"},
    {"photo", "blurred", "blurry"},
    {"photo", "sharp", "-blurry"},
    {"photo", "in_focus", "-blurry"},
});

}  // namespace

std::span<const EverydayWord> everyday_words() {
  return words;
}

std::string folded_word(std::string_view word) {
  std::string folded(word);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (c == '-' || c == ' ') c = '_';
  }
  return folded;
}

}  // namespace facet::detail
