// SPDX-License-Identifier: Apache-2.0
#include "server_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "facet/version.hpp"

namespace facet::server {
namespace {

constexpr const char* examples = R"(Examples:
  facet index ~/Pictures && facet-server      the page and the interface at http://127.0.0.1:8080/
  facet-server --listen 0.0.0.0 --token-file ~/.config/facet/token
  curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' http://127.0.0.1:8080/v1/predict

It works without an index, too: photos are then described and nothing can be searched. Uploads are
never kept. SIGTERM answers what was asked, and ends.)";

std::string read_token(const std::string& file) {
  std::ifstream stream(file);
  std::string token;
  if (!stream || !std::getline(stream, token)) {
    throw std::runtime_error(file + ": holds no token, or cannot be read");
  }
  while (!token.empty() && (token.back() == '\r' || token.back() == ' ')) token.pop_back();
  constexpr std::size_t fewest = 16;
  if (token.size() < fewest || token.find_first_of(" \t;,\"") != std::string::npos) {
    throw std::runtime_error(file + ": a token has at least 16 characters, and no blanks or ;,\"");
  }
  return token;
}

std::string machine_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

struct Numbers {
  double deadline = 30;
  double drain = 30;
  double header = 10;
  double body = 60;
  double idle = 75;
  std::size_t max_body_megabytes = 32;
  std::size_t max_megapixels = 100;
};

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(std::lround(seconds * 1000));
}

void add_limits(CLI::App& app, ServerCommand& command, Numbers& numbers) {
  const char* group = "Limits";
  const auto number = [&](const char* name, auto& value, const char* text, const char* type,
                          auto least, auto most) {
    app.add_option(name, value, text)
        ->check(CLI::Range(least, most))
        ->type_name(type)
        ->capture_default_str()
        ->group(group);
  };
  number("--max-body", numbers.max_body_megabytes, "Largest request", "MIB", std::size_t{1},
         std::size_t{1024});
  number("--max-megapixels", numbers.max_megapixels,
         "Photos above this are refused before they are decoded", "N", std::size_t{1},
         std::size_t{1000});
  number("--max-photos", command.options.max_photos, "Photos of one request", "N", std::size_t{1},
         std::size_t{64});
  number("--max-waiting", command.options.max_waiting,
         "Photos that wait; more requests are answered by 429", "N", std::size_t{1},
         std::size_t{100'000});
  number("--max-connections", command.options.http.connections, "Clients at once", "N",
         std::size_t{1}, std::size_t{100'000});
  number("--deadline", numbers.deadline, "A request that waits longer is given up: 503", "SECONDS",
         0.01, 3600.0);
  number("--header-time", numbers.header, "A client's time to send a header", "SECONDS", 0.1,
         600.0);
  number("--body-time", numbers.body, "A client's time to send a photo", "SECONDS", 0.1, 3600.0);
  number("--idle-time", numbers.idle, "Silence after which a client is forgotten", "SECONDS", 0.1,
         3600.0);
  number("--drain-time", numbers.drain, "After SIGTERM: time to answer what was asked", "SECONDS",
         0.0, 3600.0);
}

void add_access(CLI::App& app, ServerCommand& command, std::string& token_file,
                std::vector<std::string>& hosts, std::vector<std::string>& origins) {
  const char* group = "Who may ask";
  app.add_option("-p,--port", command.port, "Port; 0: any that is free")
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--listen", command.address,
                 "Address to listen on; any but this machine's own needs --token-file")
      ->type_name("ADDRESS")
      ->capture_default_str()
      ->group(group);
  app.add_option("--token-file", token_file,
                 "File whose first line every request must bring (Authorization: Bearer …)")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--allow-host", hosts,
                 "Another name that the server goes by, e.g. that of a proxy before it")
      ->type_name("NAME")
      ->group(group);
  app.add_option("--allow-origin", origins,
                 "A site whose pages may ask, e.g. https://photos.example; none otherwise")
      ->type_name("ORIGIN")
      ->group(group);
}

}  // namespace

struct ServerCommandLine::Impl {
  explicit Impl(ServerCommand& target)
      : command(target),
        app("Serves facet over HTTP: describes photos, searches an index, shows a page.",
            "facet-server") {
    ServerOptions& options = command.options;
    app.set_version_flag("--version", "facet-server " + library_version());
    app.footer(examples);
    app.add_option("--db", options.db,
                   "The index: a file, or postgresql://… (default: $FACET_DB, then "
                   "~/.local/share/facet/index.db)")
        ->type_name("FILE|URL");
    app.add_flag("--read-only", options.read_only, "Nobody may correct labels of the index");
    app.add_option("-m,--model", options.model, "Model file")->type_name("FILE");
    app.add_option("-t,--threads", options.threads,
                   "Threads that describe photos; 0: as many as the machine has")
        ->check(CLI::Range(0, 1024))
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--precision", precision, "How networks compute")
        ->check(CLI::IsMember({"auto", "fp32", "bf16"}))
        ->capture_default_str();
    app.add_flag("--log-requests", options.log_requests, "A line a request on standard error");
    add_access(app, command, token_file, hosts, origins);
    add_limits(app, command, numbers);
  }

  ServerCommand& command;
  CLI::App app;
  std::string precision = "auto";
  std::string token_file;
  std::vector<std::string> hosts;
  std::vector<std::string> origins;
  Numbers numbers;
};

ServerCommandLine::ServerCommandLine(ServerCommand& command)
    : impl_(std::make_unique<Impl>(command)) {
}
ServerCommandLine::~ServerCommandLine() = default;

const CLI::App& ServerCommandLine::app() const {
  return impl_->app;
}

std::optional<int> ServerCommandLine::read(int argc, char** argv) {
  ServerCommand& command = impl_->command;
  ServerOptions& options = command.options;
  const Numbers& numbers = impl_->numbers;
  try {
    impl_->app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return impl_->app.exit(error) == 0 ? 0 : 2;
  }
  if (impl_->precision == "fp32") options.precision = Precision::fp32;
  if (impl_->precision == "bf16") options.precision = Precision::bf16;
  if (!impl_->token_file.empty()) options.access.token = read_token(impl_->token_file);
  if (command.address == "localhost") command.address = "127.0.0.1";
  if (options.access.token.empty() && !is_loopback(command.address)) {
    throw std::runtime_error("--listen " + command.address +
                             " lets others in: name a file with a token by --token-file");
  }
  options.access.hosts.insert(host_name(machine_name()));
  for (const std::string& host : impl_->hosts) options.access.hosts.insert(host_name(host));
  options.access.origins.insert(impl_->origins.begin(), impl_->origins.end());
  if (options.threads == 0) {
    options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  }
  options.max_body = numbers.max_body_megabytes << 20;
  options.max_pixels = static_cast<std::int64_t>(numbers.max_megapixels) * 1'000'000;
  options.http.answer_time = milliseconds(numbers.deadline);
  options.http.header_time = milliseconds(numbers.header);
  options.http.body_time = milliseconds(numbers.body);
  options.http.idle_time = milliseconds(numbers.idle);
  options.http.waiting_body_bytes = std::max(options.http.waiting_body_bytes, 2 * options.max_body);
  command.drain_time = milliseconds(numbers.drain);
  return std::nullopt;
}

std::optional<int> read_command(int argc, char** argv, ServerCommand& command) {
  return ServerCommandLine(command).read(argc, argv);
}

}  // namespace facet::server
