// SPDX-License-Identifier: Apache-2.0
// One client: its requests, one after the other.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "http/exchange.hpp"

namespace facet::server {

// What all connections of a server share. Used in the server's one thread.
struct ConnectionShare {
  Application& application;
  const HttpLimits& limits;
  std::size_t body_bytes = 0;  // of all requests that are read or answered now
  bool draining = false;       // every answer is the last one of its connection
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, ConnectionShare& share);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Until the client or one of the limits ends it.
  boost::asio::awaitable<void> run();
  // Answers that there are too many, and ends.
  boost::asio::awaitable<void> refuse();

  // Nothing is asked, nothing is read.
  [[nodiscard]] bool idle() const { return idle_; }
  [[nodiscard]] std::chrono::steady_clock::time_point idle_since() const { return since_; }
  void close();

 private:
  class TimeLimit;
  struct Read;
  struct Waiting;

  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<bool> serve();
  boost::asio::awaitable<void> read_head(Read& read);
  boost::asio::awaitable<void> read_body(Read& read);
  boost::asio::awaitable<std::optional<Response>> answer(Request request);
  boost::asio::awaitable<bool> write(const Request& request, Response response, bool keep_alive,
                                     unsigned version);
  boost::asio::awaitable<void> end_gently();
  void watch_for_end(const std::shared_ptr<Waiting>& waiting);
  void reserve(std::size_t bytes);

  boost::asio::ip::tcp::socket socket_;
  ConnectionShare& share_;
  boost::beast::flat_buffer buffer_;
  boost::asio::steady_timer timer_;
  bool timed_out_ = false;
  bool idle_ = true;
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
  std::size_t reserved_ = 0;  // of share_.body_bytes
};

}  // namespace facet::server
