// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/number_text.hpp"
#include "base/printable_text.hpp"
#include "facet/report.hpp"
#include "report/seconds_text.hpp"
#include "report/write_all.hpp"

namespace facet {

using namespace detail;

namespace {

constexpr std::size_t line_width = 100;
constexpr std::size_t widest_path = 40;  // longer ones have a line of their own
constexpr std::string_view gap = "  ";

struct Row {
  std::string path;
  std::string number;
  std::string box;
  std::string score;
  std::vector<std::string> attributes;  // kept whole where lines are broken
};

// Characters, not bytes, of UTF-8 text.
std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = text_width(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

std::string box_text(const Box& box) {
  const auto whole = [](float value) { return std::to_string(std::lround(value)); };
  return whole(box.x) + ',' + whole(box.y) + ' ' + whole(box.width) + 'x' + whole(box.height);
}

std::string track_text(const FaceTrack& track) {
  return '[' + clock_text(track.first) + " to " + clock_text(track.last) + ", " +
         std::to_string(track.frames) + (track.frames == 1 ? " frame]" : " frames]");
}

// Attributes that hold, the most probable first.
std::vector<std::string> attribute_texts(const Face& face) {
  std::vector<const Attribute*> order;
  for (const Attribute& attribute : face.attributes) {
    if (attribute.present) order.push_back(&attribute);
  }
  std::stable_sort(order.begin(), order.end(), [](const Attribute* a, const Attribute* b) {
    return a->probability > b->probability;
  });
  std::vector<std::string> texts;
  if (face.track) texts.push_back(track_text(*face.track));
  if (face.below_threshold) texts.emplace_back("[below threshold]");
  if (face.turn != 0) texts.push_back("[turned " + std::to_string(face.turn) + "]");
  for (const Attribute* attribute : order) {
    texts.push_back(attribute->name + ' ' + fixed_text(attribute->probability, 2));
  }
  return texts;
}

// What was asked, so that nobody takes a face too small to be looked for as one that was missed.
std::string smallest_face_text(float least, float most) {
  const auto whole = [](float value) { return std::to_string(std::lround(value)); };
  std::string text = "smallest face looked for: " + whole(least);
  if (whole(most) != whole(least)) text += " to " + whole(most);
  text += " pixels high";
  if (whole(most) != whole(least)) text += ", by the size of the photo";
  return text;
}

std::string reduced_text(std::size_t reduced, std::size_t photos, int most) {
  return "faces found at 1/" + std::to_string(most) + " of the photo's size" +
         (photos == 1 ? std::string()
                      : " or more: " + std::to_string(reduced) + " of " + std::to_string(photos) +
                            " photos were decoded reduced");
}

class TableWriter final : public ReportWriter {
 public:
  explicit TableWriter(std::ostream& out) : out_(out) {}

  void add(const PhotoResult& result) override {
    std::string path = printable_text(result.path);
    if (result.time) path += ' ' + clock_text(*result.time);
    if (result.min_face > 0) {
      least_face_ = least_face_ > 0 ? std::min(least_face_, result.min_face) : result.min_face;
      most_face_ = std::max(most_face_, result.min_face);
    }
    ++photos_;
    if (result.reduce > 1) {
      ++reduced_;
      most_reduced_ = std::max(most_reduced_, result.reduce);
    }
    if (result.status == PhotoStatus::unreadable) {
      rows_.push_back(
          {path, "-", std::string("unreadable: ").append(printable_text(result.reason)), {}, {}});
    } else if (result.faces.empty()) {
      rows_.push_back({path, "-", "no face", {}, {}});
    }
    for (std::size_t i = 0; i < result.faces.size(); ++i) {
      const Face& face = result.faces[i];
      rows_.push_back({path, std::to_string(i + 1), box_text(face.box), fixed_text(face.score, 2),
                       attribute_texts(face)});
      path.clear();  // shown once a photo
    }
    if (!result.warning.empty()) {
      rows_.push_back(
          {{}, {}, std::string("warning: ").append(printable_text(result.warning)), {}, {}});
    }
    if (result.faces_left_out > 0) {
      rows_.push_back(
          {"", "-", std::to_string(result.faces_left_out) + " more faces left out", {}, {}});
    }
  }

  void finish() override {
    const Row header = {"photo", "face", "box x,y WxH", "score", {"attributes"}};
    measure(header);
    for (const Row& row : rows_) measure(row);
    write(header);
    for (const Row& row : rows_) write(row);
    if (most_face_ > 0) out_ << smallest_face_text(least_face_, most_face_) << '\n';
    if (reduced_ > 0) out_ << reduced_text(reduced_, photos_, most_reduced_) << '\n';
  }

 private:
  void measure(const Row& row) {
    const auto widen = [](std::size_t& width, const std::string& text) {
      width = std::max(width, text_width(text));
    };
    if (text_width(row.path) <= widest_path) widen(path_, row.path);
    widen(number_, row.number);
    if (row.score.empty()) return;  // a remark may reach over the columns to the right
    widen(box_, row.box);
    widen(score_, row.score);
  }

  void write(const Row& row) {
    const bool own_line = text_width(row.path) > path_;
    if (own_line) out_ << row.path << '\n';
    std::string line = padded(own_line ? std::string() : row.path, path_);
    line.append(gap).append(padded(row.number, number_)).append(gap);
    if (row.score.empty()) {
      out_ << line << row.box << '\n';
      return;
    }
    line.append(padded(row.box, box_)).append(gap).append(padded(row.score, score_));
    const std::size_t indent = text_width(line) + gap.size();
    std::size_t used = text_width(line);
    for (std::size_t i = 0; i < row.attributes.size(); ++i) {
      const std::string item = row.attributes[i] + (i + 1 < row.attributes.size() ? "," : "");
      if (used > indent && used + 1 + text_width(item) > line_width) {
        line.append("\n").append(indent, ' ').append(item);
        used = indent + text_width(item);
      } else {
        const std::size_t spaces = i == 0 ? gap.size() : 1;
        line.append(spaces, ' ').append(item);
        used += spaces + text_width(item);
      }
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out_ << line << '\n';
  }

  std::ostream& out_;
  std::vector<Row> rows_;
  std::size_t photos_ = 0;
  std::size_t reduced_ = 0;  // photos in which faces were found at less than full size
  int most_reduced_ = 1;
  float least_face_ = 0;
  float most_face_ = 0;
  std::size_t path_ = 0;
  std::size_t number_ = 0;
  std::size_t box_ = 0;
  std::size_t score_ = 0;
};

}  // namespace

std::unique_ptr<ReportWriter> table_writer(std::ostream& out, const ReportContext& /*context*/) {
  return std::make_unique<TableWriter>(out);
}

std::string to_table(std::span<const PhotoResult> results, const ReportContext& context) {
  return write_all(results, [&](std::ostream& out) { return table_writer(out, context); });
}

}  // namespace facet
