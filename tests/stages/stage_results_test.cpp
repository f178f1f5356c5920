// SPDX-License-Identifier: Apache-2.0
// What stages leave is what the recipe asks for now, and is whole or not there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "dataset/fake_collections.hpp"
#include "facet/error.hpp"
#include "format/safetensors.hpp"
#include "model/model_parts.hpp"
#include "model/temporary_folder.hpp"
#include "stages/stage_context.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

const fs::path kModels = fs::path(FACET_SOURCE_DIR) / "models";

// Runs the last stage of a recipe; yields what went wrong, if anything.
class StageResults : public testing::Test {
 protected:
  std::string run(const std::string& stages) {
    const fs::path path = folder_ / "r.toml";
    std::ofstream(path) << "name = \"r\"\n" << stages;
    const Recipe recipe = Recipe::read(path);
    StageContext context;
    context.recipe = &recipe;
    context.data = data_.path();
    context.out = out();
    context.packs = context.out / "packs";
    context.log = [this](const std::string& line) { log_ += line + '\n'; };
    try {
      run_inference_stage(recipe.stages().back(), context);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  [[nodiscard]] fs::path out() const { return folder_ / "out"; }
  [[nodiscard]] nlohmann::json pack_description() const {
    return nlohmann::json::parse(read_all(out() / "packs" / "p.json"));
  }

  // Leaves in out/STAGE what the companion would.
  void leave_network(const std::string& stage, const NetworkPart& network) const {
    fs::create_directories(out() / stage);
    write_safetensors(out() / stage / "network.safetensors", network.weights,
                      {{"spec", to_json(network.spec).dump()}}, StoredType::f16);
  }

  TemporaryFolder folder_;
  fake::Folder data_;
  std::string log_;
};

std::string packs_stage(const std::string& settings) {
  return "[[stages]]\nname = \"packs\"\nkind = \"packs\"\npacks = [{ name = \"p\", " + settings +
         " }]\n";
}

TEST_F(StageResults, KeepAPackThatIsWhatTheRecipeAsksFor) {
  data_.six_photos("things", ".jpg");
  EXPECT_EQ(run(packs_stage("collection = \"things\"")), "");
  EXPECT_EQ(pack_description()["photos"], 6);
  EXPECT_THAT(log_, HasSubstr("pack p: 6 photos"));
  log_.clear();
  EXPECT_EQ(run(packs_stage("collection = \"things\"")), "");
  EXPECT_EQ(log_, "") << "it was packed again";
}

TEST_F(StageResults, RefuseAPackThatWasMadeFromSomethingElse) {
  data_.six_photos("things", ".jpg");
  data_.six_photos("others", ".jpg");
  EXPECT_EQ(run(packs_stage("collection = \"things\"")), "");
  EXPECT_THAT(run(packs_stage("collection = \"others\"")),
              AllOf(HasSubstr("p.json"), HasSubstr("'collection': \"things\", now \"others\""),
                    HasSubstr("remove")));
  const std::string three = packs_stage("collection = \"things\", limit = 3");
  EXPECT_THAT(run(three), HasSubstr("'limit': nothing, now 3"));
  EXPECT_EQ(pack_description()["photos"], 6) << "nothing is replaced without a word";
  fs::remove(out() / "packs" / "p.json");
  EXPECT_EQ(run(three), "");
  EXPECT_EQ(pack_description()["photos"], 3);
}

TEST_F(StageResults, RefuseAPackThatDoesNotSayWhatItWasMadeFrom) {
  data_.six_photos("things", ".jpg");
  EXPECT_EQ(run(packs_stage("collection = \"things\"")), "");
  auto description = pack_description();
  description.erase("made_from");
  std::ofstream(out() / "packs" / "p.json") << description;
  EXPECT_THAT(run(packs_stage("collection = \"things\"")),
              HasSubstr("does not say what the pack was made from"));
}

TEST_F(StageResults, RefuseAPartOfTheScenesThatIsNone) {
  data_.six_photos("things", ".jpg");
  EXPECT_THAT(run(packs_stage("collection = \"things\", scenes = \"trian\"")),
              HasSubstr("'scenes' is 'trian', not train or threshold"));
}

constexpr const char* kNetworkStages =
    "[[stages]]\nname = \"lnet\"\nkind = \"lnet\"\nface_height = 28\n"
    "[[stages]]\nname = \"al\"\nkind = \"alignment\"\nside = 64\ncontext = 1.3\n"
    "[[stages]]\nname = \"an\"\nkind = \"anet\"\nregion_scale = 1.6\ncentre_y = -0.07\n"
    "region_side = 64\npatch_side = 64\n";

TEST_F(StageResults, LookAtFacesAsTheirNetworksWereTrainedTo) {
  const auto fast = read_model(kModels / "fast.safetensors");
  leave_network("lnet", fast.networks.at("lnet_o"));
  leave_network("al", fast.networks.at("aligner"));
  leave_network("an", fast.networks.at("anet"));
  const std::string localiser = std::string(kNetworkStages) +
                                "[[stages]]\nname = \"loc\"\nkind = \"localiser\"\n"
                                "lnet_o = \"lnet\"\n";
  ASSERT_EQ(run(localiser), "");
  ASSERT_EQ(run(localiser + "[[stages]]\nname = \"m\"\nkind = \"heads\"\nlocaliser = \"loc\"\n"
                            "anet = \"an\"\naligner = \"al\"\noffsets = [0]\nmirrored = false\n"),
            "");
  const ModelParts parts = read_model(out() / "m" / "model.safetensors").parts;
  EXPECT_FLOAT_EQ(parts.localiser.face_height, 28);
  EXPECT_FLOAT_EQ(parts.alignment.context, 1.3F);
  EXPECT_FLOAT_EQ(parts.patches.region_scale, 1.6F);
  EXPECT_FLOAT_EQ(parts.patches.centre_y, -0.07F);
  EXPECT_EQ(parts.patches.region_side, 64);
  EXPECT_EQ(parts.patches.patch_side, 64);
}

// A model without its heads, or with those of an earlier run, would be used by the stages after it.
TEST_F(StageResults, AreNotThereWhereAStageDidNotFinish) {
  const auto fast = read_model(kModels / "fast.safetensors");
  leave_network("an", fast.networks.at("anet"));
  for (const char* stage : {"loc", "m"}) {
    fs::create_directories(out() / stage);
    write_model(out() / stage / "model.safetensors", fast.parts, fast.networks);
  }
  EXPECT_THAT(run(std::string(kNetworkStages) +
                  "[[stages]]\nname = \"m\"\nkind = \"heads\"\nlocaliser = \"loc\"\n"
                  "anet = \"an\"\noffsets = [0]\nmirrored = false\n"
                  "[[stages.heads]]\nname = \"h\"\npack = \"missing\"\npartition = 1\n"
                  "choose = \"odd\"\n"),
              HasSubstr("missing.json"));
  EXPECT_TRUE(fs::is_empty(out() / "m"));
}

TEST_F(StageResults, OfATrainedKindAreNotMadeHere) {
  EXPECT_THAT(run("[[stages]]\nname = \"a\"\nkind = \"anet\"\n"),
              AllOf(HasSubstr("r.toml stage 'a'"), HasSubstr("'anet' are run by facet-train")));
}

}  // namespace
}  // namespace facet::detail
