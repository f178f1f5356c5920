// SPDX-License-Identifier: Apache-2.0
#include "dataset/label_lists.hpp"

#include <functional>
#include <limits>
#include <set>
#include <unordered_set>

#include "dataset/label_file.hpp"

namespace facet::detail {
namespace {

std::string in_quotes(std::string_view value) {
  return "'" + std::string(value) + "'";
}

// The file of a place "file:line", or "file: row n".
std::string file_of(const std::string& where) {
  return where.substr(0, where.rfind(':'));
}

// Remembers the photos that a list has named; a second time is a fault.
class OnceEach {
 public:
  explicit OnceEach(Faults& faults) : faults_(faults) {}
  bool first_time(const std::string& where, std::string_view name) {
    if (seen_.insert(photo_stem(name)).second) return true;
    faults_.repeated_error(ErrorCode::bad_label, file_of(where), "twice",
                           where + ": photo " + in_quotes(name) + " is named twice");
    return false;
  }

 private:
  Faults& faults_;
  std::unordered_set<std::string> seen_;
};

bool is_column_names(std::span<const std::string_view> cells) {
  return cells[0] == "image_id" || cells[0] == "image" || cells[0] == "image_name";
}

using SetNumber = std::function<void(LabelledPhoto&, int)>;

void read_numbers(const std::filesystem::path& path, std::string_view meaning, int highest,
                  LabelledPhotos& photos, Faults& faults, const SetNumber& set) {
  LabelFile file(path);
  OnceEach once(faults);
  for (bool first = true; file.next(); first = false) {
    const auto cells = file.cells();
    if (first && is_column_names(cells)) continue;
    if (cells.size() != 2) {
      faults.repeated_error(
          ErrorCode::bad_label, file.file(), "columns",
          file.here() + ": 2 columns expected, found " + std::to_string(cells.size()));
      continue;
    }
    if (!once.first_time(file.here(), cells[0])) continue;
    const auto value = parse_int(cells[1]);
    if (!value || *value < 0 || *value > highest) {
      faults.repeated_error(
          ErrorCode::bad_label, file.file(), "value",
          file.here() + ": " + in_quotes(cells[1]) + " is no " + std::string(meaning));
      continue;
    }
    if (LabelledPhoto* photo = photos.find(file.here(), cells[0])) set(*photo, *value);
  }
}

}  // namespace

void LabelledPhotos::add(const std::string& where, std::string name,
                         std::vector<std::int8_t> labels) {
  if (!by_stem_.emplace(photo_stem(name), collection_.photos.size()).second) {
    faults_.repeated_error(ErrorCode::bad_label, file_of(where), "twice",
                           where + ": photo " + in_quotes(name) + " is named twice");
    return;
  }
  LabelledPhoto photo;
  photo.path = index_.find(name);
  if (photo.path.empty()) {
    faults_.repeated_error(
        ErrorCode::not_found, file_of(where), "missing",
        where + ": photo " + in_quotes(name) + " is not in " + index_.folder().string());
  }
  photo.name = std::move(name);
  photo.labels = std::move(labels);
  collection_.photos.push_back(std::move(photo));
}

LabelledPhoto* LabelledPhotos::find(const std::string& where, std::string_view name) {
  const auto found = by_stem_.find(photo_stem(name));
  if (found != by_stem_.end()) return &collection_.photos[found->second];
  faults_.repeated_error(ErrorCode::bad_label, file_of(where), "unknown",
                         where + ": photo " + in_quotes(name) + " is not in the attribute list");
  return nullptr;
}

void check_attribute_names(const std::string& where, const std::vector<std::string>& names,
                           Faults& faults) {
  if (names.empty()) faults.error(ErrorCode::bad_label, where + ": no attribute names");
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) {
      faults.error(ErrorCode::bad_label, where + ": attribute " + in_quotes(name) + " twice");
    }
  }
}

void read_attribute_list(const std::filesystem::path& path, Collection& collection,
                         LabelledPhotos& photos, Faults& faults) {
  LabelFile file(path);
  int announced = -1;
  int count_line = 1;
  bool more = file.next();
  if (more && !file.is_csv()) {
    const auto cells = file.cells();
    const auto count = cells.size() == 1 ? parse_int(cells[0]) : std::nullopt;
    if (count && *count >= 0) {
      announced = *count;
      more = file.next();
    } else {
      faults.error(ErrorCode::bad_label,
                   file.here() + ": the number of photos expected, found " + in_quotes(cells[0]));
      // A list without a count may begin with the names at once.
      if (cells.size() == 1) more = file.next();
    }
  }
  if (!more) {
    faults.error(ErrorCode::bad_label, file.file() + ": no line of attribute names");
    return;
  }
  auto names = file.cells();
  if (is_column_names(names)) names = names.subspan(1);
  collection.attribute_names.assign(names.begin(), names.end());
  check_attribute_names(file.here(), collection.attribute_names, faults);

  const std::size_t columns = collection.attribute_names.size();
  int rows = 0;
  while (file.next()) {
    ++rows;
    const auto cells = file.cells();
    if (cells.size() != columns + 1) {
      faults.repeated_error(ErrorCode::bad_label, file.file(), "columns",
                            file.here() + ": " + std::to_string(columns) +
                                " labels expected, found " + std::to_string(cells.size() - 1));
    }
    std::vector<std::int8_t> labels(columns, -1);
    for (std::size_t i = 0; i + 1 < cells.size() && i < columns; ++i) {
      const auto value = parse_int(cells[i + 1]);
      if (!value || (*value != 1 && *value != -1)) {
        faults.repeated_error(ErrorCode::bad_label, file.file(), "value",
                              file.here() + ": " + in_quotes(cells[i + 1]) + " for " +
                                  collection.attribute_names[i] + " is neither 1 nor -1");
        continue;
      }
      labels[i] = static_cast<std::int8_t>(*value);
    }
    photos.add(file.here(), std::string(cells[0]), std::move(labels));
  }
  if (announced >= 0 && announced != rows) {
    faults.error(ErrorCode::bad_label, file.at(count_line) + ": announces " +
                                           std::to_string(announced) + " photos, " +
                                           std::to_string(rows) + " follow");
  }
}

void read_partitions(const std::filesystem::path& path, LabelledPhotos& photos, Faults& faults) {
  read_numbers(path, "partition (0, 1 or 2)", 2, photos, faults,
               [](LabelledPhoto& photo, int value) { photo.partition = value; });
}

void read_identities(const std::filesystem::path& path, LabelledPhotos& photos, Faults& faults) {
  read_numbers(path, "identity number", std::numeric_limits<int>::max(), photos, faults,
               [](LabelledPhoto& photo, int value) { photo.identity = value; });
}

void read_boxes(const std::filesystem::path& path, bool keep, LabelledPhotos& photos,
                Faults& faults) {
  LabelFile file(path);
  OnceEach once(faults);
  int announced = -1;
  int rows = 0;
  for (int row = 0; file.next(); ++row) {
    const auto cells = file.cells();
    if (row == 0 && cells.size() == 1) {
      if (const auto count = parse_int(cells[0])) {
        announced = *count;
        continue;
      }
    }
    if (row <= 1 && is_column_names(cells)) continue;
    ++rows;
    if (cells.size() < 5 || cells.size() % 4 != 1) {
      faults.repeated_error(
          ErrorCode::bad_label, file.file(), "columns",
          file.here() + ": 4 numbers a box expected, found " + std::to_string(cells.size() - 1));
      continue;
    }
    if (!once.first_time(file.here(), cells[0])) continue;
    std::vector<float> numbers;
    for (const std::string_view cell : cells.subspan(1)) {
      const auto number = parse_float(cell);
      const bool is_size = numbers.size() % 4 >= 2;
      if (!number || (is_size && *number < 0)) {
        faults.repeated_error(ErrorCode::bad_label, file.file(), "value",
                              file.here() + ": " + in_quotes(cell) + " is no " +
                                  (is_size ? "size" : "place") + " of a box");
        break;
      }
      numbers.push_back(*number);
    }
    if (numbers.size() + 1 != cells.size()) continue;
    LabelledPhoto* photo = photos.find(file.here(), cells[0]);
    if (photo == nullptr || !keep) continue;
    for (std::size_t i = 0; i < numbers.size(); i += 4) {
      photo->boxes.push_back({numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3]});
    }
  }
  if (announced >= 0 && announced != rows) {
    faults.error(ErrorCode::bad_label, file.at(1) + ": announces " + std::to_string(announced) +
                                           " photos, " + std::to_string(rows) + " follow");
  }
}

}  // namespace facet::detail
