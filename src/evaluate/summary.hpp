// SPDX-License-Identifier: Apache-2.0
// summary.csv: a line a protocol, the newest figures of each.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "evaluate/run_record.hpp"

namespace facet::detail {

struct SummaryRow {
  std::string protocol;
  std::size_t photos = 0;
  std::size_t unreadable = 0;
  std::map<std::string, std::string> figures;  // by column; those absent stay empty
};

// Throws Error(invalid_argument) for a figure without a column.
void update_summary(const std::filesystem::path& folder, std::span<const SummaryRow> rows,
                    const RunRecord& record);

}  // namespace facet::detail
