// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "dataset/commands.hpp"
#include "dataset/fake_collections.hpp"
#include "facet/error.hpp"
#include "pack/pack_writer.hpp"

namespace facet::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string contents(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::vector<std::string>> table(const std::filesystem::path& path) {
  std::istringstream lines(contents(path));
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

class Pack : public ::testing::Test {
 protected:
  Pack() { options_.name = "six"; }

  int write(const Collection& collection) {
    return write_pack(collection, select_photos(collection, {}), out(), options_, skipped_);
  }
  [[nodiscard]] std::filesystem::path out() const { return folder_.path() / "packs"; }
  [[nodiscard]] nlohmann::json description() const {
    return nlohmann::json::parse(contents(out() / "six.json"));
  }
  Collection celeba() {
    fake::write_celeba(folder_);
    return read_collection(folder_.path());
  }

  fake::Folder folder_;
  PackOptions options_;
  std::vector<std::string> skipped_;
};

TEST_F(Pack, PhotosDecodeFromThePlacesThatTheIndexNames) {
  EXPECT_EQ(write(celeba()), 6);
  EXPECT_THAT(skipped_, IsEmpty());
  EXPECT_EQ(description()["name"], "six");
  EXPECT_EQ(description()["kind"], "celeba");
  EXPECT_EQ(description()["photos"], 6);
  EXPECT_EQ(description()["attributes"], (std::vector<std::string>{"Bald", "Male", "Young"}));
  EXPECT_EQ(description()["shards"], std::vector<std::string>{"six-000.shard"});

  const auto rows = table(out() / "six.index.csv");
  ASSERT_EQ(rows.size(), 7U);
  EXPECT_THAT(rows[0], ElementsAre("name", "shard", "offset", "length", "width", "height",
                                   "identity", "category", "partition", "labels"));
  const std::string shard = contents(out() / "six-000.shard");
  std::size_t end = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].size(), 10U);
    EXPECT_EQ(rows[i][0], "00000" + std::to_string(i) + ".jpg");
    EXPECT_EQ(rows[i][1], "0");
    EXPECT_EQ(std::stoul(rows[i][2]), end);
    const std::string jpeg = shard.substr(end, std::stoul(rows[i][3]));
    end += jpeg.size();
    const Image image = decode_image(std::as_bytes(std::span(jpeg)));
    EXPECT_EQ(image.width, std::stoi(rows[i][4]));
    EXPECT_EQ(image.height, std::stoi(rows[i][5]));
    EXPECT_NEAR(image.pixels[0], 30 * static_cast<int>(i), 3);
  }
  EXPECT_EQ(end, shard.size());
  EXPECT_THAT(std::vector(rows[1].begin() + 6, rows[1].end()),
              ElementsAre("2880", "-1", "0", "011"));
  EXPECT_THAT(std::vector(rows[6].begin() + 6, rows[6].end()),
              ElementsAre("9295", "-1", "2", "111"));
}

TEST_F(Pack, KeepsShardsBelowTheirLimit) {
  const Collection collection = celeba();
  write(collection);
  const auto all = std::filesystem::file_size(out() / "six-000.shard");
  options_.shard_bytes = static_cast<std::int64_t>(all / 2);
  write(collection);
  const auto shards = description()["shards"].get<std::vector<std::string>>();
  ASSERT_GE(shards.size(), 2U);
  std::uintmax_t sum = 0;
  for (const std::string& shard : shards) {
    const auto size = std::filesystem::file_size(out() / shard);
    EXPECT_LE(size, all / 2);
    sum += size;
  }
  EXPECT_EQ(sum, all);
  EXPECT_EQ(table(out() / "six.index.csv").back()[1], std::to_string(shards.size() - 1));

  // A shorter pack of the same name leaves none of the longer one's shards behind.
  options_.shard_bytes = 20'000'000;
  write(collection);
  EXPECT_FALSE(std::filesystem::exists(out() / shards[1]));
  for (const auto& entry : std::filesystem::directory_iterator(out())) {
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(HasSubstr("tmp")));
  }
}

TEST_F(Pack, IsTheSameWhateverTheThreads) {
  const Collection collection = celeba();
  options_.threads = 1;
  write(collection);
  const std::string index = contents(out() / "six.index.csv");
  const std::string shard = contents(out() / "six-000.shard");
  options_.threads = 4;
  write(collection);
  EXPECT_EQ(contents(out() / "six.index.csv"), index);
  EXPECT_EQ(contents(out() / "six-000.shard"), shard);
}

TEST_F(Pack, ShrinksLargePhotosOnly) {
  folder_.photo("photos/large.jpg", 100, 50);
  folder_.photo("photos/small.jpg", 10, 20);
  options_.max_side = 40;
  write(read_collection(folder_.path() / "photos"));
  const auto rows = table(out() / "six.index.csv");
  EXPECT_EQ(rows[1][4] + "x" + rows[1][5], "40x20");
  EXPECT_EQ(rows[2][4] + "x" + rows[2][5], "10x20");
}

TEST_F(Pack, ListsUnreadablePhotosAndGoesOn) {
  folder_.six_photos("photos", ".jpg");
  folder_.text("photos/000002.jpg", "no photo");
  EXPECT_EQ(write(read_collection(folder_.path() / "photos")), 5);
  EXPECT_THAT(skipped_, ElementsAre(StartsWith("000002.jpg: ")));
  EXPECT_EQ(description()["photos"], 5);
  EXPECT_EQ(table(out() / "six.index.csv").size(), 6U);
}

TEST_F(Pack, QuotesNamesWithCommas) {
  folder_.photo("photos/a, \"b\".jpg");
  write(read_collection(folder_.path() / "photos"));
  EXPECT_THAT(contents(out() / "six.index.csv"), HasSubstr("\n\"a, \"\"b\"\".jpg\",0,0,"));
}

TEST_F(Pack, HoldsCategories) {
  folder_.photo("things/train/cat/1.jpg");
  folder_.photo("things/val/dog/1.jpg");
  write(read_collection(folder_.path() / "things"));
  EXPECT_EQ(description()["kind"], "categories");
  EXPECT_EQ(description()["categories"], (std::vector<std::string>{"cat", "dog"}));
  const auto rows = table(out() / "six.index.csv");
  EXPECT_THAT(std::vector(rows[2].begin() + 6, rows[2].end()), ElementsAre("-1", "1", "1"));
}

TEST_F(Pack, RefusesNamesThatAreNoFileNames) {
  const Collection collection = celeba();
  options_.name = "../six";
  EXPECT_THROW(write(collection), Error);
  options_.name = "";
  EXPECT_THROW(write(collection), Error);
}

}  // namespace
}  // namespace facet::detail
