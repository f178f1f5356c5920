// SPDX-License-Identifier: Apache-2.0
#include "report/attribute_words.hpp"

#include <algorithm>
#include <array>

namespace facet::detail {
namespace {

struct Entry {
  std::string_view name;
  WordKind kind;
  std::string_view words;
};

constexpr auto entries = std::to_array<Entry>({
    {"5_o_Clock_Shadow", WordKind::has, "stubble"},
    {"Arched_Eyebrows", WordKind::has, "arched eyebrows"},
    {"Attractive", WordKind::is, "attractive"},
    {"Bags_Under_Eyes", WordKind::has, "bags under the eyes"},
    {"Bald", WordKind::is, "bald"},
    {"Bangs", WordKind::has, "bangs"},
    {"Big_Lips", WordKind::has, "big lips"},
    {"Big_Nose", WordKind::has, "a big nose"},
    {"Black_Hair", WordKind::has, "black hair"},
    {"Blond_Hair", WordKind::has, "blond hair"},
    {"Blurry", WordKind::is, "blurry"},
    {"Brown_Hair", WordKind::has, "brown hair"},
    {"Bushy_Eyebrows", WordKind::has, "bushy eyebrows"},
    {"Chubby", WordKind::is, "chubby"},
    {"Double_Chin", WordKind::has, "a double chin"},
    {"Eyeglasses", WordKind::wears, "eyeglasses"},
    {"Goatee", WordKind::has, "a goatee"},
    {"Gray_Hair", WordKind::has, "gray hair"},
    {"Heavy_Makeup", WordKind::wears, "heavy makeup"},
    {"High_Cheekbones", WordKind::has, "high cheekbones"},
    {"Male", WordKind::is, "male"},
    {"Mouth_Slightly_Open", WordKind::has, "a slightly open mouth"},
    {"Mustache", WordKind::has, "a mustache"},
    {"Narrow_Eyes", WordKind::has, "narrow eyes"},
    {"No_Beard", WordKind::lacks, "a beard"},
    {"Oval_Face", WordKind::has, "an oval face"},
    {"Pale_Skin", WordKind::has, "pale skin"},
    {"Pointy_Nose", WordKind::has, "a pointy nose"},
    {"Receding_Hairline", WordKind::has, "a receding hairline"},
    {"Rosy_Cheeks", WordKind::has, "rosy cheeks"},
    {"Sideburns", WordKind::has, "sideburns"},
    {"Smiling", WordKind::is, "smiling"},
    {"Straight_Hair", WordKind::has, "straight hair"},
    {"Wavy_Hair", WordKind::has, "wavy hair"},
    {"Wearing_Earrings", WordKind::wears, "earrings"},
    {"Wearing_Hat", WordKind::wears, "a hat"},
    {"Wearing_Lipstick", WordKind::wears, "lipstick"},
    {"Wearing_Necklace", WordKind::wears, "a necklace"},
    {"Wearing_Necktie", WordKind::wears, "a necktie"},
    {"Young", WordKind::is, "young"},
});

std::string without_article(const std::string& words) {
  for (const std::string_view article : {"a ", "an "}) {
    if (words.starts_with(article)) return words.substr(article.size());
  }
  return words;
}

}  // namespace

AttributeWords attribute_words(std::string_view name) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.name == name; });
  if (found != entries.end()) return {found->kind, std::string(found->words)};
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return {WordKind::has, words};
}

std::string attribute_phrase(std::string_view name) {
  const AttributeWords words = attribute_words(name);
  return words.kind == WordKind::lacks ? "no " + without_article(words.words) : words.words;
}

std::string more_or_less(std::string_view name, float response) {
  return (response < 0 ? "less “" : "more “") + concept_phrase(name) + "”";
}

std::string concept_phrase(std::string_view name) {
  constexpr std::string_view against = "not ";
  if (!name.starts_with(against)) return attribute_phrase(name);
  const AttributeWords words = attribute_words(name.substr(against.size()));
  if (words.kind == WordKind::lacks) return words.words;
  return words.kind == WordKind::is ? "not " + words.words : "no " + without_article(words.words);
}

}  // namespace facet::detail
