// SPDX-License-Identifier: Apache-2.0
// The stage that gives a model its face check: faces of the Solvay sample against bright squares.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "facet/error.hpp"
#include "facet/image.hpp"
#include "facet/predictor.hpp"
#include "image/resample.hpp"
#include "localise/localiser.hpp"
#include "model/model_parts.hpp"
#include "pack/packed_photos.hpp"
#include "predict/face_check.hpp"
#include "stages/stage_context.hpp"
#include "training/small_packs.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kRoot = FACET_SOURCE_DIR;
constexpr std::size_t kPeople = 14;

// The largest faces of the sample, a photo each of three faces' height.
std::vector<Image> people() {
  const Image group = read_image(kRoot / "samples/solvay_1927.jpg");
  Predictor predictor(Model::load(kRoot / "models/fast.safetensors"));
  std::vector<Image> photos;
  for (const Face& face : predictor.predict(group).faces) {
    const float side = 3 * face.box.height;
    const Box window{face.box.centre_x() - side / 2, face.box.centre_y() - side / 2, side, side};
    if (photos.size() < kPeople) photos.push_back(resample(group, window, 160, 160));
  }
  return photos;
}

class FaceCheckStage : public testing::Test {
 protected:
  FaceCheckStage() {
    packs_.add("people", people(), "10");
    packs_.add("squares", 16, 192, "00");
    fs::create_directories(packs_.out() / "m");
    fs::copy_file(kRoot / "models/fast.safetensors", packs_.out() / "m" / "model.safetensors");
  }

  void run(const std::string& settings) {
    const fs::path path = packs_.folder() / "r.toml";
    std::ofstream(path) << "name = \"r\"\n[[stages]]\nname = \"c\"\nkind = \"face_check\"\n"
                           "model = \"m\"\nversion = \"checked\"\n"
                        << settings;
    const Recipe recipe = Recipe::read(path);
    StageContext context;
    context.packs = packs_.folder();
    context.out = packs_.out();
    context.threads = 2;
    context.log = [this](const std::string& line) { log_ += line + '\n'; };
    run_inference_stage(recipe.stages().front(), context);
  }

  // How much evidence counts for the strongest place of a pack's photos: the mean over them.
  float mean_weight(const std::string& pack_name) {
    const auto model = Model::load(packs_.out() / "c" / "model.safetensors");
    Localiser localiser(model);
    std::optional<Describer> describer;
    FaceCheck check(model, Precision::fp32, describer);
    const PackedPhotos pack(packs_.folder(), pack_name);
    float sum = 0;
    for (const PackEntry& entry : pack.entries()) {
      const Image photo = pack.read(entry);
      const auto found = localiser.boxes(photo, 24, 1, true, Proposals::evidence);
      sum += check.weights(photo, found).front();
    }
    return sum / static_cast<float>(pack.entries().size());
  }

  training::SmallPacks packs_;
  std::string log_;
};

TEST_F(FaceCheckStage, GivesTheModelAHeadThatDoubtsWhatShowsNobody) {
  run("views = 2\npacks = [{ pack = \"people\", people = true }, { pack = \"squares\" }]\n");
  EXPECT_THAT(log_, HasSubstr(" faces in 14 photos of people"));
  EXPECT_THAT(log_, HasSubstr(" places without a face in 16 photos of squares"));
  const ModelParts parts = read_model_parts(packs_.out() / "c" / "model.safetensors");
  EXPECT_EQ(parts.version, "checked");
  EXPECT_EQ(parts.face_check->feature_layer, "FC");
  const auto& counts = parts.provenance.at("face_check");
  EXPECT_GE(counts.at("faces").get<int>(), 20) << "two views of fourteen, most of them found";
  EXPECT_GE(counts.at("empty").get<int>(), 64) << "four looks at sixteen";
  EXPECT_LE(counts.at("empty_trusted").get<int>(), 6);
  EXPECT_GT(mean_weight("people"), 1.05F);
  EXPECT_LT(mean_weight("squares"), 0.9F);
}

TEST_F(FaceCheckStage, LeavesOutThePeopleWhoAreHeldOut) {
  run("views = 1\npacks = [{ pack = \"people\", people = true, held_out_modulus = 2 }, "
      "{ pack = \"squares\", limit = 5 }]\n");
  // Seven people, two photos each: numbers 0, 2, 4 and 6 are left out.
  EXPECT_THAT(log_, HasSubstr(" faces in 6 photos of people"));
  EXPECT_THAT(log_, HasSubstr(" places without a face in 5 photos of squares"));
}

TEST_F(FaceCheckStage, SaysThatItNeedsPhotosOfBothKinds) {
  try {
    run("packs = [{ pack = \"squares\" }]\n");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
  }
  EXPECT_FALSE(fs::exists(packs_.out() / "c" / "model.safetensors"));
}

}  // namespace
}  // namespace facet::detail
