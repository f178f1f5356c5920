// SPDX-License-Identifier: Apache-2.0
// What sessions of the C API's fuzzer begin with. It is made once and given to all of them: making
// it takes longer than most sessions.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

#include "apps/small_model.hpp"
#include "facet/facet.h"
#include "facet/image.hpp"
#include "image/encode.hpp"
#include "localise/blob_model.hpp"
#include "model/temporary_folder.hpp"
#include "oracle.hpp"

namespace facet::fuzz {

// Files that calls may name, and their bytes.
struct Files {
  detail::TemporaryFolder folder;
  std::string model_bytes;
  std::string photo_bytes;
  std::vector<std::string> paths;
  Files() {
    detail::write_small_model(folder / "model.safetensors");
    detail::write_explained_model(folder / "explained.safetensors");
    // Small: most of a session's time is spent on them.
    Image photo = detail::testing::flat_photo(56, 44, 60);
    write_photo("flat.png", photo);
    detail::testing::draw_blob(photo, 26, 22, 30);
    write_photo("face.png", photo);
    detail::write_all(folder / "broken.jpg", "\xFF\xD8\xFF\xE0 no more");
    model_bytes = detail::read_all(folder / "model.safetensors");
    photo_bytes = detail::read_all(folder / "face.png");
    for (const char* name : {"model.safetensors", "face.png", "flat.png", "broken.jpg", "own.head",
                             "missing/own.head", ""}) {
      paths.push_back((folder / name).string());
    }
    paths.emplace_back();
    for (const char* name : {"explained.safetensors", "explained.explain"}) {
      paths.push_back((folder / name).string());
    }
    setenv("FACET_MODEL", paths[0].c_str(), 1);  // what NULL stands for
  }

 private:
  void write_photo(const char* name, const Image& photo) const {
    const std::vector<std::byte> bytes = detail::encode_png(photo);
    detail::write_all(folder / name,
                      std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
};

inline const Files& files() {
  static const Files made;
  return made;
}

// A model, a predictor of it, one whose answers can be explained, what explains them, and a photo
// with a face.
struct FirstHandles {
  facet_model* model = nullptr;
  facet_predictor* predictor = nullptr;
  facet_model* explained = nullptr;
  facet_explainer* explainer = nullptr;
  facet_photo* photo = nullptr;
  FirstHandles() {
    expect(facet_model_load(files().paths[0].c_str(), &model) == FACET_OK);
    facet_predictor_options options{sizeof options, 1, 1, FACET_PRECISION_FP32};
    expect(facet_predictor_create(model, &options, &predictor) == FACET_OK);
    expect(facet_model_load((files().folder / "explained.safetensors").c_str(), &explained) ==
           FACET_OK);
    expect(facet_explainer_create(explained, nullptr, &options, &explainer) == FACET_OK);
    expect(facet_photo_from_file(files().paths[1].c_str(), &photo) == FACET_OK);
  }
  FirstHandles(const FirstHandles&) = delete;
  FirstHandles& operator=(const FirstHandles&) = delete;
  ~FirstHandles() {
    facet_photo_free(photo);
    facet_explainer_free(explainer);
    facet_model_free(explained);
    facet_predictor_free(predictor);
    facet_model_free(model);
  }
};

inline const FirstHandles& first_handles() {
  static const FirstHandles made;
  return made;
}

}  // namespace facet::fuzz
