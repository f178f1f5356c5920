// SPDX-License-Identifier: Apache-2.0
#include "apps/run_command.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
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

struct RunningFacet::Streams {
  TemporaryFolder folder;
};

RunningFacet::RunningFacet(const std::vector<std::string>& arguments, const CommandOptions& options)
    : streams_(std::make_unique<Streams>()) {
  write_all(streams_->folder / "in", options.standard_input);
  std::vector<std::string> words{"facet"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  child_ = ::fork();
  if (child_ < 0) throw std::runtime_error("cannot fork");
  if (child_ == 0) become_facet(words, options, streams_->folder);
}

RunningFacet::~RunningFacet() {
  if (child_ < 0) return;
  send(SIGKILL);
  wait();
}

void RunningFacet::send(int signal) const {
  ::kill(child_, signal);
}

CommandResult RunningFacet::wait() {
  int status = 0;
  ::waitpid(child_, &status, 0);
  child_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out(), err()};
}

std::string RunningFacet::out() const {
  return read_all(streams_->folder / "out");
}

std::string RunningFacet::err() const {
  return read_all(streams_->folder / "err");
}

CommandResult run_facet(const std::vector<std::string>& arguments, const CommandOptions& options) {
  return RunningFacet(arguments, options).wait();
}

}  // namespace facet::detail
