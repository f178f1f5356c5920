// SPDX-License-Identifier: Apache-2.0
#include "workload_file.hpp"

#include "base/atomic_file.hpp"
#include "facet/error.hpp"

namespace facet::bench {
using namespace detail;

WorkloadFile::WorkloadFile(const std::filesystem::path& folder) : folder_(folder) {
  std::filesystem::create_directories(folder);
  images_.open(folder / "images.bin", std::ios::binary);
  answers_.open(folder / "answers.bin", std::ios::binary);
}

void WorkloadFile::add(std::size_t photo, const NetworkBatch& batch, const FeatureMap* answer) {
  const Image& first = batch.images.front();
  nlohmann::json entry = {
      {"photo", photo},         {"network", batch.network}, {"count", batch.images.size()},
      {"height", first.height}, {"width", first.width},     {"offset", image_bytes_}};
  for (const Image& image : batch.images) {
    images_.write(reinterpret_cast<const char*>(image.pixels.data()),
                  static_cast<std::streamsize>(image.pixels.size()));
    image_bytes_ += image.pixels.size();
  }
  if (answer != nullptr) {
    entry["answer"] = {{"channels", answer->channels},
                       {"height", answer->height},
                       {"width", answer->width},
                       {"offset", answer_floats_}};
    answers_.write(reinterpret_cast<const char*>(answer->values.data()),
                   static_cast<std::streamsize>(answer->values.size() * sizeof(float)));
    answer_floats_ += answer->values.size();
  }
  batches_.push_back(std::move(entry));
}

void WorkloadFile::finish() {
  images_.close();
  answers_.close();
  if (!images_ || !answers_) {
    throw Error(ErrorCode::io, folder_.string() + ": the workload could not be written");
  }
  detail::AtomicFile file(folder_ / "workload.json");
  file.write(batches_.dump());
  file.commit();
}

}  // namespace facet::bench
