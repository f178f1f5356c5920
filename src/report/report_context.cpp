// SPDX-License-Identifier: Apache-2.0
#include "facet/model.hpp"
#include "facet/report.hpp"

namespace facet {

ReportContext report_context(const Model& model, const std::string& head, ThresholdMode mode,
                             Precision precision) {
  ReportContext context;
  context.model = model.version().empty() ? model.name() : model.name() + ' ' + model.version();
  if (!head.empty()) context.attribute_names = model.attribute_names(head);
  context.threshold_mode = mode;
  context.model_checksum = model.checksum();
  context.head = head;
  context.precision = precision;
  context.model_name = model.name();
  context.model_version = model.version();
  return context;
}

}  // namespace facet
