// SPDX-License-Identifier: Apache-2.0
// Labels of faces in the forms that other programs read, and that facet label reads back.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "index/labels/face_labels.hpp"

namespace facet::detail {

struct LabelFormat {
  std::vector<std::string> names;  // of the attributes
  std::string model;               // that predicted, for readers
  bool asked = false;              // people are asked about just these attributes
  // What stands before the path, with %XX for what URLs do not take; label-studio only.
  std::string url_prefix = "/data/local-files/?d=";
  std::string root;  // paths are relative to this folder where they lie in it; absolute or empty
};

class LabelWriter {
 public:
  virtual ~LabelWriter() = default;
  LabelWriter(const LabelWriter&) = delete;
  LabelWriter& operator=(const LabelWriter&) = delete;
  virtual void add(const LabelledPhotoRow& photo) = 0;
  virtual void finish() {}

 protected:
  LabelWriter() = default;
};

// A line a photo: {"path","content","width","height","faces":[{"id","box":{x,y,width,height},
// "score","person"?,"predicted":{name: probability, …},"said":{name: true or false, …}}]}. Boxes in
// pixels of the upright photo. What a person adds under "said" is read back.
std::unique_ptr<LabelWriter> jsonl_labels(std::ostream& out, const LabelFormat& format);

// A line a face and attribute: photo,face,x,y,width,height,attribute,probability,said. `said` is 1,
// 0 or empty, to be filled in.
std::unique_ptr<LabelWriter> csv_labels(std::ostream& out, const LabelFormat& format);

// COCO's object annotations with one category, "face"; "attributes" of an annotation are true or
// false as CVAT has them, what people said coming first; "facet" has the probabilities.
std::unique_ptr<LabelWriter> coco_labels(std::ostream& out, const LabelFormat& format);

// Tasks of Label Studio with predictions: a rectangle a face, and choices for it.
std::unique_ptr<LabelWriter> label_studio_labels(std::ostream& out, const LabelFormat& format);
// The labelling interface that fits such tasks, as XML.
std::string label_studio_interface(const LabelFormat& format);

// The path of a photo as the format shows it.
std::string shown_path(const PhotoRow& photo, const LabelFormat& format);

}  // namespace facet::detail
