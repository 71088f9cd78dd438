import Foundation
import _DevFTTestSupport

@testable import DevFTFormats

/// What the tests of the writers share.
enum ExportFixture {
  /// The tiny chat model.
  static func model() throws -> any ModelFile { try openModelFile(at: TinyChat.model) }

  /// An adapter on it.
  static func adapter() throws -> PEFTAdapter { try PEFTAdapter(directory: TinyChat.adapter) }

  /// Writes weights as a GGUF file and reads it back.
  static func throughGGUF<Result>(
    _ weights: any ModelWeights,
    of file: any ModelFile,
    type: StorageType = .f32,
    _ body: (GGUFModelFile) throws -> Result
  ) throws -> Result {
    try FormatsFixture.withDirectory { directory in
      let path = "\(directory)/model.gguf"
      try GGUFModelWriter(weights, of: file, type: type).write(to: path) { _ in }
      return try body(GGUFModelFile(path: path))
    }
  }

  /// Writes weights as a Hugging Face directory and reads it back.
  static func throughHuggingFace<Result>(
    _ weights: any ModelWeights,
    of file: any ModelFile,
    type: StorageType = .f32,
    shardByteCount: Int = 5_000_000_000,
    _ body: (HuggingFaceModelFile) throws -> Result
  ) throws -> Result {
    try FormatsFixture.withDirectory { directory in
      try HuggingFaceWriter(weights, of: file, type: type, shardByteCount: shardByteCount)
        .write(into: directory) { _ in }
      return try body(HuggingFaceModelFile(path: directory))
    }
  }

  /// The first tensor in which two models differ, or `nil`.
  static func difference(_ one: any ModelWeights, _ other: any ModelWeights) throws -> String? {
    guard one.architecture.orderedTensorShapes.count == other.architecture.orderedTensorShapes.count
    else { return "number of tensors" }
    return try one.architecture.orderedTensorShapes.first { name, _ in
      try one.tensor(name) != other.tensor(name)
    }?.name
  }
}
