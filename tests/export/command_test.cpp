// SPDX-License-Identifier: Apache-2.0
// facet model export.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/run_command.hpp"
#include "model/example_model.hpp"
#include "model/temporary_folder.hpp"

namespace facet::detail {
namespace {

using ::testing::HasSubstr;

TEST(ModelExport, NamesTheFilesItWrote) {
  const TemporaryFolder folder;
  write_model(folder / "m.safetensors", example_parts(), example_networks());
  const CommandResult result =
      run_facet({"model", "export", "m.safetensors", "--onnx", "out"}, {"", folder.path(), {}});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out,
            "out/anet.onnx\nout/anet.fixed.onnx\nout/lnet_o.onnx\nout/lnet_o.fixed.onnx\n"
            "out/lnet_s.onnx\nout/lnet_s.fixed.onnx\n");
  EXPECT_TRUE(std::filesystem::exists(folder / "out" / "anet.onnx"));
}

TEST(ModelExport, SaysWhatIsMissing) {
  const TemporaryFolder folder;
  const CommandResult no_model =
      run_facet({"model", "export", "none", "--onnx", "out"}, {"", folder.path(), {}});
  EXPECT_EQ(no_model.exit_code, 2);
  EXPECT_THAT(no_model.err, HasSubstr("none"));
  const CommandResult no_folder = run_facet({"model", "export", "none"}, {"", folder.path(), {}});
  EXPECT_EQ(no_folder.exit_code, 2);
  EXPECT_THAT(no_folder.err, HasSubstr("--onnx"));
}

}  // namespace
}  // namespace facet::detail
