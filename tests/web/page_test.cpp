// SPDX-License-Identifier: Apache-2.0
// examples/web, in a real browser without a screen: it answers as facet does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "facet/model.hpp"
#include "facet/predictor.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct Answers {
  const char* model;
  float most_apart;
  std::size_t squares;  // so many of them: `paper` takes its time in a browser
  bool controls;        // whether the page's controls are used, too
};

bool run(const std::string& command) {
  return std::system(command.c_str()) == 0;
}

std::string chromium() {
  const char* named = std::getenv("FACET_CHROMIUM");
  if (named != nullptr) return named;
  return fs::exists("/usr/bin/chromium") ? "/usr/bin/chromium" : "";
}

// One that stands upright in its square, one askew, one that reaches over the photo's border.
const std::vector<Box> all_squares = {
    {170, 77, 114, 114}, {195, 60, 100, 100}, {150, -20, 190, 190}};

class WebPage : public ::testing::TestWithParam<Answers> {};

TEST_P(WebPage, AnswersAsFacetDoes) {
  const std::string modules = FACET_NODE_MODULES;
  for (const char* package : {"playwright-core", "onnxruntime-web"}) {
    if (!fs::exists(fs::path(modules) / package / "package.json")) {
      GTEST_SKIP() << package << " is not installed: run scripts/node_packages";
    }
  }
  if (chromium().empty()) GTEST_SKIP() << "chromium is not installed";
  const fs::path source = FACET_SOURCE_DIR;
  const fs::path model = source / "models" / (std::string(GetParam().model) + ".safetensors");
  const fs::path photo = source / "samples/astronaut.png";
  const TemporaryFolder folder;
  ASSERT_TRUE(run("FACET='" FACET_COMMAND "' NODE_MODULES='" + modules + "' '" +
                  (source / "examples/web/prepare").string() + "' '" + (folder / "site").string() +
                  "' '" + model.string() + "' 2>/dev/null"));
  const auto squares = std::span(all_squares).first(GetParam().squares);
  nlohmann::json asked = nlohmann::json::array();
  for (const Box& box : squares) {
    asked.push_back({{"left", box.x}, {"top", box.y}, {"side", box.width}});
  }
  ASSERT_TRUE(run("NODE_PATH='" + modules + "' node '" +
                  (source / "tests/web/run_page.js").string() + "' '" + (folder / "site").string() +
                  "' '" + chromium() + "' '" + photo.string() + "' '" +
                  (folder / "shown").string() + "' '" + asked.dump() + "' " +
                  (GetParam().controls ? "" : "answers")));
  if (const char* keep = std::getenv("FACET_KEEP_SCREENSHOT")) {
    fs::copy_file(folder / "shown.png", keep, fs::copy_options::overwrite_existing);
  }
  const auto shown = nlohmann::json::parse(read_all(folder / "shown"));
  EXPECT_EQ(shown.at("faults").dump(), "[]");
  EXPECT_EQ(shown.at("elsewhere").dump(), "[]") << "asked another server";
  EXPECT_EQ(shown.at("sent").dump(), "[]") << "sent something";

  Predictor predictor(Model::load(model), 1, Precision::fp32);
  const Image image = read_image(photo);
  ASSERT_EQ(shown.at("faces").size(), squares.size());
  float most = 0;
  for (std::size_t i = 0; i < squares.size(); ++i) {
    for (const char* head : {"celeba", "lfwa"}) {
      const auto ours = predictor.describe(image, squares.subspan(i, 1), head);
      const auto& theirs = shown["faces"][i][head];
      ASSERT_EQ(theirs.size(), 40U);
      for (const Attribute& attribute : ours.at(0).attributes) {
        const float value = theirs.at(attribute.name).get<float>();
        most = std::max(most, std::abs(value - attribute.probability));
        EXPECT_NEAR(value, attribute.probability, GetParam().most_apart)
            << head << ' ' << attribute.name << " of square " << i;
      }
    }
  }
  RecordProperty("largest_difference", std::to_string(most));

  EXPECT_LE(shown.at("width").get<int>(), 360) << "wider than a phone";
  EXPECT_THAT(shown.at("text").get<std::string>(), HasSubstr("non-commercial research"));
  EXPECT_THAT(shown.at("text").get<std::string>(), HasSubstr("no truth about a person"));
  if (!GetParam().controls) return;
  EXPECT_EQ(shown.at("keys"), (std::vector<int>{0, 9, 2})) << "right, down by ten, larger by two";
  const double scale = shown.at("drawn").at("scale");
  EXPECT_NEAR(shown["drawn"]["side"].get<double>(), 60 * scale, 2);
  const auto& order = shown.at("order");
  for (std::size_t i = 1; i < order.size(); ++i) EXPECT_GE(order[i - 1][1], order[i][1]);
  EXPECT_EQ(shown.at("unordered")[0][0], "5_o_Clock_Shadow");
}

// An aligner's last digits differ between engines, and with them how pixels of the turned square
// are rounded: facet's own answers move by 0.01 when a box moves by 0.00001 pixels. Without an
// aligner there is nothing between the photo and the answer that could.
INSTANTIATE_TEST_SUITE_P(Of, WebPage,
                         ::testing::Values(Answers{"paper", 1e-3F, 1, false},
                                           Answers{"fast", 1e-2F, 3, true}),
                         [](const auto& test) { return std::string(test.param.model); });

}  // namespace
}  // namespace facet::detail
