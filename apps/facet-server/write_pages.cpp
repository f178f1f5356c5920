// SPDX-License-Identifier: Apache-2.0
// write_pages FOLDER: facet-server's page for man and its completions, for the build.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "manual/command_outline.hpp"
#include "manual/completion.hpp"
#include "manual/manual_page.hpp"
#include "server_command.hpp"

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  if (argc != 2) return 2;
  facet::server::ServerCommand command;
  const facet::server::ServerCommandLine line(command);
  const facet::cli::CommandOutline root = facet::cli::outline_of(line.app());
  const fs::path folder = argv[1];
  fs::create_directories(folder / "man1");
  fs::create_directories(folder / "completion");
  bool written = true;
  const auto write = [&](const fs::path& file, const std::string& text) {
    std::ofstream stream(folder / file);
    stream << text;
    written = written && stream.flush();
  };
  write(fs::path("man1") / facet::cli::page_file(root),
        facet::cli::manual_page(root, root, FACET_VERSION));
  write(fs::path("completion") / root.name, facet::cli::bash_completion(root));
  write(fs::path("completion") / ("_" + root.name), facet::cli::zsh_completion(root));
  write(fs::path("completion") / (root.name + ".fish"), facet::cli::fish_completion(root));
  if (!written) std::cerr << folder << ": cannot be written\n";
  return written ? 0 : 1;
}
