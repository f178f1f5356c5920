// SPDX-License-Identifier: Apache-2.0
#include "index/sidecars/tag_writer.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "base/atomic_file.hpp"
#include "base/temporary_file.hpp"
#include "facet/error.hpp"
#include "image/exif_block.hpp"
#include "image/photo_decoder.hpp"
#include "index/sidecars/face_regions.hpp"
#include "index/sidecars/region_reader.hpp"
#include "index/sidecars/xmp_names.hpp"

namespace facet::detail {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMade = "facet:Made";  // in sidecars that facet made

// Names that other programs put into the photo go with its faces: a reader of the sidecar may not
// look into the photo any more.
std::vector<NamedRegion> with_names(std::vector<NamedRegion> faces,
                                    const std::vector<NamedRegion>& named) {
  std::vector<StoredFace> boxes;
  for (const NamedRegion& face : faces) {
    StoredFace box;
    box.number = static_cast<int>(boxes.size()) + 1;
    box.box = box_of(face);
    boxes.push_back(std::move(box));
  }
  const std::vector<int> numbers = faces_of_regions(named, boxes);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] > 0) faces[static_cast<std::size_t>(numbers[i]) - 1].name = named[i].name;
  }
  return faces;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace

TagWriter::TagWriter(const std::vector<fs::path>& photos, TagOptions options, TagHooks hooks)
    : options_(options), hooks_(std::move(hooks)) {
  (void)XmpPacket();  // says now whether exempi is missing
  for (const fs::path& photo : photos) {
    const fs::path sidecar = target_of(photo);
    if (targets_.emplace(photo, sidecar).second) ++groups_[sidecar].waiting;
  }
}

// The one that is there, else as the habit has it.
fs::path TagWriter::target_of(const fs::path& photo) const {
  const std::vector<fs::path> there = sidecars_of(photo);
  if (!there.empty()) return there.front();
  return photo.parent_path() / sidecar_name(photo.filename().string(), options_.habit);
}

void TagWriter::add(PhotoTags photo) {
  if (options_.remove) return clear(photo.photo);
  const auto group = groups_.find(targets_.at(photo.photo));
  if (group == groups_.end()) return;
  group->second.photos.push_back(std::move(photo));
  arrived(group);
}

void TagWriter::pass_over(const fs::path& photo) {
  const auto group = groups_.find(targets_.at(photo));
  if (group != groups_.end()) arrived(group);
}

void TagWriter::arrived(Groups::iterator group) {
  if (--group->second.waiting > 0) return;
  if (!group->second.photos.empty()) write(group->first, group->second);
  groups_.erase(group);
}

void TagWriter::warn_of_sharing(const fs::path& sidecar, const Group& group) {
  std::vector<std::string> own;
  for (const PhotoTags& photo : group.photos) own.push_back(photo.photo.filename().string());
  std::vector<std::string> others = sharers_.of(sidecar, group.photos.front().photo);
  std::erase_if(others, [&](const std::string& other) {
    return std::find(own.begin(), own.end(), other) != own.end();
  });
  if (own.size() > 1) {
    hooks_.warned(sidecar.string() + ": belongs to " + joined(own) +
                  "; it gets the tags of all of them");
  }
  if (!others.empty()) {
    hooks_.warned(sidecar.string() + ": also belongs to " + joined(others) +
                  "; it gets the tags of " + joined(own) + " alone");
  }
}

void TagWriter::write(const fs::path& sidecar, const Group& group) {
  std::set<std::string> tags;
  const PhotoTags* faces_of = nullptr;
  for (const PhotoTags& photo : group.photos) {
    tags.insert(photo.tags.begin(), photo.tags.end());
    if (faces_of == nullptr && !photo.faces.empty()) faces_of = &photo;
  }
  if (faces_of == nullptr) faces_of = &group.photos.front();
  const std::size_t before = counts_.written;
  bring_up_to_date(sidecar, tags, faces_of);
  if (counts_.written > before) warn_of_sharing(sidecar, group);
}

// From every sidecar that the photo has.
void TagWriter::clear(const fs::path& photo) {
  for (const fs::path& sidecar : sidecars_of(photo)) bring_up_to_date(sidecar, {}, nullptr);
}

void TagWriter::bring_up_to_date(const fs::path& sidecar, const std::set<std::string>& tags,
                                 const PhotoTags* faces_of) {
  try {
    const OutputTarget target = look_at_target(sidecar, FileKind::sidecar);
    std::error_code error;
    SidecarChange change;
    change.sidecar = sidecar;
    change.made = !fs::exists(sidecar, error);
    if (!change.made && ::access(sidecar.c_str(), W_OK) != 0) {
      throw Error(ErrorCode::io, "must not be written: " + std::generic_category().message(errno));
    }
    XmpPacket packet = change.made ? XmpPacket() : XmpPacket(read_sidecar(sidecar));
    change.tags = set_tags(packet, tags);
    if (options_.remove) {
      change.regions = remove_face_regions(packet);
    } else if (options_.regions) {
      change.regions = set_regions(packet, *faces_of);
    }
    if (!change.tags.any() && !change.regions) {
      ++counts_.unchanged;
      return;
    }
    if (change.made) packet.set_value(Xmp::facet, kMade, "True");
    const bool facet_made = packet.value(Xmp::facet, kMade).has_value();
    change.removed = facet_made && packet.empty_but_for(Xmp::facet) && !fs::is_symlink(sidecar);
    if (options_.remove) packet.remove(Xmp::facet, kMade);
    if (!options_.dry_run) {
      clean_folder(target.file.parent_path());
      if (change.removed && look_at_target(sidecar, FileKind::sidecar).before == target.before) {
        fs::remove(sidecar);
      } else {
        AtomicFile file(target);
        file.write(packet.text());
        file.commit();
      }
    }
    ++counts_.written;
    hooks_.changed(change);
  } catch (const std::exception& failure) {
    ++counts_.failed;
    const std::string message = failure.what();
    const bool named = message.find(sidecar.filename().string()) != std::string::npos;
    hooks_.failed(named ? message : sidecar.string() + ": " + message);
  }
}

bool TagWriter::set_regions(XmpPacket& packet, const PhotoTags& photo) const {
  const std::vector<std::byte> bytes = read_photo_bytes(photo.photo);
  const RegionFrame frame{stored_orientation(bytes), photo.width, photo.height};
  std::vector<NamedRegion> faces = photo.faces;
  if (read_face_regions(packet, frame.orientation).empty()) {
    try {
      faces = with_names(std::move(faces), embedded_regions(bytes));
    } catch (const Error& failure) {
      hooks_.warned(photo.photo.string() + ": " + failure.what() +
                    "; its names of faces are not read");
    }
  }
  return set_face_regions(packet, faces, frame);
}

// Of what killed runs left in it.
void TagWriter::clean_folder(const fs::path& folder) {
  if (clean_.insert(folder).second) remove_leftovers(folder.empty() ? fs::path(".") : folder);
}

}  // namespace facet::detail
