// SPDX-License-Identifier: Apache-2.0
#include "index/labels/answers.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "facet/error.hpp"
#include "index/labels/answer_json.hpp"

namespace facet::detail {

std::optional<bool> read_yes_or_no(std::string_view word) {
  std::string lower(word);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const std::string_view yes : {"1", "+1", "true", "yes", "y", "present"}) {
    if (lower == yes) return true;
  }
  for (const std::string_view no : {"0", "-1", "false", "no", "n", "absent"}) {
    if (lower == no) return false;
  }
  return std::nullopt;
}

std::vector<FaceAnswer> read_answers(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    throw Error(ErrorCode::not_found, file.string() + ": no such file");
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(stream), {});
  if (!stream && text.empty()) throw Error(ErrorCode::io, file.string() + ": cannot be read");
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  const std::string name = file.string();
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) bad_answer(name, "is empty");
  if (text[first] == '[') return read_label_studio(name, text);
  if (text[first] != '{') return read_answer_table(name, text);
  // One object is COCO, or one photo of facet's own form, which has one a line.
  const auto whole = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (whole.is_discarded()) return read_json_lines(name, text);
  if (member(whole, "annotations") != nullptr) return read_coco(name, text);
  return read_json_lines(name,
                         whole.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace facet::detail
