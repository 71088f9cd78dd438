public import DevFTFormats
public import DevFTModel
public import DevFTTensor
import Foundation

/// One tiny random encoder with its adapter, a batch and what PyTorch, transformers and PEFT made of
/// them (`tools/golden/encoders.py`).
public struct EncoderCase: Sendable {
  /// Names of all cases: one directory each in `Tests/Golden/encoders`.
  public static let names = ["bert", "roberta"]

  /// The model's file.
  public let file: any ModelFile
  /// The adapter, as PEFT saved it.
  public let adapter: PEFTAdapter
  /// Four sequences of different lengths with their classes.
  public let batch: TokenBatch
  /// The same one by one.
  public let sequences: [TokenBatch.Sequence]
  private let expectations: SafetensorsFile

  /// Reads a case.
  ///
  /// - Parameter name: Its directory's name.
  /// - Throws: When a file is missing or broken.
  public init(_ name: String) throws {
    file = try openModelFile(at: Self.path("\(name)/model"))
    adapter = try PEFTAdapter(directory: Self.path("\(name)/adapter"))
    expectations = try SafetensorsFile(path: Self.path("\(name)/expected.safetensors"))
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.path("\(name)/batch.json")))
    sequences = try JSONDecoder().decode(Contents.self, from: data).sequences.map {
      TokenBatch.Sequence(tokens: $0.tokens, types: $0.types, label: $0.label)
    }
    batch = TokenBatch(sequences)
  }

  /// What is trained: one set a layer, and the head's.
  public var trained: [NamedTensors] { adapter.layers + [adapter.head] }

  /// `alpha / rank`.
  public var scale: Float { Float(adapter.configuration.scale) }

  /// What PyTorch made of it.
  ///
  /// - Parameter name: Such as `logits`.
  /// - Returns: The tensor.
  /// - Throws: When there is none of this name.
  public func expected(_ name: String) throws -> Tensor { try expectations.tensor(named: name) }

  /// What PyTorch made of the trained tensors, such as their gradients.
  ///
  /// - Parameter prefix: What the names begin with, such as `grad.`.
  /// - Returns: Tensors under PEFT's full names.
  /// - Throws: When one is missing.
  public func expectedTrained(_ prefix: String) throws -> NamedTensors {
    try expectedTrained(prefix, adapter.tensors)
  }

  /// What PyTorch made of some tensors.
  ///
  /// - Parameters:
  ///   - prefix: What stands before their names.
  ///   - tensors: For their names.
  /// - Returns: Tensors under the names given.
  /// - Throws: When one is missing.
  public func expectedTrained(_ prefix: String, _ tensors: NamedTensors) throws -> NamedTensors {
    try tensors.map { name, _ in try expected(prefix + name) }
  }

  /// Path of a golden file.
  ///
  /// - Parameter name: Path below the folder.
  /// - Returns: The whole path.
  public static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Tests/Golden/encoders/\(name)").path
  }

  private struct Contents: Decodable {
    struct Sequence: Decodable {
      var tokens: [Int32]
      var types: [Int32]
      var label: Int32
    }
    var sequences: [Sequence]
  }
}
