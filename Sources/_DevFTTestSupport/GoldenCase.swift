public import DevFTFormats
public import DevFTModel
public import DevFTTensor
public import Foundation

/// One tiny random model with its adapter, a batch and what PyTorch, transformers and PEFT made of
/// them (`tools/golden/model.py`).
public struct GoldenCase: Sendable {
  /// Names of all cases: one directory each in `Tests/Golden/model`.
  public static let names = ["llama-gqa", "llama-tied-rope3", "qwen2-bias", "mha"]

  /// The model's file.
  public let file: any ModelFile
  /// The adapter, one set a layer.
  public let adapter: [NamedTensors]
  /// `alpha / rank`.
  public let scale: Float
  /// Three sequences of different lengths.
  public let batch: TokenBatch
  /// Five tokens, and the twelve that follow by greedy choice.
  public let prompt: [Int32]
  /// The twelve tokens.
  public let continuation: [Int32]
  private let expectations: SafetensorsFile

  /// Reads a case.
  ///
  /// - Parameter name: Its directory's name.
  /// - Throws: When a file is missing or broken.
  public init(_ name: String) throws {
    let directory = Self.directory.appendingPathComponent(name)
    file = try openModelFile(at: directory.appendingPathComponent("model").path)
    let peft = try PEFTAdapter(
      directory: directory.appendingPathComponent("adapter").path
    )
    adapter = peft.layers
    scale = Float(peft.configuration.scale)
    expectations = try SafetensorsFile(
      path: directory.appendingPathComponent("expected.safetensors").path
    )
    let data = try Data(contentsOf: directory.appendingPathComponent("batch.json"))
    let contents = try JSONDecoder().decode(Contents.self, from: data)
    batch = TokenBatch(
      contents.sequences.map { TokenBatch.Sequence(tokens: $0.tokens, isTarget: $0.isTarget) }
    )
    prompt = contents.generate.prompt
    continuation = contents.generate.tokens
  }

  /// What PyTorch made of it.
  ///
  /// - Parameter name: Such as `hidden.0` or `grad.layers.1.self_attn.q_proj.lora_A.weight`.
  /// - Returns: The tensor.
  /// - Throws: When there is none of this name.
  public func expected(_ name: String) throws -> Tensor { try expectations.tensor(named: name) }

  /// Folder of all golden files.
  public static var directory: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Tests/Golden/model")
  }

  private struct Contents: Decodable {
    struct Sequence: Decodable {
      var tokens: [Int32]
      var isTarget: [Bool]
    }
    struct Generation: Decodable {
      var prompt: [Int32]
      var tokens: [Int32]
    }
    var sequences: [Sequence]
    var generate: Generation
  }
}
