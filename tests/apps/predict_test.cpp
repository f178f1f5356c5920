// SPDX-License-Identifier: Apache-2.0
// predict, locate and model info on a model small enough for tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "apps/run_command.hpp"
#include "apps/small_model.hpp"
#include "facet/image.hpp"
#include "model/model_parts.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

class Command : public ::testing::Test {
 protected:
  Command() {
    fs::create_directories(photos() / "sub");
    write_blob_photo(photos() / "b.PNG");
    write_flat_photo(photos() / "a flat.png");
    write_blob_photo(photos() / "sub" / "c.png");
    write_all(photos() / "readme.txt", "not a photo");
    write_small_model(folder_ / "model.safetensors");
  }
  [[nodiscard]] fs::path photos() const { return folder_ / "photos"; }

  // With the small model, from within the test's folder.
  [[nodiscard]] CommandResult run(std::vector<std::string> arguments,
                                  const std::string& standard_input = {}) const {
    CommandOptions options;
    options.folder = folder_.path();
    options.standard_input = standard_input;
    options.environment = {"FACET_MODEL=" + (folder_ / "model.safetensors").string()};
    return run_facet(arguments, options);
  }
  [[nodiscard]] json images(const std::vector<std::string>& arguments) const {
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return json::parse(result.out).at("images");
  }

  TemporaryFolder folder_;
};

TEST_F(Command, PredictSearchesFoldersAndShowsPathsWithinThem) {
  const json found = images({"predict", "photos", "--format", "json"});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found.at(0).at("path"), "a flat.png");
  EXPECT_EQ(found.at(0).at("status"), "no_face");
  EXPECT_EQ(found.at(1).at("path"), "b.PNG");
  EXPECT_EQ(found.at(2).at("path"), "sub/c.png");
  for (const int i : {1, 2}) {
    EXPECT_EQ(found.at(i).at("status"), "ok");
    EXPECT_EQ(found.at(i).at("width"), 160);
    EXPECT_EQ(found.at(i).at("height"), 120);
    ASSERT_EQ(found.at(i).at("faces").size(), 1U);
    const json& face = found.at(i).at("faces").at(0);
    EXPECT_FALSE(face.contains("below_threshold"));
    ASSERT_EQ(face.at("attributes").size(), 40U);
    EXPECT_EQ(face.at("attributes").at(7).at("name"), "celeba_7");
    const double centre =
        face.at("box").at("x").get<double>() + face.at("box").at("width").get<double>() / 2;
    EXPECT_NEAR(centre, 70, 8);
  }
}

TEST_F(Command, PredictAnswersTheSameOnAnyNumberOfThreads) {
  const std::string one = run({"predict", "photos", "--format", "csv", "--threads", "1"}).out;
  EXPECT_THAT(one, HasSubstr("sub/c.png,ok,"));
  EXPECT_EQ(run({"predict", "photos", "--format", "csv", "--threads", "4"}).out, one);
}

TEST_F(Command, PredictLosesNothingBesideUnreadablePhotos) {
  const auto place = [](int i) { return 40 + i * 37 % 80; };  // neighbours are far from each other
  std::string list;
  for (int i = 0; i < 23; ++i) {
    const std::string name = "photos/" + std::to_string(i) + ".png";
    if (i % 3 == 1) {
      write_all(folder_ / name, "not a photo");
    } else {
      // Each has its face elsewhere: no photo may get another's answer.
      write_blob_photo(folder_ / name, place(i));
    }
    list += name + '\n';
  }
  std::string first;
  for (const char* threads : {"1", "2", "3"}) {
    const CommandResult result =
        run({"predict", "-", "--format", "json", "--threads", threads}, list);
    EXPECT_EQ(result.exit_code, 1) << result.err;
    const json found = json::parse(result.out).at("images");
    ASSERT_EQ(found.size(), 23U);
    for (int i = 0; i < 23; ++i) {
      EXPECT_EQ(found.at(i).at("path"), "photos/" + std::to_string(i) + ".png");
      EXPECT_EQ(found.at(i).at("status"), i % 3 == 1 ? "unreadable" : "ok");
      if (i % 3 == 1) continue;
      ASSERT_EQ(found.at(i).at("faces").size(), 1U) << i;
      const json box = found.at(i).at("faces").at(0).at("box");
      const double centre = box.at("x").get<double>() + box.at("width").get<double>() / 2;
      EXPECT_NEAR(centre, place(i), 5) << i;
    }
    if (first.empty()) first = result.out;
    EXPECT_EQ(result.out, first) << threads << " threads";
  }
}

TEST_F(Command, PredictTakesAListFromStandardInput) {
  const CommandResult result =
      run({"predict", "-", "--format", "json"}, "photos/sub/c.png\n\nphotos/a flat.png\r\n");
  const json found = json::parse(result.out).at("images");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.at(0).at("path"), "photos/sub/c.png") << "as typed, in the order typed";
  EXPECT_EQ(found.at(1).at("path"), "photos/a flat.png");
}

TEST_F(Command, DominantGivesEveryPhotoOneMarkedFace) {
  const json found = images({"predict", "photos", "--format", "json", "--dominant"});
  for (const json& image : found) {
    EXPECT_EQ(image.at("status"), "ok");
    EXPECT_EQ(image.at("faces").size(), 1U);
  }
  EXPECT_EQ(found.at(0).at("faces").at(0).value("below_threshold", false), true);
  EXPECT_FALSE(found.at(1).at("faces").at(0).contains("below_threshold"));
}

TEST_F(Command, AttrListHasALineForEveryPhoto) {
  const CommandResult result = run({"predict", "photos", "--format", "attr-list"});
  EXPECT_EQ(result.exit_code, 0);
  std::istringstream lines(result.out);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "3");
  std::getline(lines, line);
  EXPECT_EQ(line.substr(0, 18), "celeba_0 celeba_1 ");
  for (const std::string path : {"a%20flat.png", "b.PNG", "sub/c.png"}) {
    ASSERT_TRUE(std::getline(lines, line));
    EXPECT_EQ(line.size(), path.size() + 40 * 3) << line;
    EXPECT_EQ(line.substr(0, path.size()), path);
    EXPECT_EQ(line.find_first_not_of(" -1", path.size()), std::string::npos) << line;
  }
}

TEST_F(Command, HeadChoosesTheLabels) {
  const json found = images({"predict", "photos/b.PNG", "--format", "json", "--head", "lfwa"});
  ASSERT_EQ(found.at(0).at("faces").at(0).at("attributes").size(), 3U);
  EXPECT_EQ(found.at(0).at("faces").at(0).at("attributes").at(2).at("name"), "lfwa_2");
}

TEST_F(Command, ThresholdModeDecidesWhatIsPresentAndIsNamed) {
  LoadedModel loaded = read_model(folder_ / "model.safetensors");
  loaded.parts.heads.at("celeba").threshold.assign(40, 1);
  loaded.parts.heads.at("celeba").threshold_balanced.assign(40, 0);
  write_model(folder_ / "model.safetensors", loaded.parts, loaded.networks);
  const auto answer = [&](std::vector<std::string> mode) {
    mode.insert(mode.begin(), {"predict", "photos/b.PNG", "--format", "json"});
    const CommandResult result = run(mode);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return json::parse(result.out);
  };
  const json accuracy = answer({});
  const json balanced = answer({"--threshold-mode", "balanced"});
  EXPECT_EQ(accuracy.at("threshold_mode"), "accuracy");
  EXPECT_EQ(balanced.at("threshold_mode"), "balanced");
  EXPECT_EQ(answer({"--threshold-mode", "accuracy"}), accuracy);
  const auto present = [](const json& result) {
    int count = 0;
    for (const json& value : result.at("images").at(0).at("faces").at(0).at("attributes")) {
      count += value.at("present").get<bool>() ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(present(accuracy), 0);
  EXPECT_EQ(present(balanced), 40);
}

TEST_F(Command, ThresholdDecidesWhatIsAFace) {
  EXPECT_EQ(images({"predict", "photos/b.PNG", "--format", "json", "--threshold", "1000"})
                .at(0)
                .at("status"),
            "no_face");
}

TEST_F(Command, TableIsTheDefault) {
  const CommandResult result = run({"predict", "photos/b.PNG"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("attributes\nphotos/b.PNG  1     "));
}

TEST_F(Command, OutputGoesToAFileAndLeavesNothingElse) {
  const CommandResult result = run({"predict", "photos", "--format", "json", "-o", "out.json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(json::parse(read_all(folder_ / "out.json")).at("images").size(), 3U);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 3)
      << "photos, model and out.json";
}

TEST_F(Command, AnnotateWritesAPictureAPhoto) {
  EXPECT_EQ(run({"predict", "photos", "--annotate", "new/marked"}).exit_code, 0);
  for (const char* name : {"a flat.png", "b.png", "sub_c.png"}) {
    EXPECT_GE(read_image(folder_ / "new/marked" / name).width, 160) << name;
  }
}

TEST_F(Command, LocateWritesBoxes) {
  const CommandResult result = run({"locate", "photos"});
  EXPECT_EQ(result.exit_code, 0);
  std::istringstream lines(result.out);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "a%20flat.png");
  std::getline(lines, line);
  std::istringstream fields(line);
  std::string path;
  double x = 0, y = 0, w = 0, h = 0, score = 0;
  fields >> path >> x >> y >> w >> h >> score;
  EXPECT_EQ(path, "b.PNG");
  EXPECT_NEAR(x + w / 2, 70, 8);
  EXPECT_NEAR(y + h / 2, 60, 8);
  EXPECT_GT(score, 0);
}

TEST_F(Command, LocateDrawsMapsOfThePhotosSize) {
  const CommandResult result = run({"locate", "photos", "--maps", "maps", "--format", "json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Image map = read_image(folder_ / "maps" / "b.png");
  ASSERT_EQ(map.width, 160);
  ASSERT_EQ(map.height, 120);
  const auto red = [&](int px, int py) { return int{map.row(py)[3 * px]}; };
  EXPECT_GT(red(70, 60), red(140, 100) + 50) << "the blob glows, the corner does not";
}

// The small LNet knows two tags: the first fires on blobs, the second never does.
TEST_F(Command, LocateDrawsOneAttributesOwnMap) {
  const auto warmth = [&](const std::string& folder) {
    const Image map = read_image(folder_ / folder / "b.png");
    const std::uint8_t* pixel = map.row(60) + 3 * 70;
    return int{pixel[0]} - int{pixel[2]};
  };
  const auto draw = [&](const std::string& folder, const std::string& attribute) {
    return run({"locate", "photos", "--maps", folder, "--attribute", attribute});
  };
  EXPECT_EQ(draw("first", "celeba_0").exit_code, 0);
  EXPECT_EQ(draw("second", "celeba_1").exit_code, 0);
  EXPECT_GT(warmth("first"), warmth("second") + 50);
  const CommandResult unknown = draw("third", "Moustache");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("has no attribute 'Moustache'"));
}

TEST_F(Command, BenchTimesEveryStage) {
#ifndef FACET_HAS_RESEARCH
  GTEST_SKIP() << "facet-research is not built";
#endif
  const CommandResult result =
      run({"bench", "photos/b.PNG", "--seconds", "0", "--format", "csv", "--precision", "fp32"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 9) << result.out;
  for (const char* stage : {"decode,", "LNet_o,", "proposals,", "LNet_s,", "patches,", "ANet,",
                            "heads,", "whole prediction,"}) {
    EXPECT_THAT(result.out, HasSubstr("\n" + std::string(stage)));
  }
  EXPECT_THAT(result.out, HasSubstr(",160,120,1,blobs,")) << "size and faces of the photo";
  EXPECT_THAT(result.out, HasSubstr(",fp32,"));
  const CommandResult usual = run({"bench", "photos/b.PNG", "--seconds", "0"});
  EXPECT_THAT(usual.out, HasSubstr("1 faces, medians")) << usual.err;
  EXPECT_NE(run({"bench", "photos/b.PNG", "--precision", "fp8"}).exit_code, 0);
  write_flat_photo(folder_ / "flat.png");
  EXPECT_THAT(run({"bench", "flat.png", "--seconds", "0"}).out, HasSubstr(", 0 faces,"));
  write_all(folder_ / "text.jpg", "no photo");
  const CommandResult unreadable = run({"bench", "text.jpg"});
  EXPECT_EQ(unreadable.exit_code, 2);
  EXPECT_EQ(unreadable.out, "");
}

TEST_F(Command, LocateAllAddsMarkedCandidates) {
  const json strict = images({"locate", "photos/b.PNG", "--format", "json", "--threshold", "1000"});
  const json all =
      images({"locate", "photos/b.PNG", "--format", "json", "--threshold", "1000", "--all"});
  EXPECT_TRUE(strict.at(0).at("faces").empty());
  ASSERT_FALSE(all.at(0).at("faces").empty());
  EXPECT_EQ(all.at(0).at("faces").at(0).at("below_threshold"), true);
}

TEST_F(Command, ModelInfoShowsWhatTheFileHolds) {
  const CommandResult text = run({"model", "info", "model.safetensors"});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("blobs"));
  EXPECT_THAT(text.out, HasSubstr("Apache-2.0"));
  const CommandResult machine = run({"model", "info", "--json"});
  EXPECT_EQ(json::parse(machine.out).at("name"), "blobs") << machine.out;
}

TEST(PaperModel, FindsTheFaceOfThePortraitAndNoneInACup) {
  const fs::path model = fs::path(FACET_SOURCE_DIR) / "models" / "paper.safetensors";
  if (!fs::exists(model)) GTEST_SKIP() << model << " is absent";
  const fs::path samples = fs::path(FACET_SOURCE_DIR) / "samples";
  const CommandResult result =
      run_facet({"predict", (samples / "astronaut.png").string(), (samples / "coffee.png").string(),
                 "--format", "json", "-m", model.string()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const json found = json::parse(result.out).at("images");
  EXPECT_EQ(found.at(0).at("status"), "ok");
  EXPECT_EQ(found.at(1).at("status"), "no_face");
}

}  // namespace
}  // namespace facet::detail
