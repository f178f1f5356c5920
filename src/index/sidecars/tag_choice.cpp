// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/tag_choice.hpp"

#include "facet/error.hpp"
#include "index/query/suggestion.hpp"
#include "index/query/vocabulary.hpp"

namespace facet::detail {

std::set<std::string> chosen_attributes(const std::vector<std::string>& typed,
                                        const std::vector<std::string>& known) {
  const Vocabulary vocabulary(known);
  std::set<std::string> chosen;
  for (const std::string& word : typed) {
    const auto place = vocabulary.attribute(word);
    if (!place) {
      throw Error(ErrorCode::invalid_argument,
                  "no attribute is called \"" + word + "\"" +
                      did_you_mean(word, known, "", "; facet model info lists all"));
    }
    chosen.insert(known[*place]);
  }
  return chosen;
}

std::set<std::string> tags_of(const PhotoResult& photo, const TagChoice& choice) {
  std::set<std::string> tags;
  for (const Face& face : photo.faces) {
    for (const Attribute& attribute : face.attributes) {
      const bool holds = choice.least ? attribute.probability >= *choice.least : attribute.present;
      if (holds && choice.has(attribute.name)) tags.insert(attribute.name);
    }
  }
  return tags;
}

}  // namespace facet::detail
