// SPDX-License-Identifier: Apache-2.0
// Answers in JSON, and every error as one envelope: {"error":{"code","message"},"request_id"}.
#pragma once

#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "http/message.hpp"

namespace facet::server {

using Json = nlohmann::ordered_json;

// What is not UTF-8 becomes a replacement character.
std::string json_text(const Json& json);
Response json_response(const Json& json, int status = 200);
Response json_response(std::string text, int status = 200);

// Of a request whose query could not be understood the place is said as well.
Response error_response(const Request& request, const HttpError& error);
Response error_response(const Request& request, const std::exception& error);
// As HTTP sees what facet threw.
HttpError http_error(const std::exception& error);

}  // namespace facet::server
