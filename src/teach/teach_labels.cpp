// SPDX-License-Identifier: Apache-2.0
#include "teach/teach_labels.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string_view>

#include "facet/error.hpp"
#include "facet/image.hpp"
#include "format/strict_json.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestList = std::size_t{1} << 28;

std::string_view trim(std::string_view text) {
  constexpr std::string_view white = " \t\r\v\f";
  const std::size_t first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

std::string read_text(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) throw Error(ErrorCode::not_found, file.string() + ": no such file");
  if (fs::is_directory(status)) {
    throw Error(ErrorCode::io, file.string() + ": is a folder, not a list of labels");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::io, file.string() + ": cannot be opened");
  std::string text;
  std::vector<char> block(std::size_t{1} << 16);
  do {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kLargestList) {
      throw Error(ErrorCode::bad_label, file.string() + ": too large for a list of labels");
    }
  } while (stream);
  if (stream.bad()) throw Error(ErrorCode::io, file.string() + ": cannot be read to its end");
  return text;
}

// "a ""b"".jpg" as spreadsheets write a "b".jpg.
std::string unquoted(std::string_view cell) {
  if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') return std::string(cell);
  std::string text;
  for (std::size_t i = 1; i + 1 < cell.size(); ++i) {
    text += cell[i];
    if (cell[i] == '"' && i + 2 < cell.size() && cell[i + 1] == '"') ++i;
  }
  return text;
}

std::optional<int> parse_label(const std::string& cell) {
  if (cell == "1") return 1;
  if (cell == "0") return 0;
  if (cell == "-1") return -1;
  return std::nullopt;
}

bool is_number(const std::string& cell) {
  return !cell.empty() && cell.find_first_not_of("0123456789.+-eE") == std::string::npos;
}

std::string contradiction(const LabelList& list, const LabelledPath& row,
                          const LabelledPath& earlier) {
  return list.file.string() + ":" + std::to_string(row.line) + ": " + in_quotes(row.path) +
         " is labelled " + (row.present ? "1" : "0") + ", but line " +
         std::to_string(earlier.line) + " says " + (earlier.present ? "1" : "0") +
         (earlier.path == row.path ? "" : " of " + in_quotes(earlier.path));
}

class ListReader {
 public:
  explicit ListReader(const fs::path& file) { list_.file = file; }

  void read_line(std::string_view line) {
    ++line_;
    if (line_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    line = trim(line);
    if (line.empty() || line.front() == '#') return;
    if (line.find('\0') != std::string_view::npos) fail("is not text");
    const bool first = !started_;
    started_ = true;
    const std::size_t comma = line.rfind(',');  // paths may hold commas, labels never do
    if (comma == std::string_view::npos) fail("no label: " + in_quotes(line) + ", not path,label");
    const std::string path = unquoted(trim(line.substr(0, comma)));
    const std::string cell = unquoted(trim(line.substr(comma + 1)));
    const std::optional<int> label = parse_label(cell);
    if (!label && first && !is_number(cell) && !has_photo_extension(path)) return;  // a header
    if (!label) fail("label " + in_quotes(cell) + " of " + in_quotes(path) + " is not 0, 1 or -1");
    if (path.empty()) fail("no path before the label");
    zeros_ = zeros_ || *label == 0;
    minus_ones_ = minus_ones_ || *label < 0;
    add({path, *label > 0, line_});
  }

  LabelList finish() {
    list_.mixes_signs = zeros_ && minus_ones_;
    return std::move(list_);
  }

 private:
  void add(LabelledPath row) {
    const auto [place, is_new] = rows_.try_emplace(row.path, list_.rows.size());
    if (is_new) {
      list_.rows.push_back(std::move(row));
      return;
    }
    const LabelledPath& earlier = list_.rows[place->second];
    if (earlier.present != row.present) {
      throw Error(ErrorCode::bad_label, contradiction(list_, row, earlier));
    }
    list_.repeated.push_back(row.line);
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ErrorCode::bad_label,
                list_.file.string() + ":" + std::to_string(line_) + ": " + reason);
  }

  LabelList list_;
  std::map<std::string, std::size_t> rows_;  // by path
  int line_ = 0;
  bool started_ = false;
  bool zeros_ = false;
  bool minus_ones_ = false;
};

fs::path whole_path(const fs::path& path) {
  std::error_code ignored;
  const fs::path absolute = fs::absolute(path, ignored);
  return (absolute.empty() ? path : absolute).lexically_normal();
}

bool ends_in(const fs::path& path, const fs::path& end) {
  const auto length = std::distance(end.begin(), end.end());
  if (std::distance(path.begin(), path.end()) < length) return false;
  return std::equal(end.begin(), end.end(), std::prev(path.end(), length));
}

// The photos by each of their names; a file that is listed twice counts as its first entry.
class PhotoIndex {
 public:
  explicit PhotoIndex(std::span<const PhotoName> photos) {
    for (std::size_t i = 0; i < photos.size(); ++i) {
      files_.push_back(whole_path(photos[i].file));
      const std::size_t first = by_file_.try_emplace(files_[i], i).first->second;
      add(by_shown_[photos[i].shown], first);
      add(by_name_[files_[i].filename().string()], first);
    }
  }

  [[nodiscard]] std::size_t files() const { return by_file_.size(); }

  // Those the path may mean: one, several or none.
  [[nodiscard]] std::vector<std::size_t> find(const std::string& path) const {
    if (const auto found = by_shown_.find(path); found != by_shown_.end()) return found->second;
    if (const auto found = by_file_.find(whole_path(path)); found != by_file_.end()) {
      return {found->second};
    }
    const fs::path end = fs::path(path).lexically_normal();
    std::vector<std::size_t> photos;
    const auto named = by_name_.find(end.filename().string());
    if (named == by_name_.end() || end.is_absolute()) return photos;
    std::copy_if(named->second.begin(), named->second.end(), std::back_inserter(photos),
                 [&](std::size_t i) { return ends_in(files_[i], end); });
    return photos;
  }

 private:
  static void add(std::vector<std::size_t>& photos, std::size_t photo) {
    if (std::find(photos.begin(), photos.end(), photo) == photos.end()) photos.push_back(photo);
  }

  std::vector<fs::path> files_;
  std::map<fs::path, std::size_t> by_file_;
  std::map<std::string, std::vector<std::size_t>> by_shown_;
  std::map<std::string, std::vector<std::size_t>> by_name_;
};

}  // namespace

LabelList read_label_list(const fs::path& file) {
  const std::string text = read_text(file);
  ListReader reader(file);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    reader.read_line(std::string_view(text).substr(start, end - start));
    start = end + 1;
  }
  LabelList list = reader.finish();
  if (list.rows.empty()) {
    throw Error(ErrorCode::bad_label, file.string() + ": no line labels a photo (path,label)");
  }
  return list;
}

MatchedLabels match_labels(const LabelList& list, std::span<const PhotoName> photos) {
  const PhotoIndex index(photos);
  MatchedLabels matched;
  matched.present.resize(photos.size());
  std::map<std::size_t, const LabelledPath*> rows;  // by photo
  for (const LabelledPath& row : list.rows) {
    const std::vector<std::size_t> found = index.find(row.path);
    if (found.size() != 1) {
      (found.empty() ? matched.unknown : matched.ambiguous).push_back(row);
      continue;
    }
    const auto [place, is_new] = rows.try_emplace(found.front(), &row);
    if (is_new) {
      matched.present[found.front()] = row.present;
    } else if (place->second->present != row.present) {
      throw Error(ErrorCode::bad_label, contradiction(list, row, *place->second));
    } else {
      matched.repeated.push_back(row.line);
    }
  }
  matched.unlisted = index.files() - rows.size();
  return matched;
}

MatchedFaces match_faces(const fs::path& file, const std::string& attribute,
                         std::span<const PhotoName> photos) {
  const PhotoIndex index(photos);
  MatchedFaces matched;
  std::set<std::size_t> listed;
  std::set<std::string> others;
  bool any = false;
  for (SaidFace& face : read_said_faces(file)) {
    for (const auto& [name, present] : face.said) others.insert(name);
    const auto said = face.said.find(attribute);
    if (said == face.said.end()) continue;
    any = true;
    const std::vector<std::size_t> found = index.find(face.path);
    if (found.size() != 1) {
      (found.empty() ? matched.unknown : matched.ambiguous)
          .push_back({face.path, said->second, face.line});
      continue;
    }
    listed.insert(found.front());
    matched.places.push_back(found.front());
    matched.present.push_back(said->second);
    matched.faces.push_back(std::move(face));
  }
  if (!any) {
    std::string names;
    for (const std::string& name : others) names += (names.empty() ? " but of " : ", ") + name;
    throw Error(ErrorCode::bad_label,
                file.string() + ": people said nothing of " + attribute + names);
  }
  matched.unlisted = index.files() - listed.size();
  return matched;
}

}  // namespace facet::detail
