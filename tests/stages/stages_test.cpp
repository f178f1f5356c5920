// SPDX-License-Identifier: Apache-2.0
// Stages that run on the inference library: what they leave for the stages after them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "facet/error.hpp"
#include "facet/predictor.hpp"
#include "model/model_parts.hpp"
#include "model/temporary_folder.hpp"
#include "network/network.hpp"
#include "pack/packed_photos.hpp"
#include "stages/inserted_depths.hpp"
#include "stages/restored_stages.hpp"
#include "stages/stage_context.hpp"
#include "stages/stage_network.hpp"
#include "training/small_packs.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kModels = fs::path(FACET_SOURCE_DIR) / "models";

Recipe write_recipe(const fs::path& path, const std::string& text) {
  std::ofstream(path) << text;
  return Recipe::read(path);
}

StageContext context_of(const fs::path& packs, const fs::path& out) {
  StageContext context;
  context.packs = packs;
  context.out = out;
  context.log = [](const std::string&) {};
  return context;
}

// Of each photo the probabilities, by the name of the attribute.
std::map<std::string, std::map<std::string, float>> read_answers(const fs::path& path) {
  std::ifstream in(path);
  const auto fields = [](const std::string& line) {
    std::vector<std::string> words;
    std::istringstream stream(line);
    for (std::string word; std::getline(stream, word, ',');) words.push_back(word);
    return words;
  };
  std::string line;
  std::getline(in, line);
  const auto header = fields(line);
  std::map<std::string, std::map<std::string, float>> answers;
  while (std::getline(in, line)) {
    const auto values = fields(line);
    for (std::size_t i = 1; i < header.size(); ++i) {
      answers[values[0]][header[i]] = std::stof(values.at(i));
    }
  }
  return answers;
}

TEST(DistillationTargets, SayWhatTheModelSaysOfEachPhoto) {
  const training::SmallPacks packs;
  packs.add("p", 6, 96, "10");  // the last four photos are of partition 1
  const Recipe recipe = write_recipe(
      packs.folder() / "r.toml",
      "name = \"r\"\n[[stages]]\nname = \"a\"\nkind = \"distillation_targets\"\nmodel = \"m\"\n"
      "packs = [{ pack = \"p\", partition = 1, heads = [\"lfwa\", \"celeba\"] }]\n");
  fs::create_directories(packs.out() / "m");
  fs::copy_file(kModels / "fast.safetensors", packs.out() / "m" / "model.safetensors");
  run_distillation_targets_stage(recipe.stages().front(), context_of(packs.folder(), packs.out()));

  Predictor predictor(Model::load(kModels / "fast.safetensors"));
  const auto parts = read_model_parts(kModels / "fast.safetensors");
  const PackedPhotos pack(packs.folder(), "p");
  for (const std::string head : {"celeba", "lfwa"}) {
    const auto answers = read_answers(packs.out() / "a" / ("p." + head + ".csv"));
    ASSERT_EQ(answers.size(), 4U);
    const auto& names = parts.heads.at(head).attributes;
    PredictOptions options;
    options.head = head;
    options.locate.dominant = true;
    for (const auto* entry : chosen_entries(pack, 1, 0)) {
      const auto& said = answers.at(entry->name);
      const auto face = predictor.predict(pack.read(*entry), options).faces.front();
      ASSERT_EQ(said.size(), face.attributes.size());
      for (std::size_t i = 0; i < names.size(); ++i) {
        EXPECT_NEAR(said.at(names[i]), face.attributes[i].probability, 1e-3) << names[i];
      }
    }
  }
}

NetworkPart network_of(const std::string& model, const std::string& network) {
  return read_model(kModels / model).networks.at(network);
}

std::vector<float> answers_of(const NetworkPart& part, int side) {
  const Network network(part.spec, part.weights);
  NetworkRunner runner(network);
  FeatureMap input;
  input.resize(2, side, side, 3);
  for (std::size_t i = 0; i < input.values.size(); ++i) {
    input.values[i] = std::sin(0.1F * static_cast<float>(i % 977));
  }
  runner.set_input(input);
  return runner.run(part.spec.layers.size() - 1).values;
}

TEST(InsertedDepths, LeaveTheNetworksAnswersAsTheyAre) {
  NetworkPart part = network_of("fast.safetensors", "anet");
  const int side = read_model_parts(kModels / "fast.safetensors").patches.patch_side;
  remove_inserted_depths(part);
  const NetworkPart before = part;
  const std::string first = part.spec.layers.front().name;
  insert_depths(part, {first});
  const Layer& depths = part.spec.layers[part.spec.layers.size() - 2];
  EXPECT_EQ(depths.kind, LayerKind::depths);
  EXPECT_EQ(depths.channels(),
            before.spec.layers.back().in_channels + before.spec.layers.front().channels());
  const auto with = answers_of(part, side);
  const auto without = answers_of(before, side);
  ASSERT_EQ(with.size(), without.size());
  for (std::size_t i = 0; i < with.size(); ++i) EXPECT_NEAR(with[i], without[i], 1e-4);
  EXPECT_THROW(insert_depths(part, {first}), Error) << "it has them";
  remove_inserted_depths(part);
  EXPECT_EQ(to_json(part.spec), to_json(before.spec));
  EXPECT_EQ(part.weights.at("tags.weight").values, before.weights.at("tags.weight").values);
  EXPECT_EQ(part.weights.at("tags.weight").shape, before.weights.at("tags.weight").shape);
}

TEST(InsertedDepths, RefuseWhatIsNotThere) {
  NetworkPart part = network_of("fast.safetensors", "anet");
  remove_inserted_depths(part);
  try {
    insert_depths(part, {"C99"});
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("\"C99\", which is no earlier layer"));
  }
}

// ANet's stage was trained without what its heads read: it goes on without.
TEST(RestoredStages, AreWithoutDepthsThatHeadsInserted) {
  const TemporaryFolder folder;
  auto model = read_model(kModels / "fast.safetensors");
  NetworkPart& anet = model.networks.at("anet");
  remove_inserted_depths(anet);
  const auto layers = anet.spec.layers.size();
  insert_depths(anet, {anet.spec.layers.front().name});
  model.parts.heads.clear();
  model.parts.provenance["recipe"] = "r";
  model.parts.provenance["stages"] = {{"anet", "a"}};
  write_model(folder / "given.safetensors", model.parts, model.networks);
  for (const std::string depths : {"", "depths = [\"C1\"]\n"}) {
    const Recipe recipe =
        write_recipe(folder / "r.toml",
                     "name = \"r\"\n[[stages]]\nname = \"a\"\nkind = \"anet\"\n"
                     "[[stages]]\nname = \"m\"\nkind = \"heads\"\nanet = \"a\"\n" +
                         depths);
    const fs::path out = folder / ("out" + std::to_string(depths.size()));
    restore_stages(recipe, folder / "given.safetensors", out);
    EXPECT_EQ(read_stage_network(out, "a").spec.layers.size(), layers + (depths.empty() ? 1 : 0));
  }
}

TEST(RestoredStages, HoldWhatThePublishedModelHolds) {
  const TemporaryFolder folder;
  const fs::path out = folder / "out";
  const Recipe recipe = Recipe::read(fs::path(FACET_SOURCE_DIR) / "recipes/fast.toml");
  const auto path = kModels / "fast.safetensors";
  const auto stages = restore_stages(recipe, path, out);
  EXPECT_THAT(stages, testing::IsSupersetOf(
                          {"lnet_s_7", "aligner", "fast_lnet_o_4", "fast_locate", "fast_model"}));
  const auto whole = read_model(path);
  const auto network = read_stage_network(out, "fast_lnet_o_4");
  EXPECT_EQ(network.weights.at("C1.weight").values,
            whole.networks.at("lnet_o").weights.at("C1.weight").values);
  const auto localiser = read_model(out / "fast_locate" / "model.safetensors");
  EXPECT_TRUE(localiser.parts.heads.empty());
  EXPECT_EQ(localiser.networks.count("anet"), 0U);
  EXPECT_EQ(localiser.parts.localiser.threshold, whole.parts.localiser.threshold);
  EXPECT_EQ(read_model(out / "fast_model" / "model.safetensors").parts.heads.size(),
            whole.parts.heads.size());
}

TEST(RestoredStages, ServeARecipeThatGoesOnFromTheModels) {
  const TemporaryFolder folder;
  const Recipe recipe = Recipe::read(fs::path(FACET_SOURCE_DIR) / "recipes/fast.toml");
  EXPECT_THAT(restore_stages(recipe, kModels / "best.safetensors", folder / "out"),
              testing::IsSupersetOf({"lnet_s_8", "locate_11", "aligner"}));
}

// Not to the last one: the recipe may have gone on since the model was published.
TEST(RestoredStages, GiveTheHeadsBackToTheStageOfTheirAnet) {
  const TemporaryFolder folder;
  const Recipe recipe = Recipe::read(fs::path(FACET_SOURCE_DIR) / "recipes/best.toml");
  auto model = read_model(kModels / "best.safetensors");
  const auto restored_heads = [&](const std::string& anet, const fs::path& out) {
    model.parts.provenance["stages"]["anet"] = anet;
    write_model(folder / "given.safetensors", model.parts, model.networks);
    std::vector<std::string> heads;
    for (const auto& name : restore_stages(recipe, folder / "given.safetensors", out)) {
      const auto& stages = recipe.stages();
      const auto stage = std::find_if(stages.begin(), stages.end(),
                                      [&](const Stage& one) { return one.name == name; });
      if (stage->kind == StageKind::heads) heads.push_back(name);
    }
    EXPECT_TRUE(fs::exists(out / anet / "network.safetensors")) << anet;
    return heads;
  };
  EXPECT_THAT(restored_heads("anet_3", folder / "third"), testing::ElementsAre("model_3"));
  EXPECT_THAT(restored_heads("anet_5", folder / "fourth"), testing::ElementsAre("model"));
}

TEST(RestoredStages, DoNotReplaceWhatIsThere) {
  const TemporaryFolder folder;
  const fs::path out = folder / "out";
  fs::create_directories(out / "aligner");
  std::ofstream(out / "aligner" / "network.safetensors") << "hours of training";
  const Recipe recipe = Recipe::read(fs::path(FACET_SOURCE_DIR) / "recipes/fast.toml");
  const auto restored = restore_stages(recipe, kModels / "fast.safetensors", out);
  EXPECT_THAT(restored, testing::Not(testing::Contains("aligner")));
  EXPECT_EQ(fs::file_size(out / "aligner" / "network.safetensors"), 17U);
}

TEST(RestoredStages, RefuseAModelOfAnotherRecipe) {
  const TemporaryFolder folder;
  const Recipe recipe = Recipe::read(fs::path(FACET_SOURCE_DIR) / "recipes/fast.toml");
  try {
    restore_stages(recipe, kModels / "paper.safetensors", folder / "out");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("comes from recipe 'paper', not from 'fast'"));
  }
}

}  // namespace
}  // namespace facet::detail
