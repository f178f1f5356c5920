// SPDX-License-Identifier: Apache-2.0
// Brings the XMP files beside photos to what is known of the photos. Photos are never written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "index/sidecars/sidecar_file.hpp"
#include "index/sidecars/sidecar_name.hpp"
#include "index/sidecars/tags.hpp"
#include "index/store/region_table.hpp"

namespace facet::detail {

struct TagOptions {
  SidecarHabit habit = SidecarHabit::whole_name;  // of sidecars that are made; others are found
  bool regions = false;                           // also where faces are
  bool remove = false;                            // take facet's tags and regions away
  bool dry_run = false;                           // say what would be written
};

// What is known of a photo.
struct PhotoTags {
  std::filesystem::path photo;
  std::set<std::string> tags;
  std::vector<NamedRegion> faces;  // of the upright photo, without names; only with `regions`
  int width = 0;                   // of the upright photo
  int height = 0;
};

// What happened to a sidecar, or would.
struct SidecarChange {
  std::filesystem::path sidecar;
  TagChange tags;
  bool regions = false;  // they changed
  bool made = false;     // it is new
  bool removed = false;  // facet had made it, and nothing was left in it
};

struct TagCounts {
  std::size_t written = 0;  // or would be
  std::size_t unchanged = 0;
  std::size_t failed = 0;
};

struct TagHooks {
  std::function<void(const SidecarChange&)> changed;
  // A line that names the file: a sidecar that cannot be read or written and stays as it is, or one
  // that belongs to several photos.
  std::function<void(const std::string&)> failed;
  std::function<void(const std::string&)> warned;
};

// Belongs to one thread.
class TagWriter {
 public:
  // `photos`: all that will be given to add() or pass_over(), each once. Photos that share a
  // sidecar are written together. Throws Error(unsupported) where exempi is missing.
  TagWriter(const std::vector<std::filesystem::path>& photos, TagOptions options, TagHooks hooks);

  void add(PhotoTags photo);
  // Nothing is known of it: its sidecar stays as it is, but for what others of it say.
  void pass_over(const std::filesystem::path& photo);

  [[nodiscard]] const TagCounts& counts() const { return counts_; }

 private:
  // The photos of one sidecar.
  struct Group {
    std::size_t waiting = 0;
    std::vector<PhotoTags> photos;
  };
  using Groups = std::map<std::filesystem::path, Group>;  // by sidecar
  [[nodiscard]] std::filesystem::path target_of(const std::filesystem::path& photo) const;
  void arrived(Groups::iterator group);
  void warn_of_sharing(const std::filesystem::path& sidecar, const Group& group);
  void write(const std::filesystem::path& sidecar, const Group& group);
  void clear(const std::filesystem::path& photo);
  void bring_up_to_date(const std::filesystem::path& sidecar, const std::set<std::string>& tags,
                        const PhotoTags* faces_of);
  bool set_regions(XmpPacket& packet, const PhotoTags& photo) const;
  void clean_folder(const std::filesystem::path& folder);

  TagOptions options_;
  TagHooks hooks_;
  TagCounts counts_;
  SidecarSharers sharers_;
  std::map<std::filesystem::path, std::filesystem::path> targets_;  // photo: its sidecar
  Groups groups_;
  std::set<std::filesystem::path> clean_;  // folders without leftovers
};

}  // namespace facet::detail
