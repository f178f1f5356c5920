// SPDX-License-Identifier: Apache-2.0
#include "index/run/index_writer.hpp"

#include <algorithm>
#include <utility>

#include "index/search/likeness.hpp"
#include "index/search/query_inputs.hpp"
#include "index/store/region_table.hpp"
#include "index/store/verdict_table.hpp"

namespace facet::detail {
namespace {

using Finding = Examination::Finding;

constexpr auto kLongestWait = std::chrono::seconds(2);

std::vector<std::int64_t> columns_of(const Generation& generation) {
  std::vector<std::int64_t> columns;
  for (const IndexAttribute& attribute : generation.attributes) columns.push_back(attribute.column);
  return columns;
}

std::vector<StoredFace> stored_faces(const PhotoResult& result) {
  std::vector<StoredFace> faces;
  for (const Face& face : result.faces) {
    StoredFace stored;
    stored.number = static_cast<int>(faces.size()) + 1;
    stored.box = stored_box(face.box, result.width, result.height);
    stored.score = face.score;
    for (const auto& attribute : face.attributes) {
      stored.attributes.push_back(stored_probability(attribute.probability));
    }
    if (!face.features.empty()) {
      StoredFeatures features = stored_features(face.features);
      stored.features = std::move(features.values);
      stored.scale = features.scale;
    }
    faces.push_back(std::move(stored));
  }
  return faces;
}

}  // namespace

IndexWriter::IndexWriter(SqlDatabase& database, const Generation& generation, const IndexPlan& plan,
                         const Tombstones& tombstones, std::size_t written_at_once)
    : database_(database),
      generation_(generation),
      plan_(plan),
      tombstones_(tombstones),
      photos_(database),
      faces_(database, columns_of(generation)),
      columns_(columns_of(generation)),
      most_waiting_(written_at_once),
      last_write_(std::chrono::steady_clock::now()) {
  for (const PhotoRow* photo : plan.missing) missing_.insert(photo->id);
  for (const PhotoRow* photo : plan.absent) missing_.insert(photo->id);
}

void IndexWriter::add(Examination found) {
  waiting_.push_back(std::move(found));
  if (waiting_.size() >= most_waiting_ ||
      std::chrono::steady_clock::now() - last_write_ >= kLongestWait) {
    write();
  }
}

void IndexWriter::finish() {
  write();
}

void IndexWriter::write() {
  if (!waiting_.empty()) {
    SqlTransaction transaction(database_);
    for (const Examination& found : waiting_) write_one(found);
    faces_.flush();
    transaction.commit();
    snapshot_.reset();
    waiting_.clear();
  }
  last_write_ = std::chrono::steady_clock::now();
}

void IndexWriter::write_one(const Examination& found) {
  switch (found.finding) {
    case Finding::described:
      return write_described(found);
    case Finding::known:
      return write_known(found);
    case Finding::same:
      return write_same(found);
    case Finding::unreadable:
      return write_unreadable(found);
    case Finding::forgotten: {
      ++counts_.forgotten;
      const PhotoRow* here = plan_.tasks[found.task].known;
      if (here == nullptr) return;
      const std::uint32_t photos[] = {here->id};
      remove_photos(database_, photos);
      return;
    }
    case Finding::own_picture:
      ++counts_.own_pictures;
      return;
    case Finding::vanished:
      return;  // the next run sees that it is gone
  }
}

// Adds the photo, or replaces what was known at its place. Where another writer was quicker nothing
// happens.
void IndexWriter::put(const PhotoRow& row, const IndexTask& task,
                      const std::vector<StoredFace>& faces, const Examination& found,
                      std::size_t& count) {
  std::uint32_t id = 0;
  if (task.known != nullptr) {
    PhotoRow renewed = row;
    renewed.id = task.known->id;
    if (!photos_.update(renewed, *task.known)) return;
    id = renewed.id;
    const std::uint32_t photos[] = {id};
    remove_descriptions(database_, photos);
  } else {
    const auto inserted = photos_.insert(row);
    if (!inserted) return;
    id = *inserted;
  }
  ++count;
  faces_.append(id, photo_day(row), faces);
  put_names(id, found, faces);
  if (row.content) VerdictTable(database_).apply(id, *row.content, faces);
}

void IndexWriter::write_described(const Examination& found) {
  const IndexTask& task = plan_.tasks[found.task];
  const std::string path = task.file.path();
  std::vector<StoredFace> faces = stored_faces(found.result);
  std::erase_if(faces, [&](const StoredFace& face) {
    return tombstones_.face(*found.content, path, face.box);
  });
  PhotoRow row;
  row.folder = task.file.folder;
  row.name = task.file.name;
  row.state = found.state;
  row.content = found.content;
  row.look = found.look;
  row.taken = found.taken;
  row.width = found.result.width;
  row.height = found.result.height;
  row.status = faces.empty() ? PhotoStatus::no_face : PhotoStatus::ok;
  row.faces = static_cast<int>(faces.size());
  row.generation = generation_.id;
  std::size_t put_there = 0;
  put(row, task, faces, found, put_there);
  if (put_there == 0) return;
  (task.known != nullptr ? counts_.changed : counts_.added) += 1;
  counts_.faces += faces.size();
  if (found.crops.empty()) return;
  const auto at = photos_.at_path(path);
  for (const StoredFace& face : faces) {
    const auto& jpeg = found.crops.at(static_cast<std::size_t>(face.number) - 1);
    database_.run(
        "INSERT INTO crop (id, jpeg) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET jpeg = "
        "excluded.jpeg",
        {crop_id(at.at(0).id, face.number), SqlBytes(jpeg)});
  }
}

// The photo that is gone from its old place is at this one now.
bool IndexWriter::move(const Examination& found) {
  const PhotoRow& original = *found.original;
  if (!missing_.contains(original.id) || moved_.contains(original.id)) return false;
  const IndexTask& task = plan_.tasks[found.task];
  if (task.known != nullptr) {
    const std::uint32_t replaced[] = {task.known->id};
    remove_photos(database_, replaced);
  }
  PhotoRow row = original;
  row.folder = task.file.folder;
  row.name = task.file.name;
  row.state = found.state;
  row.gone = false;
  if (!photos_.update(row, original)) return false;
  moved_.insert(original.id);
  ++counts_.moved;
  return true;
}

void IndexWriter::write_known(const Examination& found) {
  if (move(found)) return;
  const IndexTask& task = plan_.tasks[found.task];
  const std::vector<StoredFace> faces = snapshot().read_photo(found.original->id, columns_, true);
  // Described anew in this run: the next one finds its copy.
  if (static_cast<int>(faces.size()) != found.original->faces) return;
  PhotoRow row = *found.original;
  row.folder = task.file.folder;
  row.name = task.file.name;
  row.state = found.state;
  row.gone = false;
  std::size_t put_there = 0;
  put(row, task, faces, found, put_there);
  counts_.copies += put_there;
}

void IndexWriter::write_same(const Examination& found) {
  const PhotoRow& known = *plan_.tasks[found.task].known;
  PhotoRow row = known;
  row.state = found.state;
  row.gone = false;
  if (!photos_.update(row, known)) return;
  ++counts_.touched;
  put_names(row.id, found, snapshot().read_photo(row.id, {}));
}

// But for the names of faces that were forgotten.
void IndexWriter::put_names(std::uint32_t photo, const Examination& found,
                            const std::vector<StoredFace>& faces) {
  if (!found.regions) return;
  std::vector<NamedRegion> regions = *found.regions;
  const std::string path = plan_.tasks[found.task].file.path();
  std::erase_if(regions, [&](const NamedRegion& region) {
    const StoredBox box = box_of(region);
    float other = 0;
    for (const StoredFace& face : faces) other = std::max(other, overlap(face.box, box));
    const float forgotten = tombstones_.common_with_face(*found.content, path, box);
    return forgotten >= kMeantByRegion && forgotten > other;
  });
  RegionTable(database_).set(photo, regions, faces);
}

void IndexWriter::write_unreadable(const Examination& found) {
  const IndexTask& task = plan_.tasks[found.task];
  ++counts_.unreadable;
  // A disk that does not answer says nothing about the photo: what is known of it stays, and it is
  // tried again.
  if (!found.content && task.known != nullptr && task.known->content) return;
  PhotoRow row;
  row.folder = task.file.folder;
  row.name = task.file.name;
  row.state = found.state;
  row.content = found.content;
  row.status = PhotoStatus::unreadable;
  row.reason = found.result.reason;
  row.generation = generation_.id;
  std::size_t put_there = 0;
  put(row, task, {}, found, put_there);
}

// What is in the database now, the faces of this transaction that were flushed included.
FaceSnapshot& IndexWriter::snapshot() {
  if (!snapshot_) {
    faces_.flush();
    snapshot_.emplace(database_);
  }
  return *snapshot_;
}

}  // namespace facet::detail
