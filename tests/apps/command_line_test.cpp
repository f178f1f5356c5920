// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "apps/run_command.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(CommandLine, AnswersVersionAndHelpOnStandardOutput) {
  const CommandResult version = run_facet({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_EQ(version.out, std::string("facet ") + FACET_VERSION + "\n");
  EXPECT_EQ(version.err, "");
  const CommandResult help = run_facet({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("Examples:"));
  for (const char* command : {"predict", "locate", "model"}) {
    EXPECT_THAT(help.out, HasSubstr(command));
  }
  EXPECT_THAT(run_facet({"predict", "--help"}).out, HasSubstr("--annotate"));
}

TEST(CommandLine, SaysWhichFormatsAreReadAndWhatIsMissing) {
  CommandOptions options;
  options.environment = {"FACET_GIF_PLUGIN=/nowhere/libfacet_gif.so"};
  const CommandResult result = run_facet({"formats"}, options);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("JPEG, PNG, WebP, BMP"));
  EXPECT_THAT(result.out, HasSubstr("libgif-dev"));
}

// As where it is installed without the researchers' program.
TEST(CommandLine, SaysWhichCommandsAreInAnotherProgram) {
  const TemporaryFolder folder;
  std::filesystem::copy_file(FACET_COMMAND, folder / "facet");
  const auto error_of = [&](const std::string& arguments) {
    const std::string command =
        "cd '" + folder.path().string() + "' && ./facet " + arguments + " >out 2>err";
    EXPECT_NE(std::system(command.c_str()), 0) << arguments;
    return read_all(folder / "err");
  };
  EXPECT_THAT(error_of("teach Hat"), HasSubstr("teach is a command of the program facet-research"));
  EXPECT_THAT(error_of("model export m --onnx out"), HasSubstr("model export is a command of"));
  EXPECT_THAT(error_of("predict /no/photo"), Not(HasSubstr("facet-research")));
}

TEST(CommandLine, TakesWrongUsageForAFailure) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"frobnicate"},
      {"predict"},
      {"predict", "a.jpg", "--format", "xml"},
      {"predict", "a.jpg", "--threads", "0"},
      {"predict", "a.jpg", "--min-size", "3"},
      {"predict", "a.jpg", "--min-size", "small"},
      {"predict", "a.jpg", "--max-pixels", "many"},
      {"locate", "a.jpg", "--all", "--dominant"},
      {"locate", "a.jpg", "--format", "table"},
      {"model"},
  };
  for (const std::vector<std::string>& arguments : wrong) {
    const CommandResult result = run_facet(arguments);
    EXPECT_EQ(result.exit_code, 2) << ::testing::PrintToString(arguments);
    EXPECT_EQ(result.out, "") << ::testing::PrintToString(arguments);
    EXPECT_NE(result.err, "") << ::testing::PrintToString(arguments);
  }
}

}  // namespace
}  // namespace facet::detail
