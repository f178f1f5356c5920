// SPDX-License-Identifier: Apache-2.0
#include "service/envelope.hpp"

#include <new>

#include "facet/error.hpp"
#include "index/query/query_error.hpp"

namespace facet::server {

std::string json_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Response json_response(const Json& json, int status) {
  return json_response(json_text(json), status);
}

Response json_response(std::string text, int status) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = std::move(text);
  return response;
}

Response error_response(const Request& request, const HttpError& error) {
  Json json = {{"error", {{"code", error.code()}, {"message", error.what()}}},
               {"request_id", request.id}};
  Response response = json_response(json, error.status());
  response.headers.insert(response.headers.end(), error.headers().begin(), error.headers().end());
  return response;
}

Response error_response(const Request& request, const std::exception& error) {
  if (const auto* query = dynamic_cast<const detail::QueryError*>(&error)) {
    const detail::QuerySpan span = query->span();
    return json_response(Json{{"error",
                               {{"code", "bad_query"},
                                {"message", query->what()},
                                {"span", {{"first", span.first}, {"count", span.count}}}}},
                              {"request_id", request.id}},
                         400);
  }
  return error_response(request, http_error(error));
}

HttpError http_error(const std::exception& error) {
  if (const auto* known = dynamic_cast<const HttpError*>(&error)) return *known;
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return {503, "too_many_requests", "not enough memory", {{"Retry-After", "5"}}};
  }
  const auto* own = dynamic_cast<const Error*>(&error);
  if (own == nullptr) return {500, "internal", error.what()};
  switch (own->code()) {
    case ErrorCode::invalid_argument:
    case ErrorCode::bad_label:
    case ErrorCode::unsupported:
      return {400, "invalid_argument", own->what()};
    case ErrorCode::not_found:
      return {404, "not_found", own->what()};
    case ErrorCode::unreadable:
      return {422, "unreadable", own->what()};
    case ErrorCode::too_large:
      return {413, "too_large", own->what()};
    case ErrorCode::cancelled:
    case ErrorCode::timed_out:
      return {503, "timed_out", own->what(), {{"Retry-After", "2"}}};
    case ErrorCode::out_of_memory:
      return {503, "too_many_requests", own->what(), {{"Retry-After", "5"}}};
    case ErrorCode::bad_model:
    case ErrorCode::io:
    case ErrorCode::internal:
      break;
  }
  return {500, "internal", own->what()};
}

}  // namespace facet::server
