// SPDX-License-Identifier: Apache-2.0
#include "stage_sources.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "alignment_source.hpp"
#include "face_source.hpp"
#include "lnet_source.hpp"
#include "object_source.hpp"
#include "pack/pack_reader.hpp"
#include "window_list.hpp"

namespace facet::training {
using namespace detail;
namespace {

constexpr int kHalvings = 4;

std::shared_ptr<Pack> load(const TrainerOptions& options, const std::string& name, int partition) {
  return std::make_shared<Pack>(
      read_pack(options.data, name, kHalvings, partition, options.threads));
}

void keep_first(Pack& pack, int limit) {
  if (limit > 0 && static_cast<std::size_t>(limit) < pack.photos.size()) {
    pack.photos.resize(static_cast<std::size_t>(limit));
  }
}

// Choosing happens on these people: they are never trained on.
void drop_held_out_people(Pack& pack, int modulus) {
  if (modulus <= 0) return;
  std::erase_if(pack.photos, [modulus](const PackedPhoto& p) { return p.identity % modulus == 0; });
}

// The same for collections whose people have no numbers of their own: every n-th of them, in order,
// the first included.
void drop_every_nth_person(Pack& pack, int n) {
  if (n <= 0) return;
  std::map<int, bool> dropped;
  for (const auto& photo : pack.photos) dropped[photo.identity] = false;
  int rank = 0;
  for (auto& [identity, drop] : dropped) drop = rank++ % n == 0;
  std::erase_if(pack.photos, [&](const PackedPhoto& p) { return dropped.at(p.identity); });
}

std::array<float, 3> three(const std::vector<float>& values, const std::string& what) {
  if (values.size() != 3) throw std::runtime_error(what + " needs three numbers");
  return {values[0], values[1], values[2]};
}

StageSources object_sources(TableReader& reader, std::uint64_t seed,
                            const TrainerOptions& options) {
  const auto pack = reader.require<std::string>("pack");
  const int side = reader.get("side", 64);
  StageSources sources;
  sources.training = std::make_unique<ObjectSource>(load(options, pack, 0), seed, side, true);
  sources.validation = std::make_unique<ObjectSource>(load(options, pack, 1), seed, side, false);
  return sources;
}

StageSources lnet_sources(TableReader& reader, std::uint64_t seed, const TrainerOptions& options) {
  LnetSettings settings;
  settings.side = reader.get("side", settings.side);
  settings.face_height = reader.get("face_height", settings.face_height);
  settings.size_ratio = reader.get("size_ratio", settings.size_ratio);
  settings.window_ratio = reader.get("window_ratio", settings.window_ratio);
  settings.place_share = reader.get("place_share", settings.place_share);
  settings.window_share = reader.get("window_share", settings.window_share);
  settings.strong_share = reader.get("strong_share", settings.strong_share);
  settings.off_size_ratio = reader.get("off_size_ratio", settings.off_size_ratio);
  settings.off_size_evidence = reader.get("off_size_evidence", settings.off_size_evidence);
  settings.targets = reader.get("targets", settings.targets);
  settings.epoch = reader.get("epoch", settings.epoch);
  settings.tags_used = reader.get("tags_used", settings.tags_used);
  const int limit = reader.get("limit", 0);
  if (const auto* table = reader.table("mix")) {
    TableReader mix(*table, reader.where() + " [mix]");
    settings.mix.placed = mix.get("placed", 0.0F);
    settings.mix.placed_scene = mix.get("placed_scene", 0.0F);
    settings.mix.scene = mix.get("scene", 0.0F);
    settings.mix.window = mix.get("window", 0.0F);
    settings.mix.away = mix.get("away", 0.0F);
    settings.mix.alarm = mix.get("alarm", 0.0F);
    settings.mix.off_size = mix.get("off_size", 0.0F);
    mix.finish();
  }
  std::vector<AlignedPack> aligned;
  for (const auto* table : reader.tables("aligned")) {
    TableReader fields(*table, reader.where() + " [aligned]");
    AlignedPack entry;
    auto pack = load(options, fields.require<std::string>("pack"), 0);
    drop_held_out_people(*pack, fields.get("held_out_modulus", 0));
    keep_first(*pack, limit);
    entry.pack = pack;
    const auto face = three(fields.require<std::vector<float>>("face"), "'face'");
    entry.face_x = face[0];
    entry.face_y = face[1];
    entry.face_height = face[2];
    entry.share = fields.get("share", 1.0F);
    entry.first_target = fields.get("first_target", 0);
    fields.finish();
    aligned.push_back(std::move(entry));
  }
  std::vector<FramePack> frames;
  for (const auto* table : reader.tables("frames")) {
    TableReader fields(*table, reader.where() + " [frames]");
    FramePack entry;
    auto pack = load(options, fields.require<std::string>("pack"), 0);
    drop_held_out_people(*pack, fields.get("held_out_modulus", 0));
    keep_first(*pack, limit);
    entry.pack = pack;
    entry.windows = read_windows(options.out / fields.require<std::string>("windows"));
    entry.share = fields.get("share", 1.0F);
    entry.first_target = fields.get("first_target", 0);
    fields.finish();
    frames.push_back(std::move(entry));
  }
  const auto scenes = load(options, reader.require<std::string>("scenes"), -1);
  const auto alarms = reader.get<std::string>("alarms", "");
  StageSources sources;
  sources.training = std::make_unique<LnetSource>(
      std::move(aligned), std::move(frames), scenes,
      alarms.empty() ? WindowList{} : read_windows(options.out / alarms), seed, settings);
  return sources;
}

FaceSettings face_settings(TableReader& reader) {
  FaceSettings settings;
  settings.patch_side = reader.get("patch_side", settings.patch_side);
  settings.region_side = reader.get("region_side", settings.region_side);
  settings.region_scale = reader.get("region_scale", settings.region_scale);
  settings.centre_y = reader.get("centre_y", settings.centre_y);
  settings.shift = reader.get("shift", settings.shift);
  settings.jitter = reader.get("jitter", settings.jitter);
  settings.size_ratio = reader.get("size_ratio", settings.size_ratio);
  settings.rotation = reader.get("rotation", settings.rotation);
  settings.erase = reader.get("erase", settings.erase);
  settings.person_share = reader.get("person_share", settings.person_share);
  const auto box = reader.get("box", std::vector<float>(settings.box.begin(), settings.box.end()));
  if (box.size() != 4) throw std::runtime_error(reader.where() + ": 'box' needs four numbers");
  std::copy(box.begin(), box.end(), settings.box.begin());
  return settings;
}

FacePack face_pack(const toml::table& table, const std::string& where, int partition, int limit,
                   const TrainerOptions& options, bool taught = false) {
  TableReader fields(table, where);
  FacePack faces;
  auto pack = load(options, fields.require<std::string>("pack"), partition);
  const int modulus = fields.get("held_out_modulus", 0);
  const int every = fields.get("held_out_every", 0);
  if (partition == 0) {
    drop_held_out_people(*pack, modulus);
    drop_every_nth_person(*pack, every);
  }
  keep_first(*pack, limit);
  faces.pack = pack;
  faces.first_target = fields.get("first_target", 0);
  const auto windows = fields.get<std::string>("windows", "");
  if (!windows.empty()) faces.windows = read_windows(options.out / windows);
  const auto constant = fields.get("constant", std::vector<float>{});
  if (!constant.empty()) {
    const auto values = three(constant, "'constant'");
    faces.constant = {values[0], values[1], values[2], 0};
  }
  if (taught) {
    faces.repeat = fields.get("repeat", faces.repeat);
    // See add_teachers().
    fields.get<std::string>("probabilities_of", "");
    (void)fields.tables("answers");
  }
  fields.finish();
  return faces;
}

// The pack of the stage whose attributes begin at that target.
const FacePack& pack_at(const std::vector<FacePack>& packs, int first_target,
                        const std::string& where) {
  const auto found = std::find_if(
      packs.begin(), packs.end(),
      [first_target](const FacePack& faces) { return faces.first_target == first_target; });
  if (found == packs.end()) {
    throw std::runtime_error(where + ": no pack of this stage has targets from " +
                             std::to_string(first_target) + " on");
  }
  return *found;
}

void add_taught(const std::filesystem::path& path, const FacePack& asked, float share,
                FacePack& faces) {
  TaughtTargets taught;
  taught.probabilities = read_probabilities(path, asked.pack->attributes);
  taught.first_target = asked.first_target;
  taught.share = share;
  const auto known = std::count_if(
      faces.pack->photos.begin(), faces.pack->photos.end(),
      [&taught](const PackedPhoto& photo) { return taught.probabilities.count(photo.name) > 0; });
  if (known == 0) {
    throw std::runtime_error(path.filename().string() + ": none of the photos of pack '" +
                             faces.pack->name + "'");
  }
  faces.taught.push_back(std::move(taught));
}

// What teachers say about the photos of a pack: `probabilities_of` reads the pack's own
// NAME.probabilities.csv, about the attributes of another pack; `answers` what stages of that kind
// left.
void add_teachers(const toml::table& table, const std::string& where, const TrainerOptions& options,
                  const std::vector<FacePack>& packs, FacePack& faces) {
  TableReader fields(table, where);
  if (const auto of = fields.get<std::string>("probabilities_of", ""); !of.empty()) {
    const auto asked = std::find_if(packs.begin(), packs.end(), [&of](const FacePack& other) {
      return other.pack->name == of;
    });
    if (asked == packs.end() || asked->first_target == faces.first_target) {
      throw std::runtime_error(where + ": 'probabilities_of' names '" + of +
                               "', which is no pack of this stage with targets of its own");
    }
    add_taught(options.data / (faces.pack->name + ".probabilities.csv"), *asked, 0, faces);
  }
  for (const auto* answers : fields.tables("answers")) {
    TableReader answer(*answers, where + " [answers]");
    const auto file = answer.require<std::string>("file");
    const auto share = answer.get("share", 0.0F);
    const auto first_target = answer.get("first_target", 0);
    answer.finish();
    if (!(share >= 0 && share <= 1)) {
      throw std::runtime_error(answer.where() + ": 'share' is " + std::to_string(share) +
                               ", not between 0 and 1");
    }
    add_taught(options.out / file, pack_at(packs, first_target, answer.where()), share, faces);
  }
}

bool has_pairs(const Pack& pack) {
  std::set<int> seen;
  return std::any_of(pack.photos.begin(), pack.photos.end(), [&](const PackedPhoto& photo) {
    return photo.identity >= 0 && !seen.insert(photo.identity).second;
  });
}

StageSources face_sources(const Stage& stage, TableReader& reader, std::uint64_t seed,
                          const TrainerOptions& options) {
  const FaceSettings settings = face_settings(reader);
  const int limit = reader.get("limit", 0);
  const auto tables = reader.tables("faces");
  if (tables.empty()) throw std::runtime_error(reader.where() + ": no [[stages.faces]]");
  const std::string where = reader.where() + " [faces]";
  StageSources sources;
  if (stage.kind == "identities") {
    sources.training =
        std::make_unique<IdentitySource>(face_pack(*tables.front(), where, 0, limit, options), seed,
                                         settings, reader.get("min_photos", 2));
    // People never trained on: is a face's partner the nearest of its batch?
    FacePack others = face_pack(*tables.front(), where, 1, 0, options);
    if (has_pairs(*others.pack)) {
      sources.validation = std::make_unique<IdentitySource>(std::move(others), seed, settings, 2);
    }
    return sources;
  }
  std::vector<FacePack> packs;
  for (const auto* table : tables)
    packs.push_back(face_pack(*table, where, 0, limit, options, true));
  for (std::size_t i = 0; i < packs.size(); ++i) {
    add_teachers(*tables[i], where, options, packs, packs[i]);
  }
  int tags = 0;
  for (const FacePack& faces : packs) {
    tags = std::max(tags, faces.first_target + static_cast<int>(faces.pack->attributes.size()));
  }
  sources.training = std::make_unique<FaceTagSource>(std::move(packs), seed, settings, tags);
  FaceSettings still = settings;
  still.shift = still.jitter = still.rotation = still.erase = still.person_share = 0;
  still.size_ratio = 1;
  const int photos = reader.get("validation_photos", 2000);
  std::vector<FacePack> held_out;
  held_out.push_back(face_pack(*tables.front(), where, 1, photos, options, true));
  if (!held_out.front().pack->photos.empty()) {
    sources.validation = std::make_unique<FaceTagSource>(std::move(held_out), seed, still, tags);
  }
  return sources;
}

// Choosing photos: the same views every time.
StageSources alignment_sources(TableReader& reader, std::uint64_t seed,
                               const TrainerOptions& options) {
  AlignmentSettings settings;
  settings.side = reader.get("side", settings.side);
  settings.context = reader.get("context", settings.context);
  settings.shift = reader.get("shift", settings.shift);
  settings.size_ratio = reader.get("size_ratio", settings.size_ratio);
  settings.rotation = reader.get("rotation", settings.rotation);
  const int limit = reader.get("limit", 0);
  const int photos = reader.get("validation_photos", 2000);
  const auto tables = reader.tables("faces");
  if (tables.size() != 1) throw std::runtime_error(reader.where() + ": needs one [[stages.faces]]");
  const std::string where = reader.where() + " [faces]";
  StageSources sources;
  sources.training = std::make_unique<AlignmentSource>(
      face_pack(*tables.front(), where, 0, limit, options), seed, settings);
  FacePack held_out = face_pack(*tables.front(), where, 1, photos, options);
  if (!held_out.pack->photos.empty()) {
    sources.validation = std::make_unique<AlignmentSource>(std::move(held_out), seed, settings);
  }
  return sources;
}

}  // namespace

StageSources make_sources(const Stage& stage, TableReader& reader, std::uint64_t seed,
                          const TrainerOptions& options) {
  if (stage.kind == "objects") return object_sources(reader, seed, options);
  if (stage.kind == "lnet") return lnet_sources(reader, seed, options);
  if (stage.kind == "alignment") return alignment_sources(reader, seed, options);
  if (stage.kind == "identities" || stage.kind == "anet") {
    return face_sources(stage, reader, seed, options);
  }
  throw std::runtime_error(reader.where() + ": stage '" + stage.name + "' has unknown kind '" +
                           stage.kind + "'");
}

}  // namespace facet::training
