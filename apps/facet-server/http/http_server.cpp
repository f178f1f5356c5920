// SPDX-License-Identifier: Apache-2.0
#include "http/http_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <list>
#include <stdexcept>
#include <utility>

#include "http/connection.hpp"

namespace facet::server {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

struct HttpServer::Impl {
  Impl(Application& application, const HttpLimits& given, const std::string& address,
       std::uint16_t port)
      : limits(given),
        share{application, limits},
        acceptor(io),
        signals(io, SIGTERM, SIGINT),
        drain_timer(io) {
    const std::string name = address.find(':') == std::string::npos ? address : '[' + address + ']';
    try {
      const tcp::endpoint endpoint(asio::ip::make_address(address), port);
      acceptor.open(endpoint.protocol());
      acceptor.set_option(tcp::acceptor::reuse_address(true));
      acceptor.bind(endpoint);
      acceptor.listen(1024);
    } catch (const boost::system::system_error& error) {
      throw std::runtime_error("cannot listen on " + name + ':' + std::to_string(port) + ": " +
                               error.code().message());
    }
  }

  // At the limit the client that has been silent for the longest time makes room.
  bool make_room() {
    std::erase_if(connections, [](const auto& one) { return one.expired(); });
    if (connections.size() < limits.connections) return true;
    std::shared_ptr<Connection> oldest;
    for (const auto& one : connections) {
      const auto connection = one.lock();
      if (!connection || !connection->idle()) continue;
      if (!oldest || connection->idle_since() < oldest->idle_since()) oldest = connection;
    }
    if (!oldest) return false;
    oldest->close();
    return true;
  }

  asio::awaitable<void> accept() {
    while (!share.draining) {
      error_code error;
      tcp::socket socket =
          co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) break;
      if (error) {
        // No file descriptors left, or the client was quicker: soon again.
        asio::steady_timer pause(io, std::chrono::milliseconds(50));
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      socket.set_option(tcp::no_delay(true), error);
      const bool room = make_room();
      const auto connection = std::make_shared<Connection>(std::move(socket), share);
      if (room) connections.push_back(connection);
      asio::co_spawn(
          io,
          [this, connection, room]() -> asio::awaitable<void> {
            if (room) {
              co_await connection->run();
            } else {
              co_await connection->refuse();
            }
          },
          [this](const std::exception_ptr&) { end_when_drained(); });
    }
  }

  void drain(std::chrono::milliseconds time, const std::function<void()>& ending) {
    share.draining = true;
    error_code ignored;
    acceptor.close(ignored);
    ending();
    for (const auto& one : connections) {
      const auto connection = one.lock();
      if (connection && connection->idle()) connection->close();
    }
    drain_timer.expires_after(time);
    drain_timer.async_wait([this](const error_code& error) {
      if (!error) io.stop();
    });
    signals.async_wait([this](const error_code& error, int) {
      if (!error) io.stop();
    });
    asio::post(io, [this] { end_when_drained(); });
  }

  void end_when_drained() {
    if (!share.draining) return;
    // The one whose coroutine ends just now still counts: looked at afterwards.
    asio::post(io, [this] {
      for (const auto& one : connections) {
        if (!one.expired()) return;
      }
      io.stop();
    });
  }

  HttpLimits limits;
  ConnectionShare share;
  asio::io_context io{1};  // its connections, which go with it, use what stands above
  tcp::acceptor acceptor;
  asio::signal_set signals;
  asio::steady_timer drain_timer;
  std::list<std::weak_ptr<Connection>> connections;
};

HttpServer::HttpServer(Application& application, const HttpLimits& limits,
                       const std::string& address, std::uint16_t port)
    : impl_(std::make_unique<Impl>(application, limits, address, port)) {
}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return impl_->acceptor.local_endpoint().port();
}

void HttpServer::run(std::chrono::milliseconds drain_time, const std::function<void()>& ending) {
  Impl& impl = *impl_;
  impl.signals.async_wait([&](const error_code& error, int) {
    if (!error) impl.drain(drain_time, ending);
  });
  asio::co_spawn(impl.io, impl.accept(), asio::detached);
  impl.io.run();
}

}  // namespace facet::server
