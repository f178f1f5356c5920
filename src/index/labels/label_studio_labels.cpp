// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "index/labels/json_pieces.hpp"
#include "index/labels/label_writer.hpp"

namespace facet::detail {
namespace {

constexpr const char* kRectangles = "face";  // names in the labelling interface
constexpr const char* kChoices = "attributes";
constexpr const char* kImage = "image";

std::string url_text(const std::string& path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "-._~/";
  std::string text;
  for (const char c : path) {
    const bool kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      plain.find(c) != std::string_view::npos;
    if (kept) {
      text += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += '%';
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string xml_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

class Tasks : public LabelWriter {
 public:
  Tasks(std::ostream& out, const LabelFormat& format) : out_(out), format_(format) { out_ << '['; }

  void add(const LabelledPhotoRow& photo) override {
    std::string path = shown_path(photo.photo, format_);
    // The server adds its own folder before it.
    if (path.starts_with('/')) path.erase(0, 1);
    LabelJson faces = LabelJson::object();
    LabelJson result = LabelJson::array();
    double most_doubt = 0;
    for (const LabelledFace& face : photo.faces) {
      const std::string id = "face" + std::to_string(face.number);
      faces[id] = {{"id", id_of(photo, face)}, {"exported", present_names(face, format_)}};
      if (!face.person.empty()) faces[id]["person"] = face.person;
      add_regions(photo, face, id, result);
      for (const FaceLabel& label : face.labels) {
        most_doubt =
            std::max(most_doubt, 1 - 2 * std::abs(static_cast<double>(label.probability) - 0.5));
      }
    }
    LabelJson facet = {{"path", photo.photo.path()}};
    if (photo.photo.content) facet["content"] = hex_text(*photo.photo.content);
    if (format_.asked) facet["asked"] = format_.names;
    facet["faces"] = std::move(faces);
    LabelJson prediction = {{"model_version", format_.model}, {"score", 1 - most_doubt}};
    prediction["result"] = std::move(result);
    LabelJson task = LabelJson::object();
    task["data"] = {{"image", format_.url_prefix + url_text(path)}};
    task["data"]["facet"] = std::move(facet);
    task["predictions"] = LabelJson::array();
    task["predictions"].push_back(std::move(prediction));
    out_ << (count_++ > 0 ? ",\n" : "\n") << dumped(task);
  }

  void finish() override { out_ << "\n]\n"; }

 private:
  // Two entries of one id: the rectangle, and the choices for it.
  void add_regions(const LabelledPhotoRow& photo, const LabelledFace& face, const std::string& id,
                   LabelJson& result) const {
    const Box box = pixel_box(face.box, 100, 100);  // Label Studio counts in percent
    const LabelJson place = {
        {"x", box.x}, {"y", box.y}, {"width", box.width}, {"height", box.height}, {"rotation", 0}};
    const auto entry = [&](const char* from, const char* type, const char* key,
                           const std::vector<std::string>& values) {
      LabelJson value = place;
      value[key] = values;
      result.push_back({{"id", id},
                        {"from_name", from},
                        {"to_name", kImage},
                        {"type", type},
                        {"original_width", photo.photo.width},
                        {"original_height", photo.photo.height},
                        {"image_rotation", 0},
                        {"value", std::move(value)}});
    };
    entry(kRectangles, "rectanglelabels", "rectanglelabels", {"Face"});
    const std::vector<std::string> present = present_names(face, format_);
    if (!present.empty()) entry(kChoices, "choices", "choices", present);
  }

  std::ostream& out_;
  LabelFormat format_;
  std::size_t count_ = 0;
};

}  // namespace

std::unique_ptr<LabelWriter> label_studio_labels(std::ostream& out, const LabelFormat& format) {
  return std::make_unique<Tasks>(out, format);
}

std::string label_studio_interface(const LabelFormat& format) {
  std::string xml =
      "<View>\n  <Image name=\"image\" value=\"$image\" zoom=\"true\"/>\n"
      "  <RectangleLabels name=\"face\" toName=\"image\">\n"
      "    <Label value=\"Face\"/>\n  </RectangleLabels>\n"
      "  <Choices name=\"attributes\" toName=\"image\" perRegion=\"true\" "
      "choice=\"multiple\">\n";
  for (const std::string& name : format.names) {
    xml += "    <Choice value=\"" + xml_text(name) + "\"/>\n";
  }
  return xml + "  </Choices>\n</View>\n";
}

}  // namespace facet::detail
