// SPDX-License-Identifier: Apache-2.0
// The command line of facet-server.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "service/server_options.hpp"

namespace facet::server {

struct ServerCommand {
  ServerOptions options;
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::chrono::milliseconds drain_time{30'000};
};

// The command line as a program, for its pages: what it is told goes into `command`.
class ServerCommandLine {
 public:
  explicit ServerCommandLine(ServerCommand& command);
  ~ServerCommandLine();
  ServerCommandLine(const ServerCommandLine&) = delete;
  ServerCommandLine& operator=(const ServerCommandLine&) = delete;

  [[nodiscard]] const CLI::App& app() const;
  // As read_command().
  std::optional<int> read(int argc, char** argv);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// An exit code where there is nothing more to do. Throws std::runtime_error for options that must
// not stand together.
std::optional<int> read_command(int argc, char** argv, ServerCommand& command);

}  // namespace facet::server
