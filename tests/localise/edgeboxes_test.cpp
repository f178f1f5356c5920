// SPDX-License-Identifier: Apache-2.0
// The paper's way of proposing windows: the plugin that has EdgeBoxes, and the whole way.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "base/thread_limit.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"
#include "localise/blob_model.hpp"
#include "localise/localiser.hpp"
#include "localise/proposers/edgeboxes/edge_windows.hpp"
#include "localise/proposers/edgeboxes/plugin_loader.hpp"

namespace facet::detail {
namespace {

using testing::blob_model;
using testing::draw_blob;
using testing::flat_photo;
using testing::noise_photo;

#ifdef FACET_HAS_EDGEBOXES
constexpr bool kModuleBuilt = true;
#else
constexpr bool kModuleBuilt = false;
#endif

std::filesystem::path source(const std::string& path) {
  return std::filesystem::path(FACET_SOURCE_DIR) / path;
}

Image sample(const std::string& name) {
  return read_image(source("samples/" + name));
}

std::string error_of_locating() {
  Predictor predictor(blob_model(false));
  LocateOptions options;
  options.proposals = Proposals::edgeboxes;
  try {
    predictor.locate(flat_photo(80, 80, 0), options);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unsupported);
    return error.what();
  }
  return {};
}

// The variable, as long as it lives.
class NamedModule {
 public:
  explicit NamedModule(const std::string& file) {
    setenv("FACET_EDGEBOXES_PLUGIN", file.c_str(), 1);
  }
  ~NamedModule() { unsetenv("FACET_EDGEBOXES_PLUGIN"); }
  NamedModule(const NamedModule&) = delete;
  NamedModule& operator=(const NamedModule&) = delete;
};

TEST(EdgeBoxesPlugin, SaysWhatIsMissing) {
  const NamedModule named("/nowhere/libfacet_edgeboxes.so");
  const std::string message = error_of_locating();
  EXPECT_NE(message.find("/nowhere/libfacet_edgeboxes.so"), std::string::npos) << message;
  EXPECT_NE(message.find("ximgproc"), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST(EdgeBoxesPlugin, RefusesOtherFiles) {
  const testing::TemporaryDirectory folder;
  const std::string text = (folder.path() / "text.so").string();
  std::ofstream(text) << "not a library";
  {
    const NamedModule named(text);
    EXPECT_NE(error_of_locating().find("text.so"), std::string::npos);
  }
  EXPECT_THROW(EdgeBoxesPlugin(std::vector<std::filesystem::path>()), Error);
}

TEST(EdgeBoxesPlugin, IsLookedForBesideTheProgramAndInItsLibraries) {
  unsetenv("FACET_EDGEBOXES_PLUGIN");
  const auto places = edge_boxes_places();
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  ASSERT_EQ(places.size(), 3U);
  EXPECT_EQ(places[0], folder / "libfacet_edgeboxes.so");
  EXPECT_EQ(places[1], folder / "facet" / "libfacet_edgeboxes.so");
  EXPECT_EQ(places[2], folder.parent_path() / "lib" / "facet" / "libfacet_edgeboxes.so");
}

// What the loader of shared libraries would load for a program.
std::string libraries_of(const std::string& program) {
  const std::string command = "LD_TRACE_LOADED_OBJECTS=1 '" + program + "'";
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> part{};
  while (const std::size_t read = std::fread(part.data(), 1, part.size(), pipe)) {
    text.append(part.data(), read);
  }
  pclose(pipe);
  return text;
}

TEST(EdgeBoxesPlugin, IsNoPartOfTheProgram) {
  const std::string libraries = libraries_of(FACET_COMMAND);
  EXPECT_NE(libraries.find("libdnnl"), std::string::npos) << libraries;
  EXPECT_EQ(libraries.find("libopencv"), std::string::npos) << libraries;
}

class EdgeBoxesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!kModuleBuilt) GTEST_SKIP() << "built without OpenCV's ximgproc";
  }
};

TEST_F(EdgeBoxesTest, ProposesTheSameWindowsInsideThePhotoEachTime) {
  const EdgeBoxesPlugin plugin;
  const Image photo = sample("astronaut.png");
  ImageHalvings halvings(photo);
  const std::vector<Box> first = edge_windows(plugin, halvings, 32);
  ASSERT_EQ(first.size(), static_cast<std::size_t>(kEdgeWindows));
  EXPECT_EQ(first, edge_windows(EdgeBoxesPlugin(), halvings, 32));
  for (const Box& box : first) {
    EXPECT_GT(box.area(), 0);
    EXPECT_GE(box.x, 0);
    EXPECT_GE(box.y, 0);
    EXPECT_LE(box.x + box.width, static_cast<float>(photo.width));
    EXPECT_LE(box.y + box.height, static_cast<float>(photo.height));
  }
  const Box face{183, 75, 80, 112};
  EXPECT_TRUE(std::any_of(first.begin(), first.end(),
                          [&](const Box& box) { return overlap(box, face) > 0.6F; }));
}

std::vector<Face> locate(const std::shared_ptr<const Model>& model, const Image& photo,
                         const LocateOptions& given = {}, int threads = 1) {
  LocateOptions options = given;
  options.proposals = Proposals::edgeboxes;
  return Predictor(model, threads).locate(photo, options).faces;
}

TEST_F(EdgeBoxesTest, FindsBlobsWithEitherModel) {
  // The filter's response to a blob is lower than that of trained networks to a face.
  LocateOptions options;
  options.threshold = 0.1F;
  for (const bool second_look : {false, true}) {
    Image photo = flat_photo(300, 200, 0);
    draw_blob(photo, 80, 90, 60);
    draw_blob(photo, 220, 120, 70);
    const std::vector<Face> faces = locate(blob_model(second_look), photo, options);
    ASSERT_EQ(faces.size(), 2U);
    for (const Box& blob : {Box{50, 60, 60, 60}, Box{185, 85, 70, 70}}) {
      EXPECT_TRUE(std::any_of(faces.begin(), faces.end(),
                              [&](const Face& face) { return overlap(face.box, blob) > 0.7F; }));
    }
    EXPECT_GE(faces[0].score, faces[1].score);
  }
}

std::shared_ptr<const Model> shipped_model(const std::string& name) {
  return Model::load(source("models/" + name + ".safetensors"));
}

class EdgeBoxesOfAModel : public EdgeBoxesTest, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    EdgeBoxesTest::SetUp();
    if (!IsSkipped()) model_ = shipped_model(GetParam());
  }
  std::shared_ptr<const Model> model_;
};

INSTANTIATE_TEST_SUITE_P(Shipped, EdgeBoxesOfAModel, ::testing::Values("paper", "best"),
                         [](const auto& shipped) { return shipped.param; });

TEST_P(EdgeBoxesOfAModel, FindsThePortraitWhereTheDefaultWayDoes) {
  const Image photo = sample("astronaut.png");
  const Face usual = Predictor(model_).locate(photo).faces.at(0);
  const std::vector<Face> faces = locate(model_, photo);
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_GE(overlap(faces[0].box, usual.box), 0.4F);
}

TEST_P(EdgeBoxesOfAModel, FindsNoFaceInWhatHasNone) {
  const std::array<Image, 9> photos = {
      sample("coffee.png"),      sample("chelsea.png"),    flat_photo(2, 2, 255),
      flat_photo(300, 200, 128), noise_photo(3, 5, 1),     noise_photo(20, 20, 2),
      noise_photo(300, 200, 3),  noise_photo(1200, 60, 4), noise_photo(40, 800, 5)};
  for (const Image& photo : photos) {
    EXPECT_TRUE(locate(model_, photo).empty()) << photo.width << "×" << photo.height;
  }
}

TEST_F(EdgeBoxesTest, GivesExactlyOneBoxWhereOneIsWanted) {
  const auto model = blob_model(true);
  for (const Image& photo : {flat_photo(1, 1, 9), flat_photo(90, 70, 0), noise_photo(2, 40, 1),
                             noise_photo(900, 45, 2), noise_photo(200, 150, 3)}) {
    LocateOptions options;
    options.dominant = true;
    const std::vector<Face> faces = locate(model, photo, options);
    ASSERT_EQ(faces.size(), 1U) << photo.width << "×" << photo.height;
    EXPECT_GT(faces[0].box.area(), 0);
    EXPECT_GE(faces[0].box.x, 0);
    EXPECT_LE(faces[0].box.x + faces[0].box.width, static_cast<float>(photo.width));
    EXPECT_LE(faces[0].box.y + faces[0].box.height, static_cast<float>(photo.height));
  }
}

TEST_F(EdgeBoxesTest, DoesNotDependOnThreads) {
  const auto model = shipped_model("paper");
  const Image photo = sample("astronaut.png");
  LocateOptions options;
  options.all = true;
  const std::vector<Face> one = locate(model, photo, options, 1);
  const std::vector<Face> two = locate(model, photo, options, 2);
  ASSERT_FALSE(one.empty());
  ASSERT_EQ(one.size(), two.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].box, two[i].box);
    EXPECT_EQ(one[i].score, two[i].score);
  }
}

}  // namespace
}  // namespace facet::detail
