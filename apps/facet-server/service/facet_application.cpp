// SPDX-License-Identifier: Apache-2.0
#include "service/facet_application.hpp"

#include <cstdio>
#include <utility>

#include "facet/version.hpp"
#include "service/envelope.hpp"
#include "service/page_files.hpp"
#include "service/photo_request.hpp"

namespace facet::server {
namespace {

// Reading photos' files and asking the index mostly waits for the disk.
constexpr int kTaskThreads = 3;
constexpr std::size_t kMostTasks = 1024;
constexpr std::size_t kMostSessionBytes = 4096;

bool is_preflight(const Request& request) {
  return request.method == "OPTIONS" && !request.header("access-control-request-method").empty();
}

}  // namespace

FacetApplication::FacetApplication(const ServerOptions& options)
    : options_(options),
      access_(options.access),
      tasks_(kTaskThreads, kMostTasks),
      predict_(options, tasks_, metrics_),
      index_(options, tasks_, [this] { return predict_.model(); }) {
  add_routes();
}

void FacetApplication::add_routes() {
  const auto open = [this](const char* method, const char* pattern,
                           Response (FacetApplication::*page)(const Request&), std::size_t body) {
    Route route{method, pattern, [this, page](const ExchangePtr& exchange) {
                  exchange->reply((this->*page)(exchange->request));
                }};
    route.open = true;
    route.most_body = body;
    routes_.add(std::move(route));
  };
  open("POST", "/v1/session", &FacetApplication::begin_session, kMostSessionBytes);
  open("DELETE", "/v1/session", &FacetApplication::end_session, 0);
  Route health{"GET", "/v1/health", [this](const ExchangePtr& exchange) {
                 tasks_.answer(exchange, [this] { return this->health(); });
               }};
  health.open = true;
  routes_.add(std::move(health));
  Route description{"GET", "/v1/openapi.json", [](const ExchangePtr& exchange) {
                      exchange->reply(description_response(exchange->request));
                    }};
  description.open = true;
  routes_.add(std::move(description));
  routes_.add({"GET", "/metrics", [this](const ExchangePtr& exchange) {
                 Response response;
                 response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
                 response.body = metrics_.text();
                 exchange->reply(std::move(response));
               }});
  predict_.add_routes(routes_);
  index_.add_routes(routes_);
}

std::size_t FacetApplication::admit(const Request& head) {
  access_.check_origin(head);
  if (is_preflight(head)) return 0;
  if (has_page_file(head.path)) {
    if (head.method != "GET" && head.method != "HEAD") {
      throw HttpError(405, "method_not_allowed", "this address takes GET", {{"Allow", "GET"}});
    }
    return 0;
  }
  const RouteTable::Match match = routes_.find(head.method, head.path);
  if (!match.route->open) access_.check_token(head);
  if (match.route->checks_body_kind) (void)photo_form(head);
  return match.route->most_body;
}

void FacetApplication::answer(const ExchangePtr& exchange) {
  const Request& request = exchange->request;
  try {
    if (is_preflight(request)) {
      exchange->reply(preflight(request));
    } else if (has_page_file(request.path)) {
      exchange->reply(page_response(request));
    } else {
      RouteTable::Match match = routes_.find(request.method, request.path);
      exchange->captured = std::move(match.captured);
      match.route->answer(exchange);
    }
  } catch (const HttpError&) {
    throw;
  } catch (const std::exception& error) {
    throw http_error(error);
  }
}

Response FacetApplication::error(const Request& request, const HttpError& error) {
  return error_response(request, error);
}

void FacetApplication::finish(const Request& request, Response& response,
                              std::chrono::steady_clock::duration took) {
  response.headers.emplace_back("X-Request-Id", request.id);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  const Headers cross = access_.cross_origin_headers(request);
  response.headers.insert(response.headers.end(), cross.begin(), cross.end());
  if (cross.empty()) {
    response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  }
  const std::string route = has_page_file(request.path) ? "page" : routes_.pattern_of(request.path);
  metrics_.count_request(route, request.method, response.status, took);
  if (!options_.log_requests && response.status != 500) return;
  const double milliseconds = std::chrono::duration<double, std::milli>(took).count();
  // The path alone: queries are people's own. No control character reaches the log.
  std::string path;
  for (const char c : request.path) path += c < ' ' || c == 127 ? '?' : c;
  std::fprintf(stderr, "%s %s %s %d %.1f ms%s%s\n", request.id.c_str(), request.method.c_str(),
               path.c_str(), response.status, milliseconds, response.status == 500 ? " " : "",
               response.status == 500 ? response.text().c_str() : "");
}

Response FacetApplication::health() {
  const auto model = predict_.model();
  const char* status = draining_ ? "draining" : model ? "ok" : "loading";
  Json json = {{"status", status}, {"version", library_version()}};
  if (model) json["model"] = model->name() + ' ' + model->version();
  json["index"] = index_.health();
  json["token_required"] = access_.asks_for_token();
  json["uptime_seconds"] =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  Response response = json_response(json, model && !draining_ ? 200 : 503);
  if (response.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Response FacetApplication::begin_session(const Request& request) {
  const Json json = Json::parse(request.body, nullptr, false);
  if (!json.is_object() || !json.contains("token") || !json["token"].is_string()) {
    throw HttpError(400, "bad_request", "the body is not {\"token\": …}");
  }
  Response response;
  response.status = 204;
  if (!access_.asks_for_token()) return response;
  if (!access_.is_token(json["token"].get<std::string>())) {
    throw HttpError(401, "unauthorized", "the token is wrong", {{"WWW-Authenticate", "Bearer"}});
  }
  response.headers.emplace_back("Set-Cookie", "facet_session=" + access_.sessions().begin() +
                                                  "; Path=/; HttpOnly; SameSite=Strict");
  return response;
}

Response FacetApplication::end_session(const Request& request) {
  access_.sessions().end(Access::session_of(request));
  Response response;
  response.status = 204;
  response.headers.emplace_back("Set-Cookie",
                                "facet_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
  return response;
}

Response FacetApplication::preflight(const Request& request) const {
  if (access_.cross_origin_headers(request).empty()) {
    throw HttpError(403, "forbidden", "pages of other sites may not ask this server");
  }
  Response response;
  response.status = 204;
  response.headers = {{"Access-Control-Allow-Methods", "GET, POST, PUT, DELETE"},
                      {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                      {"Access-Control-Max-Age", "600"}};
  return response;
}

}  // namespace facet::server
