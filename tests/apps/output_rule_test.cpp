// SPDX-License-Identifier: Apache-2.0
// Nothing of the user's is lost, whatever facet is told to write and where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "apps/run_command.hpp"
#include "apps/small_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class OutputRule : public ::testing::Test {
 protected:
  OutputRule() {
    write_small_model(folder_ / "model.safetensors");
    fs::create_directory(folder_ / "p");
    write_blob_photo(folder_ / "p/a.png");
  }
  [[nodiscard]] CommandResult run(const std::vector<std::string>& arguments,
                                  const std::string& standard_input = {}) const {
    CommandOptions options;
    options.folder = folder_.path();
    options.standard_input = standard_input;
    options.environment = {"FACET_MODEL=model.safetensors"};
    return run_facet(arguments, options);
  }
  // Runs, and expects one line that names the file and leaves it as it was.
  void expect_kept(const std::string& file, const std::vector<std::string>& arguments) const {
    const std::string before = read_all(folder_ / file);
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_EQ(result.out, "") << "before any work";
    EXPECT_THAT(result.err, HasSubstr(file));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(read_all(folder_ / file), before) << file;
  }
  [[nodiscard]] std::vector<std::string> hidden_files(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_ / folder)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with('.')) names.push_back(name);
    }
    return names;
  }

  TemporaryFolder folder_;
};

TEST_F(OutputRule, AResultReplacesNoFileOfTheUsers) {
  write_all(folder_ / "notes.txt", "mine");
  expect_kept("notes.txt", {"predict", "p", "-o", "notes.txt"});
  expect_kept("notes.txt", {"locate", "p", "-o", "notes.txt"});
  EXPECT_EQ(run({"predict", "p", "-o", "notes.txt", "--overwrite"}).exit_code, 0);
  EXPECT_THAT(read_all(folder_ / "notes.txt"), HasSubstr("photo"));
}

TEST_F(OutputRule, AResultReplacesAnEarlierOneUntilTheUserWorksOnIt) {
  EXPECT_EQ(run({"predict", "p", "-f", "csv", "-o", "out.csv"}).exit_code, 0);
  const CommandResult again = run({"locate", "p", "-o", "out.csv"});
  if (again.exit_code != 0) GTEST_SKIP() << "no extended attributes here: " << again.err;
  std::ofstream(folder_ / "out.csv", std::ios::app) << "my remark\n";
  expect_kept("out.csv", {"locate", "p", "-o", "out.csv"});
}

TEST_F(OutputRule, NothingThatTheRunReadsIsEverReplaced) {
  fs::create_hard_link(folder_ / "p/a.png", folder_ / "hard.png");
  fs::create_symlink("p/a.png", folder_ / "link.png");
  for (const std::string target : {"p/a.png", "hard.png", "link.png", "model.safetensors"}) {
    expect_kept(target, {"predict", "p", "-o", target, "--overwrite"});
    expect_kept(target, {"locate", "p/a.png", "-o", target});
  }
  const CommandResult list = run({"locate", "-", "-o", "p/a.png", "--overwrite"}, "p/a.png\n");
  EXPECT_EQ(list.exit_code, 2);
}

TEST_F(OutputRule, APictureReplacesNoNeighbourOutsideTheList) {
  write_blob_photo(folder_ / "p/IMG_1.webp");
  write_blob_photo(folder_ / "p/IMG_1.jpg");
  for (const std::string option : {"--annotate", "--maps"}) {
    expect_kept("p/IMG_1.jpg",
                {option == "--maps" ? "locate" : "predict", "p/IMG_1.webp", option, "p"});
  }
  fs::create_directory(folder_ / "out");
  fs::create_symlink("../p/IMG_1.jpg", folder_ / "out/a.png");
  expect_kept("out/a.png", {"predict", "p/a.png", "--annotate", "out"});
}

TEST_F(OutputRule, PicturesAreNoPhotosTheNextTime) {
  for (int i = 0; i < 3; ++i) {
    const CommandResult result = run({"predict", "p", "-f", "csv", "--annotate", "p/marked"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 2) << "one photo";
    EXPECT_THAT(result.err, HasSubstr(i == 0 ? "" : "1 picture that facet drew"));
  }
  EXPECT_EQ(run({"predict", "p/marked/a.png"}).exit_code, 0) << "named, it is a photo like others";
  EXPECT_EQ(run({"predict", "p/marked"}).exit_code, 2) << "nothing else is there";
}

TEST_F(OutputRule, NetworksReplaceNoFileOfTheUsers) {
#ifndef FACET_HAS_RESEARCH
  GTEST_SKIP() << "facet-research is not built";
#endif
  fs::create_directory(folder_ / "onnx");
  write_all(folder_ / "onnx/anet.onnx", "mine");
  const std::vector<std::string> arguments = {"model", "export", "model.safetensors", "--onnx",
                                              "onnx"};
  expect_kept("onnx/anet.onnx", arguments);
  EXPECT_FALSE(fs::exists(folder_ / "onnx/lnet_o.onnx")) << "all or nothing";
}

TEST_F(OutputRule, AResultSurvivesPicturesThatCannotBeWritten) {
  const std::string name(245, 'n');
  write_blob_photo(folder_ / "p" / (name + ".png"));
  const CommandResult drawn = run({"predict", "p", "-f", "csv", "-o", "1.csv", "--annotate", "d"});
  EXPECT_EQ(drawn.exit_code, 0) << drawn.err;
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "d"), {}), 2) << "a shorter name";
}

// Needs root, FUSE and the exFAT tools.
TEST_F(OutputRule, PhotosOnACardSurviveTheirPictures) {
  const auto shell = [&](const std::string& words) {
    return std::system(("cd " + folder_.path().string() + " && ( " + words + " ) >/dev/null 2>&1")
                           .c_str()) == 0;
  };
  if (!shell("truncate -s 16M card && mkfs.exfat card && mkdir m && losetup -f --show card >loop "
             "&& mount.exfat-fuse $(cat loop) m")) {
    GTEST_SKIP() << "cannot mount exFAT here";
  }
  fs::create_directory(folder_ / "m/DCIM");
  write_blob_photo(folder_ / "m/DCIM/IMG_1.JPG");
  const std::string photo = read_all(folder_ / "m/DCIM/IMG_1.JPG");
  for (int i = 0; i < 2; ++i) {
    const CommandResult result =
        run({"predict", "m/DCIM", "-f", "csv", "--annotate", "m/DCIM", "--overwrite"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 2);
  }
  EXPECT_EQ(run({"predict", "m/DCIM", "-o", "m/DCIM/img_1.jpg", "--overwrite"}).exit_code, 2);
  EXPECT_EQ(read_all(folder_ / "m/DCIM/IMG_1.JPG"), photo);
  EXPECT_TRUE(fs::exists(folder_ / "m/DCIM/IMG_1-2.jpg"));
  EXPECT_TRUE(shell("umount m && losetup -d $(cat loop)"));
}

// A run in the middle of its work: its photo is a pipe that nobody writes to.
class Stopped : public OutputRule {
 protected:
  Stopped() {
    fs::create_directory(folder_ / "out");
    EXPECT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  }
  [[nodiscard]] int stop_with(int signal) const {
    const pid_t child = ::fork();
    if (child == 0) {
      if (::chdir(folder_.path().c_str()) != 0) ::_exit(126);
      ::setenv("FACET_MODEL", "model.safetensors", 1);
      ::execl(FACET_COMMAND, "facet", "predict", "pipe", "-f", "csv", "-o", "out/out.csv", nullptr);
      ::_exit(127);
    }
    for (int i = 0; i < 500 && hidden_files("out").empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_EQ(hidden_files("out").size(), 1U);
    ::kill(child, signal);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }
};

TEST_F(Stopped, RunsLeaveNothingAndEndAsTheShellExpects) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_EQ(stop_with(signal), signal);
    EXPECT_THAT(hidden_files("out"), IsEmpty());
  }
}

TEST_F(Stopped, KilledRunsAreTidiedUpByTheNext) {
  EXPECT_EQ(stop_with(SIGKILL), SIGKILL);
  EXPECT_EQ(hidden_files("out").size(), 1U);
  EXPECT_EQ(run({"predict", "p", "-f", "csv", "-o", "out/out.csv"}).exit_code, 0);
  EXPECT_THAT(hidden_files("out"), IsEmpty());
}

}  // namespace
}  // namespace facet::detail
