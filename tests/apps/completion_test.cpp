// SPDX-License-Identifier: Apache-2.0
// What shells offer, and the pages of the manual, both as the program tells them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "apps/run_command.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using Words = std::set<std::string>;

class Completion : public ::testing::Test {
 protected:
  static bool there_is(const std::string& program) {
    return std::system(("command -v " + program + " >/dev/null").c_str()) == 0;
  }
  // The words that a shell's script prints.
  Words words_of(const std::string& command) {
    write_all(folder_ / "script", command);
    EXPECT_EQ(
        std::system(
            ("cd '" + folder_.path().string() + "' && . ./script >out 2>err </dev/null").c_str()),
        0)
        << read_all(folder_ / "err");
    std::istringstream stream(read_all(folder_ / "out"));
    Words words;
    for (std::string word; stream >> word;) words.insert(word);
    return words;
  }
  void write_completion(const std::string& shell) {
    const CommandResult result = run_facet({"completion", shell});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    write_all(folder_ / shell, result.out);
  }
  // What bash offers for a line whose last word is being typed.
  Words bash_offers(const std::vector<std::string>& line) {
    std::string words;
    for (const std::string& word : line) words += " '" + word + "'";
    write_all(folder_ / "ask", "compopt() { :; }\n. ./bash\nCOMP_WORDS=(" + words +
                                   ")\nCOMP_CWORD=" + std::to_string(line.size() - 1) +
                                   "\n_facet\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
    return words_of("bash --norc ask");
  }
  Words fish_offers(const std::string& line) {
    return words_of("HOME=$PWD fish -N -c \"source fish; complete -C '" + line + "'\" | cut -f 1");
  }

  TemporaryFolder folder_;
};

TEST_F(Completion, OfBashOffersCommandsOptionsAndValues) {
  write_completion("bash");
  EXPECT_THAT(bash_offers({"facet", ""}),
              IsSupersetOf({"predict", "locate", "model", "formats", "completion"}));
  EXPECT_THAT(bash_offers({"facet", ""}), Not(Contains("manual"))) << "is hidden";
  EXPECT_EQ(bash_offers({"facet", "pre"}), (Words{"predict"}));
  EXPECT_THAT(bash_offers({"facet", "model", ""}), Contains("info"));
  EXPECT_EQ(bash_offers({"facet", "predict", "--form"}), (Words{"--format"}));
  EXPECT_EQ(bash_offers({"facet", "predict", "--format", "t"}), (Words{"table"}));
  EXPECT_EQ(bash_offers({"facet", "predict", "-f", "j"}), (Words{"json"}));
  EXPECT_EQ(bash_offers({"facet", "predict", "--format", "=", "c"}), (Words{"csv"}));
  EXPECT_EQ(bash_offers({"facet", "predict", "photo.jpg", "--thr"}),
            (Words{"--threads", "--threshold", "--threshold-mode"}));
  EXPECT_EQ(bash_offers({"facet", "completion", "z"}), (Words{"zsh"}));
  EXPECT_EQ(bash_offers({"facet", "locate", "--annot"}), Words()) << "is predict's";
}

TEST_F(Completion, OfBashOffersFoldersForFolders) {
  write_completion("bash");
  fs::create_directory(folder_ / "a folder");
  write_all(folder_ / "a file", "");
  EXPECT_EQ(bash_offers({"facet", "predict", "--annotate", "a"}), (Words{"a", "folder"}));
}

TEST_F(Completion, OfFishOffersCommandsOptionsAndValues) {
  if (!there_is("fish")) GTEST_SKIP() << "fish is not installed";
  write_completion("fish");
  EXPECT_EQ(fish_offers("facet pre"), (Words{"predict"}));
  EXPECT_THAT(fish_offers("facet model "), Contains("info"));
  EXPECT_EQ(fish_offers("facet predict --form"), (Words{"--format"}));
  EXPECT_EQ(fish_offers("facet predict --format t"), (Words{"table"}));
  EXPECT_EQ(fish_offers("facet completion z"), (Words{"zsh"}));
  EXPECT_EQ(fish_offers("facet locate --annot"), Words());
}

// A zsh with a terminal of its own, in which the line is typed and completed.
TEST_F(Completion, OfZshOffersCommandsOptionsAndValues) {
  if (!there_is("zsh")) GTEST_SKIP() << "zsh is not installed";
  write_completion("zsh");
  fs::rename(folder_ / "zsh", folder_ / "_facet");
  write_all(folder_ / "ask", R"zsh(
zmodload zsh/zpty
zpty asked zsh -f -i
zpty -w asked 'PS1=; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; stty columns 500'
zpty -w asked 'tell() { print -r -- "<$BUFFER>"; BUFFER=; zle accept-line }'
zpty -w asked 'zle -N tell; bindkey "^T" tell; print rea""dy'
zpty -r asked text '*ready*'
for line in "$@"; do
  zpty -w -n asked $line$'\t\x14'
  zpty -r asked text '*<*>*'
  [[ $text =~ '<([^>]*)>' ]] && print -r -- ${match[1]// /_}
done
zpty -d asked
)zsh");
  EXPECT_EQ(words_of("timeout 60 zsh -f ask 'facet pre' 'facet model inf' 'facet predict --form' "
                     "'facet predict --format tab' 'facet completion z'"),
            (Words{"facet_predict_", "facet_model_info_", "facet_predict_--format=",
                   "facet_predict_--format_table_", "facet_completion_zsh_"}));
}

TEST_F(Completion, RefusesUnknownShells) {
  EXPECT_EQ(run_facet({"completion", "tcsh"}).exit_code, 2);
  EXPECT_EQ(run_facet({"completion"}).exit_code, 2);
}

class Manual : public ::testing::Test {
 protected:
  Manual() {
    const CommandResult result = run_facet({"manual", (folder_ / "pages").string()});
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }
  // Names below "Subcommands:" of a command's help.
  static std::vector<std::string> subcommands_of(const std::vector<std::string>& command) {
    std::vector<std::string> words = command;
    words.emplace_back("--help");
    std::istringstream help(run_facet(words).out);
    std::vector<std::string> names;
    bool below = false;
    static const std::regex entry("^  ([a-z]+)  .*");
    std::smatch match;
    for (std::string line; std::getline(help, line);) {
      if (line.empty()) below = false;
      if (below && std::regex_match(line, match, entry)) names.push_back(match[1]);
      if (line == "Subcommands:") below = true;
    }
    return names;
  }
  [[nodiscard]] fs::path page(const std::string& name) const {
    return folder_ / "pages" / "man1" / (name + ".1");
  }

  TemporaryFolder folder_;
};

TEST_F(Manual, HasAPageForEveryCommand) {
  const std::vector<std::string> commands = subcommands_of({});
  EXPECT_GE(commands.size(), 7U);
  EXPECT_TRUE(fs::exists(page("facet")));
  for (const std::string& command : commands) {
    EXPECT_TRUE(fs::exists(page("facet-" + command))) << command;
    for (const std::string& sub : subcommands_of({command})) {
      EXPECT_TRUE(fs::exists(page("facet-" + command + "-" + sub))) << command << ' ' << sub;
    }
  }
  EXPECT_FALSE(fs::exists(page("facet-manual"))) << "is hidden";
}

TEST_F(Manual, NamesOptionsChoicesAndExamples) {
  const std::string text = read_all(page("facet-predict"));
  EXPECT_THAT(text, HasSubstr("\n\\fB\\-f\\fR, \\fB\\-\\-format\\fR \\fITEXT\\fR\n"));
  EXPECT_THAT(text, HasSubstr("One of: table, json, csv, attr\\-list.\nDefault: table.\n"));
  EXPECT_THAT(text, HasSubstr("facet predict group.jpg"));
  EXPECT_THAT(read_all(page("facet-model")), Not(HasSubstr("facet predict group.jpg")));
}

TEST_F(Manual, IsReadByManWithoutAWarning) {
  if (std::system("command -v man >/dev/null") != 0) GTEST_SKIP() << "man-db is not installed";
  for (const auto& entry : fs::directory_iterator(folder_ / "pages" / "man1")) {
    if (entry.path().filename() == "facet-research.1") continue;  // names facet.1
    const std::string command = "LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 '" +
                                entry.path().string() + "' >'" + (folder_ / "text").string() +
                                "' 2>'" + (folder_ / "warnings").string() + "'";
    EXPECT_EQ(std::system(command.c_str()), 0) << entry.path();
    EXPECT_EQ(read_all(folder_ / "warnings"), "") << entry.path();
    EXPECT_THAT(read_all(folder_ / "text"), HasSubstr("facet")) << entry.path();
  }
}

}  // namespace
}  // namespace facet::detail
