// SPDX-License-Identifier: Apache-2.0
// libfacet_gif.so: the first frame of GIF files, by giflib.
#include <gif_lib.h>

#include <array>
#include <cstring>

#include "image/plugins/plugin_side.hpp"

namespace facet::plugin {
namespace {

constexpr std::array<int, 4> kFirstRow = {0, 4, 2, 1};  // of the passes of an interlaced frame
constexpr std::array<int, 4> kRowStep = {8, 8, 4, 2};

// A file being read: closed with it.
class GifFile {
 public:
  explicit GifFile(std::span<const std::uint8_t> bytes) : rest_(bytes) {
    int error = 0;
    file_ = DGifOpen(this, &GifFile::take, &error);
    if (file_ == nullptr) fail(error);
  }
  GifFile(const GifFile&) = delete;
  GifFile& operator=(const GifFile&) = delete;
  ~GifFile() {
    int error = 0;
    DGifCloseFile(file_, &error);
  }

  GifFileType* operator->() { return file_; }
  GifFileType* get() { return file_; }

  void check(int status) {
    if (status != GIF_OK) fail(file_->Error);
  }
  // Goes to the first frame, and says which of its colours is none, or -1.
  int find_frame();

 private:
  static int take(GifFileType* file, GifByteType* to, int count) {
    auto& rest = static_cast<GifFile*>(file->UserData)->rest_;
    const std::size_t size = std::min(static_cast<std::size_t>(count), rest.size());
    std::memcpy(to, rest.data(), size);
    rest = rest.subspan(size);
    return static_cast<int>(size);
  }
  [[noreturn]] void fail(int error) const {
    if (rest_.empty()) throw Unreadable("truncated GIF file");
    const char* text = GifErrorString(error);
    throw Unreadable(std::string("damaged GIF file: ") + (text != nullptr ? text : "unknown"));
  }

  std::span<const std::uint8_t> rest_;
  GifFileType* file_ = nullptr;
};

int GifFile::find_frame() {
  int transparent = -1;
  for (;;) {
    GifRecordType kind = UNDEFINED_RECORD_TYPE;
    check(DGifGetRecordType(file_, &kind));
    if (kind == IMAGE_DESC_RECORD_TYPE) break;
    if (kind != EXTENSION_RECORD_TYPE) throw Unreadable("GIF file without a picture");
    int code = 0;
    GifByteType* block = nullptr;
    check(DGifGetExtension(file_, &code, &block));
    GraphicsControlBlock control{};
    if (code == GRAPHICS_EXT_FUNC_CODE && block != nullptr &&
        DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
      transparent = control.TransparentColor;
    }
    while (block != nullptr) check(DGifGetExtensionNext(file_, &block));
  }
  check(DGifGetImageDesc(file_));
  return transparent;
}

class GifPhoto {
 public:
  explicit GifPhoto(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
    GifFile file(bytes);
    file.find_frame();
    const GifImageDesc& frame = file->Image;
    // Some writers let the frame be larger than the screen.
    header_ = header_of("GIF", std::max(file->SWidth, frame.Left + frame.Width),
                        std::max(file->SHeight, frame.Top + frame.Height));
    header_.downwards = frame.Interlace ? 0 : 1;
  }
  [[nodiscard]] const FacetPhotoHeader& header() const { return header_; }
  void read(const FacetPhotoRequest& request, const FacetPixelTarget& target) const;

 private:
  // A row of the screen with the frame's row in it, the rest white.
  void put_screen_row(int y, std::span<const GifByteType> indices, int transparent,
                      GifFileType& file, const FacetPixelTarget& target) const;

  std::span<const std::uint8_t> bytes_;
  FacetPhotoHeader header_{};
};

void GifPhoto::put_screen_row(int y, std::span<const GifByteType> indices, int transparent,
                              GifFileType& file, const FacetPixelTarget& target) const {
  const ColorMapObject* colours =
      file.Image.ColorMap != nullptr ? file.Image.ColorMap : file.SColorMap;
  std::vector<std::uint8_t> row(static_cast<std::size_t>(header_.width) * 3, 255);
  std::uint8_t* rgb = row.data() + std::size_t{3} * static_cast<std::size_t>(file.Image.Left);
  for (const GifByteType index : indices) {
    if (index != transparent && index < colours->ColorCount) {
      const GifColorType& colour = colours->Colors[index];
      rgb[0] = colour.Red;
      rgb[1] = colour.Green;
      rgb[2] = colour.Blue;
    }
    rgb += 3;
  }
  put_row(target, y, row);
}

void GifPhoto::read(const FacetPhotoRequest& request, const FacetPixelTarget& target) const {
  GifFile file(bytes_);
  const int transparent = file.find_frame();
  const GifImageDesc& frame = file->Image;
  if (frame.ColorMap == nullptr && file->SColorMap == nullptr) {
    throw Unreadable("GIF file without colours");
  }
  begin(target, header_.width, header_.height);
  const auto put = [&](int y, std::span<const GifByteType> indices) {
    put_screen_row(y, indices, transparent, *file.get(), target);
  };
  std::vector<GifByteType> indices(static_cast<std::size_t>(frame.Width));
  const auto take_row = [&](int y) {
    file.check(DGifGetLine(file.get(), indices.data(), frame.Width));
    put(frame.Top + y, indices);
  };
  for (int y = 0; y < frame.Top; ++y) put(y, {});
  int rows = 0;
  try {
    for (std::size_t pass = 0; frame.Interlace && pass < kFirstRow.size(); ++pass) {
      for (int y = kFirstRow[pass]; y < frame.Height; y += kRowStep[pass], ++rows) take_row(y);
    }
    for (int y = 0; !frame.Interlace && y < frame.Height; ++y, ++rows) take_row(y);
  } catch (const Unreadable& fault) {
    if (request.tolerant == 0) throw;
    const std::string text = std::string(fault.what()) + ": " +
                             std::to_string(frame.Height - rows) + " rows are missing";
    target.warn(target.context, text.c_str());
    return;
  }
  for (int y = frame.Top + frame.Height; y < header_.height; ++y) put(y, {});
}

}  // namespace
}  // namespace facet::plugin

extern "C" [[gnu::visibility("default")]] const FacetPhotoPlugin* facet_photo_plugin() {
  static const std::string library = "giflib " + std::to_string(GIFLIB_MAJOR) + "." +
                                     std::to_string(GIFLIB_MINOR) + "." +
                                     std::to_string(GIFLIB_RELEASE);
  static const FacetPhotoPlugin plugin =
      facet::plugin::plugin_of<facet::plugin::GifPhoto>(library.c_str());
  return &plugin;
}
