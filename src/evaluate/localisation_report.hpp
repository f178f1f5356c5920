// SPDX-License-Identifier: Apache-2.0
// The figures of localisation as text, CSV files and pictures.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "evaluate/localisation_protocol.hpp"
#include "evaluate/run_record.hpp"

namespace facet::detail {

std::string localisation_text(const std::vector<LocalisationRow>& rows,
                              const std::vector<std::string>& left_out, const RunRecord& record);

// localisation.csv, localisation-roc.csv and .svg, localisation-overlap.csv and .svg, and lines of
// summary.csv; where other ways were measured, localisation-roc-SET.svg compares them.
void write_localisation(const std::filesystem::path& folder,
                        const std::vector<LocalisationRow>& rows, const RunRecord& record);

// A curve in so many points that a picture of it looks the same.
std::vector<RocPoint> thinned(const std::vector<RocPoint>& curve);

}  // namespace facet::detail
