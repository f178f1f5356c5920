// SPDX-License-Identifier: Apache-2.0
#include "evaluate/result_table.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <sstream>

#include "evaluate/chart.hpp"
#include "evaluate/summary.hpp"
#include "facet/error.hpp"
#include "localise/blob_model.hpp"

namespace facet::detail {
namespace {

std::string contents(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

TEST(ResultTable, LinesColumnsUp) {
  const ResultTable table{{"name", "value"}, {{"a", "1.5"}, {"longer", "12345.0"}}};
  EXPECT_EQ(table_text(table),
            "name      value\n"
            "a           1.5\n"
            "longer  12345.0\n");
}

TEST(ResultTable, QuotesCellsOfCsv) {
  const ResultTable table{{"a", "b"}, {{"x,y", "say \"z\""}}};
  EXPECT_EQ(table_csv(table), "a,b\n\"x,y\",\"say \"\"z\"\"\"\n");
}

TEST(UpdateCsv, ReplacesTheRowOfThatNameAndKeepsOthers) {
  const testing::TemporaryDirectory folder;
  const auto file = folder.path() / "t.csv";
  update_csv(file, {{"name", "v"}, {{"a", "1"}, {"b, \"quoted\"", "2"}}});
  update_csv(file, {{"name", "v"}, {{"a", "3"}, {"c", "4"}}});
  EXPECT_EQ(contents(file), "name,v\na,3\n\"b, \"\"quoted\"\"\",2\nc,4\n");
}

TEST(UpdateCsv, DoesNotTouchATableOfOtherColumns) {
  const testing::TemporaryDirectory folder;
  const auto file = folder.path() / "t.csv";
  update_csv(file, {{"name", "v"}, {{"a", "1"}}});
  EXPECT_THROW(update_csv(file, {{"name", "w"}, {{"a", "2"}}}), Error);
  EXPECT_EQ(contents(file), "name,v\na,1\n");
}

TEST(Summary, HasALineAProtocolWithTheRunBesideIt) {
  const testing::TemporaryDirectory folder;
  RunRecord record{"m",       "1",   "abc",       2, "fp32", "A Processor, 2 GHz",
                   "facet 0", "rev", "2020-01-01"};
  std::array<SummaryRow, 2> rows = {{{"wild", 10, 1, {{"accuracy", "90.0"}}},
                                     {"localisation lfw", 20, 0, {{"recall_at_0.01", "97.0"}}}}};
  update_summary(folder.path(), rows, record);
  rows[0].figures["accuracy"] = "91.0";
  update_summary(folder.path(), std::span(rows).first(1), record);
  const std::string text = contents(folder.path() / "summary.csv");
  EXPECT_NE(text.find("\nwild,10,1,91.0,"), std::string::npos) << text;
  EXPECT_NE(text.find("\nlocalisation lfw,20,0,,"), std::string::npos) << text;
  EXPECT_EQ(text.find("90.0"), std::string::npos);
  EXPECT_NE(text.find(",m,1,abc,2,fp32,\"A Processor, 2 GHz\",facet 0,rev,2020-01-01\n"),
            std::string::npos);
  rows[0].figures["height"] = "1";
  EXPECT_THROW(update_summary(folder.path(), rows, record), Error);
}

TEST(Chart, DrawsCurvesWhereTheyBelong) {
  Chart chart;
  chart.x.low = 0.001;
  chart.x.logarithmic = true;
  chart.curves = {{"one", {{0, 0.5}, {1, 0.5}}}};
  const std::string svg = chart_svg(chart);
  // From the left border, where 0 is moved to, to the right one, half way up.
  EXPECT_NE(svg.find("points=\"80,290 870,290\""), std::string::npos) << svg;
  EXPECT_NE(svg.find(">0.001</text>"), std::string::npos) << svg;
}

TEST(Chart, ShowsNamesAsTheyAre) {
  Chart chart;
  chart.title = "a < b & c";
  EXPECT_NE(chart_svg(chart).find(">a &lt; b &amp; c</text>"), std::string::npos);
}

TEST(Chart, LeavesOutPointsThatFallOnTheOneBefore) {
  Chart chart;
  chart.curves = {{"many", {}}};
  for (int i = 0; i <= 1000000; ++i) chart.curves[0].points.emplace_back(i / 1e6, 0.0);
  EXPECT_LT(chart_svg(chart).size(), 120000U);
}

}  // namespace
}  // namespace facet::detail
