// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "facet/report.hpp"
#include "report/write_all.hpp"

namespace facet {

using namespace detail;

namespace {

class AttrListWriter final : public ReportWriter {
 public:
  AttrListWriter(std::ostream& out, const ReportContext& context) : out_(out), context_(context) {}

  void add(const PhotoResult& result) override {
    if (result.faces.empty()) return;
    lines_ += percent_encode_spaces(result.path);
    // CelebA's file sets its values in columns of two characters.
    const std::vector<Attribute>& values = result.faces.front().attributes;
    const std::size_t columns = std::min(values.size(), context_.attribute_names.size());
    for (std::size_t i = 0; i < columns; ++i) lines_ += values[i].present ? "  1" : " -1";
    lines_ += '\n';
    ++count_;
  }

  void finish() override {
    out_ << count_ << '\n';
    for (const std::string& name : context_.attribute_names) out_ << name << ' ';
    out_ << '\n' << lines_;
  }

 private:
  std::ostream& out_;
  ReportContext context_;
  std::string lines_;  // the count comes first, so the lines wait
  std::size_t count_ = 0;
};

}  // namespace

std::unique_ptr<ReportWriter> attr_list_writer(std::ostream& out, const ReportContext& context) {
  return std::make_unique<AttrListWriter>(out, context);
}

std::string to_attr_list(std::span<const PhotoResult> results, const ReportContext& context) {
  return write_all(results, [&](std::ostream& out) { return attr_list_writer(out, context); });
}

}  // namespace facet
