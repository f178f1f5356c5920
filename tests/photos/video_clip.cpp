// SPDX-License-Identifier: Apache-2.0
#include "photos/video_clip.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libswscale/swscale.h>
}

#include <array>
#include <stdexcept>
#include <string>

namespace facet::detail::test {
namespace {

void check(int status) {
  if (status >= 0) return;
  std::array<char, 128> text{};
  av_strerror(status, text.data(), text.size());
  throw std::runtime_error(std::string("FFmpeg: ") + text.data());
}

AVCodecContext* open_encoder(const Image& frame, const ClipForm& form, bool global_header) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
  if (codec == nullptr) throw std::runtime_error("FFmpeg has no encoder for MPEG-4");
  AVCodecContext* encoder = avcodec_alloc_context3(codec);
  encoder->width = frame.width;
  encoder->height = frame.height;
  encoder->pix_fmt = AV_PIX_FMT_YUV420P;
  encoder->time_base = {1, form.frames_a_second};
  encoder->framerate = {form.frames_a_second, 1};
  encoder->gop_size = form.key_every;
  encoder->flags |= AV_CODEC_FLAG_QSCALE | (global_header ? AV_CODEC_FLAG_GLOBAL_HEADER : 0);
  encoder->global_quality = 2 * FF_QP2LAMBDA;
  check(avcodec_open2(encoder, codec, nullptr));
  return encoder;
}

void set_turn(AVStream& stream, int degrees) {
  std::uint8_t* matrix = av_stream_new_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * 4);
  av_display_rotation_set(reinterpret_cast<std::int32_t*>(matrix), degrees);
}

// Writes all packets that are ready.
void drain(AVCodecContext* encoder, AVFormatContext* file, AVStream* stream) {
  AVPacket* packet = av_packet_alloc();
  while (avcodec_receive_packet(encoder, packet) >= 0) {
    if (packet->duration == 0) packet->duration = 1;
    av_packet_rescale_ts(packet, encoder->time_base, stream->time_base);
    packet->stream_index = stream->index;
    check(av_interleaved_write_frame(file, packet));
  }
  av_packet_free(&packet);
}

}  // namespace

void write_clip(const std::filesystem::path& path, const std::vector<Image>& frames,
                const ClipForm& form) {
  av_log_set_level(AV_LOG_QUIET);
  AVFormatContext* file = nullptr;
  check(avformat_alloc_output_context2(&file, nullptr, nullptr, path.c_str()));
  const bool global_header = (file->oformat->flags & AVFMT_GLOBALHEADER) != 0;
  AVCodecContext* encoder = open_encoder(frames.front(), form, global_header);
  AVStream* stream = avformat_new_stream(file, nullptr);
  stream->time_base = encoder->time_base;
  stream->avg_frame_rate = encoder->framerate;
  check(avcodec_parameters_from_context(stream->codecpar, encoder));
  if (form.turn != 0) set_turn(*stream, form.turn);
  AVDictionary* options = nullptr;
  if (form.header_first) av_dict_set(&options, "movflags", "faststart", 0);
  check(avio_open(&file->pb, path.c_str(), AVIO_FLAG_WRITE));
  check(avformat_write_header(file, &options));
  av_dict_free(&options);
  AVFrame* frame = av_frame_alloc();
  frame->format = encoder->pix_fmt;
  frame->width = encoder->width;
  frame->height = encoder->height;
  check(av_frame_get_buffer(frame, 0));
  SwsContext* scaler =
      sws_getContext(frame->width, frame->height, AV_PIX_FMT_RGB24, frame->width, frame->height,
                     AV_PIX_FMT_YUV420P, SWS_BILINEAR, nullptr, nullptr, nullptr);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    check(av_frame_make_writable(frame));
    const std::array<const std::uint8_t*, 1> planes = {frames[i].pixels.data()};
    const std::array<int, 1> strides = {frames[i].width * 3};
    sws_scale(scaler, planes.data(), strides.data(), 0, frame->height, frame->data,
              frame->linesize);
    frame->pts = static_cast<std::int64_t>(i);
    frame->quality = encoder->global_quality;
    check(avcodec_send_frame(encoder, frame));
    drain(encoder, file, stream);
  }
  check(avcodec_send_frame(encoder, nullptr));
  drain(encoder, file, stream);
  check(av_write_trailer(file));
  sws_freeContext(scaler);
  av_frame_free(&frame);
  avcodec_free_context(&encoder);
  avio_closep(&file->pb);
  avformat_free_context(file);
}

}  // namespace facet::detail::test
