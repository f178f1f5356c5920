// SPDX-License-Identifier: Apache-2.0
#include "index/labels/json_pieces.hpp"
#include "index/labels/label_writer.hpp"

namespace facet::detail {
namespace {

// COCO is one object with all photos first: annotations wait until the end.
class Coco : public LabelWriter {
 public:
  Coco(std::ostream& out, const LabelFormat& format) : out_(out), format_(format) {
    LabelJson info = {{"description", "Faces and attributes by facet"}, {"model", format.model}};
    if (format.asked) info["asked"] = format.names;
    out_ << "{\"info\":" << dumped(info)
         << ",\n\"licenses\":[],\"categories\":[{\"id\":1,\"name\":\"face\",\"supercategory\":"
            "\"person\"}],\n\"images\":[";
  }

  void add(const LabelledPhotoRow& photo) override {
    ++images_;
    LabelJson image = {{"id", images_},
                       {"file_name", shown_path(photo.photo, format_)},
                       {"width", photo.photo.width},
                       {"height", photo.photo.height}};
    if (photo.photo.content) image["content"] = hex_text(*photo.photo.content);
    out_ << (images_ > 1 ? ",\n" : "\n") << dumped(image);
    for (const LabelledFace& face : photo.faces) annotate(photo, face);
  }

  void finish() override { out_ << "\n],\n\"annotations\":[" << annotations_ << "\n]}\n"; }

 private:
  void annotate(const LabelledPhotoRow& photo, const LabelledFace& face) {
    const Box box = pixel_box(face.box, photo.photo.width, photo.photo.height);
    ++count_;
    LabelJson attributes = LabelJson::object();
    for (std::size_t i = 0; i < format_.names.size(); ++i) {
      attributes[format_.names[i]] = face.labels[i].present();
    }
    LabelJson json = {{"id", count_},
                      {"image_id", images_},
                      {"category_id", 1},
                      {"bbox",
                       {rounded_pixels(box.x), rounded_pixels(box.y), rounded_pixels(box.width),
                        rounded_pixels(box.height)}},
                      {"area", rounded_pixels(box.area())},
                      {"iscrowd", 0},
                      {"attributes", std::move(attributes)}};
    json["facet"] = {{"id", id_of(photo, face)},
                     {"probabilities", predicted_json(face, format_)},
                     {"exported", json["attributes"]},
                     {"said", said_json(face, format_)}};
    if (!face.person.empty()) json["facet"]["person"] = face.person;
    annotations_ += (count_ > 1 ? ",\n" : "\n") + dumped(json);
  }

  std::ostream& out_;
  LabelFormat format_;
  int images_ = 0;
  int count_ = 0;
  std::string annotations_;
};

}  // namespace

std::unique_ptr<LabelWriter> coco_labels(std::ostream& out, const LabelFormat& format) {
  return std::make_unique<Coco>(out, format);
}

}  // namespace facet::detail
