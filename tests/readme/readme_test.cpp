// SPDX-License-Identifier: Apache-2.0
// README keeps its word: its C++ is compiled and run, its commands are run, or at least known.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "image/encode.hpp"
#include "image/resample.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

const fs::path source = FACET_SOURCE_DIR;

// A shell's command, its output together with its messages.
struct Ran {
  int exit_code = -1;
  std::string output;
};
Ran run(const std::string& command, const TemporaryFolder& folder) {
  const fs::path output = folder / "output.txt";
  const std::string shell = "cd '" + (folder / "").string() + "' && { " + command + "\n} >'" +
                            output.string() + "' 2>&1 </dev/null";
  const int status = std::system(shell.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, read_all(output)};
}

// A command as README writes it, without the remark behind it.
struct Line {
  int number = 0;
  std::string command;
};
std::vector<Line> shell_lines() {
  static const std::regex remark(" +#.*$");
  std::vector<Line> lines;
  std::ifstream readme(source / "README.md");
  bool in_shell = false;
  std::string line;
  for (int number = 1; std::getline(readme, line); ++number) {
    if (line.starts_with("```")) {
      in_shell = line == "```sh";
    } else if (in_shell && !line.empty()) {
      lines.push_back({number, std::regex_replace(line, remark, "")});
    }
  }
  return lines;
}

bool names(const std::string& command, const std::string& word) {
  return (' ' + command + ' ').find(' ' + word) != std::string::npos;
}

// What the commands of README find where a reader runs them: build/, models/, samples/, and a
// folder photos/ with labels.
class Readme : public ::testing::Test {
 protected:
  Readme() {
    // Not the index of whoever runs the tests.
    setenv("XDG_DATA_HOME", (folder_ / "data").c_str(), 1);
    fs::create_directory_symlink(FACET_BINARY_DIR, folder_ / "build");
    for (const char* name : {"models", "samples", "recipes", "scripts"}) {
      fs::create_directory_symlink(source / name, folder_ / name);
    }
    fs::create_directory(folder_ / "photos");
    const Image crowd = read_image(source / "samples/solvay_1927.jpg");
    std::ifstream boxes(source / "tests/predict/samples/solvay_1927_boxes.txt");
    std::ofstream labels(folder_ / "labels.csv");
    int number = 0;
    for (std::string line; number < 12 && std::getline(boxes, line);) {
      if (line.starts_with('#')) continue;
      const Box face = box_of(line);
      const Box around = {face.x - face.width, face.y - face.height / 2, 3 * face.width,
                          2 * face.height};
      const std::string name = "photos/" + std::to_string(number) + ".png";
      write(name, encode_png(resample(crowd, around, 240, 208)));
      labels << name << ',' << number % 2 << '\n';
      ++number;
    }
  }

  static Box box_of(const std::string& line) {
    std::istringstream text(line);
    Box box;
    text >> box.x >> box.y >> box.width >> box.height;
    return box;
  }
  void write(const std::string& name, const std::vector<std::byte>& bytes) {
    std::ofstream(folder_ / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }

  TemporaryFolder folder_;
};

TEST_F(Readme, ExampleInCppSaysThatThePortraitSmiles) {
  // Decoding goes by content, not by name.
  fs::copy_file(source / "samples/astronaut.png", folder_ / "photo.jpg");
  const Ran ran = run(README_EXAMPLE, folder_);
  ASSERT_EQ(ran.exit_code, 0) << ran.output;
  std::smatch said;
  ASSERT_TRUE(std::regex_match(ran.output, said, std::regex("smiling: ([0-9.]+)\n"))) << ran.output;
  EXPECT_GT(std::stod(said[1]), 0.9);
}

TEST_F(Readme, CommandsRun) {
  int count = 0;
  for (const auto& [number, command] : shell_lines()) {
    // Collections and hours of training are not at hand here; see the next test.
    if (!names(command, "build/facet") && !command.starts_with("build/facet")) continue;
    if (names(command, "DIR")) continue;
    if (names(command, "clip.mp4")) continue;  // tests/apps has videos of its own
    if (command.starts_with("build/facet-server")) {
#ifdef FACET_HAS_SERVER
      // It serves until it is told to end; any port will do here.
      const Ran served = run("timeout --preserve-status 5 " + command + " --port 0", folder_);
      EXPECT_EQ(served.exit_code, 0) << "README.md:" << number << '\n' << served.output;
      EXPECT_NE(served.output.find("http://127.0.0.1:"), std::string::npos) << served.output;
#endif
      continue;
    }
#ifndef FACET_HAS_EDGEBOXES
    if (names(command, "edgeboxes")) continue;
#endif
#ifndef FACET_HAS_RESEARCH
    if (names(command, "teach") || names(command, "bench") || names(command, "--extra-head")) {
      continue;
    }
#endif
    const Ran ran = run(command, folder_);
    EXPECT_EQ(ran.exit_code, 0) << "README.md:" << number << ": " << command << '\n' << ran.output;
    ++count;
  }
  EXPECT_GE(count, 8);
  EXPECT_TRUE(fs::exists(folder_ / "out.json"));
  EXPECT_TRUE(fs::exists(folder_ / "marked/0.png"));
}

// Commands that cannot be run here name subcommands, options and files that there are.
TEST_F(Readme, NamesCommandsAndOptionsThatThereAre) {
  static const std::regex option("--[a-z-]+");
  for (const auto& [number, command] : shell_lines()) {
    const std::string where = "README.md:" + std::to_string(number) + ": ";
    std::istringstream text(command);
    std::string program;
    std::string subcommand;
    text >> program >> subcommand;
#ifndef FACET_HAS_SERVER
    if (program == "build/facet-server") continue;
#endif
    EXPECT_TRUE(fs::exists(folder_ / program)) << where << program;
    if (program != "build/facet") continue;
#ifndef FACET_HAS_RESEARCH
    if (subcommand != "predict" && subcommand != "locate" && subcommand != "model") continue;
#endif
    std::string below;
    if (subcommand == "data" || subcommand == "model") text >> below;
    const Ran help = run("build/facet " + subcommand + ' ' + below + " --help", folder_);
    ASSERT_EQ(help.exit_code, 0) << where << help.output;
    for (std::sregex_iterator at(command.begin(), command.end(), option), end; at != end; ++at) {
      EXPECT_NE(help.output.find(at->str()), std::string::npos) << where << at->str();
    }
    for (std::string word; text >> word;) {
      if (word.starts_with("recipes/") || word.starts_with("models/")) {
        EXPECT_TRUE(fs::exists(folder_ / word)) << where << word;
      }
    }
  }
}

}  // namespace
}  // namespace facet::detail
