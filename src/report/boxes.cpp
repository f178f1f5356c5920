// SPDX-License-Identifier: Apache-2.0
#include "base/number_text.hpp"
#include "facet/report.hpp"
#include "report/seconds_text.hpp"
#include "report/write_all.hpp"

namespace facet {

using namespace detail;

namespace {

class BoxesWriter final : public ReportWriter {
 public:
  explicit BoxesWriter(std::ostream& out) : out_(out) {}

  void add(const PhotoResult& result) override {
    if (result.status == PhotoStatus::unreadable) return;
    out_ << percent_encode_spaces(result.path);
    if (result.time)
      out_ << "#t=" << seconds_text(*result.time);  // as W3C's media fragments say it
    for (const Face& face : result.faces) {
      for (const float value : {face.box.x, face.box.y, face.box.width, face.box.height}) {
        out_ << ' ' << fixed_text(value, 2);
      }
      out_ << ' ' << shortest_text(face.score);
    }
    out_ << '\n';
  }

  void finish() override {}

 private:
  std::ostream& out_;
};

}  // namespace

std::unique_ptr<ReportWriter> boxes_writer(std::ostream& out) {
  return std::make_unique<BoxesWriter>(out);
}

std::string to_boxes(std::span<const PhotoResult> results) {
  return write_all(results, [](std::ostream& out) { return boxes_writer(out); });
}

}  // namespace facet
