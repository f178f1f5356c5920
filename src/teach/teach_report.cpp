// SPDX-License-Identifier: Apache-2.0
#include "teach/teach_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "format/strict_json.hpp"

namespace facet::detail {
namespace {

std::string number(double value, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

std::string percent(double share) {
  return number(100 * share, 1) + " %";
}

std::string points(double share) {
  const std::string value = number(100 * share, 1);
  return (value == "-0.0" ? "0.0" : value) + " points";
}

std::string row(std::string name, const std::string& value) {
  constexpr std::size_t column = 20;
  name.resize(std::max(name.size() + 2, column), ' ');
  return name + value + '\n';
}

std::string first_of(const std::vector<LabelledPath>& rows) {
  return "the first: " + in_quotes(rows.front().path) + ", line " +
         std::to_string(rows.front().line);
}

std::string remark_rows(const TeachingRemarks& remarks) {
  std::string text;
  const auto add = [&](std::size_t count, const std::string& what) {
    if (count == 0) return;
    text += row(text.empty() ? "left out" : "", std::to_string(count) + ' ' + what);
  };
  add(remarks.faceless, "without a face");
  add(remarks.unreadable, "unreadable");
  add(remarks.unlabelled, "without a label");
  if (!remarks.unknown.empty()) {
    add(remarks.unknown.size(), "labelled but not found (" + first_of(remarks.unknown) + ")");
  }
  if (!remarks.ambiguous.empty()) {
    add(remarks.ambiguous.size(),
        "labels that several photos share (" + first_of(remarks.ambiguous) + ")");
  }
  if (!remarks.repeated.empty()) {
    text += row("counted once", std::to_string(remarks.repeated.size()) +
                                    " repeated labels (the first: line " +
                                    std::to_string(remarks.repeated.front()) + ")");
  }
  if (remarks.several_faces > 0) {
    text += row("several faces",
                "in " + std::to_string(remarks.several_faces) + " photos: the strongest was taken");
  }
  return text;
}

std::string curve_rows(const TeachingFigures& figures) {
  std::string photos;
  std::string accuracy;
  for (const LearningPoint& point : figures.curve) {
    std::string count = number(point.photos, 0);
    std::string share = percent(point.accuracy);
    const std::size_t width = std::max(count.size(), share.size()) + 3;
    count.resize(width, ' ');
    share.resize(width, ' ');
    photos += count;
    accuracy += share;
  }
  const auto trimmed = [](std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  };
  return row("taught with photos", trimmed(photos)) + row("  accuracy", trimmed(accuracy));
}

}  // namespace

std::string what_more_photos_bring(const TeachingFigures& figures) {
  const bool by_person = figures.people > 0;
  const std::string kind = by_person ? "people" : "photos";
  const std::size_t known = by_person ? figures.people : figures.photos;
  const double room = 1 - figures.accuracy;
  const double gain = std::min(figures.doubling_gain, room);
  std::string text;
  if (figures.accuracy - figures.majority < figures.accuracy_error) {
    text = "The head is hardly better than always giving the more frequent answer. ";
  }
  if (gain > figures.doubling_error && gain > 0) {
    return text + "Each doubling of the " + kind + " brought about " + points(gain) +
           "; the next, to " + std::to_string(2 * known) + ", would probably bring " +
           number(50 * gain, 1) + " to " + points(gain) + " more.";
  }
  text += "Doubling the " + kind + " made no difference that these can show (" +
          points(figures.doubling_gain) + " ± " + number(100 * figures.doubling_error, 1) + "): ";
  return text + "more " + kind + " of this kind would mostly make the figures surer; " +
         std::to_string(4 * known) + " would halve the ±.";
}

std::string teaching_text(const std::string& attribute, const std::string& model,
                          const TeachingFigures& figures, const TeachingRemarks& remarks) {
  std::string text = attribute + ", a head for model " + model + "\n\n";
  text += row("photos used", std::to_string(figures.photos) + " (" +
                                 std::to_string(figures.positives) + " with, " +
                                 std::to_string(figures.photos - figures.positives) + " without)");
  text += remark_rows(remarks);
  const std::string people =
      figures.people == 0 ? "" : " by person, " + std::to_string(figures.people) + " people";
  text += row("accuracy", percent(figures.accuracy) + " ± " +
                              number(100 * figures.accuracy_error, 1) + " (cross-validated" +
                              people + ", " + std::to_string(figures.folds) + " folds)");
  text += row("balanced accuracy", percent(figures.balanced));
  text += row("majority answer", percent(figures.majority));
  text += row("log loss", number(figures.log_loss, 3) + " (" + number(figures.share_log_loss, 3) +
                              " without looking)");
  text += curve_rows(figures);
  return text + '\n' + what_more_photos_bring(figures) + '\n';
}

}  // namespace facet::detail
