// SPDX-License-Identifier: Apache-2.0
#include "recipe/recipe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

using testing::HasSubstr;

std::filesystem::path write_recipe(const std::string& text) {
  static int number = 0;
  const auto path =
      std::filesystem::temp_directory_path() /
      ("facet-recipe-" + std::to_string(::getpid()) + "-" + std::to_string(number++) + ".toml");
  std::ofstream(path) << text;
  return path;
}

std::string failure(const std::string& text, const std::string& network = "") {
  const auto path = write_recipe(text);
  std::string message;
  try {
    const Recipe recipe = Recipe::read(path);
    if (!network.empty()) (void)recipe.network(network);
  } catch (const Error& error) {
    message = error.what();
    EXPECT_THAT(message, AnyOf(HasSubstr(path.string()), HasSubstr("nowhere.toml")))
        << "which file is it about?";
  }
  std::filesystem::remove(path);
  return message;
}

constexpr const char* kStage = "name = \"r\"\n[[stages]]\nname = \"s\"\nkind = \"anet\"\n";

TEST(Recipe, ReadsThePapersNetworksWithChainedChannels) {
  const Recipe recipe =
      Recipe::read(std::filesystem::path(FACET_SOURCE_DIR) / "recipes/paper.toml");
  EXPECT_EQ(recipe.stages().front().kind, StageKind::packs)
      << "a fresh run has nothing to train on";
  const NetworkSpec anet = recipe.network("anet");
  ASSERT_EQ(anet.layers.back().name, "tags");
  EXPECT_EQ(anet.layers.back().out_channels, 40);
  int side = 88;  // a patch becomes one place
  for (const Layer& layer : anet.layers) side = output_side(layer, side);
  EXPECT_EQ(side, 1);
  EXPECT_EQ(recipe.network("lnet").layers.back().in_channels, 96);
}

constexpr const char* kDepths =
    "[networks.n]\nlayers = [{ name = \"C1\", kind = \"convolution\", out = 4, kernel = 3 },\n"
    "{ name = \"FC\", kind = \"convolution\", out = 5, kernel = 6 },\n"
    "{ name = \"D\", kind = \"depths\", of = [\"C1\"]%s },\n"
    "{ name = \"tags\", kind = \"convolution\", out = 2 }]\n";

std::string with_depths(const std::string& further) {
  std::string text = kStage + std::string(kDepths);
  return text.replace(text.find("%s"), 2, further);
}

TEST(Recipe, DepthsCountTheirOwnChannels) {
  const auto path = write_recipe(with_depths(""));
  const NetworkSpec spec = Recipe::read(path).network("n");
  std::filesystem::remove(path);
  EXPECT_EQ(spec.layers[2].kind, LayerKind::depths);
  EXPECT_EQ(spec.layers[2].channels(), 9);
  EXPECT_EQ(spec.layers[3].in_channels, 9);
}

TEST(Recipe, DepthsHaveNothingButLayersToRead) {
  EXPECT_THAT(failure(with_depths(", kernel = 3"), "n"), HasSubstr("kernel"));
  std::string other = with_depths("");
  other.replace(other.find("[\"C1\"]"), 6, "[\"C9\"]");
  EXPECT_THAT(failure(other, "n"), HasSubstr("\"C9\", which is no earlier layer"));
}

TEST(Recipe, RehearsalLowersWhatTakesLongAndRaisesNothing) {
  const auto path = write_recipe(
      "name = \"r\"\n"
      "[[stages]]\nname = \"p\"\nkind = \"packs\"\npacks = [{ name = \"a\" }]\n"
      "[[stages]]\nname = \"t\"\nkind = \"anet\"\nepochs = 20\n"
      "[[stages]]\nname = \"u\"\nkind = \"anet\"\nepochs = 0.25\n"
      "[[stages]]\nname = \"l\"\nkind = \"localiser\"\nbox_photos = 10\nface_photos = 9000\n");
  const Recipe recipe = Recipe::read(path, true);
  std::filesystem::remove(path);
  EXPECT_EQ(recipe.name(), "r-rehearsal") << "no model of it is taken for a trained one";
  const auto number = [&](std::size_t stage, const char* key) {
    return (*recipe.stages().at(stage).table)[key].value_or(-1.0);
  };
  EXPECT_GT((*recipe.stages().at(0).table)["packs"][0]["limit"].value_or(0), 0);
  EXPECT_EQ(number(1, "epochs"), 1);
  EXPECT_EQ(number(2, "epochs"), 0.25);
  EXPECT_EQ(number(3, "box_photos"), 10);
  EXPECT_LT(number(3, "face_photos"), 200);
}

TEST(Recipe, AStageLikeAnotherTakesWhatItLeavesOut) {
  const auto path = write_recipe(
      "name = \"r\"\n"
      "[[stages]]\nname = \"a\"\nkind = \"anet\"\nepochs = 4\nbatch = 8\n"
      "[[stages.faces]]\npack = \"p\"\n"
      "[[stages]]\nname = \"b\"\nkind = \"anet\"\nlike = \"a\"\nepochs = 2\n"
      "[[stages]]\nname = \"c\"\nkind = \"anet\"\nlike = \"b\"\nbatch = 16\n");
  const Recipe recipe = Recipe::read(path);
  std::filesystem::remove(path);
  const toml::table& last = *recipe.stages()[2].table;
  EXPECT_EQ(last["name"].value<std::string>(), "c");
  EXPECT_EQ(last["epochs"].value<int>(), 2);
  EXPECT_EQ(last["batch"].value<int>(), 16);
  EXPECT_EQ(last["faces"][0]["pack"].value<std::string>(), "p");
  EXPECT_FALSE(last.contains("like"));
  EXPECT_EQ((*recipe.stages()[0].table)["epochs"].value<int>(), 4);
}

TEST(Recipe, AStageCannotBeLikeALaterOne) {
  EXPECT_THAT(failure("name = \"r\"\n[[stages]]\nname = \"a\"\nkind = \"anet\"\nlike = \"b\"\n"
                      "[[stages]]\nname = \"b\"\nkind = \"anet\"\n"),
              AllOf(HasSubstr("line 5"), HasSubstr("'b'")));
}

TEST(Recipe, GoesOnWhereItsBaseEnds) {
  const auto base = write_recipe(
      "name = \"b\"\nseed = 7\n"
      "[networks.n]\nlayers = [{ name = \"C1\", kind = \"convolution\", out = 4 }]\n"
      "[[stages]]\nname = \"s\"\nkind = \"anet\"\nnetwork = \"n\"\nepochs = 3\n");
  const auto path =
      write_recipe("name = \"r\"\nbase = " + base.filename().string().insert(0, "\"") +
                   "\"\n"
                   "[networks.m]\nlayers = [{ name = \"C1\", kind = \"convolution\", out = 5 }]\n"
                   "[[stages]]\nname = \"t\"\nlike = \"s\"\nnetwork = \"m\"\nspeed = 1\n");
  const Recipe recipe = Recipe::read(path);
  EXPECT_EQ(recipe.name(), "r");
  EXPECT_EQ(recipe.seed(), 7U) << "settings that it leaves out are its base's";
  ASSERT_EQ(recipe.stages().size(), 2U);
  EXPECT_EQ(recipe.stages().back().name, "t");
  EXPECT_EQ(recipe.stages().front().recipe, "b") << "what it makes is of its own name";
  EXPECT_EQ(recipe.stages().back().recipe, "r");
  EXPECT_EQ(recipe.network("n").layers.front().out_channels, 4);
  EXPECT_EQ(recipe.network("m").layers.front().out_channels, 5);
  TableReader reader(*recipe.stages().back().table, "t");
  EXPECT_EQ(reader.get("epochs", 0), 3);
  for (const char* key : {"name", "kind", "network"}) reader.require<std::string>(key);
  try {
    reader.finish();
    ADD_FAILURE() << "nobody read 'speed'";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("line 9 of " + path.string() + ": unknown setting 'speed'"));
  }
  std::filesystem::remove(base);
  std::filesystem::remove(path);
}

TEST(Recipe, RefusesABaseThatLeadsBackOrIsNotThere) {
  const auto path = write_recipe("name = \"r\"\n");
  std::ofstream(path) << "name = \"r\"\nbase = \"" << path.filename().string() << "\"\n";
  EXPECT_THROW(Recipe::read(path), std::runtime_error);
  std::filesystem::remove(path);
  EXPECT_THAT(failure("name = \"r\"\nbase = \"nowhere.toml\"\n"), HasSubstr("nowhere.toml"));
}

TEST(Recipe, ReadsTheBestModelsNetworks) {
  const Recipe recipe = Recipe::read(std::filesystem::path(FACET_SOURCE_DIR) / "recipes/best.toml");
  EXPECT_EQ(recipe.stages().front().kind, StageKind::packs);
  for (const auto& [name, side] : {std::pair("aligner", 64), std::pair("anet", 96)}) {
    int map = side;
    const NetworkSpec spec = recipe.network(name);
    for (const Layer& layer : spec.layers) map = output_side(layer, map);
    EXPECT_EQ(map, 1) << name;
  }
}

TEST(Recipe, ReadsTheFastModelsOnTopOfTheBest) {
  const Recipe recipe = Recipe::read(std::filesystem::path(FACET_SOURCE_DIR) / "recipes/fast.toml");
  EXPECT_EQ(recipe.name(), "fast");
  EXPECT_EQ(recipe.stages().front().kind, StageKind::packs);
  EXPECT_EQ(recipe.stages().back().kind, StageKind::face_check);
  int map = 64;
  for (const Layer& layer : recipe.network("fast_anet").layers) map = output_side(layer, map);
  EXPECT_EQ(map, 1);
}

TEST(Recipe, NamesTheLineOfASyntaxError) {
  EXPECT_THAT(failure("name = \"r\"\nseed = = 2\n"), HasSubstr("line 2"));
}

TEST(Recipe, RefusesAnUnknownLayerKind) {
  EXPECT_THAT(failure(std::string(kStage) +
                          "[networks.n]\nlayers = [{ name = \"C1\", kind = \"dense\", out = 3 }]\n",
                      "n"),
              HasSubstr("unknown kind 'dense'"));
}

TEST(Recipe, RefusesAnUnknownSettingByNameAndLine) {
  const auto path = write_recipe(std::string(kStage) + "speed = 3\n");
  const Recipe recipe = Recipe::read(path);
  TableReader reader(*recipe.stages().front().table, "stage 's'");
  reader.require<std::string>("name");
  reader.require<std::string>("kind");
  try {
    reader.finish();
    FAIL() << "the setting was accepted";
  } catch (const std::exception& error) {
    EXPECT_THAT(error.what(), HasSubstr("unknown setting 'speed'"));
    EXPECT_THAT(error.what(), HasSubstr("line 5"));
  }
  std::filesystem::remove(path);
}

TEST(Recipe, RefusesValuesOfAnotherType) {
  const auto path = write_recipe(std::string(kStage) + "batch = \"many\"\n");
  const Recipe recipe = Recipe::read(path);
  TableReader reader(*recipe.stages().front().table, "stage 's'");
  EXPECT_THROW(reader.get("batch", 64), std::runtime_error);
  EXPECT_THROW(reader.require<std::string>("network"), std::runtime_error);
  std::filesystem::remove(path);
}

// What does not fit into the type that a setting has is refused, not cut off.
TEST(Recipe, RefusesNumbersThatDoNotFit) {
  const auto path = write_recipe(std::string(kStage) +
                                 "batch = 4294967360\nrate = 1e300\ndecay = nan\n"
                                 "parts = [0, 1.5]\n");
  const Recipe recipe = Recipe::read(path);
  TableReader reader = recipe.stages().front().settings();
  const auto message = [&](const auto& read) -> std::string {
    try {
      read();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message([&] { (void)reader.get("batch", 64); }),
              AllOf(HasSubstr(path.string() + " stage 's': line 5: 'batch'"),
                    HasSubstr("between -2147483647 and 2147483647")));
  EXPECT_THAT(message([&] { (void)reader.get("rate", 0.1F); }), HasSubstr("line 6: 'rate'"));
  EXPECT_THAT(message([&] { (void)reader.get("decay", 0.1F); }), HasSubstr("line 7: 'decay'"));
  EXPECT_THAT(message([&] { (void)reader.get("parts", std::vector<int>{}); }),
              HasSubstr("line 8: 'parts' is not a whole number"));
  std::filesystem::remove(path);
  EXPECT_THAT(failure("name = \"r\"\nseed = -1\n"), HasSubstr("line 2: 'seed' is negative"));
}

TEST(Recipe, RefusesStagesThatWouldShareAFolder) {
  EXPECT_THAT(failure(std::string(kStage) + "[[stages]]\nname = \"s\"\nkind = \"anet\"\n"),
              HasSubstr("line 5: a second stage 's'"));
  EXPECT_THAT(failure("name = \"r\"\n[[stages]]\nname = \"../s\"\nkind = \"anet\"\n"),
              HasSubstr("'../s' is no name"));
}

TEST(Recipe, NamesTheFileOfANetworkThatIsNone) {
  EXPECT_THAT(failure(std::string(kStage) +
                          "[networks.n]\nlayers = [{ name = \"C1\", kind = \"max_pool\", out = 3, "
                          "norm = true }]\n",
                      "n"),
              HasSubstr("[networks.n]: "));
}

TEST(Recipe, RefusesAStageKindThatNobodyRuns) {
  EXPECT_THAT(failure("name = \"r\"\n[[stages]]\nname = \"s\"\nkind = \"anets\"\n"),
              AllOf(HasSubstr("line 4: stage 's': there is no stage kind 'anets', only packs, "),
                    HasSubstr(", heads")));
}

TEST(Recipe, SaysWhatAKindOfEarlierRecipesIsCalledNow) {
  for (const auto& [former, now] :
       {std::pair("windows", "'find_faces'"), std::pair("answers", "'distillation_targets'")}) {
    EXPECT_THAT(
        failure(std::string("name = \"r\"\n[[stages]]\nname = \"s\"\nkind = \"") + former + "\"\n"),
        AllOf(HasSubstr("line 4"), HasSubstr(now)));
  }
}

TEST(Recipe, RehearsalTakesFacesThatItsNetworksAreNotSureOf) {
  const auto path = write_recipe("name = \"r\"\n[[stages]]\nname = \"s\"\nkind = \"face_check\"\n");
  for (const bool rehearse : {false, true}) {
    const Recipe recipe = Recipe::read(path, rehearse);
    EXPECT_EQ(recipe.stages().front().settings().get("at_least_one", false), rehearse);
  }
  std::filesystem::remove(path);
}

TEST(StageKinds, AreFoundByTheirNames) {
  for (const StageKindTraits& known : stage_kinds()) {
    EXPECT_EQ(stage_kind_named(known.name), known.kind);
    EXPECT_EQ(traits(known.kind).name, known.name);
  }
}

TEST(Recipe, NeedsStages) {
  EXPECT_THAT(failure("name = \"r\"\n"), HasSubstr("no stages"));
}

}  // namespace
}  // namespace facet::detail
