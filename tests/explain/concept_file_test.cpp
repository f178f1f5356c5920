// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <vector>

#include "explain/concept_access.hpp"
#include "facet/error.hpp"
#include "facet/explain.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

ConceptParts example() {
  ConceptParts parts;
  parts.model_name = "small";
  parts.model_version = "1";
  parts.anet_checksum = std::string(64, 'a');
  parts.feature_layer = "FC";
  parts.attributes = {"Hat", "Young"};
  parts.correlation = {0.5F, 0, 0.25F, -0.5F, 0, 0};
  parts.mean = {1, 2, 0.5F};
  parts.deviation = {1, 0.5F, 0};
  parts.map_side = 2;
  parts.mean_map = {1, 2, 3, 4, 5, 6, 7, 8};
  parts.face_side = 16;
  parts.faces = Image(kFaceColumns * 16, 16);
  for (std::size_t i = 0; i < parts.faces.pixels.size(); ++i) {
    parts.faces.pixels[i] = static_cast<std::uint8_t>(i / 3 % (16 * kFaceColumns) / 16 * 10);
  }
  HeadConcepts head;
  head.checksum = std::string(64, 'b');
  head.sparse_weight = {0, 0.5F, 0};
  head.sparse_bias = {0.25F};
  head.sparse_a = {1};
  head.sparse_b = {0};
  head.concept_low = {-1, -1};
  head.concept_high = {1, 2};
  parts.heads["celeba"] = head;
  parts.provenance = {{"photos", 3}};
  return parts;
}

class ConceptFile : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "small.explain";
};

TEST_F(ConceptFile, IsReadAsItWasWritten) {
  write_concepts(file_, example());
  const ConceptParts read = read_concepts(file_);
  EXPECT_EQ(read.attributes, example().attributes);
  EXPECT_EQ(read.correlation, example().correlation);
  EXPECT_EQ(read.mean_map, example().mean_map);
  EXPECT_EQ(read.heads.at("celeba").sparse_weight, example().heads.at("celeba").sparse_weight);
  EXPECT_EQ(read.heads.at("celeba").concept_high, example().heads.at("celeba").concept_high);
  const auto concepts = Concepts::load(file_);
  EXPECT_EQ(concepts->neurons(), 3);
  const Image face = concepts->neuron_face(2);
  EXPECT_EQ(face.width, 16);
  EXPECT_NEAR(face.pixels[0], 20, 3);
  EXPECT_NEAR(concepts->average_face().pixels[0], 30, 3);
  EXPECT_THROW((void)concepts->neuron_face(3), Error);
}

TEST_F(ConceptFile, DamagedIsRefused) {
  write_concepts(file_, example());
  const auto size = std::filesystem::file_size(file_);
  for (const std::uintmax_t at : {size / 2, size - 3}) {
    std::fstream stream(file_, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(at));
    const int before = stream.peek();
    stream.put(static_cast<char>(before ^ 1));
    stream.close();
    EXPECT_THROW(read_concepts(file_), Error) << at;
    write_concepts(file_, example());
  }
  std::filesystem::resize_file(file_, size / 3);
  EXPECT_THROW(read_concepts(file_), Error);
}

TEST_F(ConceptFile, OfOtherSizesIsNotWritten) {
  ConceptParts parts = example();
  parts.heads["celeba"].concept_low = {0};
  EXPECT_THROW(write_concepts(file_, parts), Error);
  parts = example();
  parts.faces = Image(16, 16);
  EXPECT_THROW(write_concepts(file_, parts), Error);
  EXPECT_FALSE(std::filesystem::exists(file_));
}

// What no training gives would end in answers that are no numbers.
TEST_F(ConceptFile, WithImpossibleNumbersIsRefused) {
  const std::vector<std::function<void(ConceptParts&)>> faults = {
      [](ConceptParts& parts) { parts.correlation[1] = -1.5F; },
      [](ConceptParts& parts) { parts.mean[0] = 1e30F; },
      [](ConceptParts& parts) { parts.deviation[0] = -1; },
      [](ConceptParts& parts) { parts.deviation[2] = 1e-40F; },
      [](ConceptParts& parts) { parts.heads["celeba"].concept_high[0] = 2e6F; },
  };
  for (std::size_t i = 0; i < faults.size(); ++i) {
    ConceptParts parts = example();
    faults[i](parts);
    EXPECT_THROW(write_concepts(file_, parts), Error) << i;
  }
  EXPECT_FALSE(std::filesystem::exists(file_));
}

// Without heads nothing was compared with the model's sizes.
TEST_F(ConceptFile, WithoutHeadsIsRefused) {
  ConceptParts parts = example();
  parts.heads.clear();
  EXPECT_THROW(write_concepts(file_, parts), Error);
}

TEST_F(ConceptFile, MissingSaysHowToMakeIt) {
  try {
    (void)Concepts::load_beside(folder_ / "older.safetensors");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_NE(std::string(error.what()).find("older.explain"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("explain-fit"), std::string::npos);
  }
}

TEST_F(ConceptFile, OfAnotherModelIsRefused) {
  write_concepts(file_, example());
  const auto model =
      Model::load(std::filesystem::path(FACET_SOURCE_DIR) / "models/fast.safetensors");
  try {
    const Explainer explainer(model, Concepts::load(file_));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_model);
    EXPECT_NE(std::string(error.what()).find("small 1"), std::string::npos);
  }
}

}  // namespace
}  // namespace facet::detail
