// SPDX-License-Identifier: Apache-2.0
#include "facet/model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "facet/error.hpp"
#include "model/example_model.hpp"
#include "model/model_access.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

std::shared_ptr<const Model> example_model() {
  const TemporaryFolder folder;
  write_model(folder / "m", example_parts(), example_networks());
  return Model::load(folder / "m");
}

TEST(Model, SaysWhatItIs) {
  const auto model = example_model();
  EXPECT_EQ(model->name(), "example");
  EXPECT_EQ(model->version(), "1.2");
  EXPECT_EQ(model->licence(), "research only");
  EXPECT_EQ(model->checksum().size(), 64U);
  EXPECT_THAT(model->heads(), ElementsAre("celeba"));
  EXPECT_THAT(model->attribute_names("celeba"), ElementsAre("Smiling", "Male"));
  EXPECT_TRUE(parts_of(*model).lnet_o);
}

TEST(Model, NamesItsHeadsWhereAnotherIsAskedFor) {
  const auto model = example_model();
  try {
    const auto& names = model->attribute_names("lfwa");
    FAIL() << names.size();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("\"lfwa\""));
    EXPECT_THAT(error.what(), HasSubstr("celeba"));
  }
}

TEST(Model, DescribesNetworksSettingsAndHeads) {
  const nlohmann::json info = nlohmann::json::parse(example_model()->info_json());
  EXPECT_EQ(info["provenance"]["seed"], 7);
  EXPECT_EQ(info["localiser"]["box"]["sy"], 1.1F);
  EXPECT_EQ(info["localiser"]["evidence_layer"], "tags");
  EXPECT_EQ(info["patches"]["patch_side"], 12);
  EXPECT_EQ(info["heads"]["celeba"]["count"], 2);
  EXPECT_EQ(info["heads"]["celeba"]["features"], 3);
  EXPECT_EQ(info["heads"]["celeba"]["attributes"][1], "Male");
  // By hand: C1 8×8 of 12×12; P1 4×4; C3 2×2 in 2×2 cells; C4 one bank over 2×2; FC.
  const nlohmann::json& anet = info["networks"]["anet"];
  EXPECT_EQ(anet["layers"][0]["parameters"], 2 * 3 * 25 + 2);
  EXPECT_EQ(anet["layers"][0]["multiply_adds"], 8 * 8 * 2 * 3 * 25);
  EXPECT_EQ(anet["layers"][1]["parameters"], 0);
  EXPECT_EQ(anet["layers"][1]["output_side"], 4);
  EXPECT_EQ(anet["layers"][2]["parameters"], 4 * (2 * 2 * 9 + 2));
  EXPECT_EQ(anet["layers"][2]["multiply_adds"], 2 * 2 * 2 * 2 * 9);
  EXPECT_EQ(anet["layers"][3]["multiply_adds"], 2 * 2 * 2 * 2);
  EXPECT_EQ(anet["layers"][4]["multiply_adds"], 2 * 3);
  EXPECT_EQ(anet["parameters"], 152 + 152 + (16 + 2) + (6 + 3));
  EXPECT_EQ(info["networks"]["lnet_o"]["input_side"], 300);
  EXPECT_EQ(info["networks"]["lnet_o"]["multiply_adds"], 150 * 150 * (4 * 3 * 9 + 2 * 4));
}

TEST(Model, SaysWhereThereIsNoFile) {
  try {
    Model::load("/no/such/model");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_THAT(error.what(), HasSubstr("/no/such/model"));
  }
}

// A program installed in a folder of its own.
class FindDefaultTest : public ::testing::Test {
 protected:
  FindDefaultTest() {
    fs::create_directories(folder_ / "root/bin");
    fs::copy_file(FACET_PRINT_DEFAULT_MODEL, program_);
  }
  // Exit status and output.
  std::pair<int, std::string> run(const std::string& environment = "-u FACET_MODEL") {
    const std::string command = "cd / && env " + environment + " '" + program_.string() + "'";
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return {-1, ""};
    std::string output;
    std::array<char, 4096> part;
    while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe)) {
      output.append(part.data(), size);
    }
    return {WEXITSTATUS(::pclose(pipe)), output};
  }
  void put(const std::string& path) {
    fs::create_directories((folder_ / path).parent_path());
    write_all(folder_ / path, "a model");
  }
  TemporaryFolder folder_;
  fs::path program_ = folder_ / "root/bin/program";
};

TEST_F(FindDefaultTest, NamesWhatItTriedWhereThereIsNone) {
  const auto [status, output] = run();
  EXPECT_EQ(status, 2);
  EXPECT_THAT(output, HasSubstr((folder_ / "root/models/best.safetensors").string()));
  EXPECT_THAT(output, HasSubstr((folder_ / "root/share/facet/models/paper.safetensors").string()));
}

TEST_F(FindDefaultTest, PrefersBestInEitherFolder) {
  put("root/share/facet/models/paper.safetensors");
  EXPECT_THAT(run().second, HasSubstr("root/share/facet/models/paper.safetensors"));
  put("root/models/paper.safetensors");
  EXPECT_THAT(run().second, HasSubstr("root/models/paper.safetensors"));
  put("root/share/facet/models/best.safetensors");
  EXPECT_THAT(run().second, HasSubstr("root/share/facet/models/best.safetensors"));
  put("root/models/best.safetensors");
  EXPECT_THAT(run().second, HasSubstr("root/models/best.safetensors"));
}

TEST_F(FindDefaultTest, ObeysTheEnvironmentFirst) {
  put("root/models/best.safetensors");
  put("mine");
  const std::string mine = (folder_ / "mine").string();
  EXPECT_EQ(run("FACET_MODEL='" + mine + "'"), std::pair(0, mine));
  EXPECT_EQ(run("FACET_MODEL='" + mine + "2'").first, 2);
  EXPECT_THAT(run("FACET_MODEL='" + mine + "2'").second, HasSubstr(mine + "2"));
  EXPECT_THAT(run("FACET_MODEL=").second, HasSubstr("best"));  // empty is as good as unset
}

}  // namespace
}  // namespace facet::detail
