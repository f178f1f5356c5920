// SPDX-License-Identifier: Apache-2.0
// A small model, a predictor of it and photos, by the C API.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "apps/small_model.hpp"
#include "facet/facet.h"
#include "model/temporary_folder.hpp"

namespace facet::detail {

struct Free {
  void operator()(facet_model* handle) const { facet_model_free(handle); }
  void operator()(facet_predictor* handle) const { facet_predictor_free(handle); }
  void operator()(facet_photo* handle) const { facet_photo_free(handle); }
  void operator()(facet_result* handle) const { facet_result_free(handle); }
  void operator()(facet_head* handle) const { facet_head_free(handle); }
  void operator()(facet_stop* handle) const { facet_stop_free(handle); }
  void operator()(char* text) const { facet_text_free(text); }
};
template <typename Handle>
using Owned = std::unique_ptr<Handle, Free>;

class SmallPredictor : public ::testing::Test {
 protected:
  SmallPredictor() {
    write_small_model(folder_ / "model.safetensors");
    write_blob_photo(folder_ / "face.png");
    write_blob_photo(folder_ / "other.png", 90);
    write_flat_photo(folder_ / "flat.png");
    facet_model* model = nullptr;
    EXPECT_EQ(facet_model_load(path("model.safetensors").c_str(), &model), FACET_OK)
        << facet_last_error();
    model_.reset(model);
    facet_predictor_options options{};
    options.struct_size = sizeof options;
    options.threads = 2;
    facet_predictor* predictor = nullptr;
    EXPECT_EQ(facet_predictor_create(model, &options, &predictor), FACET_OK) << facet_last_error();
    predictor_.reset(predictor);
  }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }
  [[nodiscard]] Owned<facet_photo> photo(const std::string& file) const {
    facet_photo* photo = nullptr;
    EXPECT_EQ(facet_photo_from_file(file.c_str(), &photo), FACET_OK);
    return Owned<facet_photo>(photo);
  }
  static facet_predict_options defaults() {
    facet_predict_options options{};
    options.struct_size = sizeof options;
    return options;
  }
  static facet_photo_info info(const facet_result* result) {
    facet_photo_info photo{};
    photo.struct_size = sizeof photo;
    EXPECT_EQ(facet_result_photo(result, &photo), FACET_OK);
    return photo;
  }
  static std::string json(const facet_result* result) {
    char* text = nullptr;
    EXPECT_EQ(facet_result_to_json(result, &text), FACET_OK);
    return Owned<char>(text).get();
  }
  // A result of one file with these options.
  Owned<facet_result> predict(const std::string& file, const facet_predict_options* options) {
    facet_result* result = nullptr;
    EXPECT_EQ(facet_predict_file(predictor_.get(), path(file).c_str(), options, &result), FACET_OK)
        << facet_last_error();
    return Owned<facet_result>(result);
  }

  TemporaryFolder folder_;
  Owned<facet_model> model_;
  Owned<facet_predictor> predictor_;
};

}  // namespace facet::detail
