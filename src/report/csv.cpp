// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include <optional>
#include <string>

#include "base/number_text.hpp"
#include "facet/report.hpp"
#include "report/seconds_text.hpp"
#include "report/status_text.hpp"
#include "report/write_all.hpp"

namespace facet {

using namespace detail;

namespace {

class CsvWriter final : public ReportWriter {
 public:
  CsvWriter(std::ostream& out, const ReportContext& context) : out_(out), context_(context) {}

  void add(const PhotoResult& result) override {
    write_header_once();
    const std::string start = csv_cell(result.path) + ',' + status_text(result.status);
    const std::string about_photo =
        ',' + (result.faces_left_out > 0 ? std::to_string(result.faces_left_out) : std::string()) +
        ',' + csv_cell(result.warning) + ',' + csv_cell(result.reason) + time_cell(result);
    if (result.faces.empty()) {
      out_ << start << std::string(7, ',') << about_photo << track_cells({})
           << std::string(context_.attribute_names.size(), ',') << '\n';
    }
    for (const Face& face : result.faces) {
      out_ << start;
      for (const float value :
           {face.box.x, face.box.y, face.box.width, face.box.height, face.score}) {
        out_ << ',' << shortest_text(value);
      }
      out_ << ',' << (face.below_threshold ? '1' : '0') << ',' << face.turn << about_photo
           << track_cells(face.track);
      for (std::size_t i = 0; i < context_.attribute_names.size(); ++i) {
        out_ << ',';
        if (i < face.attributes.size()) out_ << shortest_text(face.attributes[i].probability);
      }
      out_ << '\n';
    }
  }

  void finish() override { write_header_once(); }

 private:
  [[nodiscard]] std::string time_cell(const PhotoResult& result) const {
    if (!context_.times) return {};
    return ',' + (result.time ? seconds_text(*result.time) : std::string());
  }

  [[nodiscard]] std::string track_cells(const std::optional<FaceTrack>& track) const {
    if (!context_.tracks) return {};
    if (!track) return ",,,";
    return ',' + seconds_text(track->first) + ',' + seconds_text(track->last) + ',' +
           std::to_string(track->frames);
  }

  void write_header_once() {
    if (header_written_) return;
    header_written_ = true;
    out_ << "path,status,x,y,width,height,score,below_threshold,turn,faces_left_out,warning,reason";
    if (context_.times) out_ << ",time";
    if (context_.tracks) out_ << ",first_time,last_time,frames";
    for (const std::string& name : context_.attribute_names) out_ << ',' << csv_cell(name);
    out_ << '\n';
  }

  std::ostream& out_;
  ReportContext context_;
  bool header_written_ = false;
};

}  // namespace

std::unique_ptr<ReportWriter> csv_writer(std::ostream& out, const ReportContext& context) {
  return std::make_unique<CsvWriter>(out, context);
}

std::string to_csv(std::span<const PhotoResult> results, const ReportContext& context) {
  return write_all(results, [&](std::ostream& out) { return csv_writer(out, context); });
}

}  // namespace facet
