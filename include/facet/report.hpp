// SPDX-License-Identifier: Apache-2.0
// Results as text: one writer a format, used by every program.
#pragma once

#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "facet/api.hpp"
#include "facet/precision.hpp"
#include "facet/prediction.hpp"

namespace facet {

class Model;

// What a whole result says once.
struct ReportContext {
  std::string model;                         // name and version shown in the result
  std::vector<std::string> attribute_names;  // of the head that was used, then of taught heads
  ThresholdMode threshold_mode = ThresholdMode::accuracy;  // that decided what is present
  std::string model_checksum = {};                         // of the model; empty: not shown
  std::string head = {};  // whose attributes they are; empty: not shown
  Precision precision = Precision::automatic;
  std::string model_name = {};     // apart from the version; empty: not shown
  std::string model_version = {};  // of the weights; empty: not shown
  bool times = false;              // whether CSV has a column for the times of frames
  bool tracks = false;             // whether it has columns for faces that were followed

  friend bool operator==(const ReportContext&, const ReportContext&) = default;
};

// The context of results that a model's head gave; of boxes alone where `head` is empty. Throws
// Error(invalid_argument) for a head that the model does not have.
FACET_API ReportContext report_context(const Model& model, const std::string& head,
                                       ThresholdMode mode = ThresholdMode::accuracy,
                                       Precision precision = Precision::automatic);

// Writes photo after photo, for programs that must not wait for the last one. Not thread-safe.
class FACET_API ReportWriter {
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
FACET_API std::unique_ptr<ReportWriter> json_writer(std::ostream& out,
                                                    const ReportContext& context);
FACET_API std::unique_ptr<ReportWriter> csv_writer(std::ostream& out, const ReportContext& context);
FACET_API std::unique_ptr<ReportWriter> table_writer(std::ostream& out,
                                                     const ReportContext& context);
FACET_API std::unique_ptr<ReportWriter> attr_list_writer(std::ostream& out,
                                                         const ReportContext& context);
FACET_API std::unique_ptr<ReportWriter> boxes_writer(std::ostream& out);

// Whole lists at once.

// As docs/facet-report.schema.json and docs/json.md say:
// {"schema":1,"model":…,"model_name"?,"model_version"?,"model_checksum"?,"head"?,"precision",
// "threshold_mode","images":[{"path","path_encoding"?,"width","height","min_face"?,"status","reason"?,"warning"?,"decoded_at"?,
// "faces_left_out"?,"time"?,"frames"?,"faces":[{"box":{x,y,width,height},"box_normalized":{…},"score","turn"?,
// "below_threshold"?,"track"?,"attributes":[{"name","probability","threshold","present"},…]}]}]}.
// Boxes in pixels of the upright photo; normalised ones in 0…1. "path_encoding" is "percent" where
// a path that is not UTF-8 had to be escaped; "decoded_at" is e.g. "1/2" where not every pixel was
// decoded; "min_face" is the smallest face that was looked for.
FACET_API std::string to_json(std::span<const PhotoResult> results, const ReportContext& context);
// One photo as an element of "images" (streams, HTTP).
FACET_API std::string photo_to_json(const PhotoResult& result);

// A line a face: path, status, box, score, below_threshold (0 or 1), turn, faces_left_out, warning,
// reason (of the photo), then a column a probability; photos without a face have one line with
// empty cells. With `times` or `tracks` of the context also time, or first_time, last_time and
// frames, before the probabilities. RFC 4180 quoting.
FACET_API std::string to_csv(std::span<const PhotoResult> results, const ReportContext& context);

// For people: box, score and the attributes that hold with their probabilities.
FACET_API std::string to_table(std::span<const PhotoResult> results, const ReportContext& context);

// CelebA's list_attr_celeba.txt: count, names, `path ±1 …` of the first face. Photos without one
// (unreadable) are left out, and so are attributes beyond the names of the context. White space in
// paths is percent-encoded.
FACET_API std::string to_attr_list(std::span<const PhotoResult> results,
                                   const ReportContext& context);

// `path x y w h score [x y w h score …]`, a line a readable photo.
FACET_API std::string to_boxes(std::span<const PhotoResult> results);

// White space and '%' as %XX.
FACET_API std::string percent_encode_spaces(std::string_view path);

}  // namespace facet
