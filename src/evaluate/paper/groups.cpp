// SPDX-License-Identifier: Apache-2.0
// Whom a model serves worse: accuracy and positive answers by Male and by Young, as labelled.
#include <algorithm>
#include <cmath>

#include "evaluate/paper/sections.hpp"

namespace facet::detail {
namespace {

constexpr const char* kName = "groups";
constexpr std::size_t kLargest = 6;  // gaps shown
constexpr std::size_t kFewest = 30;  // photos on either side

struct Gap {
  std::string set;
  std::string model;
  std::string group;
  std::string attribute;
  std::size_t inside = 0;  // photos
  std::size_t outside = 0;
  AttributeScore in;
  AttributeScore out;
  [[nodiscard]] double accuracy() const { return in.accuracy - out.accuracy; }
};

std::vector<Gap> gaps_of(PaperContext& context, const PaperModel& model, const std::string& name,
                         const std::string& group) {
  const PaperSet& set = context.set(name);
  const std::size_t by = set.attribute(group);
  std::vector<std::size_t> inside;
  std::vector<std::size_t> outside;
  for (std::size_t i = 0; i < set.size(); ++i) (set.has(i, by) ? inside : outside).push_back(i);
  const DescribedFaces& faces = context.faces(model, name);
  const AnswerCounts in = context.answers(model, name, faces, inside);
  const AnswerCounts out = context.answers(model, name, faces, outside);
  std::vector<Gap> gaps;
  for (std::size_t k = 0; k < set.attributes(); ++k) {
    if (k == by) continue;
    gaps.push_back({name, model.name, group, set.photos.attribute_names[k], inside.size(),
                    outside.size(), in.score(k), out.score(k)});
  }
  return gaps;
}

std::string signed_points(double share) {
  return (share < 0 ? "−" : "+") + fixed(100 * std::abs(share), 1);
}

void write_all(PaperContext& context, const std::vector<Gap>& gaps) {
  ResultTable table;
  table.columns = {"set",        "model",       "group",        "attribute", "photos_in",
                   "photos_out", "accuracy_in", "accuracy_out", "gap",       "said_in",
                   "said_out",   "labelled_in", "labelled_out"};
  for (const Gap& gap : gaps) {
    table.rows.push_back({gap.set, gap.model, gap.group, gap.attribute, std::to_string(gap.inside),
                          std::to_string(gap.outside), percent(gap.in.accuracy),
                          percent(gap.out.accuracy), fixed(100 * gap.accuracy(), 1),
                          percent(gap.in.said), percent(gap.out.said), percent(gap.in.labelled),
                          percent(gap.out.labelled)});
  }
  write_csv(context.options().out / "groups.csv", table);
}

ReportTable largest(PaperContext& context, std::vector<Gap> gaps) {
  std::erase_if(gaps, [](const Gap& gap) { return std::min(gap.inside, gap.outside) < kFewest; });
  std::stable_sort(gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) {
    return std::abs(a.accuracy()) > std::abs(b.accuracy());
  });
  ReportTable report{"groups-largest.csv",
                     "The largest gaps in accuracy of each model, set and group, percent.",
                     {}};
  report.shown.columns = {"set",         "model",        "group",       "attribute",
                          "accuracy in", "accuracy out", "gap",         "said in",
                          "said out",    "labelled in",  "labelled out"};
  for (const PaperModel& model : context.models()) {
    for (const char* set : {"wild", "lfwa"}) {
      for (const char* group : {"Male", "Young"}) {
        std::size_t shown = 0;
        for (const Gap& gap : gaps) {
          if (gap.model != model.name || gap.set != set || gap.group != group) continue;
          if (++shown > kLargest) break;
          report.shown.rows.push_back(
              {gap.set, gap.model, gap.group, gap.attribute, percent(gap.in.accuracy),
               percent(gap.out.accuracy), signed_points(gap.accuracy()), percent(gap.in.said),
               percent(gap.out.said), percent(gap.in.labelled), percent(gap.out.labelled)});
        }
      }
    }
  }
  write_csv(context.options().out / report.file, report.shown);
  return report;
}

}  // namespace

Section groups(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Groups: for whom it works worse";
  section.paragraphs = {
      "Accuracy and shares of positive answers among faces labelled Male, or Young, and among the "
      "others. The paper does not ask this. A gap follows from many things: how often labellers "
      "tick the attribute in either group (an attribute that is rare in one is easily right "
      "there), "
      "how many such photos were trained on, and how the labels themselves lean."};
  std::vector<Gap> all;
  for (const PaperModel& model : context.models()) {
    for (const char* set : {"wild", "lfwa"}) {
      if (!context.has_set(set)) continue;
      for (const char* group : {"Male", "Young"}) {
        const std::vector<Gap> gaps = gaps_of(context, model, set, group);
        all.insert(all.end(), gaps.begin(), gaps.end());
      }
    }
  }
  write_all(context, all);
  section.tables.push_back(largest(context, all));
  return section;
}

}  // namespace facet::detail
