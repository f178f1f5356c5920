// SPDX-License-Identifier: Apache-2.0
// Label files of every kind: the first byte says of which, 'a' to 'k'.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>

#include "base/csv.hpp"
#include "dataset/label_lists.hpp"
#include "index/labels/answers.hpp"
#include "model/temporary_folder.hpp"
#include "oracle.hpp"
#include "photos/path_list.hpp"
#include "teach/said_labels.hpp"
#include "teach/teach_labels.hpp"

namespace {

using namespace facet;
using namespace facet::detail;
using namespace facet::fuzz;

// A collection as a list of attributes would have made it.
struct Made {
  Collection collection;
  PhotoIndex index;
  Faults faults{Faults::Mode::gather};
  LabelledPhotos photos{collection, index, faults};
  explicit Made(const std::filesystem::path& folder) : index(folder, false) {}
  void fill() {
    collection.attribute_names = {"Smiling", "Young"};
    photos.add("list:1", "1.jpg", {1, -1});
    photos.add("list:2", "2.jpg", {-1, -1});
  }
  void check_findings() const {
    for (const Finding& finding : faults.findings()) expect(is_one_line(finding.message));
  }
};

class Folder {
 public:
  Folder() {
    std::filesystem::create_directories(folder_ / "photos");
    for (const char* name : {"1.jpg", "2.jpg"}) write_all(photos() / name, "");
  }
  [[nodiscard]] std::filesystem::path photos() const { return folder_ / "photos"; }
  [[nodiscard]] std::filesystem::path list(const std::string& name, std::string_view text) const {
    write_all(folder_ / name, std::string(text));
    return folder_ / name;
  }

 private:
  TemporaryFolder folder_;
};

void check_box(const Box& box) {
  expect(box.width >= 0 && box.height >= 0);
}

void read_attributes(const Folder& folder, const std::filesystem::path& file) {
  Made made(folder.photos());
  succeeds([&] { read_attribute_list(file, made.collection, made.photos, made.faults); });
  for (const LabelledPhoto& photo : made.collection.photos) {
    expect(photo.labels.size() == made.collection.attribute_names.size());
    for (const int label : photo.labels) expect(label == 1 || label == -1);
  }
  made.check_findings();
}

template <typename Read>
void read_numbers(const Folder& folder, Read read) {
  Made made(folder.photos());
  made.fill();
  succeeds([&] { read(made); });
  for (const LabelledPhoto& photo : made.collection.photos) {
    expect(photo.partition >= -1 && photo.partition <= 2 && photo.identity >= -1);
    for (const Box& box : photo.boxes) check_box(box);
  }
  made.check_findings();
}

void read_answers_of(const Folder& folder, std::string_view text, const char* name) {
  succeeds([&] {
    for (const FaceAnswer& answer : read_answers(folder.list(name, text))) {
      expect(is_one_line(answer.where));
    }
  });
}

void read_paths(std::string_view text, PathList::Separator separator) {
  std::size_t at = 0;
  const auto read = [&](std::span<char> buffer) {
    const std::size_t count = std::min({buffer.size(), text.size() - at, std::size_t{7}});
    if (count > 0) std::memcpy(buffer.data(), text.data() + at, count);
    at += count;
    return count;
  };
  PathList list(read, separator);
  std::size_t bytes = 0;
  while (const auto path = list.next()) {
    expect(!path->empty());
    bytes += path->size();
  }
  expect(at == text.size() && bytes <= 3 * text.size());
}

void read_row(std::string_view text) {
  const std::vector<std::string> cells = csv_cells(text);
  std::string row;
  for (const std::string& cell : cells) row += (row.empty() ? "" : ",") + csv_cell(cell);
  if (cells.size() == 1 || !cells.front().empty()) expect(csv_cells(row) == cells);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  if (size == 0) return 0;
  const std::string_view text = text_of(data + 1, size - 1);
  switch (data[0]) {
    case 'a':
      read_attributes(folder, folder.list("list.txt", text));
      break;
    case 'b':
      read_attributes(folder, folder.list("list.csv", text));
      break;
    case 'c':
      read_numbers(folder, [&](Made& made) {
        read_partitions(folder.list("list.txt", text), made.photos, made.faults);
      });
      break;
    case 'd':
      read_numbers(folder, [&](Made& made) {
        read_identities(folder.list("list.csv", text), made.photos, made.faults);
      });
      break;
    case 'e':
      read_numbers(folder, [&](Made& made) {
        read_boxes(folder.list("list.txt", text), true, made.photos, made.faults);
      });
      break;
    case 'f':
      succeeds([&] {
        for (const LabelledPath& row : read_label_list(folder.list("list.csv", text)).rows) {
          expect(!row.path.empty() && row.line > 0);
        }
      });
      break;
    case 'g':
      succeeds([&] {
        const auto file = folder.list("said.jsonl", text);
        (void)is_said_list(file);
        for (const SaidFace& face : read_said_faces(file)) expect(!face.said.empty());
      });
      break;
    case 'h':
      read_answers_of(folder, text, "answers.json");
      break;
    case 'i':
      read_answers_of(folder, text, "answers.csv");
      break;
    case 'j':
      read_paths(text, PathList::Separator::automatic);
      read_paths(text, PathList::Separator::nul);
      break;
    case 'k':
      read_row(text);
      break;
    default:
      break;
  }
  return 0;
}
