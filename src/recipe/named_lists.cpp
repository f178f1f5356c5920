// SPDX-License-Identifier: Apache-2.0
#include "recipe/named_lists.hpp"

#include "base/printable_text.hpp"
#include "facet/error.hpp"
#include "recipe/table_reader.hpp"

namespace facet::detail {
namespace {

class Lists {
 public:
  Lists(const toml::table& lists, const std::string& file) : lists_(lists), file_(file) {}

  void fill_in(toml::node& node) const {
    if (auto* array = node.as_array()) {
      for (toml::node& item : *array) fill_in(item);
    } else if (auto* table = node.as_table()) {
      for (auto&& [key, value] : *table) {
        if (const toml::array* list = named_by(value)) {
          table->insert_or_assign(key, *list);
        } else {
          fill_in(value);
        }
      }
    }
  }

 private:
  // The list that { list = "name" } means; null where `node` is anything else.
  [[nodiscard]] const toml::array* named_by(const toml::node& node) const {
    const toml::table* table = node.as_table();
    if (table == nullptr || table->size() != 1 || !table->contains("list")) return nullptr;
    const auto name = (*table)["list"].value<std::string>();
    const toml::array* list = name ? lists_[*name].as_array() : nullptr;
    if (list == nullptr) {
      throw Error(ErrorCode::invalid_argument,
                  printable_text(place_of(node, file_) + ": [lists] has no list '" +
                                 name.value_or("") + "'"));
    }
    return list;
  }

  const toml::table& lists_;
  const std::string& file_;
};

}  // namespace

void fill_in_lists(toml::table& recipe, const std::string& file) {
  const toml::table* given = recipe["lists"].as_table();
  const toml::table none;
  if (toml::node* stages = recipe.get("stages")) {
    Lists(given == nullptr ? none : *given, file).fill_in(*stages);
  }
  if (given != nullptr) recipe.erase("lists");
}

}  // namespace facet::detail
