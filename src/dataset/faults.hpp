// SPDX-License-Identifier: Apache-2.0
// Where readers report what is wrong: thrown at the first fault, or gathered for a check.
#pragma once

#include <string>
#include <vector>

#include "dataset/dataset.hpp"
#include "facet/error.hpp"

namespace facet::detail {

class Faults {
 public:
  enum class Mode { throw_first, gather };
  explicit Faults(Mode mode) : mode_(mode) {}

  void error(ErrorCode code, const std::string& message);
  void warning(const std::string& message);
  void note(const std::string& message);

  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }

 private:
  Mode mode_;
  std::vector<Finding> findings_;
};

}  // namespace facet::detail
