// SPDX-License-Identifier: Apache-2.0
// The report on the paper, on few made-up photos; and the parts whose answers are known.
#include "evaluate/paper/paper_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "dataset/fake_collections.hpp"
#include "evaluate/paper/answer_counts.hpp"
#include "evaluate/paper/claim.hpp"
#include "evaluate/paper/hand_made_features.hpp"
#include "evaluate/paper/html_page.hpp"
#include "evaluate/paper/kept_time.hpp"
#include "evaluate/paper/published_figures.hpp"
#include "evaluate/paper/result_store.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

TEST(AnswerCounts, GiveTheFiguresOfATableByHand) {
  AnswerCounts counts(2, 1);
  // Person 0: said and labelled twice, said wrongly once. Person 1: missed once, rightly silent six
  // times.
  counts.add(0, 0, true, true);
  counts.add(0, 0, true, true);
  counts.add(0, 0, true, false);
  counts.add(1, 0, false, true);
  for (int i = 0; i < 6; ++i) counts.add(1, 0, false, false);
  const AttributeScore score = counts.score(0);
  EXPECT_DOUBLE_EQ(score.accuracy, 0.8);
  EXPECT_DOUBLE_EQ(score.error, 1 - 0.8);
  EXPECT_DOUBLE_EQ(score.balanced, (2.0 / 3 + 6.0 / 7) / 2);
  EXPECT_DOUBLE_EQ(score.f1, 4.0 / 6);
  EXPECT_DOUBLE_EQ(score.said, 0.3);
  EXPECT_DOUBLE_EQ(score.labelled, 0.3);
  const std::vector<int> twice_the_first = {2, 0};
  EXPECT_DOUBLE_EQ(counts.score(0, twice_the_first).accuracy, 2.0 / 3);
}

TEST(AnswerCounts, OfTheSamePeopleAreDrawnAlike) {
  AnswerCounts a(3, 1);
  AnswerCounts b(3, 1);
  for (std::size_t person = 0; person < 3; ++person) {
    a.add(person, 0, person > 0, true);
    b.add(person, 0, person > 0, true);
  }
  const Interval none = interval_of_difference(a, b, &AttributeScore::accuracy, "x", 100);
  EXPECT_EQ(none.low, 0);
  EXPECT_EQ(none.high, 0);
}

TEST(Verdict, FollowsTheFigureAndItsInterval) {
  EXPECT_EQ(at_least({0.866, 0.85, 0.88}, 87), Verdict::reproduced);  // rounds to 87
  EXPECT_EQ(at_least({0.860, 0.85, 0.87}, 87), Verdict::partly);
  EXPECT_EQ(at_least({0.840, 0.83, 0.85}, 87), Verdict::not_so);
  EXPECT_EQ(gains({0.04, 0.03, 0.05}, 4), Verdict::reproduced);
  EXPECT_EQ(gains({0.01, 0.005, 0.02}, 4), Verdict::partly);
  EXPECT_EQ(gains({0.01, -0.01, 0.03}, 4), Verdict::not_so);
  EXPECT_EQ(small_loss({0.01, 0, 0.02}, 3), Verdict::reproduced);
  EXPECT_EQ(small_loss({0.02, 0.01, 0.04}, 3), Verdict::partly);
  EXPECT_EQ(small_loss({0.05, 0.04, 0.06}, 3), Verdict::not_so);
}

TEST(PublishedFigures, AreThePapers) {
  EXPECT_EQ(table1_percent("CelebA", "Average", 5), 87);
  EXPECT_EQ(table1_percent("LFWA", "5_o_Clock_Shadow", 5), 84);
  EXPECT_EQ(table1_percent("LFWA", "Average", 3), 76);
  EXPECT_THROW(table1_percent("CelebA", "Charm", 0), Error);
  EXPECT_STREQ(table2_rows().back().attribute, "Average");
}

TEST(OrientedGradients, FollowTheEdges) {
  Image upright(96, 96);
  for (int y = 0; y < 96; ++y) {
    for (int x = 0; x < 96; ++x) {
      const auto value = static_cast<std::uint8_t>((x / 4) % 2 == 0 ? 40 : 200);
      std::fill_n(upright.row(y) + x * 3, 3, value);
    }
  }
  const std::vector<float> cells = oriented_gradients(upright);
  ASSERT_EQ(cells.size(), 12U * 12 * 9);
  // The brightness changes along x: directions next to 0 (the first and the last bin) hold all.
  const float* middle = cells.data() + (6 * 12 + 6) * 9;
  EXPECT_GT(middle[0] + middle[8], 10 * (middle[3] + middle[4] + middle[5]));
}

TEST(RegionColours, SumToOneForValueAndSaturation) {
  Image red(96, 96);
  for (std::size_t i = 0; i < red.pixels.size(); i += 3) red.pixels[i] = 255;
  const std::vector<float> colours = region_colours(red);
  ASSERT_EQ(colours.size() % 10, 0U);
  EXPECT_NEAR(colours[0], 1, 1e-4);  // hue 0, fully saturated
  double sum = 0;
  for (std::size_t i = 0; i < colours.size() / 10; ++i) sum += colours[i];
  EXPECT_NEAR(sum, 3, 1e-3);  // hue, saturation and value, a whole each
}

TEST(ResultStore, ComputesNoFinishedStepAgain) {
  const fake::Folder folder;
  int made = 0;
  const auto make = [&] {
    ++made;
    return nlohmann::json{{"answer", 42}};
  };
  ResultStore first(folder.path() / "work", "r1", {});
  EXPECT_EQ(first.result("step", {{"photos", 3}}, make).at("answer"), 42);
  ResultStore again(folder.path() / "work", "r2", {});
  EXPECT_EQ(again.result("step", {{"photos", 3}}, make).at("answer"), 42);
  EXPECT_EQ(made, 1);
  EXPECT_EQ(again.taken(), 1U);
  // Other settings, another result.
  again.result("step", {{"photos", 4}}, make);
  EXPECT_EQ(made, 2);
}

TEST(KeptSeconds, AreThoseOfAllStepsInTheFolder) {
  const fake::Folder folder;
  const fs::path work = folder.path() / "work";
  EXPECT_GE(ResultStore(work, "r", {})
                .tables("rows", {},
                        [] {
                          return StoredTables{{"a", {1, {1}}}};
                        })
                .size(),
            1U);
  const double tables = kept_seconds(work);
  EXPECT_LT(tables, 5);
  folder.text("work/figures.json", R"({"settings": {}, "seconds": 2.5, "result": 1})");
  folder.text("work/broken.json", R"({"seconds": )");
  folder.text("work/broken.safetensors", "x");
  EXPECT_DOUBLE_EQ(kept_seconds(work), tables + 2.5);
}

TEST(ResultStore, MakesADamagedResultAgain) {
  const fake::Folder folder;
  const auto make = [] {
    StoredTables tables;
    tables["a"] = {2, {1, 2, 3, 4}};
    return tables;
  };
  const fs::path work = folder.path() / "work";
  ResultStore(work, "r", {}).tables("rows", {{"model", "x"}}, make);
  EXPECT_EQ(ResultStore(work, "r", {})
                .tables("rows", {{"model", "x"}},
                        [] {
                          ADD_FAILURE() << "computed again";
                          return StoredTables{};
                        })
                .at("a")
                .values[3],
            4);
  fs::resize_file(work / "rows.safetensors", 20);
  EXPECT_EQ(ResultStore(work, "r", {}).tables("rows", {{"model", "x"}}, make).at("a").rows(), 2U);
}

TEST(HtmlPage, StandsOnItsOwnAndEscapes) {
  const fake::Folder folder;
  folder.text("a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
  Section section;
  section.name = "one";
  section.title = "One & two";
  section.figures = {{"a.svg", "a <picture>"}};
  section.tables = {{"a.csv", "a table", {{"x"}, {{"1 < 2"}}}}};
  section.claims = {{"claim", "87 %", "88 %", Verdict::reproduced, "less", "facet eval"}};
  const std::string page = html_page({"Title", {"fact"}, {}}, {section}, {"hard"}, folder.path());
  EXPECT_THAT(page, HasSubstr("One &amp; two"));
  EXPECT_THAT(page, HasSubstr("1 &lt; 2"));
  EXPECT_THAT(page, HasSubstr("data:image/svg+xml;base64,"));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(page, HasSubstr("@media print"));
  EXPECT_LT(page.find("Ledger of claims"), page.find("One &amp; two"));
  for (const char* outside : {"src=\"http", "href=\"http", "<script", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
  EXPECT_THROW(html_page({"Title", {}, {}}, {section}, {}, folder.path() / "gone"), Error);
}

// What is committed below results/paper-report/ belongs together: README and others quote it.
TEST(CommittedReport, HoldsWhatItsLedgerSays) {
  const fs::path folder = fs::path(FACET_SOURCE_DIR) / "results" / "paper-report";
  const std::string page = content(folder / "report.html");
  ASSERT_FALSE(page.empty()) << folder;
  EXPECT_LT(page.size(), 3U << 20U);
  std::istringstream ledger(content(folder / "ledger.csv"));
  std::string line;
  std::getline(ledger, line);
  EXPECT_EQ(line, "claim,the paper,ours (95 % over people),verdict,what differs,command");
  std::size_t claims = 0;
  while (std::getline(ledger, line)) ++claims;
  EXPECT_GE(claims, 15U);
  std::size_t verdicts = 0;
  const std::string mark = "<span class=\"verdict ";
  for (std::size_t at = page.find(mark); at != std::string::npos; at = page.find(mark, at + 1)) {
    ++verdicts;
  }
  EXPECT_EQ(verdicts, claims);
  for (const char* outside : {"src=\"http", "href=\"http", "<script"}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
}

TEST(PaperReport, RefusesUnknownSections) {
  const fake::Folder folder;
  PaperOptions options;
  options.out = folder.path() / "out";
  options.work = folder.path() / "work";
  options.only = {"table-9"};
  try {
    write_paper_report(options);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.what(), HasSubstr("table-9"));
    EXPECT_THAT(error.what(), HasSubstr("table-1"));
  }
}

}  // namespace
}  // namespace facet::detail
