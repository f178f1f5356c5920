// SPDX-License-Identifier: Apache-2.0
// Predicts over and over, by C++ and by C, from files and from memory, whole photos and broken
// ones, with predictors and models that come and go; then compares the memory and the open files
// of the end with those of the beginning.
// Usage: soak PREDICTIONS [MODEL]   (default: a small model of its own)
// Prints a line of CSV; exit code 1 where memory grew or a file stayed open.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/small_model.hpp"
#include "facet/facet.h"
#include "facet/facet.hpp"
#include "model/temporary_folder.hpp"

namespace facet {
namespace {

namespace fs = std::filesystem;

double resident_megabytes() {
  std::ifstream statm("/proc/self/statm");
  long whole = 0;
  long resident = 0;
  statm >> whole >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

int open_files() {
  const fs::directory_iterator files("/proc/self/fd");
  return static_cast<int>(std::distance(begin(files), end(files))) - 1;  // but for this one
}

void expect(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

class Soak {
 public:
  explicit Soak(const std::string& model) : model_(model) {
    if (model_.empty()) {
      model_ = folder_ / "model.safetensors";
      detail::write_small_model(model_);
    }
    detail::write_blob_photo(folder_ / "face.png");
    detail::write_flat_photo(folder_ / "flat.png");
    const std::string whole = detail::read_all(folder_ / "face.png");
    detail::write_all(folder_ / "cut.png", whole.substr(0, whole.size() / 2));
    detail::write_all(folder_ / "text.png", "no photo");
    renew();
  }

  // One prediction; each number has its own kind of one.
  void predict(int number) {
    if (number % 100 == 99) renew();
    switch (number % 6) {
      case 0:
        return predict_file("face.png");
      case 1:
        return predict_file("flat.png");
      case 2:
        return predict_unreadable(number % 4 < 2 ? "cut.png" : "text.png");
      case 3:
        return predict_pixels();
      case 4:
        return predict_by_c();
      default:
        return predict_several();
    }
  }

 private:
  void renew() {
    loaded_ = Model::load(model_);
    predictor_.emplace(loaded_, 2);
  }
  void predict_file(const char* name) {
    EncodedPhoto photo = EncodedPhoto::read(folder_ / name);
    expect(predictor_->predict(photo).status != PhotoStatus::unreadable, "a photo was not read");
  }
  void predict_unreadable(const char* name) {
    try {
      EncodedPhoto photo = EncodedPhoto::read(folder_ / name);
      predictor_->predict(photo);
    } catch (const Error& error) {
      expect(error.code() == ErrorCode::unreadable, error.what());
      return;
    }
    throw std::runtime_error("a broken photo was read");
  }
  void predict_pixels() {
    const Image photo = read_image(folder_ / "face.png");
    PredictOptions options;
    options.features = true;
    options.locate.dominant = true;
    expect(predictor_->predict(photo, options).faces.size() == 1, "the dominant face is missing");
  }
  void predict_several() {
    std::vector<EncodedPhoto> photos;
    for (const char* name : {"face.png", "flat.png"}) {
      photos.push_back(EncodedPhoto::read(folder_ / name));
    }
    expect(predictor_->predict(std::span(photos)).size() == 2, "an answer is missing");
  }
  void predict_by_c() {
    facet_model* model = nullptr;
    facet_predictor* predictor = nullptr;
    facet_result* result = nullptr;
    char* json = nullptr;
    const std::string photo = folder_ / "face.png";
    const std::string missing = folder_ / "missing.png";
    const facet_predictor_options options{sizeof options, 1, 1, FACET_PRECISION_AUTO};
    const bool done =
        facet_model_load(model_.c_str(), &model) == FACET_OK &&
        facet_predictor_create(model, &options, &predictor) == FACET_OK &&
        facet_predict_file(predictor, missing.c_str(), nullptr, &result) == FACET_NOT_FOUND &&
        facet_predict_file(predictor, photo.c_str(), nullptr, &result) == FACET_OK &&
        facet_result_to_json(result, &json) == FACET_OK;
    facet_text_free(json);
    facet_result_free(result);
    facet_predictor_free(predictor);
    facet_model_free(model);
    expect(done, facet_last_error());
  }

  detail::TemporaryFolder folder_;
  std::string model_;
  std::shared_ptr<const Model> loaded_;
  std::optional<Predictor> predictor_;
};

int run(int predictions, const std::string& model) {
  Soak soak(model);
  // Caches of kernels, and what the allocator keeps, have grown by then.
  const int warm = predictions / 4;
  for (int i = 0; i < warm; ++i) soak.predict(i);
  const double before = resident_megabytes();
  const int files_before = open_files();
  double most = before;
  for (int i = warm; i < predictions; ++i) {
    soak.predict(i);
    if (i % 50 == 0) most = std::max(most, resident_megabytes());
  }
  const double after = resident_megabytes();
  const int files_after = open_files();
  std::printf("predictions,mb_before,mb_most,mb_after,files_before,files_after\n");
  std::printf("%d,%.1f,%.1f,%.1f,%d,%d\n", predictions, before, most, after, files_before,
              files_after);
  // The allocator's habits, which threads share out differently every time, are no leak: 4 MB, and
  // half a kilobyte a prediction. A photo here has 58.
  const double allowed = 4 + 0.0005 * (predictions - warm);
  if (after > before + allowed || files_after != files_before) {
    std::fprintf(stderr, "soak: memory grew, or files stayed open\n");
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace facet

int main(int count, char** arguments) {
  try {
    const int predictions = count > 1 ? std::atoi(arguments[1]) : 0;
    if (predictions < 100) throw std::runtime_error("usage: soak PREDICTIONS [MODEL]");
    return facet::run(predictions, count > 2 ? arguments[2] : "");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "soak: %s\n", error.what());
    return 2;
  }
}
