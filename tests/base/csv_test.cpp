// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace facet::detail {
namespace {

using ::testing::ElementsAre;

TEST(CsvCells, AreThoseThatWereWritten) {
  const std::vector<std::string> cells = {"plain", "", "a,b", "say \"hi\"", " space", "\"", ",\""};
  std::string line;
  for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + csv_cell(cell);
  EXPECT_EQ(line, "plain,,\"a,b\",\"say \"\"hi\"\"\",\" space\",\"\"\"\",\",\"\"\"");
  EXPECT_EQ(csv_cells(line), cells);
}

TEST(CsvCells, OfALineFromAnotherSystemHaveNoReturn) {
  EXPECT_THAT(csv_cells("a,b\r"), ElementsAre("a", "b"));
  EXPECT_THAT(csv_cells(""), ElementsAre(""));
  EXPECT_EQ(csv_cell("two\nlines"), "\"two\nlines\"");
}

}  // namespace
}  // namespace facet::detail
