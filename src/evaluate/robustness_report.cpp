// SPDX-License-Identifier: Apache-2.0
#include "evaluate/robustness_report.hpp"

#include <cmath>

#include "base/atomic_file.hpp"
#include "evaluate/result_table.hpp"

namespace facet::detail {
namespace {

double share(std::size_t part, std::size_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

std::string percent_of(std::size_t part, std::size_t whole) {
  return whole > 0 ? percent(share(part, whole)) : std::string();
}

// The same columns in the CSV file, where the record of the run follows.
ResultTable figures(const RobustnessReport& report) {
  ResultTable table{{"photos", "faces", "found %", "goal %", "attributes differ %",
                     "Male differs %", "darker skin", "of it found %"},
                    {}};
  for (const RobustnessRow& row : report.rows) {
    table.rows.push_back({row.set + ' ' + row.variant.name, std::to_string(row.faces),
                          percent_of(row.found, row.faces), fixed(row.variant.goal, 0),
                          percent_of(row.differing, row.attributes),
                          percent_of(row.males_differing, row.males),
                          row.darker > 0 ? std::to_string(row.darker) : std::string(),
                          percent_of(row.darker_found, row.darker)});
  }
  for (const AlarmRow& row : report.alarms) {
    table.rows.push_back({row.set + ", no face", std::to_string(row.photos),
                          percent_of(row.with_face, row.photos), fixed(row.goal, 1), "", "", "",
                          ""});
  }
  return table;
}

constexpr int kLineHeight = 16;
constexpr int kNames = 200;
constexpr int kBars = 500;
constexpr int kTop = 40;

std::string rectangle(int x, int y, int width, int height, const char* colour) {
  return "<rect x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" width=\"" +
         std::to_string(width) + "\" height=\"" + std::to_string(height) + "\" fill=\"" + colour +
         "\"/>\n";
}

std::string words(int x, int y, const std::string& text) {
  return "<text x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\">" + text +
         "</text>\n";
}

// A bar a row as long as the share found, a mark where the goal lies: the text of an SVG file.
std::string bars_svg(const RobustnessReport& report) {
  const int rows = static_cast<int>(report.rows.size());
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " +
                    std::to_string(kNames + kBars + 70) + ' ' +
                    std::to_string(kTop + rows * kLineHeight + 20) + R"(">
<style>
  svg { background: #fff; color: #111; }
  text { font: 12px sans-serif; fill: currentColor; }
  @media (prefers-color-scheme: dark) { svg { background: #111; color: #eee; } }
</style>
)";
  svg += words(10, 20, "Faces found in photos made hard, percent; the mark is the goal");
  int y = kTop;
  for (const RobustnessRow& row : report.rows) {
    const auto place = [](double part) { return static_cast<int>(std::lround(part * kBars)); };
    const double found = share(row.found, row.faces);
    const bool first = row.set == report.rows.front().set;
    svg += words(10, y + kLineHeight - 4, row.set + ' ' + row.variant.name);
    svg += rectangle(kNames, y + 2, place(found), kLineHeight - 4, first ? "#0072b2" : "#e69f00");
    svg += rectangle(kNames + place(row.variant.goal / 100) - 1, y, 2, kLineHeight, "currentColor");
    svg += words(kNames + kBars + 10, y + kLineHeight - 4, percent(found));
    y += kLineHeight;
  }
  return svg + "</svg>\n";
}

}  // namespace

std::string robustness_text(const RobustnessReport& report, const RunRecord& record) {
  std::string text = table_text(figures(report));
  for (const std::string& reason : report.left_out) text += "left out: " + reason + '\n';
  return text + record_text(record);
}

void write_robustness(const std::filesystem::path& folder, const std::string& name,
                      const RobustnessReport& report, const RunRecord& record) {
  ResultTable table = figures(report);
  table.columns = {"set",          "photos",        "found",       "goal", "attributes_differ",
                   "male_differs", "darker_photos", "darker_found"};
  const auto about = record_columns();
  table.columns.insert(table.columns.end(), about.begin(), about.end());
  const auto fields = record_fields(record);
  for (auto& row : table.rows) row.insert(row.end(), fields.begin(), fields.end());
  write_csv(folder / (name + ".csv"), table);
  if (report.rows.empty()) return;
  AtomicFile picture(folder / (name + ".svg"));
  picture.write(bars_svg(report));
  picture.commit();
}

}  // namespace facet::detail
