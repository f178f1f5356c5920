// SPDX-License-Identifier: Apache-2.0
#include "schedule.hpp"

#include <algorithm>
#include <cmath>

#include "facet/error.hpp"

namespace facet::training {

std::int64_t Schedule::epoch_steps(std::int64_t photos) const {
  return std::max<std::int64_t>(1, photos / batch);
}

std::int64_t Schedule::steps(std::int64_t photos) const {
  return static_cast<std::int64_t>(epochs * static_cast<float>(epoch_steps(photos)));
}

double Schedule::rate(std::int64_t step, std::int64_t steps) const {
  const double at = static_cast<double>(step) / static_cast<double>(steps);
  if (at < warm_up) return learning_rate * (0.04 + 0.96 * at / warm_up);
  return learning_rate * 0.5 * (1 + std::cos(M_PI * (at - warm_up) / (1 - warm_up)));
}

Schedule read_schedule(TableReader& reader) {
  Schedule s;
  s.batch = reader.get("batch", s.batch);
  s.epochs = reader.require<float>("epochs");
  s.learning_rate = reader.get("learning_rate", s.learning_rate);
  s.momentum = reader.get("momentum", s.momentum);
  s.weight_decay = reader.get("weight_decay", s.weight_decay);
  s.warm_up = reader.get("warm_up", s.warm_up);
  s.dropout = reader.get("dropout", s.dropout);
  s.similarity = reader.get("similarity", s.similarity);
  s.checkpoint_minutes = reader.get("checkpoint_minutes", s.checkpoint_minutes);
  s.precision = reader.get("precision", s.precision);
  if (s.batch < 1) {
    throw Error(ErrorCode::invalid_argument,
                reader.where() + ": 'batch' is " + std::to_string(s.batch) + ", not 1 or more");
  }
  return s;
}

}  // namespace facet::training
