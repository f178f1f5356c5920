// SPDX-License-Identifier: Apache-2.0
#include "facet/report.hpp"
#include "report/photo_json.hpp"
#include "report/write_all.hpp"

namespace facet {

using namespace detail;

namespace {

// A photo a line, so that line tools can work on long results.
class JsonWriter final : public ReportWriter {
 public:
  JsonWriter(std::ostream& out, const ReportContext& context) : out_(out), context_(context) {}

  void add(const PhotoResult& result) override {
    out_ << (started_ ? ",\n" : report_head(context_) + "\n") << dump(photo_json(result));
    started_ = true;
  }

  void finish() override { out_ << (started_ ? "\n]}\n" : report_head(context_) + "]}\n"); }

 private:
  std::ostream& out_;
  ReportContext context_;
  bool started_ = false;
};

}  // namespace

std::unique_ptr<ReportWriter> json_writer(std::ostream& out, const ReportContext& context) {
  return std::make_unique<JsonWriter>(out, context);
}

std::string to_json(std::span<const PhotoResult> results, const ReportContext& context) {
  return write_all(results, [&](std::ostream& out) { return json_writer(out, context); });
}

std::string photo_to_json(const PhotoResult& result) {
  return dump(photo_json(result));
}

}  // namespace facet
