// SPDX-License-Identifier: Apache-2.0
// The bundled models, exported, answer in other engines as they do in facet.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/dnn.hpp>

#include "export/engine_case.hpp"
#include "export/export_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail::testing {
namespace {

namespace fs = std::filesystem;

constexpr float kMostApart = 1e-3F;

class BundledModel : public ::testing::TestWithParam<const char*> {
 protected:
  BundledModel()
      : model_(fs::path(FACET_SOURCE_DIR) / "models" / (std::string(GetParam()) + ".safetensors")) {
  }

  // Exported into the folder.
  std::vector<EngineCase> cases() const {
    export_onnx(model_, folder_.path());
    return cases_of(model_);
  }
  static void expect_alike(const EngineCase& one, const std::string& output, const Values& theirs) {
    const Values& ours = one.answers.at(output);
    float largest = 0;
    for (const float value : ours.numbers) largest = std::max(largest, std::abs(value));
    EXPECT_GT(largest, 0.01F) << one.file << ' ' << output << ": nothing to compare";
    EXPECT_LE(difference(ours, theirs), kMostApart) << one.file << ' ' << output;
  }

  fs::path model_;
  TemporaryFolder folder_;
};

Values to_values(const cv::Mat& blob) {
  Values values;
  for (int i = 0; i < blob.dims; ++i) values.sides.push_back(blob.size[i]);
  values.numbers.assign(blob.ptr<float>(), blob.ptr<float>() + blob.total());
  return values;
}

// The fixed twins are made for it.
TEST_P(BundledModel, AnswersAlikeInOpencv) {
  int asked = 0;
  for (EngineCase& one : cases()) {
    if (!one.file.ends_with(".fixed.onnx")) continue;
    cv::dnn::Net net = cv::dnn::readNetFromONNX((folder_ / one.file).string());
    net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net.setInput(cv::Mat(one.input.sides, CV_32F, one.input.numbers.data()));
    std::vector<cv::String> names;
    for (const auto& [name, values] : one.answers) names.push_back(name);
    std::vector<cv::Mat> theirs;
    net.forward(theirs, names);
    for (std::size_t i = 0; i < names.size(); ++i) {
      expect_alike(one, names[i], to_values(theirs[i]));
      ++asked;
    }
  }
  EXPECT_GE(asked, 5);
}

void write_numbers(const fs::path& file, const Values& values) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.numbers.data()),
             static_cast<std::streamsize>(values.numbers.size() * sizeof(float)));
}

TEST_P(BundledModel, AnswersAlikeInOnnxruntime) {
  if (!fs::exists(FACET_NODE_MODULES "/onnxruntime-node/package.json")) {
    GTEST_SKIP() << "onnxruntime-node is not installed: run scripts/node_packages";
  }
  const std::vector<EngineCase> asked = cases();
  nlohmann::json list = nlohmann::json::array();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const std::string input = std::to_string(i) + ".input";
    write_numbers(folder_ / input, asked[i].input);
    list.push_back({{"file", asked[i].file}, {"input", input}, {"sides", asked[i].input.sides}});
  }
  std::ofstream(folder_ / "cases.json") << list;
  const std::string command = "NODE_PATH='" FACET_NODE_MODULES "' node '" FACET_SOURCE_DIR
                              "/tests/export/run_onnxruntime.js' '" +
                              folder_.path().string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto answers = nlohmann::json::parse(read_all(folder_ / "answers.json"));
  ASSERT_EQ(answers.size(), asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    ASSERT_EQ(answers[i].size(), asked[i].answers.size()) << asked[i].file;
    for (const auto& [output, answer] : answers[i].items()) {
      expect_alike(asked[i], output, {answer.at("sides"), answer.at("numbers")});
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Exported, BundledModel, ::testing::Values("best", "fast", "paper"),
                         [](const auto& model) { return std::string(model.param); });

}  // namespace
}  // namespace facet::detail::testing
