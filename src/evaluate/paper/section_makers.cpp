// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/sections.hpp"

namespace facet::detail {

const std::vector<SectionMaker>& section_makers() {
  static const std::vector<SectionMaker> makers = {
      {"table-1", table_1},     {"table-2", table_2},        {"figure-3", figure_3},
      {"figure-7", figure_7},   {"figure-8", figure_8},      {"figure-9", figure_9},
      {"figure-10", figure_10}, {"figure-11", figure_11},    {"figure-13", figure_13},
      {"groups", groups},       {"leaderboard", leaderboard}};
  return makers;
}

std::string section_command(const std::string& section) {
  return "facet eval paper --data DIR --out results/paper-report --only " + section;
}

std::vector<std::string> closing_words() {
  return {
      "Easy: the forty attributes. A tenth of the network's width and 64,000 photos suffice for "
      "the "
      "paper's averages, because most attributes are rare and its SVMs are linear. Features made "
      "for "
      "forty attributes also serve others, as the paper says.",
      "Hard: faces in whole frames. The paper's threshold, one number on the mean response, finds "
      "few of them; windows by tag evidence, several rounds on LNet's own windows and a second "
      "network were needed. Where the paper shows aligned or loosely cropped photos, a constant "
      "window does as well as any detector, and figures say little about LNet.",
      "Hard to test: what pre-training is worth. It asks for several trainings of the same "
      "network, "
      "each of half an hour and more on two cores, and differences of a point are within what "
      "another seed gives. Such rows are made by recipes/paper_rows.toml; where its networks are "
      "missing the ledger says so and shows no figure.",
      "Not said by the paper: how many attributes are right by always answering what is more "
      "frequent, for whom it works worse, and how sure the figures are."};
}

}  // namespace facet::detail
