// SPDX-License-Identifier: Apache-2.0
// Model files that a test breaks, and what reading them says.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "facet/error.hpp"
#include "model/example_model.hpp"
#include "model/model_parts.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {

using nlohmann::json;
using ::testing::HasSubstr;

class ModelFileTest : public ::testing::Test {
 protected:
  std::string fault_of_file() {
    try {
      read_model(path_);
      return {};
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_model) << error.what();
      EXPECT_THAT(error.what(), HasSubstr(path_.string()));
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      return error.what();
    }
  }

  // The fault of a file whose description and tensors were changed, with a checksum that fits.
  std::string fault_after(const std::function<void(json&)>& change,
                          const std::function<void(WeightMap&)>& change_tensors = {}) {
    if (example_.metadata.empty()) {
      write_model(path_, example_parts(), example_networks());
      example_ = read_safetensors(path_);
    }
    SafetensorsFile file = example_;
    json description = json::parse(file.metadata.at("facet"));
    change(description);
    if (change_tensors) change_tensors(file.tensors);
    write_safetensors(path_, file.tensors,
                      {{"format", "facet-model"}, {"facet", description.dump()}}, StoredType::f16);
    return fault_of_file();
  }
  // Values are given as JSON text.
  std::string fault_with(const char* part, const char* key, const char* value) {
    return fault_after([&](json& model) { model[part][key] = json::parse(value); });
  }
  std::string fault_of_head(const char* key, const char* value) {
    return fault_after([&](json& model) { model["heads"]["celeba"][key] = json::parse(value); });
  }
  std::string fault_of_layer(const char* network, std::size_t layer, const char* key,
                             const char* value) {
    return fault_after([&](json& model) {
      model["networks"][network]["layers"][layer][key] = json::parse(value);
    });
  }

  SafetensorsFile example_;  // unchanged; written once a test
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "model.safetensors";
};

}  // namespace facet::detail
