// SPDX-License-Identifier: Apache-2.0
// The forms with a line for each piece: JSON lines and CSV.
#include "base/csv.hpp"
#include "base/number_text.hpp"
#include "index/labels/json_pieces.hpp"
#include "index/labels/label_writer.hpp"

namespace facet::detail {
namespace {

class JsonLines : public LabelWriter {
 public:
  JsonLines(std::ostream& out, const LabelFormat& format) : out_(out), format_(format) {}

  void add(const LabelledPhotoRow& photo) override {
    LabelJson json = {{"path", shown_path(photo.photo, format_)}};
    if (photo.photo.content) json["content"] = hex_text(*photo.photo.content);
    json["width"] = photo.photo.width;
    json["height"] = photo.photo.height;
    LabelJson& faces = json["faces"] = LabelJson::array();
    for (const LabelledFace& face : photo.faces) {
      const Box box = pixel_box(face.box, photo.photo.width, photo.photo.height);
      LabelJson one = {{"id", id_of(photo, face)},
                       {"box",
                        {{"x", rounded_pixels(box.x)},
                         {"y", rounded_pixels(box.y)},
                         {"width", rounded_pixels(box.width)},
                         {"height", rounded_pixels(box.height)}}},
                       {"score", rounded_pixels(face.score)}};
      if (!face.person.empty()) one["person"] = face.person;
      one["predicted"] = predicted_json(face, format_);
      one["said"] = said_json(face, format_);
      faces.push_back(std::move(one));
    }
    out_ << dumped(json) << '\n';
  }

 private:
  std::ostream& out_;
  LabelFormat format_;
};

class Table : public LabelWriter {
 public:
  Table(std::ostream& out, const LabelFormat& format) : out_(out), format_(format) {
    out_ << "photo,face,x,y,width,height,attribute,probability,said\n";
  }

  void add(const LabelledPhotoRow& photo) override {
    const std::string path = csv_cell(shown_path(photo.photo, format_));
    for (const LabelledFace& face : photo.faces) {
      std::string start = path + ',' + id_of(photo, face);
      const Box box = pixel_box(face.box, photo.photo.width, photo.photo.height);
      for (const float value : {box.x, box.y, box.width, box.height}) {
        start += ',' + fixed_text(value, 1);
      }
      for (std::size_t i = 0; i < format_.names.size(); ++i) {
        const FaceLabel& label = face.labels[i];
        out_ << start << ',' << csv_cell(format_.names[i]) << ','
             << fixed_text(label.probability, 3) << ',';
        if (label.said) out_ << (*label.said ? '1' : '0');
        out_ << '\n';
      }
    }
  }

 private:
  std::ostream& out_;
  LabelFormat format_;
};

}  // namespace

std::unique_ptr<LabelWriter> jsonl_labels(std::ostream& out, const LabelFormat& format) {
  return std::make_unique<JsonLines>(out, format);
}

std::unique_ptr<LabelWriter> csv_labels(std::ostream& out, const LabelFormat& format) {
  return std::make_unique<Table>(out, format);
}

}  // namespace facet::detail
