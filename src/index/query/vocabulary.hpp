// SPDX-License-Identifier: Apache-2.0
// What the words of queries mean where certain attributes are known.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/query/everyday_words.hpp"

namespace facet::detail {

class Vocabulary {
 public:
  // Names of attributes, those of taught heads included; their places are what queries refer to.
  explicit Vocabulary(std::vector<std::string> attributes);

  [[nodiscard]] const std::vector<std::string>& attributes() const { return attributes_; }
  // The place of an attribute: of that very name, else of the same folded name.
  [[nodiscard]] std::optional<std::size_t> attribute(std::string_view word) const;
  // An everyday word, unless its meaning speaks of attributes that are not known.
  [[nodiscard]] const EverydayWord* everyday(std::string_view word) const;
  // All that a query may say, folded: attributes, then everyday words.
  [[nodiscard]] std::vector<std::string> words() const;

 private:
  [[nodiscard]] bool knows_all_of(std::string_view meaning) const;

  std::vector<std::string> attributes_;
};

// The page that `--help-query` prints: the grammar by examples, the attributes, the everyday words.
std::string query_help(const Vocabulary& vocabulary);

}  // namespace facet::detail
