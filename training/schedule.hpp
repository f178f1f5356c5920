// SPDX-License-Identifier: Apache-2.0
// How long and how fast a stage learns.
#pragma once

#include <cstdint>
#include <string>

#include "recipe/table_reader.hpp"

namespace facet::training {
using namespace detail;

struct Schedule {
  int batch = 64;
  float epochs = 1;
  float learning_rate = 0.1F;
  float momentum = 0.9F;
  float weight_decay = 5e-4F;
  float warm_up = 0.2F;  // share of the steps with a rising rate; then a cosine falls to 0
  float dropout = 0;     // before the output layer
  float similarity = 0;  // weight of the similarity loss
  float checkpoint_minutes = 3;
  std::string precision = "fp32";

  // Steps of an epoch of so many photos, and of the whole stage.
  [[nodiscard]] std::int64_t epoch_steps(std::int64_t photos) const;
  [[nodiscard]] std::int64_t steps(std::int64_t photos) const;
  // The learning rate at a step.
  [[nodiscard]] double rate(std::int64_t step, std::int64_t steps) const;
};

// Throws Error(invalid_argument).
Schedule read_schedule(TableReader& reader);

}  // namespace facet::training
