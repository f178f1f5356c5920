// SPDX-License-Identifier: Apache-2.0
// The forms with a line for each piece: JSON lines and CSV.
#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "base/csv.hpp"
#include "index/labels/answer_json.hpp"
#include "index/labels/answers.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

void add_said(const json& said, const FaceAnswer& start, std::vector<FaceAnswer>& answers) {
  if (!said.is_object()) bad_answer(start.where, "\"said\" is no object");
  for (const auto& [name, value] : said.items()) {
    FaceAnswer answer = start;
    answer.attribute = name;
    answer.present = truth(value);
    answer.looked_at = true;
    if (!answer.present && !value.is_null()) {
      bad_answer(start.where, name + " is neither true nor false nor null");
    }
    answers.push_back(std::move(answer));
  }
}

// Of a photo with "faces", or of one face.
void read_line(const json& line, const std::string& where, std::vector<FaceAnswer>& answers) {
  if (!line.is_object()) bad_answer(where, "is no object");
  FaceAnswer start;
  start.where = where;
  start.photo = text_member(line, "path");
  start.content = text_member(line, "content");
  if (member(line, "width") != nullptr && member(line, "height") != nullptr) {
    start.frame_width = number_member(line, "width", where);
    start.frame_height = number_member(line, "height", where);
  }
  const auto read_face = [&](const json& face) {
    FaceAnswer answer = start;
    answer.face = text_member(face, "id");
    if (const json* box = member(face, "box")) answer.box = box_member(*box, where);
    if (const json* said = member(face, "said")) add_said(*said, answer, answers);
  };
  const json* faces = member(line, "faces");
  if (faces == nullptr) return read_face(line);
  for (const json& face : array_member(line, "faces", where)) read_face(face);
}

std::optional<float> number(const std::string& cell) {
  float value = 0;
  const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (read.ec != std::errc() || read.ptr != cell.data() + cell.size()) return std::nullopt;
  return value;
}

// Lines with their numbers; those within quotes are joined.
template <typename Take>
void each_line(std::string_view text, Take take) {
  std::string line;
  int number = 0;
  int first = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view next = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (next.ends_with('\r')) next.remove_suffix(1);
    ++number;
    if (line.empty()) first = number;
    line += line.empty() ? std::string(next) : '\n' + std::string(next);
    if (std::count(line.begin(), line.end(), '"') % 2 != 0 && !text.empty()) continue;
    if (line.find_first_not_of(" \t") != std::string::npos) take(line, first);
    line.clear();
  }
}

// A line of the table by the names of its columns.
class Row {
 public:
  Row(const std::map<std::string, std::size_t>& columns, std::vector<std::string> cells)
      : columns_(columns), cells_(std::move(cells)) {}
  [[nodiscard]] std::string operator[](const char* name) const {
    const auto at = columns_.find(name);
    return at == columns_.end() || at->second >= cells_.size() ? std::string() : cells_[at->second];
  }

 private:
  const std::map<std::string, std::size_t>& columns_;
  std::vector<std::string> cells_;
};

}  // namespace

std::vector<FaceAnswer> read_json_lines(const std::string& file, std::string_view text) {
  std::vector<FaceAnswer> answers;
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = file + ": line " + std::to_string(number);
    read_line(parsed_answers(where, line), where, answers);
  }
  return answers;
}

std::vector<FaceAnswer> read_answer_table(const std::string& file, std::string_view text) {
  std::vector<FaceAnswer> answers;
  std::map<std::string, std::size_t> columns;
  each_line(text, [&](const std::string& line, int line_number) {
    const std::string where = file + ": line " + std::to_string(line_number);
    std::vector<std::string> cells = csv_cells(line);
    if (columns.empty()) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i] == "path") cells[i] = "photo";
        if (cells[i] == "present" || cells[i] == "label") cells[i] = "said";
        columns.emplace(cells[i], i);
      }
      if (!columns.contains("attribute") || !columns.contains("said") ||
          (!columns.contains("photo") && !columns.contains("face"))) {
        bad_answer(where, "the first line must name the columns photo or face, attribute and said");
      }
      return;
    }
    const Row row(columns, std::move(cells));
    const std::string said = row["said"];
    if (said.empty()) return;  // nobody filled it in
    FaceAnswer answer;
    answer.where = where;
    answer.photo = row["photo"];
    answer.face = row["face"];
    answer.attribute = row["attribute"];
    answer.present = read_yes_or_no(said);
    answer.looked_at = true;
    if (!answer.present) bad_answer(where, "\"" + said + "\" is neither 1 nor 0");
    const auto x = number(row["x"]);
    const auto y = number(row["y"]);
    const auto width = number(row["width"]);
    const auto height = number(row["height"]);
    if (x && y && width && height) answer.box = Box{*x, *y, *width, *height};
    answers.push_back(std::move(answer));
  });
  return answers;
}

}  // namespace facet::detail
