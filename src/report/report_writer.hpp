// SPDX-License-Identifier: Apache-2.0
// Results as text, photo after photo: what a program uses that must not wait for the last photo.
// The functions of facet/report.hpp are these writers run over a whole list.
#pragma once

#include <memory>
#include <ostream>

#include "facet/prediction.hpp"
#include "facet/report.hpp"

namespace facet {

class ReportWriter {
 public:
  virtual ~ReportWriter() = default;
  virtual void add(const PhotoResult& result) = 0;
  // Writes what only the end can say; called once, after the last photo.
  virtual void finish() = 0;

 protected:
  ReportWriter() = default;
  ReportWriter(const ReportWriter&) = default;
  ReportWriter& operator=(const ReportWriter&) = default;
};

// The stream must outlive the writer. A table and an attribute list appear at the end only: one
// needs the widths of its columns, the other its count, first.
std::unique_ptr<ReportWriter> json_writer(std::ostream& out, const ReportContext& context);
std::unique_ptr<ReportWriter> csv_writer(std::ostream& out, const ReportContext& context);
std::unique_ptr<ReportWriter> table_writer(std::ostream& out, const ReportContext& context);
std::unique_ptr<ReportWriter> attr_list_writer(std::ostream& out, const ReportContext& context);
std::unique_ptr<ReportWriter> boxes_writer(std::ostream& out);

}  // namespace facet
