// SPDX-License-Identifier: Apache-2.0
#include "dataset/faults.hpp"

#include "base/printable_text.hpp"

namespace facet::detail {

void Faults::error(ErrorCode code, const std::string& message) {
  if (mode_ == Mode::throw_first) throw Error(code, printable_text(message));
  findings_.push_back({Finding::Level::error, printable_text(message)});
}

void Faults::repeated_error(ErrorCode code, const std::string& file, const std::string& kind,
                            const std::string& message) {
  if (mode_ == Mode::throw_first) throw Error(code, printable_text(message));
  const auto [found, is_new] = repeated_.try_emplace({file, kind}, Repeated{findings_.size(), 0});
  ++found->second.count;
  if (is_new) findings_.push_back({Finding::Level::error, printable_text(message)});
}

std::vector<Finding> Faults::findings() const {
  std::vector<Finding> findings = findings_;
  for (const auto& [where, repeated] : repeated_) {
    if (repeated.count == 1) continue;
    findings[repeated.place].message +=
        ", the first of " + std::to_string(repeated.count) + " such errors in this file";
  }
  return findings;
}

void Faults::warning(const std::string& message) {
  if (mode_ == Mode::gather)
    findings_.push_back({Finding::Level::warning, printable_text(message)});
}

void Faults::note(const std::string& message) {
  if (mode_ == Mode::gather) findings_.push_back({Finding::Level::note, printable_text(message)});
}

}  // namespace facet::detail
