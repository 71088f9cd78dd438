public import Foundation

/// A tiny chat model with rows of four households, and what PyTorch and PEFT made of them
/// (`tools/golden/tiny_chat.py`).
public enum TinyChat {
  /// The folder of all its files.
  public static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Tests/Golden/tiny-chat")

  /// The model, a Hugging Face directory.
  public static var model: String { path("model") }
  /// An adapter on it, saved by PEFT; both factors are random.
  public static var adapter: String { path("adapter") }
  /// Sixty rows with the fields `household` and `intent`.
  public static var train: String { path("train.jsonl") }
  /// Twelve more.
  public static var heldOut: String { path("held-out.jsonl") }

  /// Path of a file.
  ///
  /// - Parameter name: Path below the folder.
  /// - Returns: The whole path.
  public static func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

  /// Reads what PyTorch and PEFT computed.
  ///
  /// - Returns: The numbers.
  /// - Throws: When the file is missing or broken.
  public static func expected() throws -> Expected {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      Expected.self,
      from: Data(contentsOf: URL(fileURLWithPath: path("expected.json")))
    )
  }

  /// What PyTorch and PEFT computed in float32.
  public struct Expected: Decodable, Sendable {
    /// Losses over the held-out rows.
    public struct HeldOut: Decodable, Sendable {
      /// Rows.
      public var examples: Int
      /// Target tokens.
      public var tokens: Int
      /// Mean loss of the bare model.
      public var loss: Double
      /// Mean loss with the adapter.
      public var adapterLoss: Double
    }
    /// One step of training.
    public struct Step: Decodable, Sendable {
      /// Mean loss before the update.
      public var loss: Double
      /// Target tokens.
      public var tokens: Int
    }
    /// Steps of AdamW from the adapter, over the rows in file order, wrapping round.
    public struct Training: Decodable, Sendable {
      /// Rows of a step.
      public var batch: Int
      /// Constant learning rate.
      public var learningRate: Double
      /// The steps.
      public var steps: [Step]
      /// Mean loss over the held-out rows afterwards.
      public var heldOutLoss: Double
    }
    /// A greedy answer with the adapter.
    public struct Generation: Decodable, Sendable {
      /// What the user says.
      public var prompt: String
      /// Its first sixteen tokens as text.
      public var answer: String
    }
    /// Layers that are alike.
    public var layerGroups: [[Int]]
    /// Rows of each household.
    public var households: [String: Int]
    /// Tokens of the longest training row.
    public var longest: Int
    /// Tokens of all training rows.
    public var trainTokens: Int
    /// Losses over the held-out rows.
    public var heldOut: HeldOut
    /// A greedy answer.
    public var generation: Generation
    /// Some steps.
    public var training: Training
  }
}
