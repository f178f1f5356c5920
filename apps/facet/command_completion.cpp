// SPDX-License-Identifier: Apache-2.0
#include "command_completion.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "base/atomic_file.hpp"
#include "base/output_file.hpp"
#include "exit_code.hpp"
#include "facet/error.hpp"
#include "manual/command_outline.hpp"
#include "manual/completion.hpp"
#include "manual/manual_page.hpp"

namespace facet::cli {
using namespace detail;
namespace {

namespace fs = std::filesystem;

std::string completion_for(const std::string& shell, const CommandOutline& root) {
  if (shell == "bash") return bash_completion(root);
  if (shell == "zsh") return zsh_completion(root);
  return fish_completion(root);
}

int print_completion(const std::string& shell, const CLI::App& app) {
  OutputFile output;
  output.stream() << completion_for(shell, outline_of(app));
  output.commit();
  return exit_ok;
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw Error(ErrorCode::io, folder.string() + ": cannot create folder: " + error.message());
  }
}

void write_text(const fs::path& path, const std::string& text) {
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

// man1/ and completion/ in the folder, under the names by which man and the shells find them.
int write_pages(const fs::path& folder, const CLI::App& app) {
  const CommandOutline root = outline_of(app);
  make_folder(folder / "man1");
  make_folder(folder / "completion");
  for (const CommandOutline* command : all_commands(root)) {
    write_text(folder / "man1" / page_file(*command), manual_page(*command, root, FACET_VERSION));
  }
  // The program that facet turns into is called like this page; there is no more to say of it.
  write_text(folder / "man1" / (root.name + "-research.1"), ".so man1/" + page_file(root) + "\n");
  write_text(folder / "completion" / root.name, bash_completion(root));
  write_text(folder / "completion" / ("_" + root.name), zsh_completion(root));
  write_text(folder / "completion" / (root.name + ".fish"), fish_completion(root));
  return exit_ok;
}

}  // namespace

void add_completion_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub =
      app.add_subcommand("completion", "Print what a shell needs to complete this command");
  const auto shell = std::make_shared<std::string>();
  sub->add_option("shell", *shell, "Which shell")
      ->required()
      ->type_name("SHELL")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  sub->footer(
      "Debian's package installs it already. Elsewhere:\n"
      "  facet completion bash > ~/.local/share/bash-completion/completions/facet\n"
      "  facet completion zsh > DIR/_facet          # DIR being in $fpath\n"
      "  facet completion fish > ~/.config/fish/completions/facet.fish");
  sub->callback(
      [shell, &app, &action] { action = [shell, &app] { return print_completion(*shell, app); }; });

  CLI::App* manual = app.add_subcommand("manual", "Write pages for man and all completions");
  manual->group("");  // for the build, not for users
  const auto folder = std::make_shared<std::string>();
  manual->add_option("folder", *folder, "Folder to write to")->required()->type_name("DIR");
  manual->callback(
      [folder, &app, &action] { action = [folder, &app] { return write_pages(*folder, app); }; });
}

}  // namespace facet::cli
