// SPDX-License-Identifier: Apache-2.0
#include "apps/run_command.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

void redirect(const std::filesystem::path& file, int flags, int descriptor) {
  const int opened = ::open(file.c_str(), flags, 0600);
  if (opened < 0 || ::dup2(opened, descriptor) < 0) ::_exit(126);
}

[[noreturn]] void become_facet(std::vector<std::string> words, const CommandOptions& options,
                               const TemporaryFolder& streams) {
  redirect(streams / "in", O_RDONLY, STDIN_FILENO);
  redirect(streams / "out", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
  redirect(streams / "err", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
  if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) ::_exit(126);
  std::vector<std::string> environment = options.environment;
  for (std::string& entry : environment) ::putenv(entry.data());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(FACET_COMMAND, pointers.data());
  ::_exit(127);
}

}  // namespace

CommandResult run_facet(const std::vector<std::string>& arguments, const CommandOptions& options) {
  const TemporaryFolder streams;
  write_all(streams / "in", options.standard_input);
  std::vector<std::string> words{"facet"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) become_facet(words, options, streams);
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          read_all(streams / "out"), read_all(streams / "err")};
}

}  // namespace facet::detail
