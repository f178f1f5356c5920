// SPDX-License-Identifier: Apache-2.0
#include "stage_sources.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "alignment_source.hpp"
#include "face_source.hpp"
#include "facet/error.hpp"
#include "imitation_source.hpp"
#include "lnet_source.hpp"
#include "object_source.hpp"

namespace facet::training {
using namespace detail;
namespace {

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

// Photos in folders of these names, e.g. categories that show people. Each must be there.
void drop_folders(Pack& pack, const std::vector<std::string>& folders, const std::string& where) {
  for (const std::string& folder : folders) {
    const auto dropped = std::erase_if(pack.photos, [&folder](const PackedPhoto& photo) {
      return ("/" + photo.name).find("/" + folder + "/") != std::string::npos;
    });
    if (dropped == 0) {
      throw Error(ErrorCode::invalid_argument,
                  where + ": pack '" + pack.name + "' has no folder '" + folder + "'");
    }
  }
}

std::array<float, 3> three(const std::vector<float>& values, const std::string& what) {
  if (values.size() != 3) throw Error(ErrorCode::invalid_argument, what + " needs three numbers");
  return {values[0], values[1], values[2]};
}

StageSources object_sources(TableReader& reader, std::uint64_t seed, StageFiles& files) {
  const auto pack = reader.require<std::string>("pack");
  const int side = reader.get("side", 64);
  StageSources sources;
  sources.training = std::make_unique<ObjectSource>(files.pack(pack, 0), seed, side, true);
  sources.validation = std::make_unique<ObjectSource>(files.pack(pack, 1), seed, side, false);
  return sources;
}

StageSources lnet_sources(TableReader& reader, std::uint64_t seed, StageFiles& files) {
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
  if (const auto* table = reader.table("hardships")) {
    TableReader hard(*table, reader.where() + " [hardships]");
    Hardships& hardships = settings.hardships;
    hardships.light = hard.get("light", hardships.light);
    hardships.rendering = hard.get("rendering", hardships.rendering);
    hardships.hidden = hard.get("hidden", hardships.hidden);
    hardships.close_up = hard.get("close_up", hardships.close_up);
    hardships.tilted = hard.get("tilted", hardships.tilted);
    hardships.tilt = hard.get("tilt", hardships.tilt);
    hardships.quarter_turns = hard.get("quarter_turns", hardships.quarter_turns);
    hardships.far = hard.get("far", hardships.far);
    hard.finish();
  }
  std::vector<AlignedPack> aligned;
  for (const auto* table : reader.tables("aligned")) {
    TableReader fields(*table, reader.where() + " [aligned]");
    AlignedPack entry;
    auto pack = files.pack(fields.require<std::string>("pack"), 0);
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
    auto pack = files.pack(fields.require<std::string>("pack"), 0);
    drop_held_out_people(*pack, fields.get("held_out_modulus", 0));
    keep_first(*pack, limit);
    entry.pack = pack;
    entry.windows = files.windows(fields.require<std::string>("windows"));
    entry.share = fields.get("share", 1.0F);
    entry.first_target = fields.get("first_target", 0);
    fields.finish();
    frames.push_back(std::move(entry));
  }
  std::vector<BackgroundPack> backgrounds;
  const auto add_background = [&](std::shared_ptr<const Pack> pack, TableReader& fields,
                                  const char* share) {
    const auto alarms = fields.get<std::string>("alarms", "");
    backgrounds.push_back({std::move(pack), alarms.empty() ? WindowList{} : files.windows(alarms),
                           fields.get(share, 1.0F)});
  };
  add_background(files.pack(reader.require<std::string>("scenes"), -1), reader, "scenes_share");
  for (const auto* table : reader.tables("backgrounds")) {
    TableReader fields(*table, reader.where() + " [backgrounds]");
    const auto pack = files.pack(fields.require<std::string>("pack"), fields.get("partition", -1));
    drop_folders(*pack, fields.get("without", std::vector<std::string>{}), fields.where());
    add_background(pack, fields, "share");
    fields.finish();
  }
  StageSources sources;
  sources.training = std::make_unique<LnetSource>(std::move(aligned), std::move(frames),
                                                  std::move(backgrounds), seed, settings);
  return sources;
}

FaceSettings face_settings(TableReader& reader) {
  FaceSettings settings;
  settings.crop = read_face_crop(reader);
  settings.shift = reader.get("shift", settings.shift);
  settings.jitter = reader.get("jitter", settings.jitter);
  settings.size_ratio = reader.get("size_ratio", settings.size_ratio);
  settings.rotation = reader.get("rotation", settings.rotation);
  settings.erase = reader.get("erase", settings.erase);
  settings.person_share = reader.get("person_share", settings.person_share);
  if (const auto* table = reader.table("hardships")) {
    TableReader hard(*table, reader.where() + " [hardships]");
    settings.light = hard.get("light", settings.light);
    settings.rendering = hard.get("rendering", settings.rendering);
    settings.hidden = hard.get("hidden", settings.hidden);
    hard.finish();
  }
  const auto box = reader.get("box", std::vector<float>(settings.box.begin(), settings.box.end()));
  if (box.size() != 4)
    throw Error(ErrorCode::invalid_argument, reader.where() + ": 'box' needs four numbers");
  std::copy(box.begin(), box.end(), settings.box.begin());
  return settings;
}

FacePack face_pack(const toml::table& table, const std::string& where, int partition, int limit,
                   StageFiles& files, bool taught = false) {
  TableReader fields(table, where);
  FacePack faces;
  auto pack = files.pack(fields.require<std::string>("pack"), partition);
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
  if (!windows.empty()) faces.windows = files.windows(windows);
  const auto constant = fields.get("constant", std::vector<float>{});
  if (!constant.empty()) {
    const auto values = three(constant, "'constant'");
    faces.constant = {values[0], values[1], values[2], 0};
  }
  if (taught) {
    faces.repeat = fields.get("repeat", faces.repeat);
    for (const char* key : {"probabilities_of", "distillation", "features"}) {
      fields.skip(key);  // add_teachers(), imitation_sources()
    }
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
    throw Error(ErrorCode::invalid_argument, where + ": no pack of this stage has targets from " +
                                                 std::to_string(first_target) + " on");
  }
  return *found;
}

void add_taught(ProbabilityList probabilities, const std::string& file, const FacePack& asked,
                float share, FacePack& faces) {
  TaughtTargets taught;
  taught.probabilities = std::move(probabilities);
  taught.first_target = asked.first_target;
  taught.share = share;
  const auto known = std::count_if(
      faces.pack->photos.begin(), faces.pack->photos.end(),
      [&taught](const PackedPhoto& photo) { return taught.probabilities.count(photo.name) > 0; });
  if (known == 0) {
    throw Error(ErrorCode::invalid_argument,
                file + ": none of the photos of pack '" + faces.pack->name + "'");
  }
  faces.taught.push_back(std::move(taught));
}

// What teachers say about the photos of a pack: `probabilities_of` reads the pack's own
// NAME.probabilities.csv, about the attributes of another pack; `distillation` what stages of kind
// distillation_targets left.
void add_teachers(const toml::table& table, const std::string& where, StageFiles& files,
                  const std::vector<FacePack>& packs, FacePack& faces) {
  TableReader fields(table, where);
  if (const auto of = fields.get<std::string>("probabilities_of", ""); !of.empty()) {
    const auto asked = std::find_if(packs.begin(), packs.end(), [&of](const FacePack& other) {
      return other.pack->name == of;
    });
    if (asked == packs.end() || asked->first_target == faces.first_target) {
      throw Error(ErrorCode::invalid_argument,
                  where + ": 'probabilities_of' names '" + of +
                      "', which is no pack of this stage with targets of its own");
    }
    const std::string& pack = faces.pack->name;
    add_taught(files.pack_probabilities(pack, asked->pack->attributes),
               "the probabilities beside pack '" + pack + "'", *asked, 0, faces);
  }
  for (const auto* table_of_list : fields.tables("distillation")) {
    TableReader targets(*table_of_list, where + " [distillation]");
    const auto file = targets.require<std::string>("file");
    const auto share = targets.get("share", 0.0F);
    const auto first_target = targets.get("first_target", 0);
    targets.finish();
    if (!(share >= 0 && share <= 1)) {
      throw Error(ErrorCode::invalid_argument, targets.where() + ": 'share' is " +
                                                   std::to_string(share) + ", not between 0 and 1");
    }
    const FacePack& asked = pack_at(packs, first_target, targets.where());
    add_taught(files.targets(file, asked.pack->attributes), file, asked, share, faces);
  }
}

bool has_pairs(const Pack& pack) {
  std::set<int> seen;
  return std::any_of(pack.photos.begin(), pack.photos.end(), [&](const PackedPhoto& photo) {
    return photo.identity >= 0 && !seen.insert(photo.identity).second;
  });
}

// Without chance in them, but for light.
FaceSettings still_views(FaceSettings settings) {
  settings.shift = settings.jitter = settings.rotation = settings.erase = 0;
  settings.person_share = settings.light = settings.rendering = settings.hidden = 0;
  settings.size_ratio = 1;
  return settings;
}

StageSources face_sources(const Stage& stage, TableReader& reader, std::uint64_t seed,
                          StageFiles& files) {
  const FaceSettings settings = face_settings(reader);
  const int limit = reader.get("limit", 0);
  const auto tables = reader.tables("faces");
  if (tables.empty())
    throw Error(ErrorCode::invalid_argument, reader.where() + ": no [[stages.faces]]");
  const std::string where = reader.where() + " [faces]";
  StageSources sources;
  if (stage.kind == StageKind::identities) {
    sources.training =
        std::make_unique<IdentitySource>(face_pack(*tables.front(), where, 0, limit, files), seed,
                                         settings, reader.get("min_photos", 2));
    // People never trained on: is a face's partner the nearest of its batch?
    FacePack others = face_pack(*tables.front(), where, 1, 0, files);
    if (has_pairs(*others.pack)) {
      sources.validation = std::make_unique<IdentitySource>(std::move(others), seed, settings, 2);
    }
    return sources;
  }
  std::vector<FacePack> packs;
  for (const auto* table : tables) packs.push_back(face_pack(*table, where, 0, limit, files, true));
  for (std::size_t i = 0; i < packs.size(); ++i) {
    add_teachers(*tables[i], where, files, packs, packs[i]);
  }
  int tags = 0;
  for (const FacePack& faces : packs) {
    tags = std::max(tags, faces.first_target + static_cast<int>(faces.pack->attributes.size()));
  }
  sources.training = std::make_unique<FaceTagSource>(std::move(packs), seed, settings, tags);
  const FaceSettings still = still_views(settings);
  const int photos = reader.get("validation_photos", 2000);
  std::vector<FacePack> held_out;
  held_out.push_back(face_pack(*tables.front(), where, 1, photos, files, true));
  if (!held_out.front().pack->photos.empty()) {
    sources.validation = std::make_unique<FaceTagSource>(std::move(held_out), seed, still, tags);
  }
  return sources;
}

// The same faces without chance in their views judge.
StageSources imitation_sources(TableReader& reader, std::uint64_t seed, StageFiles& files) {
  const FaceSettings settings = face_settings(reader);
  const int limit = reader.get("limit", 0);
  const int photos = reader.get("validation_photos", 2000);
  const std::string where = reader.where() + " [faces]";
  std::vector<ImitationSource::Faces> packs;
  std::vector<ImitationSource::Faces> held_out;
  for (const auto* table : reader.tables("faces")) {
    TableReader fields(*table, where);
    const auto features = read_kept_features(files.result(fields.require<std::string>("features")));
    packs.push_back({face_pack(*table, where, 0, limit, files, true), features});
    if (!held_out.empty()) continue;
    FacePack others = face_pack(*table, where, 1, photos, files, true);
    if (!others.pack->photos.empty()) held_out.push_back({std::move(others), features});
  }
  StageSources sources;
  sources.training = std::make_unique<ImitationSource>(std::move(packs), seed, settings);
  if (!held_out.empty()) {
    sources.validation =
        std::make_unique<ImitationSource>(std::move(held_out), seed, still_views(settings));
  }
  return sources;
}

// Choosing photos: the same views every time.
StageSources alignment_sources(TableReader& reader, std::uint64_t seed, StageFiles& files) {
  MisalignmentSettings settings;
  settings.view = read_aligner_view(reader);
  settings.shift = reader.get("shift", settings.shift);
  settings.size_ratio = reader.get("size_ratio", settings.size_ratio);
  settings.rotation = reader.get("rotation", settings.rotation);
  const int limit = reader.get("limit", 0);
  const int photos = reader.get("validation_photos", 2000);
  const auto tables = reader.tables("faces");
  if (tables.size() != 1)
    throw Error(ErrorCode::invalid_argument, reader.where() + ": needs one [[stages.faces]]");
  const std::string where = reader.where() + " [faces]";
  StageSources sources;
  sources.training = std::make_unique<AlignmentSource>(
      face_pack(*tables.front(), where, 0, limit, files), seed, settings);
  FacePack held_out = face_pack(*tables.front(), where, 1, photos, files);
  if (!held_out.pack->photos.empty()) {
    sources.validation = std::make_unique<AlignmentSource>(std::move(held_out), seed, settings);
  }
  return sources;
}

}  // namespace

StageSources make_sources(const Stage& stage, TableReader& reader, std::uint64_t seed,
                          StageFiles& files) {
  switch (stage.kind) {
    case StageKind::objects:
      return object_sources(reader, seed, files);
    case StageKind::lnet:
      return lnet_sources(reader, seed, files);
    case StageKind::alignment:
      return alignment_sources(reader, seed, files);
    case StageKind::imitation:
      return imitation_sources(reader, seed, files);
    case StageKind::identities:
    case StageKind::anet:
      return face_sources(stage, reader, seed, files);
    case StageKind::packs:
    case StageKind::teacher:  // learns no network
    case StageKind::localiser:
    case StageKind::find_faces:
    case StageKind::distillation_targets:
    case StageKind::heads:
    case StageKind::face_check:
      break;
  }
  throw Error(ErrorCode::invalid_argument, reader.where() + ": stages of kind '" +
                                               std::string(traits(stage.kind).name) +
                                               "' are run by facet train");
}

}  // namespace facet::training
