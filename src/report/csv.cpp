// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include "base/number_text.hpp"
#include "facet/report.hpp"
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
    if (result.faces.empty()) {
      out_ << start << std::string(6 + context_.attribute_names.size(), ',') << '\n';
    }
    for (const Face& face : result.faces) {
      out_ << start;
      for (const float value :
           {face.box.x, face.box.y, face.box.width, face.box.height, face.score}) {
        out_ << ',' << shortest_text(value);
      }
      out_ << ',' << (face.below_threshold ? '1' : '0');
      for (std::size_t i = 0; i < context_.attribute_names.size(); ++i) {
        out_ << ',';
        if (i < face.attributes.size()) out_ << shortest_text(face.attributes[i].probability);
      }
      out_ << '\n';
    }
  }

  void finish() override { write_header_once(); }

 private:
  void write_header_once() {
    if (header_written_) return;
    header_written_ = true;
    out_ << "path,status,x,y,width,height,score,below_threshold";
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
