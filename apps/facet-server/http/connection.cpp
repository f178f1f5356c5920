// SPDX-License-Identifier: Apache-2.0
#include "http/connection.hpp"

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "http/header_text.hpp"
#include "http/target.hpp"

namespace facet::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;

namespace {

// What is read from the client at once.
constexpr std::size_t kReadBytes = 64 * 1024;
// What is still read, and dropped, of a request that was refused: a client that is cut off while
// it sends never sees the answer.
constexpr std::size_t kMostDropped = std::size_t{64} << 20;
constexpr auto kDropTime = std::chrono::seconds(3);

// Not to be guessed, so that a log's lines are told apart over restarts.
std::string request_id() {
  static thread_local std::mt19937_64 random(std::random_device{}());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string id;
  for (std::uint64_t bits = random(), n = 0; n < 16; ++n, bits >>= 4) id += digits[bits & 15];
  return id;
}

// A client that is gone is a system_error; one that sends what is no request gets an answer.
[[noreturn]] void throw_read_error(const error_code& error) {
  const bool gone = error.category() == asio::error::get_system_category() ||
                    error == asio::error::eof || error == http::error::end_of_stream ||
                    error == http::error::partial_message;
  if (gone) throw boost::system::system_error(error);
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    throw HttpError(431, "header_too_large", "the header is too long");
  }
  if (error == http::error::body_limit) throw HttpError(413, "too_large", "the body is too large");
  throw HttpError(400, "bad_request", "not a request of HTTP/1.1: " + error.message());
}

}  // namespace

// Ends what the socket waits for when the time is over.
class Connection::TimeLimit {
 public:
  TimeLimit(Connection& connection, Clock::duration time) : connection_(connection) {
    connection_.timed_out_ = false;
    connection_.timer_.expires_after(time);
    connection_.timer_.async_wait([weak = connection_.weak_from_this()](const error_code& failed) {
      const auto self = weak.lock();
      if (failed || !self || self->timer_.expiry() > Clock::now()) return;
      self->timed_out_ = true;
      error_code ignored;
      self->socket_.cancel(ignored);
    });
  }
  ~TimeLimit() { connection_.timer_.cancel(); }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

 private:
  Connection& connection_;
};

// A request that is being answered.
struct Connection::Waiting {
  explicit Waiting(const asio::any_io_executor& executor) : timer(executor) {}

  std::atomic<bool> replied = false;
  std::optional<Response> response;  // as the rest, of the server's thread alone
  bool gone = false;                 // the client
  std::stop_source stop;
  asio::steady_timer timer;
};

struct Connection::Read {
  http::request_parser<http::string_body> parser;
  Request request;
  bool whole = false;  // nothing of the request is left in the socket
};

Connection::Connection(tcp::socket socket, ConnectionShare& share)
    : socket_(std::move(socket)),
      share_(share),
      buffer_(share.limits.header_bytes + 2 * kReadBytes),
      timer_(socket_.get_executor()) {
}

Connection::~Connection() {
  share_.body_bytes -= reserved_;
}

void Connection::close() {
  idle_ = false;
  error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
}

void Connection::reserve(std::size_t bytes) {
  if (bytes <= reserved_) return;
  const std::size_t more = bytes - reserved_;
  if (share_.body_bytes + more > share_.limits.waiting_body_bytes) {
    throw HttpError(429, "too_many_requests", "too much is being sent already",
                    {{"Retry-After", "2"}});
  }
  share_.body_bytes += more;
  reserved_ = bytes;
}

asio::awaitable<void> Connection::run() {
  const auto self = shared_from_this();
  bool more = true;
  while (more && !share_.draining) {
    more = co_await wait_for_request();
    if (!more) break;
    idle_ = false;
    more = co_await serve();
    share_.body_bytes -= reserved_;
    reserved_ = 0;
    since_ = Clock::now();
    idle_ = true;
  }
  close();
}

// False where the client ended, or never began.
asio::awaitable<bool> Connection::wait_for_request() {
  if (buffer_.size() > 0) co_return true;
  const TimeLimit limit(*this, share_.limits.idle_time);
  error_code error;
  co_await socket_.async_wait(tcp::socket::wait_read,
                              asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

asio::awaitable<void> Connection::refuse() {
  const auto self = shared_from_this();
  idle_ = false;
  Request request;
  request.id = request_id();
  const HttpError error(503, "too_many_requests", "too many connections", {{"Retry-After", "2"}});
  co_await write(request, share_.application.error(request, error), false, 11);
  close();
}

// False where the connection is to end.
asio::awaitable<bool> Connection::serve() {
  Read read;
  const Clock::time_point began = Clock::now();
  read.request.id = request_id();
  std::optional<Response> response;
  bool lost = false;  // the client is gone
  try {
    co_await read_head(read);
    co_await read_body(read);
  } catch (const HttpError& error) {
    response = share_.application.error(read.request, error);
  } catch (const boost::system::system_error&) {
    lost = true;
  }
  if (lost) co_return false;
  // The body is given away, the rest is needed for the answer.
  std::string body = std::move(read.request.body);
  const Request head = read.request;
  read.request.body = std::move(body);
  const unsigned version = read.parser.get().version() == 10 ? 10 : 11;
  if (!response) {
    response = co_await answer(std::move(read.request));
    if (!response) co_return false;
  }
  const bool keep_alive = read.whole && read.parser.get().keep_alive() && !share_.draining;
  share_.application.finish(head, *response, Clock::now() - began);
  const bool written = co_await write(head, std::move(*response), keep_alive, version);
  if (!written) co_return false;
  if (!keep_alive) co_await end_gently();
  co_return keep_alive;
}

asio::awaitable<void> Connection::read_head(Read& read) {
  read.parser.header_limit(static_cast<std::uint32_t>(share_.limits.header_bytes));
  read.parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // until it is known
  error_code error;
  {
    const TimeLimit limit(*this, share_.limits.header_time);
    co_await http::async_read_header(socket_, buffer_, read.parser,
                                     asio::redirect_error(asio::use_awaitable, error));
  }
  if (timed_out_) throw HttpError(408, "timed_out", "the header came too slowly");
  if (error) throw_read_error(error);
  const auto& message = read.parser.get();
  Request& request = read.request;
  request.method = std::string(message.method_string());
  for (const auto& field : message) {
    const auto [at, is_new] = request.headers.emplace(
        lower_case(std::string_view(field.name_string().data(), field.name_string().size())),
        std::string(field.value()));
    if (!is_new && at->first == "host") {
      throw HttpError(400, "bad_request", "the header names two hosts");
    }
  }
  Target target = read_target(std::string_view(message.target().data(), message.target().size()));
  request.path = std::move(target.path);
  request.query = std::move(target.query);
  if (share_.draining) {
    throw HttpError(503, "draining", "the server ends", {{"Retry-After", "10"}});
  }
  const std::size_t most = share_.application.admit(request);
  const auto stated = read.parser.content_length();
  if (stated && *stated > most) {
    throw HttpError(413, "too_large",
                    "the body has " + std::to_string(*stated) + " bytes, " + std::to_string(most) +
                        " are taken");
  }
  if (stated) reserve(static_cast<std::size_t>(*stated));
  read.parser.body_limit(most);
}

asio::awaitable<void> Connection::read_body(Read& read) {
  const TimeLimit limit(*this, share_.limits.body_time);
  error_code error;
  if (!read.parser.is_done() && lower_case(read.request.header("expect")) == "100-continue") {
    const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(socket_, asio::buffer(go_on),
                               asio::redirect_error(asio::use_awaitable, error));
    if (error) throw boost::system::system_error(error);
  }
  while (!read.parser.is_done()) {
    co_await http::async_read_some(socket_, buffer_, read.parser,
                                   asio::redirect_error(asio::use_awaitable, error));
    if (timed_out_) throw HttpError(408, "timed_out", "the body came too slowly");
    if (error) throw_read_error(error);
    reserve(read.parser.get().body().size());
  }
  read.request.body = std::move(read.parser.get().body());
  read.whole = true;
}

// Nothing where the client is gone.
asio::awaitable<std::optional<Response>> Connection::answer(Request request) {
  const auto waiting = std::make_shared<Waiting>(socket_.get_executor());
  const auto exchange = std::make_shared<Exchange>();
  exchange->request = std::move(request);
  exchange->stop = waiting->stop.get_token();
  exchange->began = Clock::now();
  exchange->deadline = exchange->began + share_.limits.answer_time;
  exchange->reply = [waiting, executor = socket_.get_executor()](Response response) {
    if (waiting->replied.exchange(true)) return;
    asio::post(executor, [waiting, response = std::move(response)]() mutable {
      waiting->response = std::move(response);
      waiting->timer.cancel();
    });
  };
  try {
    share_.application.answer(exchange);
  } catch (const HttpError& error) {
    waiting->replied = true;
    waiting->response = share_.application.error(exchange->request, error);
  }
  if (!waiting->response) {
    watch_for_end(waiting);
    waiting->timer.expires_at(exchange->deadline);
    error_code error;
    co_await waiting->timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    error_code ignored;
    socket_.cancel(ignored);  // what watches for the end
  }
  if (waiting->response) co_return std::move(*waiting->response);
  waiting->stop.request_stop();
  if (waiting->gone) co_return std::nullopt;
  co_return share_.application.error(
      exchange->request,
      HttpError(503, "timed_out", "the deadline passed before there was an answer",
                {{"Retry-After", "2"}}));
}

// A client that goes away while it is answered has no more use for the work.
void Connection::watch_for_end(const std::shared_ptr<Waiting>& waiting) {
  socket_.async_wait(
      tcp::socket::wait_read, [self = shared_from_this(), waiting](const error_code& error) {
        if (error) return;
        char byte = 0;
        const auto count = ::recv(self->socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        const bool more = count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
        if (more) return;  // the next request already
        waiting->gone = true;
        waiting->stop.request_stop();
        waiting->timer.cancel();
      });
}

// False where the client did not take it.
asio::awaitable<bool> Connection::write(const Request& request, Response response, bool keep_alive,
                                        unsigned version) {
  const std::string& body = response.text();
  const bool bare = response.status == 204 || response.status == 304;
  const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
  std::string head =
      "HTTP/1." + std::to_string(version % 10) + ' ' + std::to_string(response.status) + ' ';
  head.append(reason.data(), reason.size());
  head += "\r\n";
  for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
  if (!bare) head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  const bool with_body = !bare && request.method != "HEAD";
  const std::array<asio::const_buffer, 2> pieces = {
      asio::buffer(head), with_body ? asio::buffer(body) : asio::const_buffer()};
  const TimeLimit limit(*this, share_.limits.write_time);
  error_code error;
  co_await asio::async_write(socket_, pieces, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

// Says that no more comes, and waits a little for the client to end.
asio::awaitable<void> Connection::end_gently() {
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  const TimeLimit limit(*this, kDropTime);
  std::vector<char> dropped(kReadBytes);
  for (std::size_t bytes = 0; !error && bytes < kMostDropped;) {
    bytes += co_await socket_.async_read_some(asio::buffer(dropped),
                                              asio::redirect_error(asio::use_awaitable, error));
  }
}

}  // namespace facet::server
