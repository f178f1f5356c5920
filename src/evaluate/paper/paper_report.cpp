// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/paper_report.hpp"

#include <algorithm>
#include <map>

#include "base/atomic_file.hpp"
#include "base/new_folder.hpp"
#include "base/output_guard.hpp"
#include "evaluate/paper/html_page.hpp"
#include "evaluate/paper/kept_time.hpp"
#include "evaluate/paper/sections.hpp"
#include "evaluate/run_record.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

void check_outputs(const PaperOptions& options) {
  const OutputGuard guard(options.overwrite);
  guard.check_all(options.out, FileKind::result, [](const std::string& name) {
    return name.ends_with(".csv") || name.ends_with(".svg") || name == "report.html" ||
           name == "ledger.md";
  });
}

void check_sections(const PaperOptions& options) {
  const std::vector<std::string> known = paper_section_names();
  for (const std::string& name : options.only) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      std::string all;
      for (const std::string& one : known) all += (all.empty() ? "" : ", ") + one;
      throw Error(ErrorCode::invalid_argument,
                  "the report has no section " + name + "; there are " + all);
    }
  }
}

std::string sets_text(PaperContext& context) {
  std::string text;
  for (const std::string& name : measured_sets()) {
    if (!context.has_set(name)) continue;
    const PaperSet& set = context.set(name);
    text += (text.empty() ? "" : "; ") + set.title + ": " + std::to_string(set.size()) +
            " photos of " + std::to_string(set.people) + " people";
  }
  return text;
}

PageHead page_head(PaperContext& context) {
  PageHead head;
  head.title = "“Deep Learning Face Attributes in the Wild”, claim by claim";
  const PaperOptions& options = context.options();
  for (const PaperModel& model : context.models()) {
    head.facts.push_back("model " + model.name + ' ' + model.model->version() + " (" +
                         model.model->checksum().substr(0, 12) + "…)");
  }
  const RunRecord record = record_run(*context.paper().model, options.threads, options.precision);
  head.facts.push_back(sets_text(context));
  head.facts.push_back(record.program + " at " + record.revision + ", " + record.date + ", " +
                       record.processor + ", " + std::to_string(record.threads) + " threads, " +
                       record.precision);
  head.facts.push_back(fixed(kept_seconds(options.work) / 3600, 2) +
                       " hours of computing behind the steps kept; training is not in it");
  head.paragraphs = {
      "Liu, Luo, Wang and Tang (ICCV 2015) say what two networks that saw nothing but tags can do. "
      "This page repeats their claims on the photos at hand with facet's models, and says of each "
      "whether it holds here. Intervals are 95 %, from a bootstrap over people: photos of one "
      "person are alike.",
      "The attributes are what labellers ticked, not truths about a person. Mean faces are of at "
      "least 50 people; no photo of CelebA or LFW is in this page."};
  return head;
}

std::string ledger_text(const std::vector<Section>& sections) {
  ResultTable table = ledger_table(sections);
  ResultTable shown{{"claim", "the paper", "ours", "verdict"}, {}};
  for (const auto& row : table.rows) shown.rows.push_back({row[0], row[1], row[2], row[3]});
  return table_text(shown);
}

// The ledger as Markdown, for pages of the repository.
std::string ledger_markdown(const PaperContext& context, const std::vector<Section>& sections) {
  std::string text = "Measured with";
  for (const PaperModel& model : context.models()) {
    text += (&model == &context.models().front() ? " " : ", ") + model.name + ' ' +
            model.model->version();
  }
  text += ".\n\n| claim | the paper | here (95 % over people) | verdict |\n|---|---|---|---|\n";
  for (const auto& row : ledger_table(sections).rows) {
    text += "| " + row[0] + " | " + row[1] + " | " + (row[2].empty() ? "–" : row[2]) + " | " +
            row[3] + " |\n";
  }
  return text;
}

void write_text(const fs::path& file, const std::string& text) {
  AtomicFile out(file);
  out.write(text);
  out.commit();
}

}  // namespace

std::vector<std::string> paper_section_names() {
  std::vector<std::string> names;
  for (const SectionMaker& maker : section_makers()) names.push_back(maker.name);
  return names;
}

EvaluationResult write_paper_report(const PaperOptions& options) {
  check_sections(options);
  create_folder(options.out);
  check_outputs(options);
  PaperContext context(options);
  std::vector<Section> sections;
  for (const SectionMaker& maker : section_makers()) {
    if (!options.only.empty() && !options.only.contains(maker.name)) continue;
    if (options.log) options.log(maker.name);
    sections.push_back(maker.make(context));
  }
  EvaluationResult result;
  result.text = ledger_text(sections) + std::to_string(context.store().made()) +
                " steps computed, " + std::to_string(context.store().taken()) + " as stored in " +
                options.work.string() + '\n';
  if (options.only.empty()) {
    write_csv(options.out / "ledger.csv", ledger_table(sections));
    write_text(options.out / "ledger.md", ledger_markdown(context, sections));
    write_text(options.out / "report.html",
               html_page(page_head(context), sections, closing_words(), options.out));
  }
  return result;
}

}  // namespace facet::detail
