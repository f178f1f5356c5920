// SPDX-License-Identifier: Apache-2.0
// What an ONNX file says about itself. onnxruntime's web build does not tell, so the few fields are
// read here: protobuf's wire format, of which the file's top level is enough.
const METADATA_FIELD = 14; // metadata_props of a ModelProto

function* fieldsOf(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag % 8;
    if (wire === 0) {
      varint();
    } else if (wire === 2) {
      const length = varint();
      yield [Math.floor(tag / 8), bytes.subarray(at, at + length)];
      at += length;
    } else {
      throw new Error('this is no ONNX file that facet wrote');
    }
  }
}

// An object of texts, by key.
export function readMetadata(bytes) {
  const decoder = new TextDecoder();
  const metadata = {};
  for (const [number, entry] of fieldsOf(bytes)) {
    if (number !== METADATA_FIELD) continue;
    const pair = Object.fromEntries(fieldsOf(entry)); // 1: key, 2: value
    metadata[decoder.decode(pair[1])] = decoder.decode(pair[2] ?? new Uint8Array());
  }
  return metadata;
}
