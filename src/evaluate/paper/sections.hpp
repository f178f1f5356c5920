// SPDX-License-Identifier: Apache-2.0
// The parts of the report, each on its own: they write their tables and figures into options().out.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "evaluate/paper/claim.hpp"
#include "evaluate/paper/paper_context.hpp"

namespace facet::detail {

Section table_1(PaperContext& context);
Section table_2(PaperContext& context);
Section figure_3(PaperContext& context);
Section figure_7(PaperContext& context);
Section figure_8(PaperContext& context);
Section figure_9(PaperContext& context);
Section figure_10(PaperContext& context);
Section figure_11(PaperContext& context);
Section figure_13(PaperContext& context);
Section groups(PaperContext& context);
Section leaderboard(PaperContext& context);

struct SectionMaker {
  std::string name;  // as --only takes it
  std::function<Section(PaperContext&)> make;
};
const std::vector<SectionMaker>& section_makers();

// What was easy and what was hard.
std::vector<std::string> closing_words();

// The command that makes one section again.
std::string section_command(const std::string& section);

}  // namespace facet::detail
