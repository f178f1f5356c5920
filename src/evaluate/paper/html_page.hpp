// SPDX-License-Identifier: Apache-2.0
// The report as one page that needs nothing else: no network, no script.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "evaluate/paper/claim.hpp"

namespace facet::detail {

struct PageHead {
  std::string title;
  std::vector<std::string> facts;       // what was measured, when, by what
  std::vector<std::string> paragraphs;  // how to read it
};

// The head, the ledger of all sections' claims, the closing words, then section after section.
// Figures are read from `folder` and stand in the page itself. Throws Error(io) where one is
// missing.
std::string html_page(const PageHead& head, const std::vector<Section>& sections,
                      const std::vector<std::string>& closing, const std::filesystem::path& folder);

// The ledger as a table: claim, the paper's figure, ours, verdict, what differs, command.
ResultTable ledger_table(const std::vector<Section>& sections);

}  // namespace facet::detail
