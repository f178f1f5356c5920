// SPDX-License-Identifier: Apache-2.0
// Every #include of the tree follows rules.hpp.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "architecture/includes.hpp"

namespace facet::architecture {
namespace {

const std::vector<Include>& tree() {
  static const std::vector<Include> includes = read_includes(FACET_SOURCE_DIR);
  return includes;
}

TEST(Arrows, OfTheTreeBreakNoRule) {
  ASSERT_GT(tree().size(), 1000U) << "too few #include were read below " << FACET_SOURCE_DIR;
  for (const Include& include : tree()) {
    if (const auto broken = broken_rule(include)) ADD_FAILURE() << *broken;
  }
}

TEST(Arrows, OfEveryRoomHaveRules) {
  for (const auto& entry : std::filesystem::directory_iterator(FACET_SOURCE_DIR "/src")) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(is_room(entry.path().filename().string()))
        << entry.path() << ": add the room to tests/architecture/rules.hpp";
  }
}

TEST(Arrows, OfTheTreeLeadFromNoRoomBackToIt) {
  const auto circle = circle_of_rooms(tree());
  EXPECT_FALSE(circle) << *circle;
}

// What a rule says is said about the tree only while the rule can be broken.
struct Broken {
  const char* file;
  const char* header;
  bool quoted;
  const char* says;
};

class RuleOfTheHouse : public ::testing::TestWithParam<Broken> {};

TEST_P(RuleOfTheHouse, IsSeenToBeBroken) {
  const Broken& broken = GetParam();
  const auto said = broken_rule({broken.file, 7, broken.header, broken.quoted});
  ASSERT_TRUE(said) << broken.file << " may include " << broken.header;
  EXPECT_TRUE(said->starts_with(std::string(broken.file) + ":7 ")) << *said;
  EXPECT_NE(said->find(broken.says), std::string::npos) << *said;
}

INSTANTIATE_TEST_SUITE_P(
    Of, RuleOfTheHouse,
    ::testing::Values(
        Broken{"include/facet/model.hpp", "nlohmann/json.hpp", false, "standard library"},
        Broken{"include/facet/model.hpp", "unistd.h", false, "standard library"},
        Broken{"include/facet/model.hpp", "model/model_parts.hpp", true, "public → model"},
        Broken{"src/report/json.cpp", "c_api/handles.hpp", true, "report → c_api"},
        Broken{"src/base/sha256.cpp", "format/half.hpp", true, "base → format"},
        Broken{"src/format/half.cpp", "network/network.hpp", true, "format → network"},
        Broken{"src/network/network.cpp", "facet/model.hpp", true, "network → model"},
        Broken{"src/localise/peaks.cpp", "describe/aligner.hpp", true, "localise → describe"},
        Broken{"src/localise/peaks.cpp", "facet/predictor.hpp", true, "localise → predict"},
        Broken{"src/describe/one_pass/patch_grid.hpp", "heads/linear_head.hpp", true,
               "describe → heads"},
        Broken{"src/heads/taught_head.cpp", "facet/report.hpp", true, "heads → report"},
        Broken{"src/draw/draw_map.hpp", "localise/localiser.hpp", true, "draw → localise"},
        Broken{"src/report/json.cpp", "network/network.hpp", true, "report → network"},
        Broken{"src/index/sqlite/store.cpp", "describe/aligner.hpp", true, "index → describe"},
        Broken{"src/explain/concepts.cpp", "facet/report.hpp", true, "explain → report"},
        Broken{"src/heads/linear_head.cpp", "explain/concepts.hpp", true, "heads → explain"},
        Broken{"src/photos/photo_list.cpp", "dataset/dataset.hpp", true, "photos → dataset"},
        Broken{"src/stages/head_fit.cpp", "evaluate/chart.hpp", true, "stages → evaluate"},
        Broken{"training/view.cpp", "image/resample.hpp", true, "training → image"},
        Broken{"training/view.cpp", "facet/image.hpp", true, "training → public"},
        Broken{"apps/facet-server/main.cpp", "localise/localiser.hpp", true, "server → localise"},
        Broken{"bindings/python/module.cpp", "model/model_parts.hpp", true, "bindings → model"},
        Broken{"src/describe/aligner.cpp", "oneapi/dnnl/dnnl.hpp", false, "oneDNN stays in"},
        Broken{"src/evaluate/chart.cpp", "opencv2/core.hpp", false, "OpenCV stays in"},
        Broken{"src/predict/predictor.cpp", "export/export_model.hpp", true, "predict → export"},
        Broken{"apps/facet/main.cpp", "onnx/onnx_pb.h", false, "ONNX stays in"},
        Broken{"src/stages/head_fit.cpp", "torch/torch.h", false, "libtorch stays in"},
        Broken{"apps/facet/main.cpp", "sqlite3.h", false, "SQLite stays in"},
        Broken{"apps/facet/main.cpp", "libpq-fe.h", false, "PostgreSQL stays in"},
        Broken{"apps/facet/main.cpp", "httplib.h", false, "HTTP stays in"},
        Broken{"src/base/thread_limit.cpp", "boost/asio/io_context.hpp", false, "HTTP stays in"},
        Broken{"src/index/search/search.cpp", "prometheus/counter.h", false, "Prometheus stays in"},
        Broken{"src/model/model.cpp", "../format/half.hpp", true, "without ../"}));

TEST(Arrows, MayLeadWhereNoRuleForbidsIt) {
  for (const Include& include : std::vector<Include>{
           {"src/predict/predictor.cpp", 1, "localise/localiser.hpp", true},
           {"src/model/model_parts.hpp", 1, "network/network.hpp", true},
           {"src/describe/one_pass/shared_convolution.cpp", 1, "oneapi/dnnl/dnnl.hpp", false},
           {"src/localise/peaks.cpp", 1, "facet/box.hpp", true},
           {"include/facet/predictor.hpp", 1, "facet/model.hpp", true},
           {"include/facet/facet.h", 1, "stdint.h", false},
           {"training/trainer.cpp", 1, "trainer.hpp", true},
           {"training/trainer.cpp", 1, "facet/error.hpp", true},
           {"apps/facet-server/main.cpp", 1, "facet/predictor.hpp", true},
           {"apps/facet-server/main.cpp", 1, "http/limits.hpp", true},
       }) {
    EXPECT_FALSE(broken_rule(include)) << *broken_rule(include);
  }
}

TEST(Arrows, InACircleAreNamed) {
  const std::vector<Include> includes = {{"src/image/a.cpp", 1, "format/b.hpp", true},
                                         {"src/format/b.hpp", 1, "model/c.hpp", true},
                                         {"src/model/c.hpp", 1, "format/d.hpp", true}};
  EXPECT_EQ(circle_of_rooms(includes).value_or("none"), "format → model → format");
}

}  // namespace
}  // namespace facet::architecture
