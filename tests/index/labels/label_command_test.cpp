// SPDX-License-Identifier: Apache-2.0
// facet export and facet label, the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "apps/run_command.hpp"
#include "apps/small_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

namespace fs = std::filesystem;

class LabelCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    write_small_model(folder_ / "small.safetensors");
    fs::create_directories(photos());
    write_blob_photo(photos() / "a.png");
    write_blob_photo(photos() / "b.png", 90);
    EXPECT_EQ(facet({"index", "photos"}).exit_code, 0);
  }

  [[nodiscard]] fs::path photos() const { return folder_.path() / "photos"; }
  CommandResult facet(std::vector<std::string> words) const {
    CommandOptions options;
    options.folder = folder_.path();
    options.environment = {"FACET_MODEL=" + (folder_ / "small.safetensors").string(),
                           "FACET_DB=" + (folder_ / "index.db").string()};
    return run_facet(words, options);
  }
  [[nodiscard]] json line(const std::vector<std::string>& words) const {
    const std::string out = facet(words).out;
    return json::parse(out.substr(0, out.find('\n')));
  }
  [[nodiscard]] std::size_t count(const std::string& query) const {
    const std::string out = facet({"search", "--format", "paths", "--", query}).out;
    return static_cast<std::size_t>(std::count(out.begin(), out.end(), '\n'));
  }

  TemporaryFolder folder_;
};

TEST_F(LabelCommand, CorrectsAFaceForGood) {
  const json photo = line({"export", "photos/a.png"});
  const std::string face = photo["faces"][0]["id"];
  const bool smiled = count("celeba_1 path:a.png") > 0;
  const std::string other = std::string("celeba_1=") + (smiled ? "no" : "yes");
  EXPECT_THAT(facet({"label", face, other, "celeba_2=yes"}).out, StartsWith("2 labels kept"));
  EXPECT_EQ(count("celeba_1 path:a.png") > 0, !smiled);
  const json said = line({"export", "--said"});
  EXPECT_EQ(said["faces"][0]["said"]["celeba_1"], !smiled);
  // Another description of the photos leaves it.
  EXPECT_EQ(facet({"index", "photos", "--min-size", "21", "--reindex"}).exit_code, 0);
  EXPECT_EQ(count("celeba_1 path:a.png") > 0, !smiled);
  // It wins in tags.
  const std::string tag = std::string("+celeba_1");
  EXPECT_EQ(facet({"tag", "--indexed", "-n", "-a", "celeba_1", "photos/a.png"}).out.find(tag) !=
                std::string::npos,
            !smiled);
  EXPECT_THAT(facet({"label", face, "celeba_1=?", "celeba_2=?"}).out, HasSubstr("2 taken back"));
  EXPECT_EQ(count("celeba_1 path:a.png") > 0, smiled);
  EXPECT_EQ(facet({"export", "--said"}).out, "");
}

TEST_F(LabelCommand, GoesToAFileAndBack) {
  EXPECT_EQ(facet({"export", "-f", "csv", "-a", "celeba_3", "-o", "faces.csv"}).exit_code, 0);
  std::string table = read_all(folder_ / "faces.csv");
  EXPECT_THAT(table, StartsWith("photo,face,x,y,width,height,attribute,probability,said\n"));
  ASSERT_TRUE(table.ends_with(",\n"));
  table.insert(table.size() - 1, "1");
  write_all(folder_ / "filled.csv", table);
  EXPECT_THAT(facet({"label", "filled.csv", "--dry-run"}).out, StartsWith("1 label would be kept"));
  EXPECT_EQ(facet({"export", "--said"}).out, "");
  EXPECT_THAT(facet({"label", "filled.csv"}).out, StartsWith("1 label kept"));
  EXPECT_THAT(facet({"label", "filled.csv"}).out, HasSubstr("1 as said before"));
  EXPECT_THAT(facet({"index", "--status"}).out, HasSubstr("corrections   1\n"));
  // Not over somebody's file.
  EXPECT_EQ(facet({"export", "-o", "filled.csv"}).exit_code, 2);
  EXPECT_EQ(facet({"export", "-o", "index.db", "--overwrite"}).exit_code, 2);
}

TEST_F(LabelCommand, WritesTasksAndTheirInterface) {
  const CommandResult run =
      facet({"export", "-f", "label-studio", "--uncertain", "1", "--attribute", "celeba_0",
             "--relative-to", "photos", "--interface", "interface.xml"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const json tasks = json::parse(run.out);
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_THAT(tasks[0]["data"]["image"].get<std::string>(), StartsWith("/data/local-files/?d="));
  EXPECT_THAT(tasks[0]["data"]["image"].get<std::string>(), Not(HasSubstr("photos")));
  EXPECT_THAT(read_all(folder_ / "interface.xml"), HasSubstr("<Choice value=\"celeba_0\"/>"));
}

TEST_F(LabelCommand, ForgetsWithThePhoto) {
  facet({"label", "photos/a.png", "celeba_1=yes"});
  ASSERT_NE(facet({"export", "--said"}).out, "");
  facet({"index", "--forget", "photos/a.png"});
  EXPECT_EQ(facet({"export", "--said"}).out, "");
  facet({"label", "photos/b.png", "celeba_1=yes"});
  facet({"index", "--wipe"});
  EXPECT_EQ(facet({"export", "--said"}).exit_code, 2);  // it is empty
}

TEST_F(LabelCommand, SaysWhatItCannotDo) {
  EXPECT_THAT(facet({"label", "photos/a.png", "celeba_1=perhaps"}).err, HasSubstr("NAME=yes"));
  EXPECT_THAT(facet({"label", "none.json"}).err, HasSubstr("none.json: no such file"));
  EXPECT_THAT(facet({"label", "0000aaaa.1", "celeba_1=yes"}).err, HasSubstr("does not know"));
  EXPECT_EQ(facet({"label", "0000aaaa.1", "celeba_1=yes"}).exit_code, 1);
  EXPECT_THAT(facet({"export", "nowhere"}).err, HasSubstr("knows no photo there"));
  EXPECT_THAT(facet({"export", "-a", "clebaa_1"}).err, HasSubstr("did you mean \"celeba_1\""));
}

}  // namespace
}  // namespace facet::detail
