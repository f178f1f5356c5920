// SPDX-License-Identifier: Apache-2.0
// Checkpoints onto a disk that is full, that must not be written, and under a limit on files: one
// clear line, the checkpoint of before stays, and training goes on from it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "model/temporary_folder.hpp"
#include "small_packs.hpp"

namespace facet::training {
using namespace detail;
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr const char* kRecipe = R"(
name = "small"
seed = 3
[networks.n]
layers = [
  { name = "C1", kind = "convolution", out = 40, kernel = 3, stride = 2, padding = 1, relu = true, norm = true },
  { name = "C2", kind = "convolution", out = 40, kernel = 3, stride = 2, padding = 1, relu = true, norm = true },
  { name = "tags", kind = "convolution", out = 2 },
]
[[stages]]
name = "s"
kind = "objects"
network = "n"
pack = "p"
side = 16
batch = 4
epochs = 2
learning_rate = 0.05
)";

struct Answer {
  int exit_code = -1;
  std::string said;  // but for lines of progress
};

class CheckpointOnAFullDisk : public ::testing::Test {
 protected:
  // A private view of what is mounted: it is gone with this program, whatever happens.
  static void SetUpTestSuite() {
    may_mount_ = ::unshare(CLONE_NEWNS) == 0 &&
                 ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  }

  CheckpointOnAFullDisk() {
    packs_.add("p", 20, 32, "10");
    write_all(packs_.folder() / "recipe.toml", kRecipe);
  }
  ~CheckpointOnAFullDisk() override { ::umount2(packs_.out().c_str(), MNT_DETACH); }

  [[nodiscard]] Answer train(const std::string& more, const std::string& before = "") const {
    const std::string folder = packs_.folder().string();
    const std::string command = "cd " + folder + " && " + before + FACET_TRAIN +
                                " recipe.toml --data . --out out --threads 1 --device cpu " + more +
                                " 2>said";
    const int status = std::system(command.c_str());
    Answer run;
    if (WIFEXITED(status)) run.exit_code = WEXITSTATUS(status);
    std::ifstream lines(packs_.folder() / "said");
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("stage ")) run.said += line + '\n';
    }
    return run;
  }

  // Names and contents of what lies in the folder of the stage.
  [[nodiscard]] std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::directory_iterator(packs_.out() / "s")) {
      all[entry.path().filename().string()] = read_all(entry.path());
    }
    return all;
  }

  void mount_disk() const {
    ASSERT_EQ(::mount("tmpfs", packs_.out().c_str(), "tmpfs", 0, "size=2m"), 0)
        << std::strerror(errno);
  }

  void fill_disk(std::int64_t bytes_left) const {
    std::ofstream filler(packs_.out() / "filler", std::ios::binary);
    const std::string block(4096, 'x');
    while (filler.write(block.data(), 4096).flush()) {
    }
    filler.close();
    fs::resize_file(packs_.out() / "filler", fs::file_size(packs_.out() / "filler") / 4096 * 4096 -
                                                 static_cast<std::uintmax_t>(bytes_left));
  }

  void expect_refusal(const Answer& run, const std::map<std::string, std::string>& before,
                      const char* reason) const {
    EXPECT_EQ(run.exit_code, 2) << run.said;
    EXPECT_EQ(std::count(run.said.begin(), run.said.end(), '\n'), 1) << run.said;
    EXPECT_THAT(run.said, HasSubstr("cannot be written"));
    EXPECT_THAT(run.said, HasSubstr(reason));
    const auto now = files();
    ASSERT_EQ(now.size(), before.size()) << "nothing half-written";
    EXPECT_EQ(now.at("state.pt"), before.at("state.pt"));
  }

  static bool may_mount_;
  SmallPacks packs_;
};

bool CheckpointOnAFullDisk::may_mount_ = false;

TEST_F(CheckpointOnAFullDisk, IsSaidAndTheLastOneStaysGood) {
  if (!may_mount_) GTEST_SKIP() << "a disk cannot be mounted here (no root)";
  mount_disk();
  ASSERT_EQ(train("").exit_code, 0);
  const std::string whole = files().at("network.safetensors");
  fs::remove_all(packs_.out() / "s");
  ASSERT_EQ(train("--steps 2").exit_code, 0);
  const auto before = files();
  ASSERT_TRUE(before.contains("state.pt"));
  // With 12 kB there is place for the settings, and for the beginning of a checkpoint.
  for (const std::int64_t bytes_left : {0, 12288}) {
    fill_disk(bytes_left);
    const Answer run = train("--resume --steps 2");
    expect_refusal(run, before, "No space left");
    if (bytes_left > 0) {
      EXPECT_THAT(run.said, HasSubstr("state.pt"));
    }
  }
  fs::remove(packs_.out() / "filler");
  ASSERT_EQ(train("--resume").exit_code, 0);
  EXPECT_EQ(files().at("network.safetensors"), whole);
}

TEST_F(CheckpointOnAFullDisk, IsToldFromOneThatMustNotBeWritten) {
  if (!may_mount_) GTEST_SKIP() << "a disk cannot be mounted here (no root)";
  mount_disk();
  ASSERT_EQ(train("--steps 2").exit_code, 0);
  const auto before = files();
  ASSERT_EQ(::mount("", packs_.out().c_str(), "", MS_REMOUNT | MS_RDONLY, nullptr), 0);
  expect_refusal(train("--resume --steps 2"), before, "Read-only file system");
}

// Without root: files may not grow beyond 16 kB.
TEST_F(CheckpointOnAFullDisk, IsWhatALimitOnFilesIsTakenFor) {
  ASSERT_EQ(train("--steps 2").exit_code, 0);
  const auto before = files();
  ASSERT_GT(before.at("state.pt").size(), 16384U);
  const Answer run = train("--resume --steps 2", "ulimit -f 32 && ");
  expect_refusal(run, before, "File too large");
  EXPECT_THAT(run.said, HasSubstr("state.pt"));
}

}  // namespace
}  // namespace facet::training
