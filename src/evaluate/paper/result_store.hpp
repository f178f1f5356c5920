// SPDX-License-Identifier: Apache-2.0
// Results of finished steps, so that a report that was interrupted goes on, and one that is made
// again computes what changed alone.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace facet::detail {

// Numbers of many photos, as a file of their own.
struct StoredRows {
  std::size_t width = 0;
  std::vector<float> values;  // rows × width

  [[nodiscard]] std::size_t rows() const { return width > 0 ? values.size() / width : 0; }
  [[nodiscard]] const float* row(std::size_t i) const { return values.data() + i * width; }
};
using StoredTables = std::map<std::string, StoredRows>;

class ResultStore {
 public:
  // `revision` is written beside each result, and is no part of what decides whether it serves.
  ResultStore(std::filesystem::path folder, std::string revision,
              std::function<void(const std::string&)> log);

  // What a step of that name gave with these settings: as stored, else `make()`, which is stored.
  // Settings say everything that the result depends on: checksums of models, photos, numbers.
  nlohmann::json result(const std::string& name, const nlohmann::json& settings,
                        const std::function<nlohmann::json()>& make);
  StoredTables tables(const std::string& name, const nlohmann::json& settings,
                      const std::function<StoredTables()>& make);

  // Seconds of computing behind all results given so far, whenever that was.
  [[nodiscard]] double seconds() const { return seconds_; }
  [[nodiscard]] std::size_t made() const { return made_; }
  [[nodiscard]] std::size_t taken() const { return taken_; }

 private:
  void count(const std::string& name, double seconds, bool fresh);

  std::filesystem::path folder_;
  std::string revision_;
  std::function<void(const std::string&)> log_;
  std::set<std::string> counted_;
  double seconds_ = 0;
  std::size_t made_ = 0;
  std::size_t taken_ = 0;
};

}  // namespace facet::detail
