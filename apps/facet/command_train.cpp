#include "command_train.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "exit_code.hpp"

namespace facet::cli {
namespace {

namespace fs = std::filesystem;

// Replaces this process by the companion; returns only where that is impossible.
int start_companion(const std::vector<std::string>& arguments) {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const std::string companion = (self.parent_path() / "facet-train").string();
  if (error || !fs::exists(companion, error)) {
    std::cerr << "facet: training needs the program facet-train beside facet (" << companion
              << "); build it with -DFACET_TRAINING=ON\n";
    return exit_failed;
  }
  std::vector<std::string> words = {companion};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(companion.c_str(), pointers.data());
  std::cerr << "facet: cannot start " << companion << ": " << std::strerror(errno) << '\n';
  return exit_failed;
}

}  // namespace

void add_train_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("train", "Train a model: RECIPE --data DIR --out DIR [...]");
  // Everything after the command belongs to the companion, --help included.
  sub->prefix_command();
  sub->set_help_flag();
  sub->callback([sub, &action] {
    const std::vector<std::string> arguments = sub->remaining();
    action = [arguments] { return start_companion(arguments); };
  });
}

}  // namespace facet::cli
