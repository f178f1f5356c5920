// SPDX-License-Identifier: Apache-2.0
#include "index/store/verdict_table.hpp"

#include "index/store/unix_time.hpp"

namespace facet::detail {
namespace {

constexpr float kSameFace = 0.5F;  // overlap

StoredBox read_box(const SqlRow& row, int first) {
  const auto side = [&](int column) { return static_cast<std::uint16_t>(row.integer(column)); };
  return {side(first), side(first + 1), side(first + 2), side(first + 3)};
}

FaceVerdict read_face_verdict(const SqlRow& row) {
  return {static_cast<std::uint32_t>(row.integer(0)), static_cast<int>(row.integer(1)),
          row.integer(2) != 0, std::string(row.text(3))};
}

}  // namespace

void VerdictTable::say(const Verdict& verdict) {
  database_.run(
      "INSERT INTO verdict (content, x, y, width, height, attribute, present, said) VALUES ($1, "
      "$2, $3, $4, $5, $6, $7, $8) ON CONFLICT (content, x, y, width, height, attribute) DO "
      "UPDATE SET present = excluded.present, said = excluded.said",
      {as_sql_bytes(verdict.content), verdict.box.x, verdict.box.y, verdict.box.width,
       verdict.box.height, verdict.attribute, verdict.present ? 1 : 0, unix_time()});
}

std::size_t VerdictTable::unsay(const ContentHash& content, const StoredBox& box,
                                const std::string& attribute) {
  std::vector<StoredBox> meant;
  database_.run("SELECT x, y, width, height FROM verdict WHERE content = $1 AND attribute = $2",
                {as_sql_bytes(content), attribute}, [&](const SqlRow& row) {
                  const StoredBox one = read_box(row, 0);
                  if (overlap(one, box) >= kSameFace) meant.push_back(one);
                });
  for (const StoredBox& one : meant) {
    database_.run(
        "DELETE FROM verdict WHERE content = $1 AND x = $2 AND y = $3 AND width = $4 AND height = "
        "$5 AND attribute = $6",
        {as_sql_bytes(content), one.x, one.y, one.width, one.height, attribute});
  }
  return meant.size();
}

void VerdictTable::apply(std::uint32_t photo, const ContentHash& content,
                         std::span<const StoredFace> faces) {
  struct Said {
    StoredBox box;
    std::string attribute;
    bool present = false;
  };
  std::vector<Said> said;
  // The last word counts where boxes of two models mean one face.
  database_.run(
      "SELECT x, y, width, height, attribute, present FROM verdict WHERE content = $1 ORDER BY "
      "said",
      {as_sql_bytes(content)}, [&](const SqlRow& row) {
        said.push_back({read_box(row, 0), std::string(row.text(4)), row.integer(5) != 0});
      });
  for (const Said& one : said) {
    const StoredFace* best = nullptr;
    float most = kSameFace;
    for (const StoredFace& face : faces) {
      const float common = overlap(face.box, one.box);
      if (common < most) continue;
      most = common;
      best = &face;
    }
    if (best == nullptr) continue;
    database_.run(
        "INSERT INTO verdict_face (photo, number, attribute, present) VALUES ($1, $2, $3, $4) ON "
        "CONFLICT (photo, number, attribute) DO UPDATE SET present = excluded.present",
        {photo, best->number, one.attribute, one.present ? 1 : 0});
  }
}

std::vector<Verdict> VerdictTable::all() const {
  std::vector<Verdict> verdicts;
  database_.run(
      "SELECT content, x, y, width, height, attribute, present FROM verdict ORDER BY said", {},
      [&](const SqlRow& row) {
        verdicts.push_back({as_content(row.bytes(0)), read_box(row, 1), std::string(row.text(5)),
                            row.integer(6) != 0});
      });
  return verdicts;
}

std::vector<FaceVerdict> VerdictTable::about(const std::string& attribute) const {
  std::vector<FaceVerdict> verdicts;
  database_.run("SELECT photo, number, present, attribute FROM verdict_face WHERE attribute = $1",
                {attribute},
                [&](const SqlRow& row) { verdicts.push_back(read_face_verdict(row)); });
  return verdicts;
}

std::vector<FaceVerdict> VerdictTable::about_faces() const {
  std::vector<FaceVerdict> verdicts;
  database_.run("SELECT photo, number, present, attribute FROM verdict_face", {},
                [&](const SqlRow& row) { verdicts.push_back(read_face_verdict(row)); });
  return verdicts;
}

std::vector<FaceVerdict> VerdictTable::of_photo(std::uint32_t photo) const {
  std::vector<FaceVerdict> verdicts;
  database_.run("SELECT photo, number, present, attribute FROM verdict_face WHERE photo = $1",
                {photo}, [&](const SqlRow& row) { verdicts.push_back(read_face_verdict(row)); });
  return verdicts;
}

void VerdictTable::forget(const ContentHash& content) {
  database_.run("DELETE FROM verdict WHERE content = $1", {as_sql_bytes(content)});
}

void VerdictTable::forget(const ContentHash& content, const StoredBox& box) {
  std::vector<StoredBox> meant;
  database_.run("SELECT DISTINCT x, y, width, height FROM verdict WHERE content = $1",
                {as_sql_bytes(content)}, [&](const SqlRow& row) {
                  const StoredBox one = read_box(row, 0);
                  if (overlap(one, box) >= kSameFace) meant.push_back(one);
                });
  for (const StoredBox& one : meant) {
    database_.run(
        "DELETE FROM verdict WHERE content = $1 AND x = $2 AND y = $3 AND width = $4 AND height = "
        "$5",
        {as_sql_bytes(content), one.x, one.y, one.width, one.height});
  }
}

}  // namespace facet::detail
