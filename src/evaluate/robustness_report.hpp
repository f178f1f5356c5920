// SPDX-License-Identifier: Apache-2.0
// What was measured of robustness: for people, as a CSV file, as a picture.
#pragma once

#include <filesystem>
#include <string>

#include "evaluate/robustness_protocol.hpp"
#include "evaluate/run_record.hpp"

namespace facet::detail {

std::string robustness_text(const RobustnessReport& report, const RunRecord& record);

// robustness.csv, a line a way and set and a line a set without people, and robustness.svg, a bar a
// way and set.
void write_robustness(const std::filesystem::path& folder, const std::string& name,
                      const RobustnessReport& report, const RunRecord& record);

}  // namespace facet::detail
