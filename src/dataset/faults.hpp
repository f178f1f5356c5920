// SPDX-License-Identifier: Apache-2.0
// Where readers report what is wrong: thrown at the first fault, or gathered for a check. Messages
// hold what files hold: they become printable here (base/printable_text.hpp).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dataset/dataset.hpp"
#include "facet/error.hpp"

namespace facet::detail {

class Faults {
 public:
  enum class Mode { throw_first, gather };
  explicit Faults(Mode mode) : mode_(mode) {}

  void error(ErrorCode code, const std::string& message);
  // An error that may come on every line of `file`: the first of its kind is kept, and how many
  // there are.
  void repeated_error(ErrorCode code, const std::string& file, const std::string& kind,
                      const std::string& message);
  void warning(const std::string& message);
  void note(const std::string& message);

  [[nodiscard]] std::vector<Finding> findings() const;

 private:
  Mode mode_;
  std::vector<Finding> findings_;
  struct Repeated {
    std::size_t place = 0;  // among the findings
    std::size_t count = 0;
  };
  std::map<std::pair<std::string, std::string>, Repeated> repeated_;  // by file and kind
};

}  // namespace facet::detail
