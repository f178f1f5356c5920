// SPDX-License-Identifier: Apache-2.0
// Rows of public leaderboards that cite the paper.
#include "evaluate/paper/html_page.hpp"
#include "evaluate/paper/sections.hpp"

namespace facet::detail {
namespace {

constexpr const char* kName = "leaderboard";

// One attribute, or "" for the average.
Claim row(PaperContext& context, const std::string& what, const std::string& set,
          const std::string& attribute, double percent_there, const std::string& shown) {
  Claim claim{what, shown, "", Verdict::untested, "", section_command(kName)};
  if (!context.has_set(set)) return claim;
  const PaperSet& photos = context.set(set);
  claim.differs = std::to_string(photos.size()) + " photos of " + std::to_string(photos.people) +
                  " people of the test part";
  for (auto model = context.models().rbegin(); model != context.models().rend(); ++model) {
    const AnswerCounts counts = context.answers(*model, set, context.faces(*model, set));
    const Interval ours = attribute.empty() ? interval_of(counts, &AttributeScore::accuracy, set)
                                            : interval_of(counts, photos.attribute(attribute),
                                                          &AttributeScore::accuracy, set);
    claim.ours += (claim.ours.empty() ? "" : "; ") + model->name + ' ' + percent_text(ours) + " %";
    if (model->name == "paper") claim.verdict = at_least(ours, percent_there);
  }
  return claim;
}

}  // namespace

Section leaderboard(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Public leaderboard rows that cite the paper";
  section.paragraphs = {
      "Verdicts are of the model paper. One leaderboard lists the paper under image generation "
      "(CelebA, 64×64, FID 1.09): the paper generates nothing. What can be compared is how far two "
      "folders of photos are apart in the features of a named network: facet eval frechet A B."};
  section.claims = {
      row(context, "Leaderboard: CelebA average accuracy", "wild", "", 87.33,
          "87.33 % (also given as 87, error rate 12.7)"),
      row(context, "Leaderboard: LFWA average accuracy", "lfwa", "", 83.85,
          "83.85 % (also given as 84, error 16)"),
      row(context, "Leaderboard: gender on CelebA", "wild", "Male", 98, "98 %"),
      row(context, "Leaderboard: gender on LFWA", "lfwa", "Male", 94, "94 %"),
      row(context, "Leaderboard: 5 o'clock shadow on LFWA", "lfwa", "5_o_Clock_Shadow", 84, "84 %"),
      {"Leaderboard: CelebA 64×64 image generation", "FID 1.09", "", Verdict::other_kind,
       "the paper generates no images; Fréchet distances in our own features are never called FID",
       "facet eval frechet A B"}};
  ReportTable table{"leaderboard.csv", "The rows again, as a table.", ledger_table({section})};
  write_csv(context.options().out / table.file, table.shown);
  section.tables.push_back(std::move(table));
  return section;
}

}  // namespace facet::detail
