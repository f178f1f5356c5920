// SPDX-License-Identifier: Apache-2.0
#include "recipe/named_lists.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "facet/error.hpp"
#include "model/temporary_folder.hpp"
#include "recipe/recipe.hpp"

namespace facet::detail {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Words = std::vector<std::string>;

class NamedLists : public testing::Test {
 protected:
  Recipe read(const std::string& text, const std::string& name = "r.toml") const {
    std::ofstream(folder_ / name) << text;
    return Recipe::read(folder_ / name);
  }

  static Words words(const Stage& stage, const std::string& key) {
    return stage.settings().get(key, Words{});
  }

  TemporaryFolder folder_;
};

constexpr const char* kLists = "name = \"r\"\n[lists]\npeople = [\"a\", \"b\"]\n";

TEST_F(NamedLists, StandWhereStagesNameThem) {
  const Recipe recipe = read(std::string(kLists) +
                             "[[stages]]\nname = \"s\"\nkind = \"lnet\"\n"
                             "without = { list = \"people\" }\n"
                             "[[stages.backgrounds]]\nwithout = { list = \"people\" }\n"
                             "[[stages]]\nname = \"t\"\nlike = \"s\"\n");
  for (const Stage& stage : recipe.stages()) {
    EXPECT_THAT(words(stage, "without"), ElementsAre("a", "b")) << stage.name;
    const auto backgrounds = stage.settings().tables("backgrounds");
    ASSERT_EQ(backgrounds.size(), 1U);
    TableReader background(*backgrounds.front(), "backgrounds");
    EXPECT_THAT(background.get("without", Words{}), ElementsAre("a", "b")) << stage.name;
  }
}

TEST_F(NamedLists, OfABaseServeAndCanBeAddedTo) {
  read(std::string(kLists) + "[[stages]]\nname = \"s\"\nkind = \"lnet\"\n", "base.toml");
  const Recipe recipe = read(
      "name = \"own\"\nbase = \"base.toml\"\n[lists]\nbirds = [\"c\"]\n"
      "[[stages]]\nname = \"t\"\nkind = \"lnet\"\n"
      "without = { list = \"people\" }\nonly = { list = \"birds\" }\n");
  EXPECT_THAT(words(recipe.stages().back(), "without"), ElementsAre("a", "b"));
  EXPECT_THAT(words(recipe.stages().back(), "only"), ElementsAre("c"));
}

TEST_F(NamedLists, ThatAreMissingAreNamedWithTheirLine) {
  for (const std::string start : {kLists, "name = \"r\"\n"}) {
    try {
      read(start + "[[stages]]\nname = \"s\"\nkind = \"lnet\"\nwithout = { list = \"apes\" }\n");
      FAIL() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      EXPECT_THAT(error.what(), AllOf(HasSubstr("r.toml: line "), HasSubstr("no list 'apes'")));
    }
  }
}

}  // namespace
}  // namespace facet::detail
