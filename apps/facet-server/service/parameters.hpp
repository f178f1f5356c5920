// SPDX-License-Identifier: Apache-2.0
// Parameters of a request, each with its range.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace facet::server {

// Throws HttpError(400) for what is no number, or not finite.
float read_number(const std::string& name, std::string_view text);

// Each throws HttpError(400) that names the parameter; nothing where it is not there.
class ParameterReader {
 public:
  explicit ParameterReader(const Parameters& parameters) : parameters_(parameters) {}

  std::optional<std::string> text(const std::string& name);
  std::optional<float> number(const std::string& name, float least, float most);
  std::optional<std::int64_t> integer(const std::string& name, std::int64_t least,
                                      std::int64_t most);
  std::optional<std::string> choice(const std::string& name,
                                    std::initializer_list<std::string_view> words);
  std::optional<bool> flag(const std::string& name);  // true, false, 1, 0
  // For a parameter that nobody asked for: a slip would otherwise pass unseen.
  void refuse_others() const;

 private:
  const Parameters& parameters_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace facet::server
