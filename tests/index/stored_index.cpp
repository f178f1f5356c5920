// SPDX-License-Identifier: Apache-2.0
#include "index/stored_index.hpp"

#include <algorithm>
#include <vector>

#include "image/encode.hpp"
#include "index/index_builder.hpp"
#include "index/run/forget.hpp"
#include "index/run/index_status.hpp"
#include "index/search/search.hpp"

namespace facet::detail {

void fill_stored_index(SqlDatabase& database) {
  IndexBuilder builder(database);
  builder.features = true;
  constexpr std::int64_t day = 86'400;
  const std::uint32_t pair =
      builder.add("/photos/2019/pair.jpg",
                  {{{"Smiling", 0.9F}, {"Male", 0.8F}}, {{"Smiling", 0.2F}, {"Young", 0.7F}}},
                  18'000 * day, {{"Ada", 0.085, 0.19, 0.045, 0.075}});
  builder.add("/photos/2019/none.jpg", {}, 18'001 * day);
  builder.add("/photos/2020/wrong.jpg", {{{"Smiling", 0.1F}}});
  builder.add("/photos/2020/offline.jpg", {{{"Smiling", 0.8F}}});
  builder.add("/photos/secret.jpg", {{{"Smiling", 1.0F}}});
  PhotoTable photos(database);
  SqlTransaction transaction(database);
  PhotoRow broken;
  broken.folder = "/photos/\xE9t\xE9";  // no UTF-8
  broken.name = "broken.jpg";
  broken.state = {7, 8, 0};
  broken.status = PhotoStatus::unreadable;
  broken.reason = "is cut off";
  broken.generation = builder.generation().id;
  photos.insert(broken);
  photos.set_gone(photos.at_path("/photos/2020/offline.jpg").at(0).id, true);
  const PhotoRow wrong = photos.at_path("/photos/2020/wrong.jpg").at(0);
  const auto faces = FaceSnapshot(database).read_photo(wrong.id, {});
  VerdictTable(database).say({*wrong.content, faces.at(0).box, "Smiling", true});
  VerdictTable(database).apply(wrong.id, *wrong.content, faces);
  Image grey(16, 16);
  std::fill(grey.pixels.begin(), grey.pixels.end(), std::uint8_t{128});
  const std::vector<std::byte> jpeg = encode_jpeg(grey, 80);
  database.run("INSERT INTO crop (id, jpeg) VALUES ($1, $2)", {crop_id(pair, 1), SqlBytes(jpeg)});
  transaction.commit();
  forget(database, "/photos/secret.jpg");
  erase_traces(database);
}

std::string stored_index_answers(SqlDatabase& database) {
  std::string all;
  Searcher searcher(database);
  SearchOptions options;
  options.most = 0;
  for (const char* query : {"smiling", "faces:0", "date:2019 young", "person:Ada", "path:2020"}) {
    std::vector<std::string> found;
    for (const FoundPhoto& photo : searcher.search(parse_query(query), options).certain) {
      found.push_back(photo.photo.name);
      for (const FoundFace& face : photo.faces) {
        found.back() += ':' + std::to_string(face.number) + face.person;
      }
    }
    std::sort(found.begin(), found.end());
    all += std::string(query) + " =";
    for (const std::string& one : found) all += ' ' + one;
    all += '\n';
  }
  const IndexStatus status = index_status(database);
  all += std::to_string(status.photos) + " photos, " + std::to_string(status.offline) +
         " offline, " + std::to_string(status.faces) + " faces, " + std::to_string(status.crops) +
         " crops, " + std::to_string(status.verdicts) + " verdicts, " +
         std::to_string(status.forgotten) + " forgotten" + (status.features ? ", features" : "") +
         '\n';
  for (const auto& [path, reason] : status.unreadable) all += path + ": " + reason + '\n';
  return all;
}

}  // namespace facet::detail
