// SPDX-License-Identifier: Apache-2.0
// Whole stages on small packs: they learn, resume exactly and say what is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <sstream>

#include "format/safetensors.hpp"
#include "recipe/recipe.hpp"
#include "small_packs.hpp"
#include "stage_sources.hpp"
#include "trainer.hpp"

namespace facet::training {
using namespace detail;
namespace {

using testing::HasSubstr;

constexpr const char* kNetworks = R"(
name = "small"
seed = 3
[networks.n]
layers = [
  { name = "C1", kind = "convolution", out = 6, kernel = 3, stride = 2, padding = 1, relu = true, norm = true },
  { name = "C2", kind = "convolution", out = 8, kernel = 3, stride = 2, padding = 1, relu = true, norm = true },
  { name = "tags", kind = "convolution", out = 2 },
]
[networks.p]
layers = [
  { name = "C1", kind = "convolution", out = 6, kernel = 4, stride = 4, relu = true, norm = true },
  { name = "pose", kind = "convolution", out = 4, kernel = 4 },
]
[networks.a]
layers = [
  { name = "C1", kind = "convolution", out = 6, kernel = 5, stride = 4, relu = true, norm = true },
  { name = "FC", kind = "convolution", out = 8, kernel = 4, relu = true, norm = true },
  { name = "tags", kind = "convolution", out = 2 },
]
)";

std::string stage_text(const std::string& kind, const std::string& rest) {
  return std::string(kNetworks) + "[[stages]]\nname = \"s\"\nkind = \"" + kind +
         "\"\nbatch = 4\nepochs = 2\nlearning_rate = 0.05\ndropout = 0.2\n" + rest;
}

const char* const kObjects = "network = \"n\"\npack = \"p\"\nside = 16\n";
const char* const kAnet =
    "network = \"a\"\npatch_side = 17\nregion_side = 21\n"
    "[[stages.faces]]\npack = \"p\"\nconstant = [16, 16, 16]\n";
const char* const kLnet =
    "network = \"n\"\nscenes = \"q\"\nside = 32\nface_height = 8\ntargets = 2\nepoch = 16\n"
    "mix = { placed = 0.5, placed_scene = 0.2, scene = 0.3 }\n"
    "[[stages.aligned]]\npack = \"p\"\nface = [16, 16, 16]\n";
const char* const kAlignment =
    "network = \"p\"\nside = 16\n[[stages.faces]]\npack = \"p\"\nconstant = [16, 16, 16]\n";
const char* const kIdentities =
    "network = \"a\"\nsimilarity = 0.1\npatch_side = 17\nregion_side = 21\n"
    "[[stages.faces]]\npack = \"p\"\nconstant = [16, 16, 16]\n";

Recipe write_recipe(const SmallPacks& packs, const std::string& text) {
  std::ofstream(packs.folder() / "recipe.toml") << text;
  return Recipe::read(packs.folder() / "recipe.toml");
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TrainerOptions options_of(const SmallPacks& packs) {
  TrainerOptions options;
  options.data = packs.folder();
  options.out = packs.out();
  options.threads = 1;
  options.device = "cpu";
  return options;
}

struct StageCase {
  std::string kind;
  std::string settings;
};
void PrintTo(const StageCase& stage, std::ostream* out) {
  *out << stage.kind;
}

class EveryKind : public testing::TestWithParam<StageCase> {};

TEST_P(EveryKind, ResumesBitEqualToAnUninterruptedRun) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  packs.add("q", 6, 48, "");
  const Recipe recipe = write_recipe(packs, stage_text(GetParam().kind, GetParam().settings));
  TrainerOptions options = options_of(packs);
  run_stage(recipe, recipe.stages().front(), options);
  const auto network = packs.out() / "s" / "network.safetensors";
  const std::string whole = bytes_of(network);
  ASSERT_FALSE(whole.empty());
  std::filesystem::remove_all(packs.out() / "s");

  options.stop_after = 3;
  run_stage(recipe, recipe.stages().front(), options);
  EXPECT_FALSE(std::filesystem::exists(network)) << "an unfinished stage offers no network";
  options.stop_after = 0;
  options.resume = true;
  run_stage(recipe, recipe.stages().front(), options);
  EXPECT_TRUE(bytes_of(network) == whole);
}

INSTANTIATE_TEST_SUITE_P(Stages, EveryKind,
                         testing::Values(StageCase{"objects", kObjects}, StageCase{"anet", kAnet},
                                         StageCase{"lnet", kLnet},
                                         StageCase{"alignment", kAlignment},
                                         StageCase{"identities", kIdentities}),
                         [](const auto& kind) { return kind.param.kind; });

TEST(Stage, LeavesSettingsAndARowAnEpoch) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  const Recipe recipe = write_recipe(packs, stage_text("anet", kAnet));
  run_stage(recipe, recipe.stages().front(), options_of(packs));
  const std::string log = bytes_of(packs.out() / "s" / "epochs.csv");
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 3) << log;
  EXPECT_THAT(bytes_of(packs.out() / "s" / "settings.json"), HasSubstr("\"revision\""));
}

TEST(MakeSources, KeepsHeldOutPeopleAway) {
  const SmallPacks packs;
  packs.add("p", 24, 32, "10");  // twelve people, two photos each; the last four photos validate
  StageFiles files(packs.folder(), packs.out(), 1);
  const auto photos = [&](const std::string& setting) {
    std::ofstream(packs.folder() / "r.toml")
        << "name = \"r\"\n[[stages]]\nname = \"s\"\nkind = \"anet\"\npatch_side = 16\nregion_side "
           "= 16\n"
           "[[stages.faces]]\npack = \"p\"\nconstant = [16, 16, 16]\n"
        << setting;
    const Recipe recipe = Recipe::read(packs.folder() / "r.toml");
    TableReader reader = recipe.stages().front().settings();
    return make_sources(recipe.stages().front(), reader, 1, files).training->epoch_size();
  };
  EXPECT_EQ(photos(""), 20);
  EXPECT_EQ(photos("held_out_modulus = 5\n"), 16);  // people 0 and 5
  EXPECT_EQ(photos("held_out_every = 3\n"), 12);    // people 0, 3, 6 and 9
}

TEST(Stage, LearnsTheSameInBfloat16UpToItsRounding) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  const auto last_loss = [&packs](const std::string& setting) {
    std::filesystem::remove_all(packs.out() / "s");
    const Recipe recipe = write_recipe(packs, stage_text("anet", setting + kAnet));
    run_stage(recipe, recipe.stages().front(), options_of(packs));
    const std::string log = bytes_of(packs.out() / "s" / "epochs.csv");
    std::istringstream row(log.substr(log.rfind('\n', log.size() - 2) + 1));
    std::string field;
    for (int i = 0; i < 4; ++i) std::getline(row, field, ',');
    return std::stod(field);
  };
  const double exact = last_loss("");
  const double rounded = last_loss("precision = \"bf16\"\n");
  EXPECT_NEAR(rounded, exact, 0.05 * exact);
  EXPECT_NE(rounded, exact) << "nothing was rounded";
}

std::string failure(const SmallPacks& packs, const std::string& text,
                    const TrainerOptions& options) {
  try {
    const Recipe recipe = write_recipe(packs, text);
    run_stage(recipe, recipe.stages().front(), options);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(Stage, NamesASettingThatNobodyKnows) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  EXPECT_THAT(failure(packs, stage_text("objects", std::string(kObjects) + "speed = 2\n"),
                      options_of(packs)),
              HasSubstr("unknown setting 'speed'"));
}

TEST(Stage, NamesAPrecisionThatNobodyKnows) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  EXPECT_THAT(failure(packs, stage_text("objects", std::string(kObjects) + "precision = \"fp8\"\n"),
                      options_of(packs)),
              HasSubstr("precision 'fp8' is neither fp32 nor bf16"));
}

TEST(Stage, NamesAPackThatATeachersAnswersAreNotAbout) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  EXPECT_THAT(failure(packs, stage_text("anet", std::string(kAnet) + "probabilities_of = \"q\"\n"),
                      options_of(packs)),
              HasSubstr("'q', which is no pack of this stage with targets of its own"));
}

TEST(Stage, LearnsFromDistillationTargetsAndNamesThoseItCannotUse) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  const auto with = [](const std::string& targets) {
    return stage_text("anet", std::string(kAnet) + "distillation = [" + targets + "]\n");
  };
  std::ofstream(packs.out() / "targets.csv") << "image,b,a\n0.jpg,0.25,0.5\n";
  std::ofstream(packs.out() / "others.csv") << "image,b,a\nother.jpg,0.25,0.5\n";
  const auto options = options_of(packs);
  EXPECT_EQ(failure(packs, with("{ file = \"targets.csv\", share = 0.5 }"), options), "");
  EXPECT_THAT(failure(packs, with("{ file = \"targets.csv\", share = 1.5 }"), options),
              HasSubstr("'share' is 1.5"));
  EXPECT_THAT(failure(packs, with("{ file = \"targets.csv\", first_target = 7 }"), options),
              HasSubstr("no pack of this stage has targets from 7 on"));
  EXPECT_THAT(failure(packs, with("{ file = \"others.csv\" }"), options),
              HasSubstr("others.csv: none of the photos of pack 'p'"));
  EXPECT_THAT(failure(packs, with("{ file = \"missing.csv\" }"), options),
              HasSubstr("missing.csv: cannot be opened"));
}

TEST(Stage, GoesOnFromANetworkStoredForInference) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  const Recipe recipe = write_recipe(packs, stage_text("anet", kAnet));
  run_stage(recipe, recipe.stages().front(), options_of(packs));
  std::filesystem::rename(packs.out() / "s", packs.out() / "first");
  std::filesystem::remove(packs.out() / "first" / "state.pt");
  const std::string second = stage_text("anet", std::string("init_from = \"first\"\n") + kAnet);
  EXPECT_EQ(failure(packs, second, options_of(packs)), "");
  std::ofstream(packs.out() / "first" / "network.safetensors") << "no network";
  EXPECT_THAT(failure(packs, second, options_of(packs)), HasSubstr("network.safetensors: "));
}

TEST(Stage, NamesAMissingPack) {
  const SmallPacks packs;
  EXPECT_THAT(failure(packs, stage_text("objects", kObjects), options_of(packs)),
              HasSubstr("p.json"));
}

TEST(Stage, NamesTheStageThatMustComeFirst) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  EXPECT_THAT(
      failure(packs, stage_text("objects", std::string("init_from = \"other\"\n") + kObjects),
              options_of(packs)),
      HasSubstr("train stage 'other' first"));
}

TEST(Stage, RefusesACheckpointThatIsNone) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  std::filesystem::create_directories(packs.out() / "s");
  std::ofstream(packs.out() / "s" / "state.pt") << "not a checkpoint";
  TrainerOptions options = options_of(packs);
  options.resume = true;
  EXPECT_THAT(failure(packs, stage_text("objects", kObjects), options),
              HasSubstr("is no checkpoint of facet"));
}

// What the checkpoint was made with, and what the recipe says when it is resumed.
std::string resumed_with(const std::string& before, const std::string& now,
                         const std::function<void(const SmallPacks&)>& meanwhile = {}) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  TrainerOptions options = options_of(packs);
  options.stop_after = 3;
  EXPECT_EQ(failure(packs, before, options), "");
  if (meanwhile) meanwhile(packs);
  options.resume = true;
  options.stop_after = 0;
  const std::string message = failure(packs, now, options);
  EXPECT_EQ(std::filesystem::exists(packs.out() / "s" / "network.safetensors"), message.empty());
  return message;
}

TEST(Stage, ResumesWithTheSettingsOfItsCheckpointOnly) {
  const auto anet = [](const std::string& setting) { return stage_text("anet", setting + kAnet); };
  EXPECT_THAT(resumed_with(anet("weight_decay = 0.01\n"), anet("weight_decay = 0.02\n")),
              AllOf(HasSubstr("state.pt"), HasSubstr("'stage.weight_decay': 0.01, now 0.02")));
  EXPECT_THAT(resumed_with(anet(""), anet("jitter = 0.1\n")),
              HasSubstr("'stage.jitter': nothing, now 0.1"));
  std::string other_network = anet("");
  other_network.replace(other_network.find("out = 8, kernel = 4"), 7, "out = 9");
  EXPECT_THAT(resumed_with(anet(""), other_network), HasSubstr("'network.layers"));
  EXPECT_EQ(resumed_with(anet(""), anet("checkpoint_minutes = 1\n")), "")
      << "it changes nothing of what is learnt";
}

TEST(Stage, ResumesWithTheFilesOfItsCheckpointOnly) {
  const std::string anet = stage_text("anet", kAnet);
  EXPECT_THAT(
      resumed_with(anet, anet, [](const SmallPacks& packs) { packs.add("p", 20, 32, "01"); }),
      HasSubstr("'inputs.p.index.csv'"));
}

TEST(Stage, ReplacesTheNetworkOfAnEarlierRunFromItsFirstCheckpointOn) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  TrainerOptions options = options_of(packs);
  EXPECT_EQ(failure(packs, stage_text("anet", kAnet), options), "");
  options.stop_after = 3;
  EXPECT_EQ(failure(packs, stage_text("anet", kAnet), options), "");
  EXPECT_FALSE(std::filesystem::exists(packs.out() / "s" / "network.safetensors"))
      << "its checkpoint is that of an unfinished run";
  std::filesystem::rename(packs.out() / "s", packs.out() / "first");
  EXPECT_THAT(failure(packs, stage_text("anet", std::string("init_from = \"first\"\n") + kAnet),
                      options_of(packs)),
              HasSubstr("train stage 'first' first, to its end"));
}

TEST(Stage, RefusesAnUnknownDevice) {
  const SmallPacks packs;
  packs.add("p", 20, 32, "10");
  TrainerOptions options = options_of(packs);
  options.device = "abacus";
  EXPECT_THAT(failure(packs, stage_text("objects", kObjects), options), HasSubstr("abacus"));
}

}  // namespace
}  // namespace facet::training
