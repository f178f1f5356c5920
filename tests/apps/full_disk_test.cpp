// SPDX-License-Identifier: Apache-2.0
// Everything that writes, onto a disk that is full, one that is almost full, one that must not be
// written, and into /dev/full: one clear line, an exit code, nothing half-written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "apps/run_command.hpp"
#include "apps/small_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

// A command that writes below disk/, where a model, two photos and an index lie already.
struct Writer {
  const char* name;
  Words arguments;
  bool a_line_each = false;  // of several files, each of which fails by itself: exit code 1
  bool may_fit = false;      // where a little place is left
};

// Of a whole model, because that needs its concepts; one window a photo, whatever it shows.
Words explain(const Words& output) {
  Words words = {"explain",    "p/0.png", "p/1.png",
                 "--dominant", "--model", FACET_SOURCE_DIR "/models/fast.safetensors"};
  words.insert(words.end(), output.begin(), output.end());
  return words;
}

#ifdef FACET_HAS_RESEARCH
constexpr const char* recipe = R"(name = "r"
[[stages]]
name = "packs"
kind = "packs"
packs = [{ name = "s", collection = "p" }]
[[stages]]
name = "faces"
kind = "find_faces"
model = "made"
packs = [{ pack = "s" }]
)";

Words train(const char* stage, const char* out) {
  return {"train", "recipe.toml", "--data", ".", "--stage", stage, "--out", out};
}
#endif

std::vector<Writer> writers() {
  std::vector<Writer> all = {
      {"Table", {"predict", "p", "-o", "disk/faces.txt"}},
      {"Json", {"predict", "p", "-f", "json", "-o", "disk/faces.json"}},
      {"Csv", {"predict", "p", "-f", "csv", "-o", "disk/faces.csv"}},
      {"AttrList", {"predict", "p", "-f", "attr-list", "-o", "disk/list.txt"}},
      {"Boxes", {"locate", "p", "-o", "disk/boxes.txt"}},
      {"Candidates", {"locate", "p", "--all", "-f", "json", "-o", "disk/boxes.json"}},
      {"Annotate", {"predict", "p", "--annotate", "disk/marked"}, true, true},
      {"Maps", {"locate", "p", "--maps", "disk/maps"}, true, true},
      {"NewIndex", {"index", "p", "--db", "disk/new.db"}},
      {"OldIndex", {"index", "p", "--db", "disk/old.db", "--reindex", "--head", "lfwa"}},
      {"Label", {"label", "said.csv", "--db", "disk/old.db"}},
      {"Explain", explain({"-o", "disk/why.txt"})},
      {"ExplainJson", explain({"-f", "json", "-o", "disk/why.json"})},
      {"ExplainPage", explain({"--html", "disk/why.html"})},
      {"ExplainPictures", explain({"--annotate", "disk/why"}), true, true},
      {"Forget", {"index", "--forget", "p/0.png", "--db", "disk/old.db"}},
      {"Merge", {"index", "--merge", "disk/whole.db", "in.db"}},
      {"Search", {"search", "faces:1", "--db", "in.db", "-o", "disk/found.txt"}},
      {"SearchJson", {"search", "faces:1", "--db", "in.db", "-f", "json", "-o", "disk/found"}},
      {"CopyTo", {"search", "faces:1", "--db", "in.db", "--copy-to", "disk/album"}, false, true},
      {"Tag", {"tag", "disk/p", "-a", "celeba_5,celeba_6"}, true, true},
      {"ExportLines", {"export", "--db", "in.db", "-o", "disk/faces.jsonl"}},
      {"ExportCoco", {"export", "--db", "in.db", "-f", "coco", "-o", "disk/coco.json"}},
      {"LabelStudio",
       {"export", "--db", "in.db", "-f", "label-studio", "-o", "disk/tasks.json", "--interface",
        "disk/interface.xml"}},
  };
#ifdef FACET_HAS_RESEARCH
  const std::vector<Writer> research = {
      {"Teach",
       {"teach", "Own", "p", "--labels", "labels.csv", "--out", "disk/own.head"},
       false,
       true},
      {"Onnx", {"model", "export", "model.safetensors", "--onnx", "disk/onnx"}},
      {"Pack", {"data", "pack", "p", "--name", "s", "--out", "disk/pack"}},
      {"Evaluate",
       {"eval", "said", "--data", ".", "--labels", "said.jsonl", "--out", "disk/eval"},
       false,
       true},
      {"EvaluateTwoFolders", {"eval", "frechet", "p", "p", "--out", "disk/frechet"}, false, true},
      {"TrainPacks", train("packs", "disk/new")},
      {"TrainFaces", train("faces", "disk/run"), false, true},
  };
  all.insert(all.end(), research.begin(), research.end());
#endif
  return all;
}

class FullDisk : public ::testing::Test {
 protected:
  // A private view of what is mounted: it is gone with this program, whatever happens.
  static void SetUpTestSuite() {
    may_mount_ = ::unshare(CLONE_NEWNS) == 0 &&
                 ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  }

  FullDisk() {
    write_small_model(folder_ / "model.safetensors");
    fs::create_directory(folder_ / "p");
    std::string labels = "path,label\n";
    for (int i = 0; i < 12; ++i) {
      const std::string photo = "p/" + std::to_string(i) + ".png";
      write_blob_photo(folder_ / photo, 60 + 3 * i);
      labels += photo + "," + std::to_string(i % 2) + "\n";
    }
    write_all(folder_ / "labels.csv", labels);
    write_all(folder_ / "said.csv", "photo,attribute,said\np/0.png,celeba_1,1\n");
    fs::create_directory(folder_ / "disk");
    if (run({"index", "p", "--db", "in.db"}).exit_code != 0) ADD_FAILURE() << "no index";
#ifdef FACET_HAS_RESEARCH
    write_all(folder_ / "said.jsonl",
              R"({"path":"p/0.png","width":160,"height":120,"faces":[{"box":{"x":45,"y":45,)"
              R"("width":30,"height":30},"said":{"celeba_1":true}}]})");
    write_all(folder_ / "recipe.toml", recipe);
    if (run(train("packs", "run")).exit_code != 0) ADD_FAILURE() << "no pack";
    fs::create_directory(folder_ / "run/made");
    fs::copy(folder_ / "model.safetensors", folder_ / "run/made/model.safetensors");
#endif
  }
  ~FullDisk() override {
    ::umount2((folder_ / "disk").c_str(), MNT_DETACH);
  }

  [[nodiscard]] CommandResult run(const Words& arguments) const {
    CommandOptions options;
    options.folder = folder_.path();
    options.environment = {"FACET_MODEL=model.safetensors"};
    return run_facet(arguments, options);
  }

  // A disk of its own with some photos and an index, and so many bytes left; or, without any,
  // not to be written.
  void mount_disk(std::int64_t bytes_left, bool read_only = false) {
    const fs::path disk = folder_ / "disk";
    ::umount2(disk.c_str(), MNT_DETACH);
    ASSERT_EQ(::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=400k"), 0) << std::strerror(errno);
    fs::create_directory(disk / "p");
    for (const char* photo : {"p/0.png", "p/1.png"}) fs::copy(folder_ / photo, disk / photo);
    fs::copy(folder_ / "in.db", disk / "old.db");
#ifdef FACET_HAS_RESEARCH
    fs::copy(folder_ / "run", disk / "run", fs::copy_options::recursive);
#endif
    if (read_only) {
      ASSERT_EQ(::mount("", disk.c_str(), "", MS_REMOUNT | MS_RDONLY, nullptr), 0);
      return;
    }
    std::ofstream filler(disk / "filler", std::ios::binary);
    const std::string block(4096, 'x');
    while (filler.write(block.data(), 4096).flush()) {
    }
    filler.close();
    fs::resize_file(disk / "filler", fs::file_size(disk / "filler") / 4096 * 4096 -
                                         static_cast<std::uintmax_t>(bytes_left));
  }

  // Files, but not SQLite's log beside an index that was there before: the next run applies it.
  [[nodiscard]] std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "disk")) {
      const std::string name = entry.path().lexically_relative(folder_ / "disk").string();
      if (entry.is_regular_file() && !name.starts_with("old.db-")) names.insert(name);
    }
    return names;
  }

  void expect_refusal(const Writer& writer, const char* reason) {
    SCOPED_TRACE(std::string(writer.name) + ": " + reason);
    const std::set<std::string> before = files();
    const CommandResult result = run(writer.arguments);
    EXPECT_EQ(result.exit_code, writer.a_line_each ? 1 : 2) << result.err;
    const auto lines = std::count(result.err.begin(), result.err.end(), '\n');
    EXPECT_GE(lines, 1);
    EXPECT_TRUE(writer.a_line_each || lines == 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("disk"));
    EXPECT_THAT(result.err, HasSubstr(reason));
    EXPECT_EQ(files(), before) << "nothing half-written";
  }

  static bool may_mount_;
  TemporaryFolder folder_;
};

bool FullDisk::may_mount_ = false;

TEST_F(FullDisk, IsSaidInOneLineByAllThatWrite) {
  if (!may_mount_) GTEST_SKIP() << "a disk cannot be mounted here (no root)";
  for (const Writer& writer : writers()) {
    mount_disk(0);
    const bool pictures = writer.a_line_each;
    expect_refusal(writer, pictures ? "No space left" : "");
  }
}

TEST_F(FullDisk, ThatFillsUpMeanwhileKeepsNothingHalfWritten) {
  if (!may_mount_) GTEST_SKIP() << "a disk cannot be mounted here (no root)";
  for (const Writer& writer : writers()) {
    mount_disk(8192);
    if (!writer.may_fit) {
      expect_refusal(writer, "");
      continue;
    }
    // Some of several files may have found place: whole ones.
    EXPECT_GE(run(writer.arguments).exit_code, 0);
    for (const std::string& name : files()) {
      EXPECT_EQ(name.find(".part"), std::string::npos) << writer.name << ": " << name;
      EXPECT_GT(fs::file_size(folder_ / "disk" / name), 0U) << writer.name << ": " << name;
    }
  }
}

TEST_F(FullDisk, AndOneThatMustNotBeWrittenAreToldApart) {
  if (!may_mount_) GTEST_SKIP() << "a disk cannot be mounted here (no root)";
  for (Writer writer : writers()) {
    mount_disk(0, true);
    // Before any photo: not a line each.
    const bool photos_too = std::string(writer.name) == "Tag";
    writer.a_line_each = photos_too;
    expect_refusal(writer, "Read-only file system");
  }
  const CommandResult read = run({"search", "faces:1", "--db", "disk/old.db", "-f", "paths"});
  EXPECT_EQ(read.exit_code, 0) << "an index can be asked where it cannot be written: " << read.err;
}

// Without root: files may not grow. Whoever sets that limit expects an error, not an end.
TEST_F(FullDisk, IsWhatALimitOnFilesIsTakenFor) {
  const std::set<std::string> before = files();
  for (const char* format : {"json", "csv"}) {
    const ::pid_t child = ::fork();
    if (child == 0) {
      const ::rlimit limit{1024, 1024};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      const CommandResult result = run({"predict", "p", "-f", format, "-o", "disk/out"});
      const bool one_line = std::count(result.err.begin(), result.err.end(), '\n') == 1;
      ::_exit(result.exit_code == 2 && one_line ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << format;
    EXPECT_EQ(files(), before);
  }
}

TEST_F(FullDisk, IsSeenOnStandardOutputToo) {
  std::vector<Words> commands = {
      {"predict", "p"},
      {"predict", "p", "-f", "json"},
      {"predict", "p", "-f", "csv"},
      {"predict", "p", "-f", "attr-list"},
      {"locate", "p"},
      {"search", "faces:1", "--db", "in.db"},
      {"search", "faces:1", "--db", "in.db", "-f", "jsonl"},
      {"search", "faces:1", "--db", "in.db", "-f", "paths"},
      {"export", "--db", "in.db"},
      {"export", "--db", "in.db", "-f", "csv"},
      {"index", "--status", "--db", "in.db"},
      {"model", "info", "model.safetensors"},
      {"model", "info", "model.safetensors", "--json"},
      {"formats"},
      {"completion", "bash"},
      {"tag", "p", "--dry-run"},
      {"--help"},
      {"--version"},
      explain({}),
      explain({"-f", "json"}),
  };
#ifdef FACET_HAS_RESEARCH
  commands.push_back({"eval", "said", "--data", ".", "--labels", "said.jsonl"});
  commands.push_back({"eval", "frechet", "p", "p"});
#endif
  for (const Words& words : commands) {
    std::string line = "cd " + folder_.path().string() + " && FACET_MODEL=model.safetensors " +
                       std::string(FACET_COMMAND);
    for (const std::string& word : words) line += " '" + word + "'";
    SCOPED_TRACE(line);
    const int status = std::system((line + " >/dev/full 2>said").c_str());
    EXPECT_EQ(WEXITSTATUS(status), 2);
    const std::string said = read_all(folder_ / "said");
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
    EXPECT_THAT(said, HasSubstr("standard output: cannot be written"));
  }
}

}  // namespace
}  // namespace facet::detail
