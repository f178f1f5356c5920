// SPDX-License-Identifier: Apache-2.0
// facet-server: facet over HTTP, and its page.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>

#include "http/http_server.hpp"
#include "server_command.hpp"
#include "service/facet_application.hpp"

namespace facet::server {
namespace {

// A connection needs a file descriptor.
void allow_many_files(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, std::max<rlim_t>(limit.rlim_cur, wanted));
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

int serve(const ServerCommand& command) {
  allow_many_files(command.options.http.connections + 256);
  // Signals are taken by the server's one thread; a client that is gone must not end the program.
  ::signal(SIGPIPE, SIG_IGN);
  std::atomic<bool> failed = false;
  const auto load_failed = [&](const std::string& what) {
    std::cerr << "facet-server: " << what << std::endl;
    failed = true;
    ::kill(::getpid(), SIGTERM);
  };
  auto application = std::make_unique<FacetApplication>(command.options);
  HttpServer server(*application, command.options.http, command.address, command.port);
  application->load_model(load_failed);
  const bool ipv6 = command.address.find(':') != std::string::npos;
  std::cout << "facet-server: http://" << (ipv6 ? "[" : "") << command.address << (ipv6 ? "]" : "")
            << ':' << server.port() << "/" << std::endl;
  server.run(command.drain_time, [&] { application->set_draining(); });
  application.reset();  // before the server: its threads hand their answers there
  return failed ? 2 : 0;
}

}  // namespace
}  // namespace facet::server

int main(int argc, char** argv) {
  using namespace facet::server;
  try {
    ServerCommand command;
    if (const auto code = read_command(argc, argv, command)) return *code;
    return serve(command);
  } catch (const std::exception& error) {
    std::cerr << "facet-server: " << error.what() << std::endl;
    return 2;
  }
}
