// SPDX-License-Identifier: Apache-2.0
#include "index/labels/take_answers.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "facet/error.hpp"
#include "index/query/suggestion.hpp"
#include "index/query/vocabulary.hpp"
#include "index/run/file_scan.hpp"
#include "index/search/face_id.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/generation_table.hpp"
#include "index/store/photo_table.hpp"
#include "index/store/verdict_table.hpp"

namespace facet::detail {
namespace {

constexpr float kSameFace = 0.5F;

bool is_hex(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

class Taking {
 public:
  Taking(SqlDatabase& database, const TakeOptions& options)
      : database_(database), options_(options), verdicts_(database), snapshot_(database) {
    const auto generation = GenerationTable(database).current();
    if (!generation) {
      throw Error(ErrorCode::not_found,
                  database.name() + ": the index is empty; fill it with facet index");
    }
    for (const IndexAttribute& attribute : generation->attributes) {
      attributes_.push_back(attribute);
      names_.push_back(attribute.name);
      columns_.push_back(attribute.column);
    }
    for (const FaceVerdict& verdict : verdicts_.about_faces()) {
      said_[{verdict.photo, verdict.number, verdict.attribute}] = verdict.present;
    }
  }

  void take(const FaceAnswer& answer) {
    const std::string attribute = name_of(answer);
    const std::optional<PhotoRow> photo = photo_of(answer);
    if (!photo) return;
    const std::optional<StoredBox> box = box_of(answer, *photo);
    if (!box) return;
    const StoredFace* face = face_at(*photo, *box);
    const auto known =
        face == nullptr ? said_.end() : said_.find({photo->id, face->number, attribute});
    if (!answer.present) {
      counts_.taken_back += verdicts_.unsay(*photo->content, *box, attribute);
      if (known != said_.end()) said_.erase(known);
      touched_.insert(*photo->content);
      return;
    }
    if (known != said_.end() && known->second == *answer.present) {
      ++counts_.as_before;
      return;
    }
    if (!answer.looked_at && !options_.reviewed && !changed(answer, face, known != said_.end())) {
      ++counts_.passed_over;
      return;
    }
    const StoredBox& place = face == nullptr ? *box : face->box;
    verdicts_.unsay(*photo->content, place, attribute);
    verdicts_.say({*photo->content, place, attribute, *answer.present});
    touched_.insert(*photo->content);
    ++counts_.said;
    if (face == nullptr) {
      ++counts_.without_face;
    } else {
      said_[{photo->id, face->number, attribute}] = *answer.present;
    }
  }

  // Faces, those of copies too, get what was said about them.
  TakenAnswers finish() {
    for (const ContentHash& content : touched_) {
      for (const PhotoRow& photo : PhotoTable(database_).with_content(hex_text(content))) {
        database_.run("DELETE FROM verdict_face WHERE photo = $1", {photo.id});
        verdicts_.apply(photo.id, content, snapshot_.read_photo(photo.id, {}));
      }
    }
    return counts_;
  }

 private:
  void unknown(const FaceAnswer& answer, const std::string& what) {
    ++counts_.unknown;
    if (warned_.insert(answer.where + what).second) options_.warn(answer.where + ": " + what);
  }

  std::string name_of(const FaceAnswer& answer) const {
    const Vocabulary vocabulary(names_);
    if (const auto place = vocabulary.attribute(answer.attribute)) return names_[*place];
    if (options_.allow_new && !answer.attribute.empty()) return answer.attribute;
    throw Error(ErrorCode::bad_label,
                answer.where + ": no attribute is called \"" + answer.attribute + "\"" +
                    did_you_mean(answer.attribute, names_, "",
                                 "; --allow-new takes names that are not in the index"));
  }

  // By its content, else by its path, else by the end of its path.
  std::optional<PhotoRow> photo_of(const FaceAnswer& answer) {
    const std::string key =
        answer.face.substr(0, answer.face.find('.')) + '\n' + answer.content + '\n' + answer.photo;
    const auto known = photos_.find(key);
    if (known != photos_.end()) return known->second;
    return photos_[key] = find_photo(answer);
  }

  std::optional<PhotoRow> find_photo(const FaceAnswer& answer) {
    const PhotoTable photos(database_);
    const auto id = read_face_id(answer.face);
    const std::string hex = id ? id->content : answer.content;
    std::vector<PhotoRow> found;
    if (is_hex(hex)) found = photos.with_content(hex);
    const bool several = std::any_of(found.begin(), found.end(), [&](const PhotoRow& row) {
      return row.content != found.front().content;
    });
    if (several) found.clear();
    if (found.empty() && hex.empty() && !answer.photo.empty()) {
      found = photos.at_path(absolute_photo(answer.photo));
      if (found.empty()) found = with_end(answer.photo);
      if (found.size() > 1) {
        unknown(answer, answer.photo + ": several photos of the index end so");
        return std::nullopt;
      }
    }
    if (found.empty() || !found.front().content) {
      const std::string what = answer.photo.empty() ? answer.face : answer.photo;
      unknown(answer, what + (hex.empty() ? ": the index does not know this photo"
                                          : ": the index does not know this photo, or it has "
                                            "changed since"));
      return std::nullopt;
    }
    return found.front();
  }

  std::vector<PhotoRow> with_end(const std::string& end) {
    std::vector<PhotoRow> found;
    PhotoTable(database_).each([&](const PhotoRow& row) {
      const std::string path = row.path();
      if (path.ends_with(end.starts_with('/') ? end : '/' + end)) found.push_back(row);
    });
    return found;
  }

  const std::vector<StoredFace>& faces_of(const PhotoRow& photo) {
    const auto known = faces_.find(photo.id);
    if (known != faces_.end()) return known->second;
    return faces_[photo.id] = snapshot_.read_photo(photo.id, columns_);
  }

  // Where in the photo: as the answer says, else of the face with that number, else of the only
  // one.
  std::optional<StoredBox> box_of(const FaceAnswer& answer, const PhotoRow& photo) {
    const std::vector<StoredFace>& faces = faces_of(photo);
    if (answer.box) {
      const float width =
          answer.frame_width > 0 ? answer.frame_width : static_cast<float>(photo.width);
      const float height =
          answer.frame_height > 0 ? answer.frame_height : static_cast<float>(photo.height);
      const Box& box = *answer.box;
      return stored_box({box.x / width, box.y / height, box.width / width, box.height / height}, 1,
                        1);
    }
    if (const auto id = read_face_id(answer.face)) {
      for (const StoredFace& face : faces) {
        if (face.number == id->number) return face.box;
      }
      unknown(answer, answer.face + ": the index does not know this face");
      return std::nullopt;
    }
    if (faces.size() == 1) return faces.front().box;
    unknown(answer, photo.path() + ": shows " + std::to_string(faces.size()) +
                        " faces; say which by its id or box");
    return std::nullopt;
  }

  const StoredFace* face_at(const PhotoRow& photo, const StoredBox& box) {
    const StoredFace* best = nullptr;
    float most = kSameFace;
    for (const StoredFace& face : faces_of(photo)) {
      const float common = overlap(face.box, box);
      if (common < most) continue;
      most = common;
      best = &face;
    }
    return best;
  }

  // Whether the answer is another than what the person was shown.
  bool changed(const FaceAnswer& answer, const StoredFace* face, bool said_before) const {
    if (answer.exported) return *answer.exported != *answer.present;
    if (said_before || face == nullptr) return true;
    const Vocabulary vocabulary(names_);
    const auto place = vocabulary.attribute(answer.attribute);
    if (!place) return true;
    const float p = static_cast<float>(face->attributes[*place]) / 255;
    return (p >= attributes_[*place].threshold) != *answer.present;
  }

  struct SaidKey {
    std::uint32_t photo = 0;
    int number = 0;
    std::string attribute;
    auto operator<=>(const SaidKey&) const = default;
  };

  SqlDatabase& database_;
  const TakeOptions& options_;
  VerdictTable verdicts_;
  FaceSnapshot snapshot_;
  std::vector<IndexAttribute> attributes_;
  std::vector<std::string> names_;
  std::vector<std::int64_t> columns_;
  std::map<SaidKey, bool> said_;
  std::map<std::string, std::optional<PhotoRow>> photos_;
  std::map<std::uint32_t, std::vector<StoredFace>> faces_;
  std::set<ContentHash> touched_;
  std::set<std::string> warned_;
  TakenAnswers counts_;
};

}  // namespace

TakenAnswers take_answers(SqlDatabase& database, const std::vector<FaceAnswer>& answers,
                          const TakeOptions& options) {
  SqlTransaction transaction(database);
  Taking taking(database, options);
  for (const FaceAnswer& answer : answers) taking.take(answer);
  const TakenAnswers counts = taking.finish();
  if (!options.dry_run) transaction.commit();
  return counts;
}

}  // namespace facet::detail
