// SPDX-License-Identifier: Apache-2.0
#include "index/search/search_report.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/number_text.hpp"
#include "base/path_text.hpp"
#include "index/search/face_id.hpp"
#include "index/search/photo_date.hpp"

namespace facet::detail {
namespace {

using Json = nlohmann::ordered_json;

// Grows where a reader of the last one would misread.
constexpr int kSchema = 1;

// Probabilities are kept in 255 steps: three decimals say all.
double rounded(double value, double steps) {
  return std::round(value * steps) / steps;
}
double probability(float value) {
  return rounded(value, 1000);
}

Json box_json(const Box& box, double steps) {
  return {{"x", rounded(box.x, steps)},
          {"y", rounded(box.y, steps)},
          {"width", rounded(box.width, steps)},
          {"height", rounded(box.height, steps)}};
}

std::string id_of(const FoundPhoto& found, const FoundFace& face) {
  return found.photo.content ? face_id_text(*found.photo.content, face.number) : std::string();
}

Json face_json(const FoundPhoto& found, const FoundFace& face) {
  constexpr double pixels = 10;
  constexpr double shares = 10'000;
  Json json = {{"id", id_of(found, face)}, {"probability", probability(face.probability)}};
  json["box"] = box_json(pixel_box(face.box, found.photo.width, found.photo.height), pixels);
  json["box_normalized"] = box_json(pixel_box(face.box, 1, 1), shares);
  json["score"] = rounded(face.score, 100);
  if (!face.person.empty()) json["person"] = face.person;
  Json& attributes = json["attributes"] = Json::array();
  for (const FoundAttribute& attribute : face.attributes) {
    Json one = {{"name", attribute.name}, {"probability", probability(attribute.probability)}};
    if (attribute.said) one["said"] = true;
    attributes.push_back(std::move(one));
  }
  return json;
}

Json photo_json(const FoundPhoto& found, bool certain) {
  const PathText path = path_text(found.photo.path());
  Json json = {{"path", path.text}};
  if (path.percent_encoded) json["path_encoding"] = "percent";
  json["probability"] = probability(found.probability);
  json["certain"] = certain;
  if (found.photo.gone) json["offline"] = true;
  if (found.photo.taken) json["taken"] = date_text(*found.photo.taken);
  json["width"] = found.photo.width;
  json["height"] = found.photo.height;
  Json& faces = json["faces"] = Json::array();
  for (const FoundFace& face : found.faces) faces.push_back(face_json(found, face));
  return json;
}

// Paths may hold bytes that are not UTF-8.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <typename Take>
void each_photo(const SearchResult& result, Take take) {
  for (const FoundPhoto& found : result.certain) take(found, true);
  for (const FoundPhoto& found : result.uncertain) take(found, false);
}

std::string csv_cell(const std::string& cell) {
  const bool outer_space = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
  if (!outer_space && cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string result = "\"";
  for (const char c : cell) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

std::string attributes_text(const FoundFace& face) {
  std::string text = face.person;
  for (const FoundAttribute& attribute : face.attributes) {
    if (!text.empty()) text += ", ";
    text += attribute.name + ' ' + fixed_text(attribute.probability, 2);
    if (attribute.said) text += " (said)";
  }
  return text;
}

// Rows of cells; all columns but the last are padded to their widest cell.
class Table {
 public:
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  void write(std::ostream& out) const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows_) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        line += row[i];
        if (i + 1 < row.size()) line += std::string(widths[i] - row[i].size() + 2, ' ');
      }
      out << line << '\n';
    }
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

void add_rows(Table& table, const FoundPhoto& found) {
  const std::string path = found.photo.path() + (found.photo.gone ? "  (offline)" : "");
  if (found.faces.empty()) {
    table.add({fixed_text(found.probability, 2), "-", "", path});
    return;
  }
  constexpr std::size_t most = 5;  // of a group; other formats have all
  for (std::size_t i = 0; i < found.faces.size() && i < most; ++i) {
    const FoundFace& face = found.faces[i];
    table.add({fixed_text(face.probability, 2), id_of(found, face), attributes_text(face), path});
  }
  if (found.faces.size() > most) {
    const std::size_t more = found.faces.size() - most;
    table.add(
        {"", "", "and " + std::to_string(more) + (more == 1 ? " face" : " faces") + " more", path});
  }
}

std::string photos_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " photo" : " photos");
}

}  // namespace

void write_search_table(std::ostream& out, const SearchResult& result,
                        const SearchContext& context) {
  Table table;
  if (!result.certain.empty()) table.add({"p", "face", "attributes", "photo"});
  for (const FoundPhoto& found : result.certain) add_rows(table, found);
  if (!result.uncertain.empty()) table.add({"uncertain:"});
  for (const FoundPhoto& found : result.uncertain) add_rows(table, found);
  table.write(out);
  out << photos_text(result.certain_photos) << " for " << context.query;
  if (result.certain.size() < result.certain_photos) {
    out << ", " << result.certain.size() << " shown";
  }
  if (result.uncertain_photos > 0) {
    out << "; " << result.uncertain_photos << " more uncertain";
    if (result.uncertain.size() < result.uncertain_photos) {
      out << ", " << result.uncertain.size() << " shown";
    }
  }
  out << " (" << result.faces << " faces searched)\n";
}

void write_search_json(std::ostream& out, const SearchResult& result,
                       const SearchContext& context) {
  Json head = {{"schema", kSchema},
               {"query", context.query},
               {"index", context.index},
               {"model", context.model},
               {"faces_searched", result.faces},
               {"certain_photos", result.certain_photos},
               {"uncertain_photos", result.uncertain_photos}};
  const std::string open = dumped(head);
  out << open.substr(0, open.size() - 1) << ",\"photos\":[";
  const char* between = "\n";
  each_photo(result, [&](const FoundPhoto& found, bool certain) {
    out << between << dumped(photo_json(found, certain));
    between = ",\n";
  });
  out << "\n]}\n";
}

void write_search_jsonl(std::ostream& out, const SearchResult& result) {
  each_photo(result, [&](const FoundPhoto& found, bool certain) {
    out << dumped(photo_json(found, certain)) << '\n';
  });
}

void write_search_csv(std::ostream& out, const SearchResult& result) {
  std::vector<std::string> names;
  each_photo(result, [&](const FoundPhoto& found, bool) {
    if (!names.empty() || found.faces.empty()) return;
    for (const FoundAttribute& attribute : found.faces[0].attributes) {
      names.push_back(attribute.name);
    }
  });
  out << "path,probability,certain,face,x,y,width,height";
  for (const std::string& name : names) out << ',' << csv_cell(name);
  out << '\n';
  each_photo(result, [&](const FoundPhoto& found, bool certain) {
    const std::string path = csv_cell(found.photo.path());
    const auto start = [&](float p) {
      out << path << ',' << fixed_text(p, 3) << ',' << (certain ? 1 : 0);
    };
    if (found.faces.empty()) {
      start(found.probability);
      out << std::string(5 + names.size(), ',') << '\n';
    }
    for (const FoundFace& face : found.faces) {
      start(face.probability);
      const Box box = pixel_box(face.box, found.photo.width, found.photo.height);
      out << ',' << id_of(found, face);
      for (const float value : {box.x, box.y, box.width, box.height}) {
        out << ',' << fixed_text(value, 1);
      }
      for (const FoundAttribute& attribute : face.attributes) {
        out << ',' << fixed_text(attribute.probability, 3);
      }
      out << '\n';
    }
  });
}

void write_search_paths(std::ostream& out, const SearchResult& result, char end) {
  for (const FoundPhoto& found : result.certain) out << found.photo.path() << end;
}

}  // namespace facet::detail
